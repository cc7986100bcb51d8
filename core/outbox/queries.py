"""Look at what is owed."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, or_, select

from core.desk import Tx
from core.outbox.model import PENDING, Channel, Owed, OwedState
from core.outbox.views import Parcel
from core.store.base import is_written
from core.store.rows import table_of


def remote_id_of(tx: Tx, row: int) -> int | None:
    """Tell the id that the other side gave to a message that was sent; None while it is not known."""
    return tx.session.scalar(select(Owed.remote_id).where(Owed.id == row))


def anything_due(tx: Tx, channel: Channel) -> bool:
    """Tell whether any row of a channel is due and in nobody's hands; cheap, so that an idle courier does not write."""
    return tx.session.connection().execute(_ANYTHING, {"channel": channel, "now": tx.now}).first() is not None


def more_in_lane(tx: Tx, lane: str) -> bool:
    """Tell whether anything else is pending in a lane."""
    return tx.session.scalar(_PENDING_IN, {"lane": lane}) is not None


_Owed = table_of(Owed)
_PENDING_IN = select(Owed.id).where(Owed.lane == bindparam("lane"), is_written(Owed.state, *PENDING)).limit(1)

#: The instant, in the conditions below and in those that are built upon them.
NOW = bindparam("now", type_=_Owed.c.due_at.type)

#: What a row fulfils that is due and in nobody's hands; on the table, for statements without objects.
DUE = and_(
    is_written(_Owed.c.state, *PENDING),
    _Owed.c.due_at <= NOW,
    _Owed.c.expires_at > NOW,
    or_(_Owed.c.lease_until.is_(None), _Owed.c.lease_until <= NOW),
)
_ANYTHING = select(_Owed.c.id).where(_Owed.c.channel == bindparam("channel"), DUE).limit(1)


def died_now(tx: Tx, parcel: Parcel) -> bool:
    """Tell a row that has just died from one that somebody else has in hand since its lease ran out."""
    row = tx.session.get_one(Owed, parcel.id)
    return row.state is OwedState.DEAD and row.version == parcel.version and row.settled_at == tx.now
