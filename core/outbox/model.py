"""The rows of what is owed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id


class Channel(StrEnum):
    """A way to reach somebody."""

    TELEGRAM = "telegram"
    EMAIL = "email"


class OwedState(StrEnum):
    """What has become of a message that was owed.

    `unknown`: it was sent and the answer was lost; it is sent again, marked, until an answer comes or its time is up.
    """

    OWED = "owed"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


class OwedKind(StrEnum):
    """What is owed: a notice in words, the card of an item, a person's answer, a file, or an edit of a sent answer.

    `copy`: a letter that is owed by another row, to somebody else to whom it goes too; `of` in its facts is that row.
    """

    NOTICE = "notice"
    CARD = "card"
    ANSWER = "answer"
    FILE = "file"
    EDIT = "edit"
    COPY = "copy"


#: The states of what is still to go out, in the order in which the partial indexes name them: see `is_written`.
PENDING = (OwedState.OWED, OwedState.UNKNOWN)

_OPEN = text("state IN ('owed', 'unknown')")
_DEAD = text("state = 'dead'")
_NEWS = text("news IS NOT NULL")


class Owed(Base):
    """One message owed to one address.

    Rows of one `lane` (channel and address) go out in the order of their ids. `version` is the lease: whoever claimed
    last may settle, nobody else.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "channel", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_lane", "lane", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_expires", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_dead", "settled_at", sqlite_where=_DEAD, postgresql_where=_DEAD),
        Index("ix_outbox_news", "person_id", "created_at", sqlite_where=_NEWS, postgresql_where=_NEWS),
        Index("ix_outbox_work", "work_id"),
        Index("ix_outbox_entry", "entry_id"),
        CheckConstraint("state IN ('owed','sent','unknown','dead','withdrawn')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[Channel]
    address: Mapped[str] = mapped_column(Text)
    #: Of a mail address: what may be paused as a whole.
    domain: Mapped[str | None] = mapped_column(Text)
    lane: Mapped[str] = mapped_column(Text)
    kind: Mapped[OwedKind]
    facts: Mapped[dict[str, Any]]
    #: The staff member or contact who will read it (language, time zone).
    person_id: Mapped[int | None] = mapped_column(Id)
    contact_id: Mapped[int | None] = mapped_column(Id)
    work_id: Mapped[int | None] = mapped_column(Id)
    #: The message of a case that this delivers.
    entry_id: Mapped[int | None] = mapped_column(Id)
    sound: Mapped[bool] = mapped_column(default=True)
    #: Of which kind it is, where it tells somebody on the staff of something unasked: these are counted in a storm.
    news: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[OwedState] = mapped_column(default=OwedState.OWED)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: After this it is shown to a person instead of being tried for ever.
    expires_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    #: How often it could not even be put into words.
    undrawn: Mapped[int] = mapped_column(default=0)
    #: How often it went out although an earlier try may have arrived.
    repeats: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    remote_id: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(Text)
    #: What the relay said when it took a letter.
    answer: Mapped[str | None] = mapped_column(Text)
    #: When a try failed first.
    failing_since: Mapped[datetime | None]


class DomainPause(Base):
    """A domain whose mail server did not take a letter: see `core.outbox.pauses`. Gone when it takes one."""

    __tablename__ = "domain_pause"

    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    #: The row that tries now whether letters are taken again.
    trying_id: Mapped[int | None] = mapped_column(Id)
    error: Mapped[str | None] = mapped_column(Text)
