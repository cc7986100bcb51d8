"""Look at what came in; cheap, for those who ask again and again."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from core.desk import Tx
from core.inbox.model import InboxState, Letter
from core.store.base import is_written

#: Word for word as the partial index has it, so that it is used; put together once.
_LETTER_DUE = (
    select(Letter.id)
    .where(is_written(Letter.state, InboxState.KEPT), or_(Letter.due_at <= bindparam("now"), Letter.tries == 0))
    .limit(1)
)


def any_letter_waits(tx: Tx) -> bool:
    """Tell whether any letter waits to be understood, or to be tried again now."""
    return tx.session.scalar(_LETTER_DUE, {"now": tx.now}) is not None
