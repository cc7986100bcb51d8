"""Look at what is owed."""

from __future__ import annotations

from sqlalchemy import select

from core.desk import Tx
from core.outbox.model import PENDING, Channel, Owed, OwedState
from core.outbox.views import Parcel
from core.store.base import is_written


def remote_id_of(tx: Tx, row: int) -> int | None:
    """Tell the id that the other side gave to a message that was sent; None while it is not known."""
    return tx.session.scalar(select(Owed.remote_id).where(Owed.id == row))


def anything_due(tx: Tx, channel: Channel) -> bool:
    """Tell whether any row of a channel is due; cheap, so that an idle courier does not write."""
    return (
        tx.session.scalar(
            select(Owed.id)
            .where(
                Owed.channel == channel,
                is_written(Owed.state, *PENDING),
                Owed.due_at <= tx.now,
                Owed.expires_at > tx.now,
            )
            .limit(1)
        )
        is not None
    )


def died_now(tx: Tx, parcel: Parcel) -> bool:
    """Tell a row that has just died from one that somebody else has in hand since its lease ran out."""
    row = tx.session.get_one(Owed, parcel.id)
    return row.state is OwedState.DEAD and row.version == parcel.version and row.settled_at == tx.now
