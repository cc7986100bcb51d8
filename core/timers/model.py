"""The rows of what the clock owes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id

_WAITING = text("fired_at IS NULL")
_FIRED = text("fired_at IS NOT NULL")


class Timer(Base):
    """One thing due at one instant; (task, slot) is unique, so that two schedulers are harmless."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("task", "slot"),
        Index("ix_timer_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_timer_fired", "fired_at", sqlite_where=_FIRED, postgresql_where=_FIRED),  # they are forgotten
        Index("ix_timer_subject", "task", "subject_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task: Mapped[str] = mapped_column(String(40))
    slot: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[int | None] = mapped_column(Id)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]


class Lease(Base):
    """Who alone may do something now, such as be the one live bot."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
