"""What waits for the courier of chats, asked in one statement five times a second."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, func, select

from core.cases.model import File
from core.cases.rules import FileState
from core.desk import Tx
from core.outbox.model import Channel, Owed
from core.outbox.queries import DUE, NOW
from core.store.base import is_written
from core.store.rows import table_of
from core.work.model import Card

_Owed, _Card, _File = table_of(Owed), table_of(Card), table_of(File)

_DUE_FOR_CHATS = select(
    exists().where(_Owed.c.channel == Channel.TELEGRAM, DUE).label("messages"),
    # The first by its index: PostgreSQL takes a third of all cards for such as are to be drawn anew, and would look for
    # one from the beginning of the table, where there is none most of the time.
    (select(func.min(_Card.c.due_at)).where(_Card.c.wanted > _Card.c.shown).scalar_subquery() <= NOW).label("cards"),
    exists().where(is_written(_File.c.state, FileState.WAITING), _File.c.due_at <= NOW).label("files"),
)


class ForChats(NamedTuple):
    """Whether a message is to be sent to a chat, a card to be drawn anew, and a file to be fetched from there."""

    messages: bool
    cards: bool
    files: bool


def due_for_chats(tx: Tx) -> ForChats:
    """Tell what is due for chats; what is not need not be asked for one by one."""
    row = tx.session.connection().execute(_DUE_FOR_CHATS, {"now": tx.now}).one()
    return ForChats(*map(bool, row))
