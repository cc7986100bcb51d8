"""The rows of activities; their place is their work row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.activities.rules import ActivityStatus, Direction
from core.store.base import Base, Id


class Activity(Base):
    """A planned or done piece of work, regarding a case, a customer or nothing. Its number is `work_id`."""

    __tablename__ = "activity"

    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"), primary_key=True)
    regarding_id: Mapped[int | None] = mapped_column(Id, ForeignKey("work.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(Id, ForeignKey("contact.id"), index=True)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    status: Mapped[ActivityStatus] = mapped_column(default=ActivityStatus.PLANNED)
    #: When a task is due, or a call or an appointment begins.
    due_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    #: Of a letter, a chat message or a call: whether it came to us or went out.
    direction: Mapped[Direction | None]
    #: So many minutes before `due_at` somebody is reminded; None is as usual for its kind.
    remind_minutes: Mapped[int | None]
    place: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    #: What came of it, and how many minutes it took.
    outcome: Mapped[str | None] = mapped_column(Text)
    minutes: Mapped[int | None]
    #: What names the appointment in calendars, and how often it was changed (RFC 5545, sections 3.8.4.7, 3.8.7.4).
    uid: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(default=0)
    #: The last row of the outbox that tells the customer of it, and whether an earlier one may have reached them.
    invitation_id: Mapped[int | None] = mapped_column(Id)
    invited: Mapped[bool] = mapped_column(default=False)
    #: What the customer's calendar answered to it as it is now (a word of `card.answer_…`), and when.
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]


class Required(Base):
    """A colleague who is needed at a service activity, besides whoever has it."""

    __tablename__ = "activity_person"

    work_id: Mapped[int] = mapped_column(Id, ForeignKey("activity.work_id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True, index=True)
