"""The rows of those who work here."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from core.people.rules import Presence, Role
from core.store.base import Base, Id


class Person(Base):
    """A member of staff. `handle` is the short unique name typed in commands, casefolded."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    handle: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[Role]
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    locale: Mapped[str] = mapped_column(String(8))
    zone: Mapped[str] = mapped_column(String(64))
    presence: Mapped[Presence] = mapped_column(default=Presence.BY_HOURS)
    #: Weekly hours by weekday, 0 is Monday: {"0": [["09:00", "18:00"]], …}, in the person's own zone.
    hours: Mapped[dict[str, Any]]
    digest_at: Mapped[time | None] = mapped_column(Time)
    #: Away until then, whatever the hours and the presence say; and who stands in meanwhile.
    away_until: Mapped[datetime | None]
    substitute_id: Mapped[int | None] = mapped_column(Id)
    #: So many items in progress at most, before new work goes to others; None for any number.
    cap: Mapped[int | None]
    #: What somebody knows about, in words, casefolded and in order.
    skills: Mapped[list[Any]] = mapped_column(default=list)
    #: The hours in which little is told, in the person's own zone; both or neither.
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    #: How they are told of what, where they chose: {"answers": "silent", …}.
    news: Mapped[dict[str, Any] | None]
    #: What stands below their letters, by language: see `core.people.signatures`.
    signatures: Mapped[dict[str, Any] | None]
    #: The address that letters of customers are forwarded from, casefolded; nobody has shown that it is theirs.
    mailbox: Mapped[str | None] = mapped_column(Text, index=True)
    created_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]


class Invitation(Base):
    """A deep link that makes whoever opens it first a member of staff; only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role]
    created_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]


class HeldNews(Base):
    """Something that a member of staff is to be told of later, in one line with the rest; gone when it is told."""

    __tablename__ = "held_news"
    __table_args__ = (Index("ix_held_news_person", "person_id", "due_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    #: Of which kind it is: see `core.people.quiet`.
    news: Mapped[str] = mapped_column(String(20))
    work_id: Mapped[int | None] = mapped_column(Id)
    queue_id: Mapped[int | None] = mapped_column(Id)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
