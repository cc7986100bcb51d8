"""Who is told of a missed case, when, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import answering, missed
from core.customers.views import ContactView
from core.history.actions import DESK, record
from core.outbox.model import OwedKind
from core.people import actions as people
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.work import queues
from core.work.rules import QueueKind
from tests.core.cases.missing import DAY, DAYS, nearly_missed
from tests.core.office import Office


@pytest.fixture
def number(office: Office, ivan: ContactView) -> int:
    return nearly_missed(office, ivan)


def _tell(office: Office) -> int:
    return office.desk.run(missed.tell_missed)


def _notices(office: Office, who: Representative) -> list[str]:
    return [key for key in office.told(who) if key.startswith("missed.")]


def test_the_owner_is_told_once_and_the_manager_a_day_later_once(
    office: Office, number: int, olena: Representative
) -> None:
    chief = office.join("Maria", Role.MANAGER, presence=Presence.AWAY)
    assert _tell(office) == 0
    office.clock.advance(timedelta(seconds=1))
    assert [_tell(office), _tell(office)] == [1, 0]
    assert (_notices(office, olena), _notices(office, chief)) == (["missed.yours"], [])
    office.clock.advance(DAY - timedelta(seconds=1))
    assert _tell(office) == 0
    office.clock.advance(timedelta(seconds=1))
    assert [_tell(office), _tell(office)] == [1, 0]
    assert (_notices(office, olena), _notices(office, chief)) == (["missed.yours"], ["missed.of"])


def test_after_a_change_it_can_be_missed_anew(office: Office, number: int, olena: Representative) -> None:
    office.clock.advance(timedelta(seconds=1))
    _tell(office)
    office.desk.run(answering.note, number, "still waiting", olena)
    office.clock.advance(DAYS * DAY)
    _tell(office)
    assert _notices(office, olena) == ["missed.yours"] * 2


def test_who_acts_within_the_day_is_not_raised(office: Office, number: int, olena: Representative) -> None:
    chief = office.join("Maria", Role.MANAGER, presence=Presence.AWAY)
    office.clock.advance(timedelta(seconds=1))
    _tell(office)
    office.desk.run(cases.accept, number, olena)
    office.clock.advance(DAY)
    _tell(office)
    assert _notices(office, chief) == []


def test_in_a_public_queue_managers_and_those_who_watch_are_told_at_once_each_once(office: Office) -> None:
    taras, chief = office.join("Taras"), office.join("Maria", Role.MANAGER)
    vip = office.queue().id
    for watcher in (taras, chief):
        office.desk.run(queues.watch, vip, watcher)
    office.open_case(queue=vip)
    office.clock.advance(DAYS * DAY)
    assert _tell(office) == 1
    office.clock.advance(DAY)
    assert _tell(office) == 0
    assert _notices(office, taras) == _notices(office, chief) == ["missed.of_nobody"]


def test_when_the_owner_cannot_be_reached_the_managers_are_told_at_once(
    office: Office, number: int, olena: Representative
) -> None:
    chief = office.join("Maria", Role.MANAGER, presence=Presence.AWAY)
    office.desk.run(people.unreachable, olena.id)
    office.clock.advance(timedelta(seconds=1))
    _tell(office)
    assert _notices(office, chief) == ["missed.of"]


def test_a_manager_is_not_told_twice_of_their_own(office: Office) -> None:
    chief = office.join("Maria", Role.MANAGER)
    office.open_case()
    office.clock.advance(DAYS * DAY)
    _tell(office)
    office.clock.advance(DAY)
    _tell(office)
    assert _notices(office, chief) == ["missed.yours"]


def test_the_notice_shows_the_last_change_of_each_kind_and_what_can_be_done(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    start = office.clock()
    number = office.open_case(ivan)
    office.clock.advance(timedelta(hours=1))
    office.desk.run(answering.note, number, "inside", olena)
    office.clock.advance(timedelta(hours=1))
    task = office.desk.run(activities.plan_task, "call", olena, regarding=number).number
    office.clock.advance(timedelta(hours=1))
    office.desk.run(cases.resolve, task, olena)
    office.clock.advance(DAYS * DAY)
    (view,) = office.desk.look(missed.missed)
    hour = timedelta(hours=1)
    assert (view.last_message, view.last_note, view.last_task) == (start, start + hour, start + 3 * hour)
    assert (view.quiet_days, view.item.number) == (DAYS, number)
    _tell(office)
    row = office.owed(person_id=olena.id)[-1]
    keys = [line["key"] for line in row.facts["lines"]]
    assert keys[0] == "missed.yours"
    assert keys[-1] == "missed.nothing_planned"
    assert {"missed.last_message", "missed.last_note", "missed.last_task"} <= set(keys)
    assert [button[1] for line in row.facts["buttons"] for button in line] == [
        "answer",
        "plan",
        "snooze_ask",
        "assign_menu",
        "case",
    ]


def test_what_the_desk_does_by_itself_is_no_last_change(office: Office, ivan: ContactView) -> None:
    number = office.open_case(ivan)
    opened = office.clock()
    office.clock.advance(DAYS * DAY)
    office.desk.run(lambda tx: record(tx, "rerouted", DESK, work=number, channel="email"))
    (view,) = office.desk.look(missed.missed)
    assert view.last_change == opened


def test_many_missed_cases_are_ten_notices_and_a_number_with_one_sound(
    office: Office, ivan: ContactView, olena: Representative
) -> None:
    numbers = [office.open_case(ivan) for _ in range(13)]
    office.clock.advance(DAYS * DAY)
    assert _tell(office) == 13
    assert _notices(office, olena) == ["missed.yours"] * 10 + ["missed.and_more"]
    rows = office.owed(person_id=olena.id)[-11:]
    assert [row.sound for row in rows] == [True] + [False] * 10
    assert rows[-1].facts["lines"][0]["facts"] == {"count": 3}
    assert rows[-1].facts["buttons"][0][0][1:] == ["missed", [-1, 0]]
    assert [row.work_id for row in rows[:10]] == numbers[:10]
    assert _tell(office) == 0, "all of them are told of"


def test_a_manager_reads_ten_notices_of_both_kinds_together(office: Office, ivan: ContactView) -> None:
    chief = office.join("Maria", Role.MANAGER, presence=Presence.AWAY)
    taras, vip = office.join("Taras"), office.queue().id
    theirs = office.personal(taras, QueueKind.ASSIGNED)
    for _ in range(8):
        office.open_case(ivan, queue=theirs)
    office.clock.advance(DAYS * DAY)
    _tell(office)
    office.clock.advance(-2 * DAY)
    for _ in range(8):
        office.open_case(ivan, queue=vip)
    office.clock.advance(DAYS * DAY)
    assert _tell(office) == 16
    assert len(_notices(office, chief)) == 11
    assert _notices(office, chief)[-1] == "missed.and_more"
    notices = [row.sound for row in office.owed(person_id=chief.id, kind=OwedKind.NOTICE)]
    assert notices.count(True) == 1


def test_what_falls_due_just_now_is_no_reason_while_more_is_planned(
    office: Office, number: int, olena: Representative
) -> None:
    due = office.clock() + 5 * DAY
    for at in (due, due + DAY):
        office.desk.run(activities.plan_task, "call", olena, due_at=at, regarding=number)
    office.clock.at = due
    assert _tell(office) == 0, "the hourly look may come before the reminder"
    assert office.item(number).planned_at == due + DAY
