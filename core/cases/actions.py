"""What representatives do with items that are cases: accept, resolve, reopen, mark as spam; activities likewise."""

from __future__ import annotations

from core.activities import finishing, regarding
from core.cases import indexing, rating
from core.cases.appointments import invite_again
from core.cases.erasing import has_words_again
from core.cases.locking import lock_case
from core.cases.model import Case
from core.cases.rules import CaseStatus
from core.cases.telling import take_back_news, tell_customer
from core.customers import actions as customers
from core.customers.failing import TRIED_AGAIN
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.outbox.model import Channel
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.sla import clocks
from core.texts.said import Button, Rows, notice, said
from core.work import actions as work_actions
from core.work import cards, placing, queries, seeing
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView


def accept(tx: Tx, number: int, by: Representative) -> ItemView:
    """Take an item into your own In Progress; the customer of a case is told in chat who works on it, once a person.

    Raises:
        As `core.work.actions.accept`.
    """
    item = work_actions.accept(tx, number, by)
    _begun(tx, number, by)
    return item


def _accept_unheard(tx: Tx, number: int, by: Representative) -> None:
    """Accept an item that is ended at once: its customer reads that, and not that somebody works on it, too."""
    work_actions.accept(tx, number, by)
    regarding.changed(tx, number)


def steal(tx: Tx, number: int, why: str, by: Representative) -> ItemView:
    """Take an item that somebody else works on into your own In Progress; its customer is told as with `accept`.

    Raises:
        As `core.work.actions.steal`.
    """
    item = work_actions.steal(tx, number, why, by)
    _begun(tx, number, by)
    return item


def _begun(tx: Tx, number: int, by: Representative) -> None:
    regarding.changed(tx, number)
    row = tx.session.get(Case, number)
    if row is not None and row.told_of_id != by.id:
        row.told_of_id = by.id
        if row.reply_channel is not Channel.EMAIL:  # a letter about that alone is one too many
            tell_customer(tx, row, notice("customer.accepted", number=number, name=by.name))


def accept_if_free(tx: Tx, number: int, by: Representative) -> ItemView:
    """Accept an item before something is done with it, unless you work on it already.

    Raises:
        Refused: `item.taken` or `item.assigned_to_other`, with who has it and since when; `item.closed`.
        NotFound: there is no such item.
    """
    work_actions.lock_open(tx, number, by)  # or it could be moved between the look and what is done because of it
    item = queries.item(tx, number)
    if item.place and item.place.kind is QueueKind.IN_PROGRESS and item.holder_id == by.id:
        return item
    return accept(tx, number, by)


def resolve(tx: Tx, number: int, by: Representative, resolution: str = "", *, minutes: int = 0) -> None:
    """End an item with its work done; out of Assigned or a public queue it is accepted first.

    What is planned for a case stays planned: whoever resolves it is asked about that, see `appointments.close_planned`.
    A manager may resolve what somebody else works on. The customer of a case is told, with a way to say it is not, as
    soon as an answer could not be taken back any more: who pressed by mistake reopens it before, and nobody is told.

    Args:
        minutes: billable ones, added to those of the case; of an activity, how long it took.

    Raises:
        NotFound: there is no such item.
        Refused: `item.taken`, `item.assigned_to_other` or `item.closed`.
    """
    if work_actions.lock_open(tx, number, by)[0].kind is not WorkKind.CASE:
        finishing.finish(tx, number, by, resolution, minutes or None)
        return
    row = tx.lock_one(Case, number)
    _in_own_hands(tx, number, by)
    spent = {"minutes": minutes} if minutes else {}
    clocks.ended(tx, placing.close(tx, number, by.actor, "resolved", resolution=resolution, **spent))
    row.status, row.resolution, row.resolved_at = CaseStatus.RESOLVED, resolution or None, tx.now
    row.status_reason = None
    if minutes:
        row.billable_minutes = (row.billable_minutes or 0) + minutes
    buttons: Rows = ((Button(said("button.not_solved"), "not_solved", (number,)),),)
    if resolution:
        what = notice("customer.resolved_with", number=number, resolution=resolution, buttons=buttons)
    else:
        what = notice("customer.resolved", number=number, buttons=buttons)
    tell_customer(tx, row, what, due_at=tx.now + tx.house.undo)
    rating.ask_later(tx, row)


