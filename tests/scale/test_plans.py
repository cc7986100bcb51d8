"""Whatever the desk does every day, no database reads a big table from its beginning to its end for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from core.desk import Desk
from core.schema import metadata
from core.settings import House
from core.store.engine import Engines
from core.work.model import Work
from tests.bench import ground
from tests.scale.conftest import Grown, Worked, work
from tests.scale.statements import Statement, noted

#: The tables that stay small, however long the desk works, and why; all others grow.
SMALL = {
    # As many rows as people have made to run the desk by.
    "category", "closure", "house_hours", "lease", "level_use", "mail_address", "mailbox", "person", "queue",
    "queue_member", "queue_merge", "queue_name", "queue_turn", "queue_watch", "sender_rule", "service_level",
    "template",
    # Who may be merged is found by parts of names, of which there is one for many customers.
    "account", "account_alias", "account_domain",
    # Each row is soon gone again: summed up, written, answered, used, or forgotten after a month.
    "address_code", "domain_pause", "draft", "held_news", "invitation", "search_due", "tally", "unsent",
}  # fmt: skip

#: The tables that grow as long as the desk works.
BIG = metadata.tables.keys() - SMALL

#: What may look at everything, and why it need not be quick.
SELDOM = {
    "press contact_erase": "every place that may hold a customer's address is gone through, that none is left",
    "in a group, /unbind": "the cards of a queue in a group, once in the life of that group",
}

#: What SQLite says of a table that it goes through: without an index, or along one that has every row.
_SCANNED = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")

#: An alias of a statement of ours is its table with a number.
_ALIAS = re.compile(r"_\d+$")


def _full_scans(engines: Engines, statements: list[Statement], *, forced: bool) -> dict[str, str]:
    """Find the statements that go through all of a big table: what the database says of them.

    Args:
        forced: PostgreSQL is to avoid such a plan by any means, as it would by itself were the tables large.
    """
    explain = "EXPLAIN QUERY PLAN" if engines.is_sqlite else "EXPLAIN (FORMAT JSON)"
    found: dict[str, str] = {}
    with engines.change.connect() as connection:
        if forced and not engines.is_sqlite:
            for way in ("seqscan", "mergejoin", "hashjoin"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        whole = _whole_indexes(engines)
        for words, parameters in {one.words: one.parameters for one in statements if one.explained}.items():
            rows = connection.exec_driver_sql(f"{explain} {words}", parameters).all()
            scans = (
                _sqlite_scans(rows, whole) if engines.is_sqlite else list(_postgres_scans(rows[0][0][0]["Plan"], whole))
            )
            if scans:
                found[words] = "; ".join(scans)
        connection.rollback()
    return found


def _whole_indexes(engines: Engines) -> set[str]:
    """List the indexes that hold every row of their table: to read one from its beginning is to read the table."""
    words = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND (sql IS NULL OR sql NOT LIKE '% WHERE %')"
        if engines.is_sqlite
        else "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NULL"
    )
    with engines.look.connect() as connection:
        return {row[0] for row in connection.exec_driver_sql(words)}


def _sqlite_scans(rows: Any, whole: set[str]) -> list[str]:
    found = [(row[-1], _SCANNED.match(row[-1])) for row in rows]
    return [
        line
        for line, read in found
        if read and _ALIAS.sub("", read[1]) in BIG and (read[2] is None or read[2] in whole)
    ]


def _postgres_scans(plan: dict[str, Any], whole: set[str]) -> Iterator[str]:
    name = plan.get("Index Name", "")
    along = plan["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in plan and name in whole
    if plan.get("Relation Name") in BIG and (plan["Node Type"] == "Seq Scan" or along):
        yield f"{plan['Node Type']} on {plan['Relation Name']} {name}"
    for part in plan.get("Plans", ()):
        if plan["Node Type"] == "Limit" and "Index Name" in part and "Filter" not in part:
            continue  # it stops after so many rows, such as after the newest
        yield from _postgres_scans(part, whole)


def _often(done: Worked) -> list[Statement]:
    return [one for name, act in done.acts.items() if name not in SELDOM for one in act]


def test_nothing_reads_a_big_table_from_end_to_end(worked: Worked) -> None:
    statements = _often(worked)
    assert _full_scans(worked.engines, statements, forced=True) == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_reads_a_big_table_from_end_to_end_once_it_is_big(grown: Grown) -> None:
    done = work(grown(100_000, 10_000))
    ground.tidy(done.engines)
    statements = _often(done)
    assert _full_scans(done.engines, statements, forced=False) == {}


@pytest.mark.long
def test_a_statement_without_an_index_is_found_out(worked: Worked) -> None:
    desk = Desk(worked.engines, House())
    with noted(desk.engines) as statements:
        desk.look(lambda tx: tx.session.query(Work.id).where(Work.title == "The printer").all())
        desk.look(lambda tx: tx.session.query(Work.id).order_by(Work.id).where(Work.title == "x").limit(1).all())
    assert len(_full_scans(desk.engines, statements, forced=True)) == 2
