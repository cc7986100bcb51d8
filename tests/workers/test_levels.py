"""Clocks of cases by the scheduler: late is fine, early never, twice never."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

from core.cases import answering
from core.timers.actions import due_timers
from tests.core.office import Office
from tests.core.sla.levels import HOUR, join_boss, make_level
from tests.workers.test_scheduler import scheduler
from workers.timers import fire_timer


def _alarms(office: Office, number: int) -> list[str]:
    return [verb for verb in office.verbs(number) if verb.endswith(("_warned", "_broken", "_escalated"))]


def test_the_scheduler_rings_when_a_step_has_come_and_not_before(office: Office) -> None:
    make_level(office, join_boss(office))
    office.join("Olena")
    number = office.open_case()
    clock = scheduler(office)
    office.clock.advance(3 * HOUR - timedelta(seconds=1))
    clock.tick()
    assert _alarms(office, number) == []
    office.clock.advance(timedelta(seconds=1))
    clock.tick()
    assert _alarms(office, number) == ["first_warned"]
    office.clock.advance(HOUR)
    for _ in range(3):
        clock.tick()
    assert _alarms(office, number) == ["first_warned", "first_broken", "first_escalated"]


def test_two_schedulers_that_both_think_they_are_live_ring_once(office: Office) -> None:
    make_level(office, join_boss(office))
    olena = office.join("Olena")
    number = office.open_case()
    office.clock.advance(4 * HOUR)
    due = office.desk.look(due_timers)
    start = Barrier(2)

    def fire() -> None:
        start.wait()
        for timer in due:
            office.desk.run(fire_timer, timer)

    threads = [Thread(target=fire) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert _alarms(office, number) == ["first_broken", "first_escalated"]
    assert office.told(olena).count("card.why.first_late") == 1


def test_an_answer_at_the_moment_of_the_ring_leaves_one_truth(office: Office) -> None:
    make_level(office, join_boss(office))
    olena = office.join("Olena")
    number = office.open_case()
    office.clock.advance(4 * HOUR)
    due = office.desk.look(due_timers)
    start = Barrier(2)

    def ring() -> None:
        start.wait()
        for timer in due:
            office.desk.run(fire_timer, timer)

    thread = Thread(target=ring)
    thread.start()
    start.wait()
    office.desk.run(answering.answer, number, "At last", olena)
    thread.join()
    verbs = office.verbs(number)
    assert verbs.count("first_broken") == 1
    assert verbs.count("first_late") == 1
    assert office.item(number).due_at is None
