"""A case is missed when it is open, quiet for N days, and nothing is planned for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.activities import actions as activities
from core.activities import regarding, reminders
from core.cases import actions as cases
from core.cases import answering, incoming, missed
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.outbox.model import OwedKind
from core.people import actions as people
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.work import actions as work
from core.work import days as days_of
from core.work import placing
from core.work import queries as work_queries
from core.work.model import Queue
from core.work.rules import QueueKind
from tests.core.cases.missing import DAY, DAYS, nearly_missed
from tests.core.office import Office


@pytest.fixture
def number(office: Office, ivan: ContactView) -> int:
    return nearly_missed(office, ivan)


def _missed(office: Office, days: int | None = None) -> list[int]:
    return [one.item.number for one in office.desk.look(missed.missed, days, limit=99)]


def _days_of(office: Office, queue: int, days: int | None) -> None:
    def keep(tx: Tx) -> None:
        tx.session.get_one(Queue, queue).missed_after_days = days

    office.desk.run(keep)


# --- what is missed -------------------------------------------------------------------------------


def test_a_case_is_missed_after_three_quiet_days(office: Office, number: int) -> None:
    assert _missed(office) == []
    office.clock.advance(timedelta(seconds=1))
    assert _missed(office) == [number]
    assert office.desk.look(missed.count_missed) == 1


def test_the_longest_quiet_come_first_in_pages(office: Office, ivan: ContactView) -> None:
    numbers = []
    for _ in range(5):
        numbers.append(office.open_case(ivan))
        office.clock.advance(timedelta(hours=1))
    office.clock.advance(DAYS * DAY)
    assert _missed(office) == numbers
    pages = [office.desk.look(missed.missed, offset=at, limit=2) for at in (0, 2, 4)]
    assert [one.item.number for page in pages for one in page] == numbers
    assert office.desk.look(missed.count_missed) == 5


Change = Callable[[Office, int, ContactView, Representative], Any]
CHANGES: dict[str, Change] = {
    "a message": lambda o, n, c, _p: o.desk.run(incoming.add_message, n, c, o.says(c)),
    "an answer": lambda o, n, _c, p: o.desk.run(answering.answer, n, "Wait", p),
    "a note": lambda o, n, _c, p: o.desk.run(answering.note, n, "Wait", p),
    "accepting": lambda o, n, _c, p: o.desk.run(cases.accept, n, p),
    "forwarding": lambda o, n, _c, p: o.desk.run(work.forward, n, o.queue().id, p),
    "assigning": lambda o, n, _c, p: o.desk.run(work.assign, n, o.join("Taras"), p),
    "a planned task": lambda o, n, _c, p: o.desk.run(activities.plan_task, "call", p, regarding=n),
    "closing": lambda o, n, _c, p: o.desk.run(cases.resolve, n, p),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_keeps_a_case_from_being_missed_for_another_three_days(
    office: Office, number: int, ivan: ContactView, olena: Representative, change: str
) -> None:
    CHANGES[change](office, number, ivan, olena)
    office.clock.advance(DAYS * DAY - timedelta(seconds=1))
    assert _missed(office) == []
    office.clock.advance(timedelta(seconds=1))
    assert _missed(office) == ([number] if change != "closing" else [])


def test_another_answer_by_who_works_on_it_is_a_change_too(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    number = office.open_case(ivan)
    office.desk.run(cases.accept, number, olena)
    office.clock.advance(DAYS * DAY)
    office.desk.run(answering.answer, number, "Wait", olena)
    assert _missed(office) == []


NO_CHANGES: dict[str, Change] = {
    "an automatic message": lambda o, n, c, _p: o.desk.run(incoming.add_message, n, c, o.says(c, automatic=True)),
    "a reminder": lambda o, n, _c, _p: o.desk.run(reminders.remind, n),
    "the end of a snooze": lambda o, n, _c, _p: o.desk.run(placing.wake_up, n),
    "being told of": lambda o, _n, _c, _p: o.desk.run(missed.tell_missed),
    "the presence of its holder": lambda o, _n, _c, p: o.desk.run(people.set_presence, p, Presence.AWAY),
}


@pytest.mark.parametrize("event", NO_CHANGES)
def test_what_the_desk_does_by_itself_is_no_change(
    office: Office, number: int, ivan: ContactView, olena: Representative, event: str
) -> None:
    NO_CHANGES[event](office, number, ivan, olena)
    office.clock.advance(timedelta(seconds=1))
    assert _missed(office) == [number]


def test_the_receipt_is_no_change(office: Office, number: int, ivan: ContactView) -> None:
    (receipt,) = office.owed(contact_id=ivan.id, kind=OwedKind.NOTICE)
    assert receipt.work_id == number
    office.clock.advance(timedelta(seconds=1))
    assert _missed(office) == [number]


def test_while_it_is_snoozed_a_case_is_not_missed_and_afterwards_at_once(
    office: Office, number: int, olena: Representative
) -> None:
    until = office.clock() + 10 * DAY
    office.desk.run(placing.snooze, number, until, "parts", olena)
    office.clock.at = until - timedelta(seconds=1)
    assert _missed(office) == []
    office.clock.at = until
    assert _missed(office) == [number]


def test_while_a_task_is_planned_a_case_is_not_missed_and_afterwards_it_is(
    office: Office, number: int, olena: Representative
) -> None:
    due = office.clock() + 10 * DAY
    task = office.desk.run(activities.plan_task, "call", olena, due_at=due, regarding=number).number
    office.clock.at = due - timedelta(seconds=1)
    assert _missed(office) == []
    office.clock.at = due
    office.desk.run(reminders.remind, task)
    assert _missed(office) == [number]


def test_tasks_are_not_missed(office: Office, olena: Representative) -> None:
    office.desk.run(activities.plan_task, "call", olena)
    office.clock.advance(99 * DAY)
    assert _missed(office) == []


def test_days_can_be_asked_for(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan)
    office.clock.advance(5 * DAY)
    assert _missed(office, 5) == [number]
    assert _missed(office, 6) == []
    assert office.desk.look(missed.count_missed, 6) == 0


@pytest.mark.parametrize("move", ["assigning", "finishing", "snoozing"])
def test_what_is_done_to_its_task_keeps_a_case_from_being_missed(
    office: Office, number: int, olena: Representative, move: str
) -> None:
    task = office.desk.run(activities.plan_task, "call", olena, regarding=number).number
    office.clock.advance(DAYS * DAY - timedelta(seconds=1))
    if move == "assigning":
        office.desk.run(activities.assign, task, office.join("Taras"), olena)
    elif move == "finishing":
        office.desk.run(cases.resolve, task, olena)
    else:
        office.desk.run(activities.snooze, task, office.clock() + timedelta(seconds=1), "", olena)
    office.clock.advance(DAYS * DAY - timedelta(seconds=1))
    assert _missed(office) == []
    office.clock.advance(timedelta(seconds=1))
    assert _missed(office) == [number]


def test_while_its_task_is_snoozed_a_case_is_not_missed(office: Office, number: int, olena: Representative) -> None:
    task = office.desk.run(activities.plan_task, "call", olena, regarding=number).number
    until = office.clock() + 10 * DAY
    office.desk.run(activities.snooze, task, until, "", olena)
    office.clock.at = until - timedelta(seconds=1)
    assert _missed(office) == []
    office.clock.at = until
    office.desk.run(placing.wake_up, task)
    office.desk.run(regarding.replan, task)
    assert _missed(office) == [number]


# --- days of queues -------------------------------------------------------------------------------


def test_a_public_queue_may_have_its_own_days(office: Office, ivan: ContactView, olena: Representative) -> None:
    fast, slow, plain = (office.queue(name).id for name in ("Fast", "Slow", "Plain"))
    _days_of(office, fast, 1)
    _days_of(office, slow, 9)
    numbers = {queue: office.open_case(ivan, queue=queue) for queue in (fast, slow, plain)}
    mine = office.open_case(ivan, queue=office.personal(olena, QueueKind.ASSIGNED))
    expected = {1: {numbers[fast]}, DAYS: {numbers[fast], numbers[plain], mine}, 9: {*numbers.values(), mine}}
    start = office.clock()
    for days, those in expected.items():
        office.clock.at = start + days * DAY
        assert set(_missed(office)) == those


def test_a_manager_gives_a_queue_its_own_days_and_takes_them_away(office: Office, ivan: ContactView) -> None:
    chief, fast = office.join("Maria", Role.MANAGER, presence=Presence.AWAY), office.queue("Fast").id
    office.desk.run(days_of.set_missed_days, fast, 1, chief)
    assert office.desk.look(work_queries.get_queue, fast).missed_after_days == 1
    number = office.open_case(ivan, queue=fast)
    office.clock.advance(DAY)
    assert _missed(office) == [number]
    office.desk.run(days_of.set_missed_days, fast, None, chief)
    assert office.desk.look(work_queries.get_queue, fast).missed_after_days is None
    assert _missed(office) == []


def test_only_a_manager_gives_days_and_only_to_a_public_queue(office: Office, olena: Representative) -> None:
    chief, fast = office.join("Maria", Role.MANAGER), office.queue("Fast").id
    with pytest.raises(Refused, match=r"right\.missing"):
        office.desk.run(days_of.set_missed_days, fast, 1, olena)
    for queue in (office.personal(olena, QueueKind.ASSIGNED), 10**9):
        with pytest.raises(NotFound, match=r"queue\.gone"):
            office.desk.run(days_of.set_missed_days, queue, 1, chief)
    for days in (0, -1, 366):
        with pytest.raises(Misused, match=r"usage\.queue_missed"):
            office.desk.run(days_of.set_missed_days, fast, days, chief)


def test_an_accepted_case_keeps_the_days_of_the_queue_it_came_from(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    fast = office.queue("Fast").id
    _days_of(office, fast, 1)
    number = office.open_case(ivan, queue=fast)
    office.desk.run(cases.accept, number, olena)
    office.clock.advance(DAY)
    assert _missed(office) == [number]


def test_a_case_handed_on_keeps_the_days_of_the_queue_it_came_from(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    fast, taras = office.queue("Fast").id, office.join("Taras")
    _days_of(office, fast, 1)
    number = office.open_case(ivan, queue=fast)
    office.desk.run(cases.accept, number, olena)
    office.desk.run(work.assign, number, taras, olena)
    office.clock.advance(DAY)
    assert _missed(office) == [number]


def test_where_a_case_stands_counts_more_than_where_it_came_from(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    fast, plain = office.queue("Fast").id, office.queue("Plain").id
    _days_of(office, fast, 1)
    into, out_of = office.open_case(ivan), office.open_case(ivan, queue=fast)
    office.desk.run(work.forward, into, fast, olena)
    office.desk.run(work.forward, out_of, plain, olena)
    office.clock.advance(DAY)
    assert _missed(office) == [into]
