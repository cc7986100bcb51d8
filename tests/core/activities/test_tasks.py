"""Tasks are planned, remembered and finished, and what is planned keeps its case from being missed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.activities import actions as activities
from core.activities import queries as activity_queries
from core.activities import regarding, reminders
from core.cases import actions as cases
from core.cases import queries as case_queries
from core.errors import Misused, NotFound, Refused
from core.people.views import Representative
from core.timers.actions import due_timers
from core.work import placing
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView
from tests.core.clock import MONDAY_NOON
from tests.core.office import Office

TOMORROW = MONDAY_NOON + timedelta(days=1)


def _plan(office: Office, by: Representative, title: str = "Call the supplier", **more: object) -> ItemView:
    return office.desk.run(activities.plan_task, title, by, **more)  # type: ignore[arg-type] # any of its keywords


def _due_count(office: Office) -> int:
    return len(office.desk.look(due_timers))


def test_a_task_stands_in_your_own_progress(office: Office, olena: Representative) -> None:
    task = _plan(office, olena, "  Call \n the supplier ", due_at=TOMORROW)
    assert (task.kind, task.title, task.planned_at) == (WorkKind.TASK, "Call the supplier", TOMORROW)
    assert office.place(task.number) == (QueueKind.IN_PROGRESS, olena.id)
    assert office.told(olena) == []


@pytest.mark.parametrize("title", ["", " \n "])
def test_a_task_says_what_is_to_be_done(office: Office, olena: Representative, title: str) -> None:
    with pytest.raises(Misused, match=r"task\.empty"):
        _plan(office, olena, title)


@pytest.mark.parametrize("back", [timedelta(0), timedelta(seconds=1)])
def test_nothing_is_planned_into_the_past(office: Office, olena: Representative, back: timedelta) -> None:
    with pytest.raises(Refused, match=r"task\.past"):
        _plan(office, olena, due_at=MONDAY_NOON - back)


def test_a_task_regards_an_open_case(office: Office, olena: Representative) -> None:
    with pytest.raises(NotFound, match=r"item\.unknown"):
        _plan(office, olena, regarding=10**9)
    number = office.open_case()
    office.desk.run(cases.resolve, number, olena)
    with pytest.raises(Refused, match=r"item\.closed"):
        _plan(office, olena, regarding=number)


def test_a_task_does_not_regard_a_task(office: Office, olena: Representative) -> None:
    with pytest.raises(Refused, match=r"case\.is_task"):
        _plan(office, olena, regarding=_plan(office, olena).number)


def test_a_case_shows_the_earliest_that_is_planned_for_it(office: Office, olena: Representative) -> None:
    number = office.open_case()
    office.clock.advance(timedelta(hours=1))
    _plan(office, olena, due_at=TOMORROW + timedelta(days=4), regarding=number)
    _plan(office, olena, due_at=TOMORROW, regarding=number)
    _plan(office, olena, regarding=number)
    item = office.item(number)
    assert (item.planned_at, item.touched_at) == (TOMORROW, office.clock())
    assert office.verbs(number).count("task_planned") == 3
    assert [one.planned_at for one in office.desk.look(activity_queries.open_of, number)].count(None) == 1


def test_a_due_task_reminds_whoever_has_it_now(office: Office, olena: Representative) -> None:
    from core.work import actions as work

    taras = office.join("Taras")
    task = _plan(office, olena, due_at=TOMORROW).number
    office.desk.run(work.assign, task, taras, olena)
    touched = office.item(task).touched_at
    office.clock.at = TOMORROW
    assert _due_count(office) == 1
    office.desk.run(reminders.remind, task)
    assert office.told(taras)[-1] == "card.why.task_due"
    assert office.told(olena) == []
    assert office.item(task).touched_at == touched


def test_a_finished_task_reminds_nobody(office: Office, olena: Representative) -> None:
    task = _plan(office, olena, due_at=TOMORROW).number
    office.desk.run(cases.resolve, task, olena)
    office.clock.at = TOMORROW
    assert _due_count(office) == 0
    office.desk.run(reminders.remind, task)
    assert office.told(olena) == []


def test_when_a_task_is_finished_the_next_one_is_what_is_planned(office: Office, olena: Representative) -> None:
    number = office.open_case()
    first = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    second = _plan(office, olena, due_at=TOMORROW + timedelta(days=4), regarding=number).number
    office.clock.advance(timedelta(hours=1))
    office.desk.run(cases.resolve, first, olena)
    assert (office.item(number).planned_at, office.item(number).touched_at) == (
        TOMORROW + timedelta(days=4),
        office.clock(),
    )
    office.desk.run(cases.resolve, second, olena)
    assert office.item(number).planned_at is None


def test_when_a_task_falls_due_the_next_one_is_what_is_planned(office: Office, olena: Representative) -> None:
    number = office.open_case()
    first = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    _plan(office, olena, due_at=TOMORROW + timedelta(days=4), regarding=number)
    office.clock.at = TOMORROW
    office.desk.run(reminders.remind, first)
    assert office.item(number).planned_at == TOMORROW + timedelta(days=4)


def test_a_snooze_and_a_task_are_planned_side_by_side(office: Office, olena: Representative) -> None:
    number = office.open_case()
    task = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    until = TOMORROW + timedelta(days=4)
    office.desk.run(placing.snooze, number, until, "", olena)
    office.desk.run(regarding.replan, number)
    assert office.item(number).planned_at == TOMORROW
    office.desk.run(cases.resolve, task, olena)
    assert office.item(number).planned_at == until


def test_a_task_of_a_closed_case_can_still_be_finished(office: Office, olena: Representative) -> None:
    number = office.open_case()
    task, _ = (_plan(office, olena, due_at=TOMORROW, regarding=number).number for _ in range(2))
    office.desk.run(cases.resolve, number, olena)
    office.desk.run(cases.resolve, task, olena)
    assert not office.item(task).open
    assert office.item(number).planned_at is None


def test_what_a_task_regards_can_be_asked(office: Office, olena: Representative) -> None:
    number = office.open_case()
    task = _plan(office, olena, regarding=number).number
    assert office.desk.look(activity_queries.regarding, task) == number
    with pytest.raises(NotFound, match=r"item\.unknown"):
        office.desk.look(activity_queries.regarding, number)


# --- a task and the case it regards -----------------------------------------------------------------


@pytest.fixture
def number(office: Office, olena: Representative) -> int:
    """A case."""
    return office.open_case()


MOVES = {
    "assigning": lambda o, task, by: o.desk.run(activities.assign, task, o.join("Taras"), by),
    "forwarding": lambda o, task, by: o.desk.run(activities.forward, task, o.queue().id, by),
    "releasing": lambda o, task, by: o.desk.run(activities.release, task, by),
    "snoozing": lambda o, task, by: o.desk.run(activities.snooze, task, o.clock() + timedelta(hours=1), "", by),
    "finishing": lambda o, task, by: o.desk.run(cases.resolve, task, by),
}


@pytest.mark.parametrize("move", MOVES)
def test_what_is_done_to_a_task_is_a_change_of_its_case(
    office: Office, olena: Representative, number: int, move: str
) -> None:
    task = _plan(office, olena, regarding=number).number
    office.clock.advance(timedelta(hours=1))
    MOVES[move](office, task, olena)
    assert office.item(number).touched_at == office.clock()


def test_accepting_and_reopening_a_task_are_changes_of_its_case_too(
    office: Office, olena: Representative, number: int
) -> None:
    task = _plan(office, olena, regarding=number).number
    office.desk.run(activities.forward, task, office.queue().id, olena)
    for act in (cases.accept, cases.resolve, cases.reopen):
        office.clock.advance(timedelta(hours=1))
        office.desk.run(act, task, olena)
        assert office.item(number).touched_at == office.clock()


def test_moving_a_task_of_its_own_or_a_case_changes_nothing_else(
    office: Office, olena: Representative, number: int
) -> None:
    before = office.item(number)
    office.desk.run(activities.forward, _plan(office, olena).number, office.queue().id, olena)
    office.desk.run(activities.snooze, _plan(office, olena).number, TOMORROW, "", olena)
    assert office.item(number) == before
    office.desk.run(activities.snooze, number, TOMORROW, "", olena)
    assert office.verbs(number)[-1] == "snoozed"


def test_a_snoozed_task_is_planned_until_then(office: Office, olena: Representative, number: int) -> None:
    task = _plan(office, olena, due_at=MONDAY_NOON + timedelta(hours=1), regarding=number).number
    office.desk.run(activities.snooze, task, TOMORROW, "", olena)
    office.clock.advance(timedelta(hours=1))
    office.desk.run(reminders.remind, task)
    assert office.item(number).planned_at == TOMORROW
    assert office.told(olena).count("card.why.task_due") == 0, "it was put off"
    assert office.item(task).planned_at == TOMORROW


def test_a_snoozed_task_without_a_due_time_is_planned_too(office: Office, olena: Representative, number: int) -> None:
    task = _plan(office, olena, regarding=number).number
    office.desk.run(activities.snooze, task, TOMORROW, "", olena)
    assert office.item(number).planned_at == TOMORROW
    office.desk.run(cases.resolve, task, olena)
    assert office.item(number).planned_at is None


def test_after_its_snooze_a_task_is_planned_for_when_it_is_due(
    office: Office, olena: Representative, number: int
) -> None:
    due = TOMORROW + timedelta(days=1)
    task = _plan(office, olena, due_at=due, regarding=number).number
    office.desk.run(activities.snooze, task, TOMORROW, "", olena)
    assert office.item(number).planned_at == TOMORROW
    office.clock.at = TOMORROW
    office.desk.run(placing.wake_up, task)
    office.desk.run(regarding.replan, task)
    assert (office.item(task).planned_at, office.item(number).planned_at) == (due, due)


def test_the_history_of_a_case_tells_what_became_of_its_task(
    office: Office, olena: Representative, number: int
) -> None:
    task = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    office.desk.run(activities.snooze, task, TOMORROW, "parts", olena)
    office.desk.run(cases.resolve, task, olena)
    office.desk.run(cases.reopen, task, olena)
    assert office.verbs(number)[-4:] == ["task_planned", "task_snoozed", "task_done", "task_reopened"]
    assert office.facts(number, "task_snoozed") == {"task": task, "until": TOMORROW.isoformat(), "why": "parts"}


def test_a_task_that_is_open_again_reminds_again(office: Office, olena: Representative, number: int) -> None:
    task = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    office.desk.run(cases.resolve, task, olena)
    office.desk.run(cases.reopen, task, olena)
    assert office.item(number).planned_at == office.item(task).planned_at == TOMORROW
    office.clock.at = TOMORROW
    assert _due_count(office) == 1


def test_a_case_shows_all_that_is_planned_for_it_in_order(office: Office, olena: Representative, number: int) -> None:
    assert office.desk.look(case_queries.case, number).planned == ()
    someday = _plan(office, olena, regarding=number).number
    later = _plan(office, olena, due_at=TOMORROW + timedelta(days=1), regarding=number).number
    first = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    gone = _plan(office, olena, due_at=TOMORROW, regarding=number).number
    office.desk.run(cases.resolve, gone, olena)
    shown = office.desk.look(case_queries.case, number).planned
    assert [one.number for one in shown] == [first, later, someday]
