"""Calls and appointments are planned, moved, done and called off, and remind by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.activities import actions as activities
from core.activities import agenda, finishing, rules
from core.activities import queries as activity_queries
from core.activities.rules import ActivityStatus
from core.activities.views import ActivityView, Plan
from core.cases import actions as cases
from core.errors import Misused, NotFound, Refused
from core.people.rules import Role
from core.people.views import Representative
from core.work import actions as work
from core.work.rules import QueueKind, WorkKind
from tests.core.clock import MONDAY_NOON
from tests.core.office import Office, fire_due

CALL, APPOINTMENT, TASK = WorkKind.CALL, WorkKind.APPOINTMENT, WorkKind.TASK
TOMORROW = MONDAY_NOON + timedelta(days=1)
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


def _plan(office: Office, by: Representative, kind: WorkKind = CALL, **more: object) -> int:
    what = Plan(kind, **{"title": "Ring them", "at": TOMORROW, **more})  # type: ignore[arg-type] # any of its parts
    return office.desk.run(activities.plan, what, by).number


def _shown(office: Office, number: int) -> ActivityView:
    return office.desk.look(lambda tx: activity_queries.activity(tx, office.item(number)))


def _fire(office: Office, at: datetime) -> int:
    """Let the clock show an instant, and fire what is due; tells how much that was."""
    office.clock.at = at
    return fire_due(office.desk)


# --- planning ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TASK, CALL, APPOINTMENT])
def test_what_is_planned_stands_in_your_own_progress(office: Office, olena: Representative, kind: WorkKind) -> None:
    number = _plan(office, olena, kind)
    assert (office.item(number).kind, office.item(number).planned_at) == (kind, TOMORROW)
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)


def test_an_appointment_needs_a_time_and_takes_an_hour_unless_it_is_said(office: Office, olena: Representative) -> None:
    with pytest.raises(Misused, match=r"appointment\.no_time"):
        _plan(office, olena, APPOINTMENT, at=None)
    assert _shown(office, _plan(office, olena, APPOINTMENT)).until == TOMORROW + HOUR
    assert _shown(office, _plan(office, olena, APPOINTMENT, until=TOMORROW + 2 * HOUR)).until == TOMORROW + 2 * HOUR
    assert _shown(office, _plan(office, olena, CALL)).until is None


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"at": MONDAY_NOON}, "call.past"),
        ({"title": " "}, "call.empty"),
        ({"until": TOMORROW}, "activity.backwards"),
        ({"until": TOMORROW + timedelta(days=11)}, "activity.too_long"),
        ({"remind": timedelta(days=29)}, "activity.remind_early"),
    ],
)
def test_what_makes_no_sense_is_refused(
    office: Office, olena: Representative, more: dict[str, object], key: str
) -> None:
    with pytest.raises(Refused) as refused:
        _plan(office, olena, **more)
    assert refused.value.key == key


def test_an_activity_may_regard_a_customer(office: Office, olena: Representative) -> None:
    maria = office.customer("Maria")
    assert _shown(office, _plan(office, olena, contact=maria.id)).contact == "Maria"
    with pytest.raises(NotFound):
        _plan(office, olena, contact=10**9)


def test_an_activity_is_handed_on_like_a_case(office: Office, olena: Representative) -> None:
    taras, number = office.join("Taras"), _plan(office, olena, APPOINTMENT)
    office.desk.run(activities.assign, number, taras, olena)
    office.desk.run(cases.accept, number, taras)
    assert office.place(number) == (QueueKind.IN_PROGRESS, taras.id)
    office.desk.run(activities.forward, number, office.queue().id, taras)
    office.desk.run(cases.accept, number, olena)
    office.desk.run(activities.release, number, olena)
    assert office.place(number) == (QueueKind.PUBLIC, None)


# --- reminders --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "remind", "before"),
    [(TASK, None, timedelta(0)), (CALL, None, QUARTER), (APPOINTMENT, None, QUARTER), (APPOINTMENT, HOUR, HOUR)],
)
def test_a_reminder_comes_once_and_not_early(
    office: Office, olena: Representative, kind: WorkKind, remind: timedelta | None, before: timedelta
) -> None:
    number = _plan(office, olena, kind, remind=remind)
    touched = office.item(number).touched_at
    assert _fire(office, TOMORROW - before - timedelta(seconds=1)) == 0
    assert _fire(office, TOMORROW - before) == 1
    assert _fire(office, TOMORROW + HOUR) == 0
    assert office.told(olena) == ["card.why.task_due" if kind is TASK else "card.why.comes"]
    assert office.item(number).touched_at == touched, "a reminder is no change"


def test_a_reminder_moves_with_its_activity(office: Office, olena: Representative) -> None:
    number = _plan(office, olena, APPOINTMENT)
    office.desk.run(activities.move, number, TOMORROW + HOUR, olena)
    assert _fire(office, TOMORROW) == 0
    assert _fire(office, TOMORROW + HOUR - QUARTER) == 1
    office.desk.run(activities.move, number, TOMORROW + 3 * HOUR, olena)
    assert _fire(office, TOMORROW + 3 * HOUR - QUARTER) == 1, "at another time it reminds again"


def test_what_is_planned_too_late_for_its_reminder_reminds_when_it_begins(
    office: Office, olena: Representative
) -> None:
    at = MONDAY_NOON + timedelta(minutes=10)
    _plan(office, olena, APPOINTMENT, at=at)
    assert _fire(office, at - timedelta(seconds=1)) == 0
    assert _fire(office, at) == 1
    assert office.told(olena) == ["card.why.now"]


def test_in_a_public_queue_those_who_watch_it_are_reminded(office: Office, olena: Representative) -> None:
    from core.work.queues import watch

    taras, queue, number = office.join("Taras"), office.queue(), _plan(office, olena, APPOINTMENT)
    office.desk.run(watch, queue.id, taras)
    office.desk.run(activities.forward, number, queue.id, olena)
    _fire(office, TOMORROW - QUARTER)
    assert office.told(taras)[-1] == "card.why.comes"


@pytest.mark.parametrize("end", [finishing.finish, finishing.call_off])
def test_what_has_ended_reminds_nobody_and_reminds_again_when_it_is_open_again(
    office: Office, olena: Representative, end: object
) -> None:
    number = _plan(office, olena, APPOINTMENT)
    office.desk.run(end, number, olena)  # type: ignore[arg-type] # one of the two
    assert _fire(office, TOMORROW - HOUR) == 0
    office.desk.run(cases.reopen, number, olena)
    assert _fire(office, TOMORROW - QUARTER) == 1
    assert _shown(office, number).status is ActivityStatus.PLANNED


MINUTES = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))


@given(ahead=MINUTES, lead=MINUTES)
def test_a_reminder_is_never_before_its_time_nor_after_what_it_is_for(ahead: timedelta, lead: timedelta) -> None:
    at = rules.remind_at(MONDAY_NOON + ahead, lead, MONDAY_NOON)
    if ahead > timedelta(0):
        assert at is not None
        assert MONDAY_NOON < at <= MONDAY_NOON + ahead
        assert at == MONDAY_NOON + ahead or at == MONDAY_NOON + ahead - lead
    else:
        assert at is None


# --- moving and ending ------------------------------------------------------------------------------------


def test_what_is_moved_takes_as_long_as_before(office: Office, olena: Representative) -> None:
    number = _plan(office, olena, APPOINTMENT, until=TOMORROW + 2 * HOUR)
    item = office.desk.run(activities.move, number, TOMORROW + 5 * HOUR, olena)
    assert (item.planned_at, _shown(office, number).until) == (TOMORROW + 5 * HOUR, TOMORROW + 7 * HOUR)
    assert office.facts(number, "moved")["until"] == (TOMORROW + 5 * HOUR).isoformat()


def test_what_is_moved_is_a_change_of_its_case(office: Office, olena: Representative) -> None:
    case = office.open_case()
    number = _plan(office, olena, regarding=case)
    office.clock.advance(HOUR)
    office.desk.run(activities.move, number, TOMORROW + HOUR, olena)
    assert (office.item(case).planned_at, office.item(case).touched_at) == (TOMORROW + HOUR, office.clock())
    assert office.verbs(case)[-2:] == ["call_planned", "call_moved"]


def test_nothing_is_moved_into_the_past_and_no_case_is(office: Office, olena: Representative) -> None:
    with pytest.raises(Refused, match=r"call\.past"):
        office.desk.run(activities.move, _plan(office, olena), MONDAY_NOON, olena)
    with pytest.raises(Refused, match=r"activity\.is_case"):
        office.desk.run(activities.move, office.open_case(), TOMORROW, olena)


def test_what_is_done_keeps_its_outcome_and_how_long_it_took(office: Office, olena: Representative) -> None:
    number = _plan(office, olena)
    office.desk.run(finishing.finish, number, olena, " they\nagreed ", 30)
    shown = _shown(office, number)
    assert (shown.status, shown.outcome, shown.took) == (ActivityStatus.DONE, "they agreed", 2 * QUARTER)
    assert office.place(number) is None
    assert office.facts(number, "resolved") == {
        "origin": office.personal(olena, QueueKind.IN_PROGRESS), "resolution": "they agreed", "took": 30,
    }  # fmt: skip


@pytest.mark.parametrize("minutes", [0, -1, 10 * 24 * 60 + 1])
def test_nothing_takes_no_time_or_weeks(office: Office, olena: Representative, minutes: int) -> None:
    with pytest.raises(Misused, match=r"activity\.too_long"):
        office.desk.run(finishing.finish, _plan(office, olena), olena, "", minutes)


def test_to_resolve_an_activity_is_to_finish_it(office: Office, olena: Representative) -> None:
    number = _plan(office, olena)
    office.desk.run(cases.resolve, number, olena, "they agreed")
    assert (_shown(office, number).status, _shown(office, number).outcome) == (ActivityStatus.DONE, "they agreed")


def test_out_of_assigned_it_is_accepted_before_it_ends(office: Office, olena: Representative) -> None:
    taras, number = office.join("Taras"), _plan(office, olena)
    office.desk.run(activities.assign, number, taras, olena)
    with pytest.raises(Refused, match=r"item\.assigned_to_other"):
        office.desk.run(finishing.call_off, number, olena)
    office.desk.run(finishing.call_off, number, taras, "they are ill")
    assert office.verbs(number)[-2:] == ["accepted", "called_off"]
    assert _shown(office, number).outcome == "they are ill"


def test_a_manager_ends_what_others_work_on(office: Office, olena: Representative) -> None:
    chief, number = office.join("Maria", Role.MANAGER), _plan(office, olena)
    office.desk.run(finishing.finish, number, chief)
    assert "accepted" not in office.verbs(number)


# --- one's days -------------------------------------------------------------------------------------------


def _numbers(office: Office, by: Representative, days: int = 7) -> list[list[int]]:
    shown = office.desk.look(agenda.agenda, by, days)
    return [[one.item.number for one in found] for found in ([*shown.overdue], *(one for _, one in shown.days))]


def test_ones_days_show_in_order_what_comes_up(office: Office, olena: Representative) -> None:
    later, call = _plan(office, olena, at=TOMORROW + HOUR), _plan(office, olena, APPOINTMENT, at=MONDAY_NOON + HOUR)
    task, case = _plan(office, olena, TASK), office.open_case()
    office.desk.run(cases.accept, case, olena)
    office.desk.run(activities.snooze, case, TOMORROW + 2 * HOUR, "parts", olena)
    someday, done = _plan(office, olena, at=None), _plan(office, olena)
    office.desk.run(finishing.finish, done, olena)
    _plan(office, olena, at=MONDAY_NOON + timedelta(days=8))
    _plan(office, office.join("Taras"))
    assert _numbers(office, olena) == [[], [call], [task, later, case], [], [], [], [], []]
    assert _numbers(office, olena, 1) == [[], [call]]
    assert office.desk.look(agenda.agenda, olena, 1).undated == 1
    office.clock.at = TOMORROW + timedelta(days=1)
    assert _numbers(office, olena, 1)[0] == [call, task, later, case]
    assert someday not in _numbers(office, olena)[0]


def test_what_was_assigned_is_a_part_of_ones_days(office: Office, olena: Representative) -> None:
    taras, number = office.join("Taras"), _plan(office, olena)
    office.desk.run(work.assign, number, taras, olena)
    assert [number] in _numbers(office, taras)
    assert [number] not in _numbers(office, olena)


def test_a_snoozed_task_comes_up_later_and_an_appointment_does_not(office: Office, olena: Representative) -> None:
    task, meeting = _plan(office, olena, TASK, at=MONDAY_NOON + HOUR), _plan(office, olena, APPOINTMENT)
    for number in (task, meeting):
        office.desk.run(activities.snooze, number, TOMORROW + timedelta(days=1), "", olena)
    assert _numbers(office, olena)[:4] == [[], [], [meeting], [task]]


def test_only_who_sees_the_whole_desk_sees_the_days_of_others(office: Office, olena: Representative) -> None:
    taras, chief = office.join("Taras"), office.join("Maria", Role.MANAGER)
    with pytest.raises(Refused, match=r"right\.missing"):
        office.desk.look(lambda tx: agenda.agenda(tx, olena, 1, of=taras))
    assert office.desk.look(lambda tx: agenda.agenda(tx, chief, 1, of=taras)).days
