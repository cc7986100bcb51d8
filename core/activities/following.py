"""Follow up on a case: a task that the desk itself plans, in the Assigned of whoever is to see to it."""

from __future__ import annotations

from datetime import datetime

from core.activities.model import Activity
from core.activities.regarding import case_changed
from core.activities.reminders import set_reminder
from core.desk import Tx
from core.history.actions import DESK
from core.people.views import Representative
from core.texts.said import Said
from core.work import placing
from core.work.model import Work
from core.work.queues import personal_queue
from core.work.rules import QueueKind, WorkKind


def follow_up(tx: Tx, about: Work, title: str, to: Representative, *, due_at: datetime, why: Said) -> int:
    """Plan a task for a case, open or closed, whose item is locked; it is as private as the case.

    Args:
        why: what whoever gets it is told.

    Returns:
        The number of the task.
    """
    queue = personal_queue(tx, to.id, QueueKind.ASSIGNED)
    work = placing.place_new(tx, WorkKind.TASK, title, DESK, queue=queue)
    work.next_planned_at, work.home_id = due_at, about.home_id
    tx.session.add(Activity(work_id=work.id, regarding_id=about.id, created_by=to.id, due_at=due_at))
    tx.session.flush()
    set_reminder(tx, work.id)
    case_changed(tx, work.id, DESK, "planned")
    placing.announce(tx, work, why=why)
    return work.id
