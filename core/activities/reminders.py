"""Remind of activities by the clock: none early, none twice, and moved with what they remind of."""

from __future__ import annotations

from datetime import timedelta

from core.activities import rules
from core.activities.model import Activity
from core.activities.regarding import replan
from core.activities.required import required
from core.desk import Tx
from core.people import queries as people
from core.people.quiet import News
from core.texts.said import said
from core.timers.actions import cancel_timers, set_timer
from core.work import cards, queries
from core.work.model import Queue, Work
from core.work.rules import WorkKind, WorkState

#: What is said when something is due that is done by a time.
_DUE = {
    WorkKind.TASK: "card.why.task_due",
    WorkKind.LETTER: "card.why.letter_due",
    WorkKind.CHAT: "card.why.chat_due",
}

#: The timer that says that an activity is due, or near.
TASK_DUE = "task_due"


def set_reminder(tx: Tx, number: int) -> None:
    """Set the reminder of an activity anew, in the place of one that has not come yet."""
    cancel_timers(tx, TASK_DUE, number)
    activity = tx.session.get_one(Activity, number)
    if activity.due_at is None:
        return
    at = rules.remind_at(activity.due_at, _lead(tx, activity), tx.now)
    if at is not None:
        set_timer(tx, TASK_DUE, f"{number}:{at.isoformat()}", at, subject=number)


def forget_reminder(tx: Tx, number: int) -> None:
    """Let nothing remind of an activity."""
    cancel_timers(tx, TASK_DUE, number)


def _lead(tx: Tx, activity: Activity) -> timedelta:
    if activity.remind_minutes is not None:
        return timedelta(minutes=activity.remind_minutes)
    return rules.LEAD[WorkKind(tx.session.get_one(Work, activity.work_id).kind)]


def remind(tx: Tx, number: int) -> None:
    """Remind whoever has an activity, or watches its queue; of what is snoozed and has no hour nobody. No change.

    Whoever else is needed at it is reminded, too.
    """
    work, activity = tx.session.get(Work, number), tx.session.get(Activity, number)
    if work is None or activity is None or work.state is WorkState.CLOSED or work.queue_id is None:
        return
    task = work.kind in rules.DUE
    snoozed = work.snoozed_until is not None and work.snoozed_until > tx.now
    if not (task and snoozed):
        early = activity.due_at is not None and activity.due_at > tx.now
        key = "card.why.comes" if early else _DUE.get(work.kind, "card.why.now")
        why = said(key, at=activity.due_at)
        for person in dict.fromkeys([*_listeners(tx, work.queue_id), *required(tx, number)]):
            reader = people.get(tx, person)
            if reader.to:
                cards.post(tx, number, reader.to, why, News.REMINDERS, passing=True)
    replan(tx, number)
    cards.changed(tx, number)
    if activity.regarding_id is not None:
        cards.changed(tx, activity.regarding_id)


def _listeners(tx: Tx, queue: int) -> list[int]:
    owner = tx.session.get_one(Queue, queue).owner_id
    return [owner] if owner else queries.watchers(tx, queue)
