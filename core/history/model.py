"""The rows of what happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id


class Happened(Base):
    """One change: to an item, a contact or a person, by somebody, from somewhere."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_work", "work_id", "id"),
        Index("ix_history_subject", "subject", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(String(40))
    work_id: Mapped[int | None] = mapped_column(Id)
    subject: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[int | None] = mapped_column(Id)
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int | None] = mapped_column(Id)
    via: Mapped[str] = mapped_column(String(12))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
