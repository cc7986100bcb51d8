"""How cases belong together: linked to each other, or children of one parent."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, or_, select, update

from core.cases.model import Case, CaseLink
from core.cases.related import children, linked, survivor
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import cards
from core.work.actions import check_may_move
from core.work.model import Queue, Work
from core.work.privacy import check_sees


def link(tx: Tx, number: int, other: int, by: Representative) -> tuple[int, int]:
    """Link two cases, so that each shows the other.

    Returns:
        Their numbers: others than asked for where they were merged before.

    Raises:
        NotFound: `item.unknown`, or `case.is_task`.
        Refused: `link.itself`, `link.there`; `item.taken` or `item.assigned_to_other` of the first while it is open.
    """
    number, other = _pair(tx, number, other, by, "link.itself")
    if _linked(tx, number, other) is not None:
        raise Refused("link.there", number=number, other=other)
    add_link(tx, number, other)
    _both_changed(tx, (number, other), by, "linked")
    return number, other


def add_link(tx: Tx, number: int, other: int) -> None:
    """Link two cases that are locked and not linked; the lower number stands first."""
    first, second = sorted((number, other))
    tx.session.add(CaseLink(first_id=first, second_id=second))
    tx.session.flush()


def unlink(tx: Tx, number: int, other: int, by: Representative) -> tuple[int, int]:
    """Take the link between two cases away.

    Raises:
        As `link`; Refused: `link.none`.
    """
    number, other = _pair(tx, number, other, by, "link.itself")
    row = _linked(tx, number, other)
    if row is None:
        raise Refused("link.none", number=number, other=other)
    tx.session.delete(row)
    tx.session.flush()
    _both_changed(tx, (number, other), by, "unlinked")
    return number, other


def set_parent(tx: Tx, number: int, parent: int, by: Representative) -> tuple[int, int]:
    """Make a case the child of another; a parent is nobody's child, so there are no circles.

    Returns:
        Their numbers: others than asked for where they were merged before.

    Raises:
        NotFound: `item.unknown`, or `case.is_task`.
        Refused: `parent.itself`, `parent.there`; `parent.is_child` of the parent; `parent.has_children` of the child;
            `item.taken` or `item.assigned_to_other` of the child while it is open.
    """
    number, parent = _pair(tx, number, parent, by, "parent.itself")
    child, above = tx.session.get_one(Case, number), tx.session.get_one(Case, parent)
    if child.parent_id == parent:
        raise Refused("parent.there", number=number, parent=parent)
    if above.parent_id is not None:
        raise Refused("parent.is_child", parent=parent, above=above.parent_id)
    if children(tx, number):
        raise Refused("parent.has_children", number=number)
    child.parent_id = parent
    tx.session.flush()
    record(tx, "parent_set", by.actor, work=number, number=parent)
    record(tx, "child_added", by.actor, work=parent, number=number)
    for one in (number, parent):
        cards.changed(tx, one)
    return number, parent


def leave_parent(tx: Tx, number: int, by: Representative) -> int:
    """Take a case away from its parent.

    Returns:
        The number of the parent.

    Raises:
        As `set_parent`; Refused: `parent.none`.
    """
    number = survivor(tx, number)
    _lock(tx, [number], number, by)
    row = tx.session.get_one(Case, number)
    parent = row.parent_id
    if parent is None:
        raise Refused("parent.none", number=number)
    row.parent_id = None
    tx.session.flush()
    record(tx, "parent_left", by.actor, work=number, number=parent)
    for one in (number, parent):
        cards.changed(tx, one)
    return parent


def open_children(tx: Tx, number: int, by: Representative) -> list[int]:
    """List the numbers of the children of a case that are open.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return [one.number for one in children(tx, number, still_open=True)]


def belong_instead(tx: Tx, losers: Iterable[int], into: int) -> None:
    """Let a case have the links and children of those that were merged into it; all of them are locked."""
    gone = set(losers)
    goes_on = tx.session.get_one(Case, into)
    if goes_on.parent_id in gone:
        goes_on.parent_id = None
    above = goes_on.parent_id or into
    tx.session.execute(update(Case).where(Case.parent_id.in_(gone)).values(parent_id=above))
    for number in gone:
        tx.session.get_one(Case, number).parent_id = None
    touching = or_(CaseLink.first_id.in_(gone), CaseLink.second_id.in_(gone))
    pairs = [(row.first_id, row.second_id) for row in tx.session.scalars(select(CaseLink).where(touching))]
    tx.session.execute(delete(CaseLink).where(touching))
    others = {into if one in gone else one for pair in pairs for one in pair} - {into}
    known = {one.number for one in linked(tx, into)}
    tx.session.flush()
    for other in sorted(others - known):
        add_link(tx, into, other)


def _pair(tx: Tx, number: int, other: int, by: Representative, itself: str) -> tuple[int, int]:
    number, other = survivor(tx, number), survivor(tx, other)
    if number == other:
        raise Refused(itself, number=number)
    _lock(tx, [number, other], number, by)
    return number, other


def _lock(tx: Tx, numbers: Iterable[int], touched: int, by: Representative) -> None:
    """Lock cases, open or closed, in the order of their numbers, and insist that one is in hands that you may touch."""
    check(by.role, Right.MOVE_OWN)
    for number in sorted(numbers):
        work = tx.lock(Work, number)
        if work is None:
            raise NotFound("item.unknown", number=number)
        check_sees(tx, work, by)
        if tx.lock(Case, number) is None:
            raise NotFound("case.is_task", number=number)
        if number == touched and work.queue_id is not None:
            check_may_move(tx, work, tx.session.get_one(Queue, work.queue_id), by)


def _linked(tx: Tx, number: int, other: int) -> CaseLink | None:
    return tx.session.get(CaseLink, (min(number, other), max(number, other)))


def _both_changed(tx: Tx, pair: tuple[int, int], by: Representative, verb: str) -> None:
    for number, other in (pair, pair[::-1]):
        record(tx, verb, by.actor, work=number, number=other)
        cards.changed(tx, number)
