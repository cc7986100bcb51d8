"""Plan activities, move them and hand them on; what happens to one is a change of the case that it regards."""

from __future__ import annotations

from datetime import datetime

from core.activities import rules
from core.activities.model import Activity
from core.activities.regarding import as_private, case_changed, changed, replan
from core.activities.reminders import set_reminder
from core.activities.required import require, tell_required
from core.activities.rules import Direction
from core.activities.views import Plan
from core.customers import actions as customers
from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import record
from core.people.rules import Right, check
from core.people.views import Representative
from core.sla import clocks
from core.texts.said import said
from core.work import actions as work_actions
from core.work import cards, placing, queries
from core.work.actions import check_may_move, lock_open, touch
from core.work.queues import personal_queue
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView

#: What is said where there is nothing to be done, and where it would be over already.
_EMPTY = {
    WorkKind.TASK: "task.empty",
    WorkKind.CALL: "call.empty",
    WorkKind.APPOINTMENT: "appointment.empty",
    WorkKind.LETTER: "letter.empty",
    WorkKind.CHAT: "chat.empty",
    WorkKind.SERVICE: "service.empty",
}
_PAST = {
    WorkKind.TASK: "task.past",
    WorkKind.CALL: "call.past",
    WorkKind.APPOINTMENT: "appointment.past",
    WorkKind.LETTER: "letter.past",
    WorkKind.CHAT: "chat.past",
    WorkKind.SERVICE: "service.past",
}
_NO_TIME = {WorkKind.APPOINTMENT: "appointment.no_time", WorkKind.SERVICE: "service.no_time"}

#: Characters of a title, and of a place.
TITLE_LENGTH, PLACE_LENGTH = 200, 200


def plan_task(
    tx: Tx, title: str, by: Representative, *, due_at: datetime | None = None, regarding: int | None = None
) -> ItemView:
    """Plan a task; it stands in your In Progress, and you are reminded when it is due.

    Raises:
        As `plan`.
    """
    return plan(tx, Plan(WorkKind.TASK, title, due_at, regarding=regarding), by)


