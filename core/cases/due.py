"""What waits for the courier of chats, asked in one statement five times a second."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, or_, select

from core.cases.model import File
from core.cases.rules import FileState
from core.desk import Tx
from core.outbox.model import PENDING, Channel, Owed
from core.store.base import is_written
from core.store.rows import table_of
from core.work.model import Card

_Owed, _Card, _File = table_of(Owed), table_of(Card), table_of(File)
_NOW = bindparam("now", type_=_Owed.c.due_at.type)

# On tables, and word for word as the partial indexes have it, so that they are used.
_ANYTHING = select(
    or_(
        exists().where(
            _Owed.c.channel == Channel.TELEGRAM,
            is_written(_Owed.c.state, *PENDING),
            _Owed.c.due_at <= _NOW,
            or_(_Owed.c.lease_until.is_(None), _Owed.c.lease_until <= _NOW),
        ),
        exists().where(_Card.c.wanted > _Card.c.shown, _Card.c.due_at <= _NOW),
        exists().where(is_written(_File.c.state, FileState.WAITING), _File.c.due_at <= _NOW),
    )
)


def anything_for_chats(tx: Tx) -> bool:
    """Tell whether a message is to be sent to a chat, a card to be drawn anew, or a file to be fetched from there."""
    return bool(tx.session.connection().execute(_ANYTHING, {"now": tx.now}).scalar())
