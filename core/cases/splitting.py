"""Split a case: a message and what follows it become a case of their own, of the same customer."""

from __future__ import annotations

from sqlalchemy import func, select, update

from core.cases import conversations, indexing, parties
from core.cases.editing import lock_editable
from core.cases.model import Case, Entry
from core.cases.relations import add_link
from core.cases.rules import CAME_SEALED, EntryKind, title_from
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.people.views import Representative
from core.sla import clocks
from core.work import cards, placing
from core.work.actions import touch
from core.work.model import ChatMessage, Work
from core.work.rules import WorkKind


def split(tx: Tx, number: int, entry: int, by: Representative) -> int:
    """Move a message of a case and all that follows it into a new case that stands where the old one does.

    Both are linked. The customer hears nothing of it; what they answer to a message that moved goes where it went.

    Returns:
        The number of the new case.

    Raises:
        As `core.cases.editing.lock_editable`.
        NotFound: `message.unknown`: it is no message of that case.
        Refused: `split.nothing_left`: it is the first one.
    """
    row, work = lock_editable(tx, number, by)
    moved = tx.session.scalars(select(Entry).where(Entry.work_id == number, Entry.id >= entry).order_by(Entry.id)).all()
    if not moved or moved[0].id != entry or moved[0].kind is EntryKind.WITHDRAWN:
        raise NotFound("message.unknown", number=number)
    left = (
        select(func.count())
        .select_from(Entry)
        .where(Entry.work_id == number, Entry.id < entry, Entry.kind != EntryKind.WITHDRAWN)
    )
    if not tx.session.scalar(left):
        raise Refused("split.nothing_left", number=number)
    clear = (one.text for one in moved if one.text.strip() and CAME_SEALED not in one.flags)
    title = title_from(next(clear, ""), fallback=work.title)
    new = placing.place_new(tx, WorkKind.CASE, title, by.actor, queue=work.queue_id)
    new.priority, new.home_id = work.priority, work.home_id  # what is private stays so, whoever has it
    made = _like(row, new.id)
    tx.add(made)
    parties.share(tx, number, new.id)
    ids = [one.id for one in moved]
    tx.session.execute(update(Entry).where(Entry.id.in_(ids)).values(work_id=new.id))
    tx.session.execute(update(ChatMessage).where(ChatMessage.entry_id.in_(ids)).values(work_id=new.id))
    add_link(tx, number, new.id)
    for case, item in ((row, work), (made, new)):
        _stand_anew(tx, case, item)
    record(tx, "split", by.actor, work=number, number=new.id)
    record(tx, "case_split_off", by.actor, work=new.id, number=number)
    clocks.start(tx, new, row.contact_id)
    indexing.changed(tx, number, new.id)
    cards.changed(tx, number)
    placing.announce(tx, new, but=by.id)
    return new.id


def _like(row: Case, number: int) -> Case:
    """Make a case with the customer of another one and the way to them."""
    return Case(
        work_id=number,
        contact_id=row.contact_id,
        origin=row.origin,
        category_id=row.category_id,
        product=row.product,
        reply_channel=row.reply_channel,
        reply_address=row.reply_address,
        answer_by=row.answer_by,
        locale=row.locale,
        hushed=row.hushed,
        receipt_sent=True,
        told_of_id=row.told_of_id,
        last_entry_at=row.last_entry_at,
    )


def _stand_anew(tx: Tx, row: Case, work: Work) -> None:
    """Let a case stand as what was said in it now tells."""

    def at(*kinds: EntryKind, first: bool = False) -> object:
        which = func.min(Entry.at) if first else func.max(Entry.at)
        found = select(which).where(Entry.work_id == work.id)
        return tx.session.scalar(found.where(Entry.kind.in_(kinds)) if kinds else found)

    row.last_entry_at = at() or row.last_entry_at  # type: ignore[assignment] # an instant or None
    row.last_customer_at = at(EntryKind.CUSTOMER)  # type: ignore[assignment] # likewise
    row.first_answer_at = at(EntryKind.ANSWER, first=True)  # type: ignore[assignment] # likewise
    work.answered = conversations.is_answered(tx, work.id)
    touch(work, tx)
    tx.session.flush()
