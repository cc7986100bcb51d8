"""Find the cases that belong to one: its children, those it is linked with, the one it was merged into; read only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from core.cases.model import Case, CaseLink
from core.desk import Tx
from core.work.model import Work
from core.work.rules import WorkState


@dataclass(frozen=True, slots=True)
class RelatedView:
    """A case that belongs to another one."""

    number: int
    title: str
    open: bool


def children(tx: Tx, number: int, *, still_open: bool = False) -> list[RelatedView]:
    """List the children of a case, or those that are open."""
    found = select(Work.id, Work.title, Work.state).join(Case, Case.work_id == Work.id).where(Case.parent_id == number)
    if still_open:
        found = found.where(Work.state == WorkState.OPEN)
    rows = tx.session.execute(found.order_by(Work.id))
    return [RelatedView(one, title, state is WorkState.OPEN) for one, title, state in rows]


def linked(tx: Tx, number: int) -> list[RelatedView]:
    """List the cases that a case is linked with."""
    rows = tx.session.execute(
        select(Work.id, Work.title, Work.state)
        .join(CaseLink, or_(CaseLink.first_id == Work.id, CaseLink.second_id == Work.id))
        .where(or_(CaseLink.first_id == number, CaseLink.second_id == number), Work.id != number)
        .order_by(Work.id)
    )
    return [RelatedView(one, title, state is WorkState.OPEN) for one, title, state in rows]


def survivor(tx: Tx, number: int) -> int:
    """Tell which case goes on under a number: of one that was merged the one it was merged into."""
    known = tx.session.scalar(select(Work.merged_into_id).where(Work.id == number))
    return number if known is None else known
