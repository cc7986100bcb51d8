"""Which customers belong to an account, and which of their cases are open; read only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, select

from core.cases.model import Case
from core.customers.model import Contact
from core.desk import Tx
from core.work.model import Work
from core.work.rules import WorkState


def belonging(account: int) -> tuple[ColumnElement[bool], ...]:
    """Say of contacts whether they belong to an account: who was merged goes on as another."""
    return Contact.account_id == account, Contact.merged_into_id.is_(None)


def open_cases(account: int) -> Select[int]:
    """Select the numbers of the open cases of an account's customers."""
    theirs = select(Case.work_id).join(Contact, Contact.id == Case.contact_id).join(Work, Work.id == Case.work_id)
    return theirs.where(Contact.account_id == account, Work.state == WorkState.OPEN)


def open_cases_of_contacts(tx: Tx, contacts: Sequence[int]) -> Sequence[int]:
    """List the numbers of the open cases of some customers."""
    theirs = select(Case.work_id).join(Work, Work.id == Case.work_id)
    return tx.session.scalars(theirs.where(Case.contact_id.in_(contacts), Work.state == WorkState.OPEN)).all()


def count_contacts(tx: Tx, account: int) -> int:
    """Count the customers who belong to an account."""
    return tx.session.scalar(select(func.count()).select_from(Contact).where(*belonging(account))) or 0
