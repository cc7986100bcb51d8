"""Merge cases that are about the same: one goes on with all that was said, the others keep their numbers as aliases."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update

from core.activities import regarding
from core.cases import appointments, conversations, indexing, parties
from core.cases.model import Case, Entry
from core.cases.related import survivor
from core.cases.relations import belong_instead
from core.cases.rules import CaseStatus, EntryKind
from core.cases.telling import tell_customer
from core.customers import actions as customers
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.outbox.model import Channel
from core.people.views import Representative
from core.sla import clocks
from core.texts.said import notice, said
from core.work import cards, placing
from core.work.actions import check_may_move, lock_open, touch
from core.work.model import ChatMessage, Work

#: So many cases are merged into another at once.
MOST = 10

#: A case with its item, both locked.
_Locked = tuple[Case, Work]


def strangers(tx: Tx, numbers: Sequence[int], into: int, by: Representative) -> list[tuple[int, str]]:
    """List the cases that another customer has than the one they are to be merged into, each with the customer's name.

    Raises:
        As `merge`, of what cannot be merged whoever the customers are.
    """
    into = survivor(tx, into)
    losers = _checked(numbers, into)
    cases = _locked(tx, [*losers, into], by)
    kept = cases.pop(into)[0].contact_id
    others = {number: row.contact_id for number, (row, _) in cases.items() if row.contact_id != kept}
    return [(number, customers.get(tx, contact).name) for number, contact in others.items()]


def merge(tx: Tx, numbers: Sequence[int], into: int, by: Representative, *, confirmed: bool = False) -> int:
    """Merge open cases into another: what was said, files and activities move, and the numbers lead there from now on.

    The customer is told once in chat. Of other customers' cases the words come along, and so do their next ones; but
    they are told nothing, and answers go to the customer of the case that goes on, and to whom that brought in.

    Args:
        confirmed: also where the cases are of different customers.

    Returns:
        The number of the case that goes on: another than asked for when that was merged before.

    Raises:
        NotFound: `item.unknown`, or `case.is_task`.
        Misused: `merge.too_many`.
        Refused: `merge.itself`; `item.merged`, `item.closed`; `item.taken` or `item.assigned_to_other` of those that
            you may not touch; `merge.other_customers`.
    """
    into = survivor(tx, into)
    losers = _checked(numbers, into)
    cases = _locked(tx, [*losers, into], by)
    goes_on, work = cases.pop(into)
    others = [number for number, (row, _) in cases.items() if row.contact_id != goes_on.contact_id]
    if others and not confirmed:
        raise Refused("merge.other_customers", numbers=others, number=into)
    listeners = _holders(tx, [one for _, one in (*cases.values(), (goes_on, work))], by)
    for number in others:
        appointments.keep_invited(tx, number, cases[number][0].contact_id)
    _move(tx, losers, into)
    parties.gather(tx, [one for one in losers if one not in others], into)
    belong_instead(tx, losers, into)
    for number, (row, _) in sorted(cases.items()):
        _end(tx, number, row, into, by)
    _gather(tx, (goes_on, work), list(cases.values()))
    record(tx, "merged_here", by.actor, work=into, numbers=sorted(losers))
    clocks.moved(tx, into)
    indexing.changed(tx, into, *losers)
    regarding.replan(tx, into)
    cards.changed(tx, into)
    _tell(tx, goes_on, [row for row, _ in cases.values()])
    for person in listeners:
        if person.to:
            numbers_told = sorted(losers)
            cards.post(tx, into, person.to, said("card.why.merged", name=by.name, numbers=numbers_told), sound=False)
    return into


def _checked(numbers: Sequence[int], into: int) -> list[int]:
    losers = list(dict.fromkeys(numbers))
    if into in losers:
        raise Refused("merge.itself", number=into)
    if len(losers) > MOST:
        raise Misused("merge.too_many", most=MOST)
    return losers


def _locked(tx: Tx, numbers: Collection[int], by: Representative) -> dict[int, _Locked]:
    """Lock cases in the order of their numbers, so that merges that cross wait for each other and never deadlock."""
    found: dict[int, _Locked] = {}
    for number in sorted(numbers):
        work, queue = lock_open(tx, number, by)
        row = tx.lock(Case, number)
        if row is None:
            raise NotFound("case.is_task", number=number)
        check_may_move(tx, work, queue, by)
        found[number] = row, work
    return found


def _holders(tx: Tx, items: Sequence[Work], by: Representative) -> list[Representative]:
    """List who has any of them, and did not merge them."""
    found = {one.id: one for item in items if (one := placing.holder_of(tx, item)) is not None}
    return [one for one in found.values() if one.id != by.id]


def _move(tx: Tx, losers: Collection[int], into: int) -> None:
    """Move what was said, what chats show of it, activities, and the numbers that led to the losers before."""
    for column in (Entry.work_id, ChatMessage.work_id):
        tx.session.execute(update(column.class_).where(column.in_(losers)).values(work_id=into))
    regarding.regard_instead(tx, losers, into)
    tx.session.execute(update(Work).where(Work.merged_into_id.in_(losers)).values(merged_into_id=into))


def _end(tx: Tx, number: int, row: Case, into: int, by: Representative) -> None:
    """End a case that was merged: it is not done, so nobody counts it as such."""
    work = placing.close(tx, number, by.actor, "case_merged", into=into)
    clocks.dropped(tx, work)
    work.merged_into_id, work.done_in_id = into, None
    row.status, row.status_reason = CaseStatus.MERGED, None
    tx.session.flush()


def _gather(tx: Tx, goes_on: _Locked, losers: Sequence[_Locked]) -> None:
    """Let the case that goes on stand as all of them together do."""
    row, work = goes_on
    everybody = [row, *(one for one, _ in losers)]
    own = [one for one in everybody if one.contact_id == row.contact_id]
    latest = max(own, key=lambda one: (one.last_customer_at or one.last_entry_at, one is row))
    row.reply_channel, row.reply_address = latest.reply_channel, latest.reply_address
    row.hushed = all(one.hushed for one in own)
    row.receipt_sent = any(one.receipt_sent for one in own)
    row.last_entry_at = max(one.last_entry_at for one in everybody)
    row.last_customer_at = max((one.last_customer_at for one in own if one.last_customer_at), default=None)
    first = select(func.min(Entry.at)).where(Entry.work_id == work.id, Entry.kind == EntryKind.ANSWER)
    row.first_answer_at = tx.session.scalar(first)
    work.priority = min(work.priority, *(one.priority for _, one in losers))
    work.answered = conversations.is_answered(tx, work.id)
    touch(work, tx)
    tx.session.flush()


def _tell(tx: Tx, row: Case, losers: Sequence[Case]) -> None:
    """Tell the customer, once, where they were told of a case that they will not hear of again."""
    known = sorted(one.work_id for one in losers if one.contact_id == row.contact_id and one.receipt_sent)
    if known and row.reply_channel is not Channel.EMAIL:  # a letter about that alone is one too many
        tell_customer(tx, row, notice("customer.merged", number=row.work_id, numbers=known))
