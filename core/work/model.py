"""Queues, items, who watches, and the cards that show items in chats."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id
from core.work.rules import Copied, Policy, QueueKind, WorkKind, WorkState

_CASES = "state = 'open' AND kind = 'case'"
_NOT_UNDONE = "undone_at IS NULL"


def _partly(name: str, where: str, *columns: str) -> Index:
    """Make an index of those items of which something holds."""
    return Index(f"ix_work_{name}", *columns, sqlite_where=text(where), postgresql_where=text(where))


class Queue(Base):
    """Where open work waits: a representative's Assigned or In Progress, or a public queue."""

    __tablename__ = "queue"
    __table_args__ = (
        UniqueConstraint("owner_id", "kind"),
        CheckConstraint("(kind = 'public') = (owner_id IS NULL)", name="owner"),
        CheckConstraint("(kind = 'public') = (name_key IS NOT NULL)", name="named"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[QueueKind]
    owner_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    name: Mapped[str | None] = mapped_column(Text)
    #: Casefolded name, unique among public queues; of a closed one with its id behind it, so that the name is free.
    name_key: Mapped[str | None] = mapped_column(Text, unique=True)
    missed_after_days: Mapped[int | None]
    #: How it gives out what is new in it, and what somebody must know about for that, if anything.
    policy: Mapped[Policy] = mapped_column(default=Policy.MANUAL)
    skill: Mapped[str | None] = mapped_column(Text)
    #: So many minutes of work may pass before what it gave to somebody is accepted; None for any number.
    accept_within: Mapped[int | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    description: Mapped[str | None] = mapped_column(Text)
    #: What its new cases start with, and the language of receipts to customers whose own nobody can tell.
    priority: Mapped[int | None]
    locale: Mapped[str | None] = mapped_column(String(8))
    #: New cases go first to who last solved one of their customer's, if they can take it.
    to_last: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Before that they go to the owner of their customer's account, likewise.
    to_owner: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Seen, with all that stands or last stood in it, by its members and the managers only: see `core.work.privacy`.
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: What stands below the letters of its cases, by language, and whether they quote what was said before: see
    #: `core.work.mailing`.
    signatures: Mapped[dict[str, Any] | None]
    quotes: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Whom a letter also went to takes part in its case: nobody, who is known, or everybody.
    copied: Mapped[Copied] = mapped_column(default=Copied.IGNORE, server_default="ignore")
    #: So many days after its cases are closed their words are erased; None is never.
    keep_days: Mapped[int | None]
    #: All of its cases that were closed before this instant were seen to.
    erased_until: Mapped[datetime | None]
    #: Letters of senders that nobody knows wait for a person, and become no cases by themselves.
    strangers_aside: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The queue that it was closed into.
    merged_into_id: Mapped[int | None] = mapped_column(Id)
    #: The group in which a public queue is shown, the topic of it, and who said so: see `core.work.groups`.
    group_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    group_topic: Mapped[int | None] = mapped_column(BigInteger)
    bound_by_id: Mapped[int | None] = mapped_column(Id)


class QueueName(Base):
    """A name by which an open public queue is found: its own, or an alias; each name leads to one queue."""

    __tablename__ = "queue_name"

    #: Casefolded.
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    queue_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"), index=True)


class QueueMember(Base):
    """Who sees a private queue, besides managers and administrators."""

    __tablename__ = "queue_member"

    queue_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)


class QueueMerge(Base):
    """One merge of a queue into another, with what went over, so that it can be undone."""

    __tablename__ = "queue_merge"
    __table_args__ = (
        Index("ix_queue_merge_left", "left_id", sqlite_where=text(_NOT_UNDONE), postgresql_where=text(_NOT_UNDONE)),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    left_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"))
    into_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    #: Names and addresses that lead to the other queue now, who watches it and is a member of it since.
    gone_over: Mapped[dict[str, Any]]


class MergedItem(Base):
    """An item that a merge moved, as it stood then: it goes back only if nothing has happened to it since."""

    __tablename__ = "queue_merge_item"

    merge_id: Mapped[int] = mapped_column(Id, ForeignKey("queue_merge.id"), primary_key=True)
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"), primary_key=True)
    #: It was accepted out of the queue, and stayed with whoever had it.
    accepted: Mapped[bool]
    entered_at: Mapped[datetime]
    touched_at: Mapped[datetime]


class QueueWatch(Base):
    """Who is told of what is new in a public queue."""

    __tablename__ = "queue_watch"

    queue_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)


class QueueTurn(Base):
    """How often a queue that gives out by turns gave to somebody; who is new begins where the others stand."""

    __tablename__ = "queue_turn"

    queue_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    given: Mapped[int]


class MailAddress(Base):
    """An address of ours: letters to it are for the desk, and `queue_id` says where their cases start."""

    __tablename__ = "mail_address"

    address: Mapped[str] = mapped_column(Text, primary_key=True)
    queue_id: Mapped[int | None] = mapped_column(Id, ForeignKey("queue.id"))
    #: It stands in the settings, and may not be taken away in chat.
    in_settings: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: It was made or moved in chat: the settings neither take it away nor move it back.
    by_chat: Mapped[bool] = mapped_column(default=False, server_default=false())


class Tally(Base):
    """A change of how many items are counted in a queue: see `core.work.tally`.

    `accepted` ones stand in somebody's In Progress and came from this queue. `at` is when something was added.
    """

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_queue", "queue_id", "accepted", "change", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    queue_id: Mapped[int] = mapped_column(Id, ForeignKey("queue.id"))
    accepted: Mapped[bool]
    change: Mapped[int]
    at: Mapped[datetime | None]


class Work(Base):
    """One case or activity, and its one place: while it is open and queued it stands in exactly one queue.

    The number in commands is `id`: cases and activities share one row of numbers. `touched_at` is the last change that
    counts (receipts and reminders do not), `next_planned_at` the earliest thing planned for it.
    """

    __tablename__ = "work"
    __table_args__ = (
        CheckConstraint("(state = 'open' AND queued) = (queue_id IS NOT NULL)", name="one_place"),
        CheckConstraint("kind <> 'case' OR queued", name="case_queued"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        Index("ix_work_queue", "queue_id", "priority", "answered", "entered_at", "id"),
        Index("ix_work_created", "created_at"),
        # All that tells whether a case is missed, so that they are counted without a look at their rows.
        _partly("missed", _CASES, "touched_at", "id", "next_planned_at", "queue_id", "came_from_id"),
        _partly("missed_new", f"{_CASES} AND missed_told_at IS NULL", "touched_at", "id", "next_planned_at"),
        _partly("missed_late", "missed_told_at IS NOT NULL AND missed_raised_at IS NULL", "missed_told_at"),
        _partly("planned", "next_planned_at IS NOT NULL", "next_planned_at"),
        _partly("merged", "merged_into_id IS NOT NULL", "merged_into_id"),
        _partly("closed", "closed_at IS NOT NULL", "closed_at", "done_in_id", "came_from_id"),
        _partly("due", "due_at IS NOT NULL", "due_at"),
        {"sqlite_autoincrement": True},  # a number is never given twice
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[WorkKind]
    state: Mapped[WorkState] = mapped_column(default=WorkState.OPEN)
    queued: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(default=2)
    #: The last word is ours: in a list it stands below those where a customer waits.
    answered: Mapped[bool] = mapped_column(default=False)
    queue_id: Mapped[int | None] = mapped_column(Id, ForeignKey("queue.id"))
    #: Where it stood before it was accepted or assigned: release gives it back there.
    came_from_id: Mapped[int | None] = mapped_column(Id, ForeignKey("queue.id"))
    #: The public queue it was last in, and the queue it was closed in: for counts of what was done.
    done_in_id: Mapped[int | None] = mapped_column(Id, ForeignKey("queue.id"))
    #: The public queue it stands in or last stood in, whoever has it now: while that one is private, so is the item.
    home_id: Mapped[int | None] = mapped_column(Id)
    entered_at: Mapped[datetime]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    next_planned_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    #: The case that goes on under its number, since it was merged into that one; never one that was merged itself.
    merged_into_id: Mapped[int | None] = mapped_column(Id, ForeignKey("work.id"))
    #: Since when the owner, and the manager, know that it is missed; cleared by any change.
    missed_told_at: Mapped[datetime | None]
    missed_raised_at: Mapped[datetime | None]
    #: The service level it is held to, and which of its running clocks runs out first, and when: kept by `core.sla`.
    level_id: Mapped[int | None] = mapped_column(Id)
    due_at: Mapped[datetime | None]
    due_for: Mapped[str | None] = mapped_column(String(20))


class Card(Base):
    """The live message that shows an item to one chat: brought from what is shown to what is wanted.

    `wanted` grows with every change of the item; `shown` is the number last drawn. No row of the outbox per edit.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("work_id", "chat_id"),
        Index("ix_card_due", "due_at", sqlite_where=text("wanted > shown"), postgresql_where=text("wanted > shown")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    wanted: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    #: Why it came, shown as long as nothing has happened since: see `core.work.cards`.
    why: Mapped[dict[str, Any] | None]


class ChatMessage(Base):
    """Which item a message in a chat is about, so that a reply to it finds its case."""

    __tablename__ = "chat_message"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: Found by it when cases are merged: the messages of the one are about the other then.
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"), index=True)
    #: The message of the case it carries, when it carries one.
    entry_id: Mapped[int | None] = mapped_column(Id, index=True)


class Draft(Base):
    """A half-filled dialogue of one chat; a restart forgets nothing."""

    __tablename__ = "draft"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(String(40))
    state: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
