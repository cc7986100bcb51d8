"""Letters, chat messages and calls that happened outside the desk: logged with time, direction, outcome and length."""

from __future__ import annotations

from datetime import timedelta

from core.activities.actions import TITLE_LENGTH
from core.activities.finishing import OUTCOME_LENGTH
from core.activities.model import Activity
from core.activities.regarding import case_changed
from core.activities.rules import CONTACTS, LONGEST, ActivityStatus
from core.activities.views import Logged
from core.customers import actions as customers
from core.desk import Tx
from core.errors import Misused
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import placing
from core.work.model import Work
from core.work.queues import personal_queue
from core.work.rules import QueueKind


def log(tx: Tx, what: Logged, by: Representative, *, about: Work | None = None) -> int:
    """Keep what happened outside the desk as an activity that is done: it never waits for anybody.

    Args:
        about: the item of the case, open or closed, locked; the activity is as private as that.

    Returns:
        Its number.

    Raises:
        Refused: `right.missing`.
        NotFound: there is no such customer.
        Misused: `log.empty`; `log.kind`; `log.for_nobody`; `log.future`: it has not happened yet; `activity.too_long`.
    """
    check(by.role, Right.PLAN)
    title = _checked(tx, what, about)
    contact = customers.get(tx, what.contact).id if what.contact is not None and about is None else None
    work = placing.place_new(tx, what.kind, title, by.actor, queue=personal_queue(tx, by.id, QueueKind.IN_PROGRESS))
    work.home_id = about.home_id if about is not None else None
    at = what.at or tx.now
    activity = Activity(
        work_id=work.id, regarding_id=about.id if about is not None else None, contact_id=contact, created_by=by.id
    )
    activity.due_at = at
    activity.ends_at = at + timedelta(minutes=what.minutes) if what.minutes else None
    activity.direction, activity.minutes, activity.status = what.direction, what.minutes, ActivityStatus.DONE
    activity.outcome = " ".join(what.outcome.split())[:OUTCOME_LENGTH] or None
    tx.session.add(activity)
    tx.session.flush()
    placing.close(tx, work.id, by.actor, "logged")
    case_changed(tx, work.id, by.actor, "logged", until=at.isoformat())
    return work.id


def _checked(tx: Tx, what: Logged, about: Work | None) -> str:
    title = " ".join(what.title.split())[:TITLE_LENGTH]
    if not title:
        raise Misused("log.empty")
    if what.kind not in CONTACTS:
        raise Misused("log.kind")
    if about is None and what.contact is None:
        raise Misused("log.for_nobody")
    if what.at is not None and what.at > tx.now:
        raise Misused("log.future", at=what.at)
    if what.minutes is not None and not 0 < what.minutes <= LONGEST.total_seconds() / 60:
        raise Misused("activity.too_long")
    return title
