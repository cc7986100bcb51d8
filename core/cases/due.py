"""What waits for the courier of chats, asked in one statement five times a second."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from core.cases.model import File
from core.cases.rules import FileState
from core.desk import Tx
from core.outbox.model import Channel, Owed
from core.outbox.queries import DUE, NOW
from core.store.base import is_written
from core.store.rows import table_of
from core.work.model import Card

_Owed, _Card, _File = table_of(Owed), table_of(Card), table_of(File)

_ANYTHING = select(
    or_(
        exists().where(_Owed.c.channel == Channel.TELEGRAM, DUE),
        exists().where(_Card.c.wanted > _Card.c.shown, _Card.c.due_at <= NOW),
        exists().where(is_written(_File.c.state, FileState.WAITING), _File.c.due_at <= NOW),
    )
)


def anything_for_chats(tx: Tx) -> bool:
    """Tell whether a message is to be sent to a chat, a card to be drawn anew, or a file to be fetched from there."""
    return bool(tx.session.connection().execute(_ANYTHING, {"now": tx.now}).scalar())
