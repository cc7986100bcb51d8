"""Transactions: one commit, races run again, wake-up calls after the commit."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from core.desk import RESTS_AFTER_S, TRIES, Desk, Tx
from core.errors import NotFound, Refused, TryLater
from core.settings import House
from core.store.engine import Engines, open_engines
from core.timers.model import Timer
from tests.core.clock import FakeClock
from tests.core.office import Office


def _add(tx: Tx, slot: str) -> str:
    tx.session.add(Timer(task="test", slot=slot, due_at=tx.now))
    tx.session.flush()
    tx.wake("actor", len(slot))
    return slot


def _slots(tx: Tx) -> list[str]:
    return list(tx.session.scalars(select(Timer.slot).order_by(Timer.slot)))


class Racing:
    """An action that loses its race so many times."""

    def __init__(self, losses: int) -> None:
        self.left = losses
        self.runs = 0

    def __call__(self, tx: Tx, slot: str) -> str:
        self.runs += 1
        _add(tx, slot)
        if self.left:
            self.left -= 1
            tx.session.add(Timer(task="test", slot=slot, due_at=tx.now))
            tx.session.flush()
        return slot


def test_a_desk_that_is_alone_rests_after_a_while_without_a_change(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("core.desk.monotonic", lambda: now[0])
    alone, other = (Desk(desk.engines, House(), alone=alone) for alone in (True, False))
    assert not alone.rests()
    now[0] += RESTS_AFTER_S + 1
    alone.look(_slots)
    alone.renew(_add, "a lease")
    assert (alone.rests(), other.rests()) == (True, False)
    alone.run(_add, "one")
    assert not alone.rests()


def test_a_lost_race_is_run_again(desk: Desk) -> None:
    action = Racing(TRIES - 1)
    assert desk.run(action, "one") == "one"
    assert action.runs == TRIES
    assert desk.look(_slots) == ["one"]


def test_a_race_lost_three_times_is_given_up_and_leaves_nothing(desk: Desk) -> None:
    action = Racing(TRIES)
    with pytest.raises(IntegrityError):
        desk.run(action, "one")
    assert action.runs == TRIES
    assert desk.look(_slots) == []


def test_a_database_that_stays_locked_is_tried_thrice_and_then_said_to_be_busy(desk: Desk) -> None:
    runs = []

    def locked(tx: Tx) -> None:
        runs.append(tx)
        raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))

    with pytest.raises(TryLater, match=r"error\.database_away"):
        desk.run(locked)
    assert len(runs) == TRIES


@pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
def test_what_postgresql_calls_a_lost_race_is_run_again(office: Office, state: str) -> None:
    runs = []

    def lose(tx: Tx) -> int:
        runs.append(tx)
        if len(runs) < TRIES:
            tx.session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$"))
        return len(runs)

    assert office.desk.run(lose) == TRIES


@pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
def test_a_lost_connection_is_not_run_again_for_the_commit_may_have_happened(office: Office) -> None:
    runs = []

    def cut(tx: Tx) -> None:
        runs.append(tx)
        tx.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(TryLater):
        office.desk.run(cut)
    assert len(runs) == 1
    assert office.desk.run(_add, "afterwards") == "afterwards"


@pytest.mark.parametrize("refusal", [Refused("right.missing"), NotFound("item.unknown"), ValueError("ours")])
def test_an_error_undoes_everything_and_is_raised_as_it_is(office: Office, refusal: Exception) -> None:
    runs = []

    def fail(tx: Tx) -> None:
        runs.append(_add(tx, "one"))
        raise refusal

    with pytest.raises(type(refusal)) as caught:
        office.desk.run(fail)
    assert caught.value is refusal
    assert len(runs) == 1
    assert office.desk.look(_slots) == []
    assert office.woken == []


def test_wakes_after_the_commit_only(office: Office) -> None:
    seen = []
    office.desk.wake = lambda calls: seen.append((list(calls), office.desk.look(_slots)))
    office.desk.run(_add, "one")
    assert seen == [([("actor", 3)], ["one"])]


def test_wakes_once_for_an_action_that_was_run_again(office: Office) -> None:
    office.desk.run(Racing(2), "one")
    assert office.woken == [("actor", 3)]


def test_a_wake_that_raises_harms_nothing(office: Office) -> None:
    def broken(_calls: object) -> None:
        raise ConnectionError

    office.desk.wake = broken
    assert office.desk.run(_add, "one") == "one"
    assert office.desk.look(_slots) == ["one"]


def test_a_transaction_has_one_instant(office: Office) -> None:
    def twice(tx: Tx) -> bool:
        before = tx.now
        office.clock.at = office.clock.at.replace(year=2030)
        return tx.now == before

    assert office.desk.run(twice)


def test_many_are_kept_in_one_commit(office: Office) -> None:
    commits = []
    office.desk.wake = lambda calls: commits.append(list(calls))
    assert office.desk.run_many(_add, ["a", "bb", "ccc"]) == ["a", "bb", "ccc"]
    assert commits == [[("actor", 1), ("actor", 2), ("actor", 3)]]


def _picky(tx: Tx, slot: str) -> str:
    _add(tx, slot)
    if slot == "bad":
        raise Refused("right.missing")
    return slot


def test_one_bad_letter_does_not_take_the_others_with_it(desk: Desk) -> None:
    first, bad, last = desk.run_many(_picky, ["a", "bad", "c"])
    assert (first, last) == ("a", "c")
    assert isinstance(bad, Refused)
    assert desk.look(_slots) == ["a", "c"]


def test_a_letter_alone_that_fails_is_tried_once(desk: Desk) -> None:
    runs = []

    def fail(_tx: Tx, slot: str) -> None:
        runs.append(slot)
        raise ValueError(slot)

    (error,) = desk.run_many(fail, ["a"])
    assert isinstance(error, ValueError)
    assert runs == ["a"]


def test_nothing_to_keep_is_nothing(desk: Desk) -> None:
    assert desk.run_many(_add, []) == []


def _away(tmp_path: Path, kind: str) -> Desk:
    url = f"sqlite:///{tmp_path}" if kind == "sqlite" else "postgresql+psycopg://nobody@127.0.0.1:1/none"
    return Desk(open_engines(url), House(), now=FakeClock())


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_is_away_is_said_to_be_away(tmp_path: Path, kind: str) -> None:
    desk = _away(tmp_path, kind)
    with pytest.raises(TryLater):
        desk.run(_add, "one")
    with pytest.raises(TryLater):
        desk.look(_slots)


def test_a_pool_without_a_free_connection_is_busy(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(engines, House(), now=FakeClock())
    with ExitStack() as held:
        for engine in (engines.look, engines.change):
            pool: Any = engine.pool
            monkeypatch.setattr(pool, "_timeout", 0.01)
            monkeypatch.setattr(pool, "_max_overflow", 0)  # the server of the tests has a hundred for all of them
            while pool.checkedout() < pool.size():
                held.enter_context(closing(engine.raw_connection()))
        with pytest.raises(TryLater):
            desk.look(_slots)
        with pytest.raises(TryLater):
            desk.run(_add, "one")


def test_many_letters_do_not_each_wait_for_a_database_that_is_away(tmp_path: Path) -> None:
    desk, runs = _away(tmp_path, "sqlite"), []

    def opened(_tx: Tx, slot: str) -> None:
        runs.append(slot)
        raise TryLater("error.database_away")

    answers = desk.run_many(opened, ["a", "b", "c"])
    assert all(isinstance(one, TryLater) for one in answers)
    assert len(runs) == 1


def test_a_mistake_in_a_query_is_no_outage(desk: Desk) -> None:
    with pytest.raises(Exception, match="no_such_table") as caught:
        desk.look(lambda tx: tx.session.execute(text("SELECT 1 FROM no_such_table")))
    assert not isinstance(caught.value, TryLater)


def test_reading_and_changing_agree_on_what_is_there(desk: Desk) -> None:
    desk.run(_add, "one")
    count = select(func.count()).select_from(Timer)
    assert desk.run(lambda tx: tx.session.scalar(count)) == desk.look(lambda tx: tx.session.scalar(count)) == 1
