"""Who knows a customer: the owner of their account, and whoever last had a case of theirs that was resolved."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from core.cases.model import Case
from core.cases.rules import CaseStatus
from core.customers.accounts import owner_of
from core.desk import Tx
from core.work.giving import Knowing
from core.work.model import Queue, Work
from core.work.rules import First

#: For so long a customer is known to who solved a case of theirs.
KNOWN_FOR = timedelta(days=90)


def knowing(tx: Tx, contact: int) -> Knowing:
    """Tell whom to ask who knows a customer, should a queue want to know."""
    return {First.OWNER: partial(owner_of, tx, contact), First.LAST: partial(last_solver, tx, contact)}


def last_solver(tx: Tx, contact: int) -> int | None:
    """Tell who had the case of a customer that was resolved last, within 90 days; None where there is none."""
    found = (
        select(Queue.owner_id)
        .join(Work, Work.came_from_id == Queue.id)
        .join(Case, Case.work_id == Work.id)
        .where(
            Case.contact_id == contact,
            Case.status == CaseStatus.RESOLVED,
            Case.resolved_at > tx.now - KNOWN_FOR,
            Queue.owner_id.is_not(None),
        )
        .order_by(Case.resolved_at.desc(), Case.work_id.desc())
        .limit(1)
    )
    return tx.session.scalar(found)
