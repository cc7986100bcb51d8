"""What nobody even tried until its time was up, as mail without a relay, is dead too, and a person is told."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from core.desk import Tx
from core.intake.failures import give_up
from core.outbox.model import PENDING, Owed
from core.outbox.pauses import error_of
from core.store.base import is_written

_REASON = "its time was up before it could be sent"


def overdue(tx: Tx, limit: int = 100) -> list[int]:
    """List the rows whose time is up and that nobody has in hand, the longest overdue first."""
    return list(tx.session.scalars(select(Owed.id).where(*_up(tx)).order_by(Owed.expires_at).limit(limit)))


def expire(tx: Tx, row_id: int) -> bool:
    """Give up on such a row: another way is taken, or who has the case is told.

    Returns:
        Whether it was given up now.
    """
    row = tx.session.scalar(select(Owed).where(Owed.id == row_id, *_up(tx)).with_for_update(skip_locked=True))
    if row is None:
        return False
    give_up(tx, row, row.error or error_of(tx, row.domain) or _REASON)
    return True


def _up(tx: Tx) -> list[ColumnElement[bool]]:
    return [
        is_written(Owed.state, *PENDING),
        Owed.expires_at <= tx.now,
        or_(Owed.lease_until.is_(None), Owed.lease_until <= tx.now),
    ]
