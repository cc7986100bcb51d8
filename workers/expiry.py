"""What nobody even tried until its time was up, as mail without a relay, is dead too, and a person is told."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from core.cases.delivery import undeliverable
from core.desk import Tx
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel

_REASON = "its time was up before it could be sent"


def overdue(tx: Tx, limit: int = 100) -> list[int]:
    """List the rows whose time is up and that nobody has in hand, the oldest first."""
    return list(tx.session.scalars(select(Owed.id).where(*_up(tx)).order_by(Owed.id).limit(limit)))


def expire(tx: Tx, row_id: int) -> bool:
    """Give up on such a row: another way is taken, or who has the case is told.

    Returns:
        Whether it was given up now.
    """
    row = tx.session.scalar(select(Owed).where(Owed.id == row_id, *_up(tx)).with_for_update(skip_locked=True))
    if row is None:
        return False
    row.state, row.settled_at, row.lease_until = OwedState.DEAD, tx.now, None
    row.error = row.error or _REASON
    tx.session.flush()
    undeliverable(tx, _parcel(row))
    return True


def _up(tx: Tx) -> list[ColumnElement[bool]]:
    return [
        Owed.state.in_((OwedState.OWED, OwedState.UNKNOWN)),
        Owed.expires_at <= tx.now,
        or_(Owed.lease_until.is_(None), Owed.lease_until <= tx.now),
    ]


def _parcel(row: Owed) -> Parcel:
    return Parcel(
        id=row.id,
        version=row.version,
        channel=Channel(row.channel),
        address=row.address,
        lane=row.lane,
        kind=OwedKind(row.kind),
        facts=row.facts,
        person_id=row.person_id,
        contact_id=row.contact_id,
        work_id=row.work_id,
        entry_id=row.entry_id,
        sound=row.sound,
        tries=row.tries,
        repeat=row.repeats > 0,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
