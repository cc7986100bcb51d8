"""The rows of what came in; each is settled in the same transaction as its effect."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.store.base import Base, Id


class InboxState(StrEnum):
    """How far a letter or an update has come."""

    KEPT = "kept"
    DONE = "done"
    REPEATED = "repeated"
    SET_ASIDE = "set_aside"


class Letter(Base):
    """One raw inbound message for one recipient.

    `digest` is the hash of recipient and bytes. `identity` is the same for a letter with a Message-ID; without one it
    has the minute too, for then a repeat counts as one only within 24 hours. `raw` holds letters of up to 1 MB, `file`
    names the others.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "ix_letter_waiting",
            "due_at",
            "id",
            sqlite_where=text("state = 'kept'"),
            postgresql_where=text("state = 'kept'"),
        ),
        Index(
            "ix_letter_set_aside",
            "id",
            sqlite_where=text("state = 'set_aside'"),
            postgresql_where=text("state = 'set_aside'"),
        ),
        Index(
            "ix_letter_file",
            "file",
            sqlite_where=text("file IS NOT NULL"),
            postgresql_where=text("file IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    identity: Mapped[str] = mapped_column(String(80), unique=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    content_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    message_id: Mapped[str | None] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    mail_from: Mapped[str] = mapped_column(Text)
    peer: Mapped[str] = mapped_column(Text, default="")
    #: How the client named itself in its greeting.
    helo: Mapped[str] = mapped_column(Text, default="", server_default="")
    received_at: Mapped[datetime]
    size: Mapped[int]
    raw: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    file: Mapped[str | None] = mapped_column(Text)
    state: Mapped[InboxState] = mapped_column(default=InboxState.KEPT)
    reason: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    released_by: Mapped[int | None] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    #: What it became: the number of the case and the message in it.
    work_id: Mapped[int | None] = mapped_column(Id, index=True)
    entry_id: Mapped[int | None] = mapped_column(Id)


class Update(Base):
    """One raw Telegram update of one bot, as JSON text."""

    __tablename__ = "telegram_update"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        Index(
            "ix_telegram_update_waiting",
            "id",
            sqlite_where=text("state = 'kept'"),
            postgresql_where=text("state = 'kept'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    update_id: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    state: Mapped[InboxState] = mapped_column(default=InboxState.KEPT)
    reason: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]


class Mailbox(Base):
    """A mailbox that letters are fetched from, and how far: see `core.inbox.mailboxes`."""

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    #: Server, user and folder, without a password.
    name: Mapped[str] = mapped_column(Text, unique=True)
    #: What the numbers of its letters are worth (RFC 9051, section 2.3.1.1).
    validity: Mapped[int | None] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    marked: Mapped[int] = mapped_column(BigInteger)
    unread_until: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime | None]
    visited_at: Mapped[datetime | None]


class MailboxLetter(Base):
    """A letter that was kept of a mailbox without numbers, by the name it has there (RFC 1939, UIDL)."""

    __tablename__ = "mailbox_letter"

    mailbox_id: Mapped[int] = mapped_column(Id, ForeignKey("mailbox.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