def _in_own_hands(tx: Tx, number: int, by: Representative) -> None:
    item = queries.item(tx, number)
    others = item.holder_id is not None and item.holder_id != by.id
    mine = item.place is not None and item.place.kind is QueueKind.IN_PROGRESS and item.holder_id == by.id
    if not mine and not (others and may(by.role, Right.MOVE_ANY)):
        _accept_unheard(tx, number, by)


def cancel(tx: Tx, number: int, why: str, by: Representative) -> None:
    """End a case as cancelled, with the reason, which its customer reads; of what was not accepted nothing is.

    Raises:
        NotFound: there is no such item, or `case.is_task`.
        Misused: `cancel.no_reason`.
        Refused: `cancel.accept_first`; `item.taken` where somebody else works on it and you are no manager;
            `item.closed`.
    """
    check(by.role, Right.TAKE)
    work, queue = work_actions.lock_open(tx, number, by)
    row = tx.lock(Case, number)
    if row is None:
        raise NotFound("case.is_task", number=number)
    work_actions.check_may_move(tx, work, queue, by)
    if queue.kind is not QueueKind.IN_PROGRESS:
        raise Refused("cancel.accept_first", number=number)
    reason = why.strip()
    if not reason:
        raise Misused("cancel.no_reason")
    clocks.dropped(tx, placing.close(tx, number, by.actor, "cancelled", why=reason))
    row.status, row.resolution, row.resolved_at, row.status_reason = CaseStatus.CANCELLED, reason, tx.now, None
    buttons: Rows = ((Button(said("button.not_solved"), "not_solved", (number,)),),)
    what = notice("customer.cancelled", number=number, why=reason, buttons=buttons)
    tell_customer(tx, row, what, due_at=tx.now + tx.house.undo)


def reopen(tx: Tx, number: int, by: Representative) -> ItemView:
    """Open a closed item again; it returns to who had it.

    Raises:
        NotFound: there is no such item that they see.
        Refused: `item.open`.
    """
    check(by.role, Right.TAKE)
    seeing.item(tx, number, by)
    work = placing.reopen(tx, number, by.actor)
    finishing.reopened(tx, number, by.actor)
    row = tx.lock(Case, number)
    if row is not None:
        row.status, row.resolution, row.resolved_at = CaseStatus.OPEN, None, None
        has_words_again(tx, row, work)
        clocks.reopened(tx, work)
        take_back_news(tx, number)
    else:
        invite_again(tx, number, by)
    placing.announce(tx, work, but=by.id)
    return queries.item(tx, number)


def mark_spam(tx: Tx, number: int, by: Representative) -> None:
    """End a case as spam: its sender is banned, and nobody is told.

    Raises:
        NotFound: there is no such case.
        Refused: `right.missing`, `case.is_task`, or as `resolve`.
    """
    check(by.role, Right.BAN)
    if seeing.item(tx, number, by).kind is not WorkKind.CASE:
        raise Refused("case.is_task", number=number)
    row, work = lock_case(tx, number)
    _, queue = work_actions.lock_open(tx, number, by)
    work_actions.check_may_move(tx, work, queue, by)
    if queue.owner_id in {None, by.id} and queue.kind is not QueueKind.IN_PROGRESS:
        work_actions.accept(tx, number, by)  # without a word to the sender
    clocks.dropped(tx, placing.close(tx, number, by.actor, "spam"))
    row.status, row.status_reason, row.resolved_at = CaseStatus.SPAM, None, tx.now
    customers.ban(tx, row.contact_id, by)


def add_address(tx: Tx, number: int, contact: int, address: str, by: Representative) -> ContactView:
    """Note a mail address of the customer of a case, who is found by it from now on.

    Raises:
        As `core.customers.actions.add_address`.
    """
    view = customers.add_address(tx, contact, address, by, work=number)
    if tx.memo.pop(TRIED_AGAIN, None) == contact:
        cards.changed(tx, number)
    indexing.contact_changed(tx, contact)
    return view
