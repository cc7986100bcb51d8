"""What happens when a message cannot be delivered: the way is marked, and another one is taken where there is one."""

from __future__ import annotations

import structlog
from sqlalchemy import select

from core.customers import actions as customers
from core.desk import Tx
from core.history.actions import DESK, record
from core.outbox.actions import Message, owe
from core.outbox.model import Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.people import actions as people

log = structlog.get_logger(__name__)


def blocked(tx: Tx, parcel: Parcel) -> None:
    """Note that nothing can be delivered to an address until it is heard from again."""
    if parcel.person_id is not None:
        people.unreachable(tx, parcel.person_id)
    elif parcel.contact_id is not None:
        customers.block_address(tx, parcel.channel, parcel.address)


def undeliverable(tx: Tx, parcel: Parcel) -> None:
    """Take another way to the customer for what is dead; whoever has the case is told of it by the clock."""
    log.warning("undeliverable", row=parcel.id, kind=str(parcel.kind), channel=str(parcel.channel), tries=parcel.tries)
    if parcel.contact_id is None or parcel.work_id is None or parcel.kind is OwedKind.EDIT:
        return
    other = customers.other_way(tx, parcel.contact_id, parcel.channel)
    if other is not None and not _went_already(tx, parcel, str(other.channel)):
        facts = {} if parcel.kind is OwedKind.ANSWER else parcel.facts
        owe(tx, other, Message(parcel.kind, facts, parcel.work_id, parcel.entry_id))
        record(tx, "rerouted", DESK, work=parcel.work_id, channel=str(other.channel))


def _went_already(tx: Tx, parcel: Parcel, channel: str) -> bool:
    """An answer of several parts in chat is one letter by mail."""
    if parcel.kind is not OwedKind.ANSWER:
        return False
    known = select(Owed.id).where(
        Owed.entry_id == parcel.entry_id, Owed.channel == channel, Owed.state != OwedState.WITHDRAWN
    )
    return tx.session.scalar(known) is not None
