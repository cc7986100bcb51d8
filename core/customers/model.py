"""The rows of those we work for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.outbox.model import Channel
from core.store.base import Base, Id

_MERGED = text("merged_into_id IS NOT NULL")


class Contact(Base):
    """A customer: a person who wrote to us."""

    __tablename__ = "contact"
    #: On PostgreSQL by its bytes, so that names are found by how they begin, whatever the database sorts by.
    __table_args__ = (
        Index("ix_contact_search_key", "search_key", postgresql_ops={"search_key": "text_pattern_ops"}),
        Index("ix_contact_merged", "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: Casefolded, NFC: SQLite folds ASCII only.
    search_key: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(8))
    #: The person chose the language; it is not guessed anew from letters or the Telegram client.
    locale_chosen: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    banned_at: Mapped[datetime | None]
    #: The contact that goes on with all that was this one's: they are the same person.
    merged_into_id: Mapped[int | None] = mapped_column(Id, ForeignKey("contact.id"))
    #: Since when nothing is known of them but that they were there.
    erased_at: Mapped[datetime | None]
    #: The organisation that they belong to.
    account_id: Mapped[int | None] = mapped_column(Id, ForeignKey("account.id"), index=True)


class ContactAddress(Base):
    """One way to reach a contact: a mail address (casefolded) or a private Telegram chat."""

    __tablename__ = "contact_address"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int] = mapped_column(Id, ForeignKey("contact.id"), index=True)
    channel: Mapped[Channel]
    address: Mapped[str] = mapped_column(Text)
    last_used_at: Mapped[datetime | None]
    #: How many messages were heard from there since when, in the span that is counted.
    heard_since: Mapped[datetime | None]
    heard: Mapped[int] = mapped_column(default=0)
    #: Since when nothing can be delivered there (bot blocked, mail bounced).
    blocked_at: Mapped[datetime | None]
    #: Since when letters to it fail, why (a word of `bounced.…`), what the server said, and how many failed for good.
    failing_since: Mapped[datetime | None]
    failing_why: Mapped[str | None] = mapped_column(String(16))
    failing_words: Mapped[str | None] = mapped_column(Text)
    bounces: Mapped[int] = mapped_column(default=0, server_default="0")
    #: When a letter to it was called spam: nothing automatic is sent there any more.
    complained_at: Mapped[datetime | None]


class Account(Base):
    """An organisation that customers belong to."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: Casefolded, unique; None once it is closed, for then another may be called so.
    name_key: Mapped[str | None] = mapped_column(Text, unique=True)
    #: Who of the staff it is in the care of.
    owner_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: The account that goes on with all that was this one's.
    merged_into_id: Mapped[int | None] = mapped_column(Id, ForeignKey("account.id"))
    #: The organisation that it is a part of: whose owner and service level are its own where it has none.
    parent_id: Mapped[int | None] = mapped_column(Id, ForeignKey("account.id"), index=True)


class AccountAlias(Base):
    """A name by which an open account is found besides its own: that of one that was merged into it."""

    __tablename__ = "account_alias"

    #: Casefolded; no open account is called so.
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("account.id"), index=True)


class AccountDomain(Base):
    """A mail domain of an account: who is met writing from there belongs to it."""

    __tablename__ = "account_domain"

    #: Casefolded.
    domain: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(Id, ForeignKey("account.id"), index=True)


class AddressCode(Base):
    """A code that was sent to an address, by which a contact shows that it is theirs; the code itself is kept nowhere.

    It is worked out of this row and the secret of the house: see `core.customers.codes`.
    """

    __tablename__ = "address_code"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int] = mapped_column(Id, ForeignKey("contact.id"), index=True)
    #: Casefolded.
    address: Mapped[str] = mapped_column(Text, index=True)
    nonce: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    #: Since when it is of no use any more: it was used, guessed at too often, or another took its place.
    settled_at: Mapped[datetime | None]


class SenderRule(Base):
    """What is done with the letters of an address, or of a domain: see `core.customers.senders`."""

    __tablename__ = "sender_rule"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    #: An address or a domain, casefolded.
    pattern: Mapped[str] = mapped_column(Text, unique=True)
    verdict: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(Id)
