"""Look at what is owed."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from core.desk import Tx
from core.outbox.model import PENDING, Channel, Owed, OwedState
from core.outbox.views import Parcel
from core.store.base import is_written


def remote_id_of(tx: Tx, row: int) -> int | None:
    """Tell the id that the other side gave to a message that was sent; None while it is not known."""
    return tx.session.scalar(select(Owed.remote_id).where(Owed.id == row))


def anything_due(tx: Tx, channel: Channel) -> bool:
    """Tell whether any row of a channel is due and in nobody's hands; cheap, so that an idle courier does not write."""
    return tx.session.scalar(_DUE, {"channel": channel, "now": tx.now}) is not None


_DUE = (
    select(Owed.id)
    .where(
        Owed.channel == bindparam("channel"),
        is_written(Owed.state, *PENDING),
        Owed.due_at <= bindparam("now"),
        Owed.expires_at > bindparam("now"),
        or_(Owed.lease_until.is_(None), Owed.lease_until <= bindparam("now")),
    )
    .limit(1)
)


def died_now(tx: Tx, parcel: Parcel) -> bool:
    """Tell a row that has just died from one that somebody else has in hand since its lease ran out."""
    row = tx.session.get_one(Owed, parcel.id)
    return row.state is OwedState.DEAD and row.version == parcel.version and row.settled_at == tx.now
