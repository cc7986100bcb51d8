"""Finding missed cases stays quick with very many cases: the index is used, on both databases."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from core.cases import missed
from core.desk import Desk, Tx
from core.settings import House
from core.store.engine import Engines, open_engines
from core.work.model import Queue, Work
from core.work.rules import QueueKind, WorkKind, WorkState
from tests.core.clock import MONDAY_NOON, FakeClock

#: What a person waits for without noticing, and what the desk promises with 100,000 cases.
LIMIT_MS = 50

SMALL = 20_000
LARGE = 100_000


@pytest.fixture
def desk(migrated_url: str) -> Iterator[Desk]:
    engines = open_engines(migrated_url, pool_size=2)
    yield Desk(engines, House(), now=FakeClock())
    engines.dispose()


def _cases(count: int, queue: int) -> Iterator[dict[str, Any]]:
    """Make open cases, of which one in twenty is quiet and half of those planned, and a tenth as many closed ones."""
    for number in range(count):
        quiet = number % 20 == 0
        touched = MONDAY_NOON - (timedelta(days=3 + number % 60) if quiet else timedelta(minutes=number % 4000))
        yield {
            "kind": WorkKind.CASE,
            "state": WorkState.OPEN,
            "title": f"Case {number}",
            "queue_id": queue,
            "touched_at": touched,
            "next_planned_at": MONDAY_NOON + timedelta(days=1) if number % 40 == 0 else None,
            "closed_at": None,
        }
        if number % 10 == 0:
            yield {
                "kind": WorkKind.CASE,
                "state": WorkState.CLOSED,
                "title": f"Old case {number}",
                "queue_id": None,
                "touched_at": MONDAY_NOON - timedelta(days=90),
                "next_planned_at": None,
                "closed_at": MONDAY_NOON - timedelta(days=90),
            }


def _fill(tx: Tx, count: int) -> None:
    row = Queue(kind=QueueKind.PUBLIC, name="VIP", name_key="vip", missed_after_days=5, created_at=tx.now)
    tx.session.add(row)
    tx.session.flush()
    same = {"queued": True, "priority": 2, "answered": False, "entered_at": tx.now, "created_at": tx.now}
    tx.session.execute(insert(Work), [{**same, **one} for one in _cases(count, row.id)])


def _analyse(engines: Engines) -> None:
    """Let the planner count, as PostgreSQL's own housekeeping does within a minute; SQLite must do without."""
    if not engines.is_sqlite:
        with engines.change.begin() as connection:
            connection.execute(text("ANALYZE work"))


def _plan(desk: Desk, days: int | None) -> str:
    """Tell how the database goes about the query, in the very words that it is asked in."""
    asked: list[tuple[str, Any]] = []
    engine = desk.engines.look

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    desk.look(_page(days))
    event.remove(engine, "before_cursor_execute", note)
    statement, parameters = next(one for one in reversed(asked) if "touched_at" in one[0])
    explain = "EXPLAIN QUERY PLAN" if desk.engines.is_sqlite else "EXPLAIN"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


def _page(days: int | None) -> Callable[[Tx], list[int]]:
    return lambda tx: list(tx.session.scalars(missed.missed_query(tx, days).limit(8)))


def _best_ms(call: Callable[[], object]) -> float:
    """Measure a call in milliseconds; the best of some, for the machine has other things to do."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


@pytest.mark.parametrize(
    "count", [pytest.param(SMALL, marks=pytest.mark.long), pytest.param(LARGE, marks=pytest.mark.slow)]
)
def test_a_page_of_missed_cases_is_found_by_the_index_in_no_time(desk: Desk, count: int) -> None:
    desk.run(_fill, count)
    _analyse(desk.engines)
    for days in (3, None):
        plan = _plan(desk, days)
        page = _best_ms(lambda days=days: desk.look(_page(days)))  # type: ignore[misc] # bound for the loop
        total = _best_ms(lambda days=days: desk.look(missed.count_missed, days))  # type: ignore[misc] # likewise
        print(f"{count} open cases: a page in {page:.1f} ms, the number of all in {total:.1f} ms\n{plan}")  # noqa: T201 - the measured figure
        assert "ix_work_missed" in plan
        assert "SORT" not in plan.upper()
        assert "TEMP B-TREE" not in plan.upper()
        assert max(page, total) < LIMIT_MS
        assert len(desk.look(_page(days))) == 8