def plan(tx: Tx, what: Plan, by: Representative) -> ItemView:
    """Plan an activity; it stands in your In Progress, and you are reminded of it.

    While one is planned for a case, that case is not missed.

    Raises:
        Misused: `task.empty` and the like; `appointment.no_time` or `service.no_time`;
            `service.for_nobody`; `activity.backwards`, `activity.too_long` or `activity.remind_early`.
        Refused: `task.past` and the like: it would be over already; `item.closed` of the case; `case.is_task`;
            `service.unseen`: somebody who is needed may not see what it is about.
        NotFound: there is no such case or customer; `person.unknown`: somebody who is needed has left.
    """
    check(by.role, Right.PLAN)
    title = _checked(tx, what)
    home = home_of_case(tx, what.regarding, by) if what.regarding is not None else None
    contact = customers.get(tx, what.contact).id if what.contact is not None and what.regarding is None else None
    queue = personal_queue(tx, by.id, QueueKind.IN_PROGRESS)
    work = placing.place_new(tx, what.kind, title, by.actor, queue=queue)
    work.next_planned_at, work.home_id = what.at, home
    activity = Activity(
        work_id=work.id, regarding_id=what.regarding, contact_id=contact, created_by=by.id, due_at=what.at
    )
    activity.ends_at = rules.ends(what.kind, what.at, what.until)
    activity.place = " ".join(what.place.split())[:PLACE_LENGTH] or None
    activity.remind_minutes = None if what.remind is None else int(what.remind.total_seconds() // 60)
    activity.direction = Direction.OUT if what.kind in rules.WRITTEN else None
    tx.session.add(activity)
    tx.session.flush()
    require(tx, work, what.people, by)
    set_reminder(tx, work.id)
    case_changed(tx, work.id, by.actor, "planned")
    return queries.item(tx, work.id)


def home_of_case(tx: Tx, number: int, by: Representative) -> int | None:
    """Tell which public queue an open case belongs to: an activity for it is as private.

    Raises:
        NotFound: there is no such item. Refused: `item.closed`, or `case.is_task`.
    """
    work, _ = lock_open(tx, number, by)
    if work.kind is not WorkKind.CASE:
        raise Refused("case.is_task", number=number)
    return work.home_id


def _checked(tx: Tx, what: Plan) -> str:
    """Insist that there is something to be done, at a time that is to come; returns the title."""
    title = " ".join(what.title.split())[:TITLE_LENGTH]
    if not title:
        raise Misused(_EMPTY[what.kind])
    if what.at is None and what.kind in _NO_TIME:
        raise Misused(_NO_TIME[what.kind])
    if what.kind is WorkKind.SERVICE and what.regarding is None and what.contact is None:
        raise Misused("service.for_nobody")
    if what.at is not None:
        _check_time(tx, what.kind, what.at, what.until)
    if what.remind is not None and what.remind > rules.LONGEST_LEAD:
        raise Misused("activity.remind_early", days=rules.LONGEST_LEAD.days)
    return title


def _check_time(tx: Tx, kind: WorkKind, at: datetime, until: datetime | None) -> None:
    if at <= tx.now:
        raise Refused(_PAST[kind], at=at)
    if until is not None and until <= at:
        raise Misused("activity.backwards")
    if until is not None and until - at > rules.LONGEST:
        raise Misused("activity.too_long")


def move(tx: Tx, number: int, at: datetime, by: Representative, *, until: datetime | None = None) -> ItemView:
    """Move an activity to another time, its reminder with it; it takes as long as before, unless `until` is said.

    Raises:
        NotFound: there is no such item.
        Refused: `activity.is_case`; `task.past` and the like; `item.taken` or `item.assigned_to_other` unless you are
            a manager; `item.closed`.
        Misused: as `plan`.
    """
    check(by.role, Right.PLAN)
    work, queue = lock_open(tx, number, by)
    if work.kind is WorkKind.CASE:
        raise Refused("activity.is_case", number=number)
    check_may_move(tx, work, queue, by)
    _check_time(tx, WorkKind(work.kind), at, until)
    activity = tx.lock_one(Activity, number)
    before = activity.due_at
    if until is None and before is not None:
        until = rules.moved_end(before, activity.ends_at, at)
    activity.due_at, activity.ends_at = at, rules.ends(WorkKind(work.kind), at, until)
    touch(work, tx)
    record(tx, "moved", by.actor, work=number, until=at.isoformat(), before=before and before.isoformat())
    set_reminder(tx, number)
    replan(tx, number)
    tell_required(tx, number, said("card.why.required_moved", name=by.name), but=by.id)
    cards.changed(tx, number)
    case_changed(tx, number, by.actor, "moved", until=at.isoformat())
    return queries.item(tx, number)


def assign(tx: Tx, number: int, to: Representative, by: Representative) -> ItemView:
    """Put an item into a representative's Assigned; that of an activity is a change of the case it regards.

    Raises:
        As `core.work.actions.assign`.
    """
    item = work_actions.assign(tx, number, to, by)
    changed(tx, number)
    return item


def forward(tx: Tx, number: int, to_queue: int, by: Representative) -> ItemView:
    """Put an item into a public queue; that of an activity is a change of the case it regards.

    Raises:
        As `core.work.actions.forward`.
    """
    work_actions.forward(tx, number, to_queue, by)
    as_private(tx, number)
    clocks.moved(tx, number)
    changed(tx, number)
    return queries.item(tx, number)


def release(tx: Tx, number: int, by: Representative) -> ItemView:
    """Give an accepted item back; that of an activity is a change of the case it regards.

    Raises:
        As `core.work.actions.release`.
    """
    work_actions.release(tx, number, by)
    clocks.moved(tx, number)
    changed(tx, number)
    return queries.item(tx, number)


def snooze(tx: Tx, number: int, until: datetime, why: str, by: Representative) -> ItemView:
    """Plan an item for later; a case stays planned for as long as one of its activities does.

    Raises:
        As `core.work.placing.snooze`.
    """
    placing.snooze(tx, number, until, why, by)
    replan(tx, number)
    case_changed(tx, number, by.actor, "snoozed", until=until.isoformat(), why=why)
    return queries.item(tx, number)


def explain_snooze(tx: Tx, number: int, why: str, by: Representative) -> ItemView:
    """Add the reason to a snooze that was set without one.

    Raises:
        As `core.work.placing.explain_snooze`.
    """
    item = placing.explain_snooze(tx, number, why, by)
    changed(tx, number)
    return item
