"""The rows of a case: itself, its messages, their files and their edits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.cases.fields import CaseType, Origin, Reason, Severity
from core.cases.rules import CaseStatus, EntryKind, FileState
from core.outbox.model import Channel
from core.store.base import Base, Id


class Category(Base):
    """What a case can be about, in a tree; `path` is its name below those of all above it."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(Id, ForeignKey("category.id"))
    name: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    #: Folded for comparison; unique, for names alike may stand below different ones.
    path_key: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime]


class Case(Base):
    """What a case has besides its place: the customer, the channel, how it ended. Its number is `work_id`."""

    __tablename__ = "case_"
    __table_args__ = (
        Index("ix_case_contact", "contact_id", "work_id"),
        Index(
            "ix_case_parent",
            "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
    )

    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(Id, ForeignKey("contact.id"))
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    #: Of an open case: how it stands, besides where it is.
    status_reason: Mapped[Reason | None]
    origin: Mapped[Origin]
    #: The case that it is a part of, which is nobody's child.
    parent_id: Mapped[int | None] = mapped_column(Id, ForeignKey("case_.work_id"))
    category_id: Mapped[int | None] = mapped_column(Id, ForeignKey("category.id"))
    product: Mapped[str | None] = mapped_column(Text)
    severity: Mapped[Severity | None]
    type: Mapped[CaseType | None]
    #: Where the next answer goes: the channel and address that the customer last used.
    #: The address is empty where no way was known when a representative opened it.
    reply_channel: Mapped[Channel]
    reply_address: Mapped[str] = mapped_column(Text)
    #: By which channel answers go instead, as a representative chose.
    answer_by: Mapped[Channel | None]
    locale: Mapped[str] = mapped_column(String(8))
    #: How it was solved, or why it was cancelled.
    resolution: Mapped[str | None] = mapped_column(Text)
    #: What is to be paid for, in all that was done.
    billable_minutes: Mapped[int | None]
    resolved_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    #: When the customer was asked, once, how satisfied they are; what they said, from 1 to 5; and in their own words.
    rating_asked_at: Mapped[datetime | None]
    satisfaction: Mapped[int | None]
    satisfaction_at: Mapped[datetime | None]
    satisfaction_words: Mapped[str | None] = mapped_column(Text)
    #: Since when its words are erased, for its customer wished so or its time was over.
    erased_at: Mapped[datetime | None]
    last_entry_at: Mapped[datetime]
    last_customer_at: Mapped[datetime | None]
    receipt_sent: Mapped[bool] = mapped_column(default=False)
    #: Opened by a machine, or by somebody who answers a case they are not on: nothing is sent there automatically.
    hushed: Mapped[bool] = mapped_column(default=False)
    #: Who opened it on behalf of the customer; hushed until they are told, or write themselves.
    opened_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    #: Who the customer was last told works on it.
    told_of_id: Mapped[int | None] = mapped_column(Id)


class CaseLink(Base):
    """Two cases that have to do with each other; the lower number is `first_id`."""

    __tablename__ = "case_link"
    __table_args__ = (CheckConstraint("first_id < second_id", name="ordered"),)

    first_id: Mapped[int] = mapped_column(Id, ForeignKey("case_.work_id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(Id, ForeignKey("case_.work_id"), primary_key=True, index=True)


class CaseParty(Base):
    """Somebody who takes part in a case by mail besides its customer: answers by mail go to them in copy.

    Who it is tells the address: see `core.cases.parties`.
    """

    __tablename__ = "case_party"

    work_id: Mapped[int] = mapped_column(Id, ForeignKey("case_.work_id"), primary_key=True)
    #: Casefolded.
    address: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    added_at: Mapped[datetime]
    #: The member of staff who said so; None where the policy of the queue did.
    added_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    #: Since when they take no part any more: only a person brings them in again.
    left_at: Mapped[datetime | None]


class Entry(Base):
    """One message of the conversation of a case, in or out, or a note that stays inside."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_case", "work_id", "id"),
        Index(
            "ix_entry_message_id",
            "message_id",
            sqlite_where=text("message_id IS NOT NULL"),
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index("ix_entry_chat", "chat_id", "chat_message_id"),
        Index(
            "ix_entry_conversation",
            "conversation",
            sqlite_where=text("conversation IS NOT NULL"),
            postgresql_where=text("conversation IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("case_.work_id"))
    kind: Mapped[EntryKind]
    channel: Mapped[Channel | None]
    at: Mapped[datetime]
    contact_id: Mapped[int | None] = mapped_column(Id, ForeignKey("contact.id"))
    person_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    #: The whole text of a letter, with what it quotes.
    full_text: Mapped[str | None] = mapped_column(Text)
    #: The letter's own Message-ID (of ours for an answer that went by mail).
    message_id: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(String(64))
    #: What a letter of Outlook's says of the conversation that it belongs to.
    conversation: Mapped[str | None] = mapped_column(String(32))
    subject: Mapped[str | None] = mapped_column(Text)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    chat_message_id: Mapped[int | None] = mapped_column(BigInteger)
    #: Of a message that was several in chat (an album, a batch of forwards): each one's id and words.
    parts: Mapped[list[Any] | None]
    edited_at: Mapped[datetime | None]
    #: What a reader must know: a sender who is not on the case, a Message-ID seen before with other content.
    flags: Mapped[list[Any]] = mapped_column(default=list)
    #: Of a letter: to whom else it went, by To and Cc, our own addresses apart.
    copied: Mapped[list[Any] | None]
    #: Of an answer by mail: when a machine said that it lies in their mailbox, and that it was shown to them.
    arrived_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class File(Base):
    """A file of a message: kept by its digest, or at Telegram still, or refused for its size."""

    __tablename__ = "file"
    __table_args__ = (
        Index(
            "ix_file_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_file_digest",
            "digest",
            sqlite_where=text("digest IS NOT NULL"),
            postgresql_where=text("digest IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(Id, ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[FileState]
    digest: Mapped[str | None] = mapped_column(String(64))
    telegram_id: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class Template(Base):
    """A canned answer in one language, with fields that are filled when it is used."""

    __tablename__ = "template"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: Whose it is, its language and its name folded, in one: see `core.cases.templates`.
    key: Mapped[str] = mapped_column(Text, unique=True)
    #: Who alone sees and uses it; None for everybody at the desk.
    owner_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    locale: Mapped[str] = mapped_column(String(8))
    category_id: Mapped[int | None] = mapped_column(Id, ForeignKey("category.id"))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class Unsent(Base):
    """An answer that waits for its writer: filled out of a template, or held back because something came meanwhile."""

    __tablename__ = "unsent"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("case_.work_id"), index=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(default=list)
    #: The message of the writer that it was, so that an edit of it edits these words.
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    chat_message_id: Mapped[int | None] = mapped_column(BigInteger)
    #: The last message of the case that its writer was shown with it.
    seen_id: Mapped[int] = mapped_column(Id)
    written_at: Mapped[datetime] = mapped_column(index=True)
