"""A timer is set once, fires once, and a lease has one holder."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.desk import Tx
from core.timers import actions as timers
from core.timers.model import Timer
from tests.core.office import Office
from tests.core.races import at_once

HOUR = timedelta(hours=1)


def _set(office: Office, task: str = "task_due", slot: str = "1", after: timedelta = HOUR, subject: int = 1) -> bool:
    return office.desk.run(timers.set_timer, task, slot, office.clock() + after, subject=subject, facts={"n": 1})


def _due(office: Office) -> list[int]:
    return office.desk.look(timers.due_timers)


def test_a_slot_is_set_once(office: Office) -> None:
    assert _set(office)
    assert not _set(office, after=2 * HOUR)
    assert _set(office, slot="2")
    assert _set(office, task="snooze")


def test_two_schedulers_that_set_the_same_slot_set_it_once(office: Office) -> None:
    assert sum(at_once(lambda: _set(office), 8)) == 1
    assert office.desk.look(lambda tx: tx.session.scalar(select(func.count()).select_from(Timer))) == 1


def test_timers_are_due_at_their_instant_the_most_overdue_first(office: Office) -> None:
    for slot, hours in (("late", 2), ("early", 1), ("never", 99)):
        _set(office, slot=slot, after=hours * HOUR)
    assert _due(office) == []
    office.clock.advance(HOUR)
    assert len(_due(office)) == 1
    office.clock.advance(HOUR)
    slots = office.desk.look(lambda tx: [tx.session.get_one(Timer, one).slot for one in timers.due_timers(tx)])
    assert slots == ["early", "late"]


def test_a_timer_fires_once_whoever_takes_it(office: Office) -> None:
    _set(office)
    office.clock.advance(HOUR)
    (timer,) = _due(office)
    fired = at_once(lambda: office.desk.run(timers.fire, timer), 8)
    assert sum(one is not None for one in fired) == 1
    assert _due(office) == []


def test_a_timer_does_not_fire_early_when_the_clock_was_put_back_since_it_was_seen(office: Office) -> None:
    _set(office)
    office.clock.advance(HOUR)
    (timer,) = _due(office)
    office.clock.advance(-HOUR)
    assert office.desk.run(timers.fire, timer) is None
    office.clock.advance(HOUR)
    assert office.desk.run(timers.fire, timer) is not None


def test_a_timer_whose_effect_fails_stays_due(office: Office) -> None:
    _set(office)
    office.clock.advance(HOUR)
    (timer,) = _due(office)

    def fail(tx: Tx) -> None:
        timers.fire(tx, timer)
        raise LookupError

    with pytest.raises(LookupError):
        office.desk.run(fail)
    assert _due(office) == [timer]


def test_a_slot_that_fired_is_not_set_again(office: Office) -> None:
    _set(office)
    office.clock.advance(HOUR)
    office.desk.run(timers.fire, _due(office)[0])
    assert not _set(office)


def test_cancelled_timers_do_not_fire(office: Office) -> None:
    _set(office, slot="1", subject=1)
    _set(office, slot="2", subject=2)
    _set(office, task="snooze", subject=1)
    office.desk.run(timers.cancel_timers, "task_due", 1)
    office.clock.advance(HOUR)
    left = office.desk.look(lambda tx: [tx.session.get_one(Timer, one) for one in timers.due_timers(tx)])
    assert {(row.task, row.subject_id) for row in left} == {("task_due", 2), ("snooze", 1)}


def test_what_fired_long_ago_is_forgotten_and_what_waits_is_not(office: Office) -> None:
    _set(office, slot="1")
    _set(office, slot="2", after=99 * HOUR)
    office.clock.advance(HOUR)
    office.desk.run(timers.fire, _due(office)[0])
    assert office.desk.run(timers.forget_fired, office.clock()) == 0
    assert office.desk.run(timers.forget_fired, office.clock() + HOUR) == 1
    assert office.desk.look(lambda tx: tx.session.scalars(select(Timer.slot)).all()) == ["2"]


SPAN = timedelta(seconds=15)


def _hold(office: Office, holder: str) -> bool:
    return office.desk.run(timers.hold, "bot", holder, SPAN)


def test_a_lease_has_one_holder_who_may_renew_it(office: Office) -> None:
    assert _hold(office, "a")
    assert not _hold(office, "b")
    office.clock.advance(SPAN - timedelta(seconds=1))
    assert _hold(office, "a")
    office.clock.advance(SPAN - timedelta(seconds=1))
    assert not _hold(office, "b")


def test_a_standby_takes_over_when_the_lease_has_run_out(office: Office) -> None:
    assert _hold(office, "a")
    office.clock.advance(SPAN)
    assert _hold(office, "b")
    assert not _hold(office, "a")


def test_a_standby_does_not_wait_an_hour_for_who_died_before_the_clock_was_put_back(office: Office) -> None:
    assert _hold(office, "a")
    office.clock.advance(-HOUR)
    assert _hold(office, "b")
    assert not _hold(office, "a")


def test_of_eight_who_want_the_lease_at_once_one_has_it(office: Office) -> None:
    for _ in range(2):
        names = iter("abcdefgh")
        assert sum(at_once(lambda names=names: _hold(office, next(names)), 8)) == 1  # type: ignore[misc] # bound for the loop
        office.clock.advance(SPAN)


def test_a_lease_given_back_is_free_at_once_and_only_its_holder_gives_it_back(office: Office) -> None:
    _hold(office, "a")
    office.desk.run(timers.let_go, "bot", "b")
    assert not _hold(office, "b")
    office.desk.run(timers.let_go, "bot", "a")
    assert _hold(office, "b")
