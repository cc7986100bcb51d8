"""What happens when a message cannot be delivered: the way is marked, and another one is taken where there is one."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from core.customers import actions as customers
from core.customers.failing import was_refused
from core.desk import Tx
from core.history.actions import DESK, record
from core.outbox.actions import Message, To, owe
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.people import actions as people
from core.texts.said import Notice, said
from core.work import cards

#: What is said of an answer once it is known what became of it.
_FATES = {OwedState.SENT: "talk.sent", OwedState.DEAD: "talk.not_sent"}

log = structlog.get_logger(__name__)


def blocked(tx: Tx, parcel: Parcel, words: str = "") -> None:
    """Note that nothing can be delivered to an address until it is heard from again.

    Args:
        words: of the server that refused it.
    """
    if parcel.person_id is not None:
        people.unreachable(tx, parcel.person_id)
    elif parcel.contact_id is not None:
        customers.block_address(tx, parcel.channel, parcel.address)
        if parcel.channel is Channel.EMAIL:
            was_refused(tx, parcel.address, words)


def undeliverable(tx: Tx, parcel: Parcel) -> None:
    """Take another way to the customer for what is dead; whoever has the case is told of it by the clock."""
    log.warning("undeliverable", row=parcel.id, kind=str(parcel.kind), channel=str(parcel.channel), tries=parcel.tries)
    if parcel.contact_id is None or parcel.work_id is None or parcel.kind is OwedKind.EDIT:
        return
    if parcel.kind is OwedKind.COPY:  # of a letter that went to the customer: nobody else is written to otherwise
        record(tx, "copy_undeliverable", DESK, work=parcel.work_id, address=parcel.address)
        cards.changed(tx, parcel.work_id)
        return
    other = customers.other_way(tx, parcel.contact_id, parcel.channel)
    if parcel.kind is OwedKind.ANSWER:
        record(tx, "undeliverable", DESK, work=parcel.work_id, channel=str(parcel.channel))
        cards.changed(tx, parcel.work_id)  # whether it died at once, in time or by a bounce
    if other is not None and not _went_already(tx, parcel, str(other.channel)):
        facts = {} if parcel.kind is OwedKind.ANSWER else parcel.facts
        owe(tx, other, Message(parcel.kind, facts, parcel.work_id, parcel.entry_id))
        record(tx, "rerouted", DESK, work=parcel.work_id, channel=str(other.channel))


def unreadable(tx: Tx, parcel: Parcel, reference: str) -> None:
    """Tell a member of staff that a message for them could not be put into words; of customers' the clock tells."""
    if parcel.person_id is None or parcel.facts.get("of_undrawn"):
        return
    key = "undelivered.yours" if parcel.work_id is not None else "undelivered.yours_other"
    what = Notice((said(key, number=parcel.work_id, reference=reference),))
    to = To(parcel.channel, parcel.address, person=parcel.person_id)
    owe(tx, to, Message(OwedKind.NOTICE, what.to_json() | {"of_undrawn": parcel.id}))


def tell_author(tx: Tx, parcel: Parcel) -> None:
    """Put what became of an answer in the place of the line that said it was on its way, and its *Undo* with it."""
    if parcel.kind is not OwedKind.ANSWER or parcel.entry_id is None or parcel.work_id is None:
        return
    rows = tx.session.scalars(select(Owed).where(Owed.entry_id == parcel.entry_id).order_by(Owed.id)).all()
    states = {row.state for row in rows if row.kind is OwedKind.ANSWER and row.channel is parcel.channel}
    line = next((row for row in rows if row.kind is OwedKind.NOTICE and row.person_id is not None), None)
    if line is None or line.remote_id is None or len(states) != 1:
        return  # some parts of it are still on their way, or nobody knows which message that line is
    key = _FATES.get(states.pop())
    if key is None or parcel.contact_id is None:
        return
    name = customers.get(tx, parcel.contact_id).name
    what = Notice((said(key, name=name, number=parcel.work_id, channel=said(f"channel.{parcel.channel}"), at=tx.now),))
    to = To(line.channel, line.address, person=line.person_id)
    facts = what.to_json() | {"replace": line.remote_id}
    owe(tx, to, Message(OwedKind.NOTICE, facts, parcel.work_id, parcel.entry_id, sound=False))


def _went_already(tx: Tx, parcel: Parcel, channel: str) -> bool:
    """An answer of several parts in chat is one letter by mail."""
    if parcel.kind is not OwedKind.ANSWER:
        return False
    known = select(Owed.id).where(
        Owed.entry_id == parcel.entry_id, Owed.channel == channel, Owed.state != OwedState.WITHDRAWN
    )
    return tx.session.scalar(known) is not None
