"""How activities end and come back: done with an outcome, called off, opened again."""

from __future__ import annotations

from core.activities.model import Activity
from core.activities.regarding import case_changed, changed, replan
from core.activities.reminders import forget_reminder, set_reminder
from core.activities.required import tell_required
from core.activities.rules import LONGEST, WRITTEN, ActivityStatus
from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import Actor
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.texts.said import said
from core.work import actions as work_actions
from core.work import placing, queries
from core.work.model import Work
from core.work.rules import QueueKind, WorkKind, WorkState

#: Characters of what came of an activity.
OUTCOME_LENGTH = 1000


def finish(tx: Tx, number: int, by: Representative, outcome: str = "", minutes: int | None = None) -> int | None:
    """End an activity with its work done; out of Assigned or a public queue it is accepted first.

    Args:
        minutes: how long it took, if somebody says so.

    Returns:
        The open case for which a letter or a chat message was to be written: it can be answered now. None for others.

    Raises:
        NotFound: there is no such item.
        Refused: `activity.is_case`, `item.taken`, `item.assigned_to_other` or `item.closed`.
        Misused: `activity.too_long`: nothing takes so long.
    """
    if minutes is not None and not 0 < minutes <= LONGEST.total_seconds() / 60:
        raise Misused("activity.too_long")
    _in_own_hands(tx, number, by)
    clean = " ".join(outcome.split())[:OUTCOME_LENGTH]
    placing.close(tx, number, by.actor, "resolved", resolution=clean, took=minutes)
    activity = tx.lock_one(Activity, number)
    activity.status, activity.outcome, activity.minutes = ActivityStatus.DONE, clean or None, minutes
    forget_reminder(tx, number)
    case_changed(tx, number, by.actor, "done")
    return _to_write(tx, activity)


def _to_write(tx: Tx, activity: Activity) -> int | None:
    kind = tx.session.get_one(Work, activity.work_id).kind
    case = tx.session.get(Work, activity.regarding_id) if kind in WRITTEN and activity.regarding_id else None
    return case.id if case is not None and case.state is WorkState.OPEN else None


def call_off(tx: Tx, number: int, by: Representative, why: str = "") -> None:
    """End an activity that does not take place; out of Assigned or a public queue it is accepted first.

    Raises:
        NotFound: there is no such item.
        Refused: `activity.is_case`, `item.taken`, `item.assigned_to_other` or `item.closed`.
    """
    check(by.role, Right.PLAN)
    _in_own_hands(tx, number, by)
    clean = " ".join(why.split())[:OUTCOME_LENGTH]
    placing.close(tx, number, by.actor, "called_off", why=clean)
    activity = tx.lock_one(Activity, number)
    activity.status, activity.outcome = ActivityStatus.CALLED_OFF, clean or None
    forget_reminder(tx, number)
    tell_required(tx, number, said("card.why.required_off", name=by.name), but=by.id)
    case_changed(tx, number, by.actor, "called_off")


def _in_own_hands(tx: Tx, number: int, by: Representative) -> None:
    """Accept an activity that is free, unless it is somebody else's whom you may do that for."""
    if work_actions.lock_open(tx, number, by)[0].kind is WorkKind.CASE:
        raise Refused("activity.is_case", number=number)
    item = queries.item(tx, number)
    if item.holder_id is not None and item.holder_id != by.id and may(by.role, Right.MOVE_ANY):
        return
    if not (item.place and item.place.kind is QueueKind.IN_PROGRESS and item.holder_id == by.id):
        work_actions.accept(tx, number, by)
        changed(tx, number)


def reopened(tx: Tx, number: int, by: Actor) -> None:
    """After an item was opened again: plan it anew; an activity reminds as before, if that is still to come."""
    activity = tx.lock(Activity, number)
    if activity is not None:
        activity.status, activity.outcome, activity.minutes = ActivityStatus.PLANNED, None, None
        set_reminder(tx, number)
    replan(tx, number)
    case_changed(tx, number, by, "reopened")
