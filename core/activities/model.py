"""The rows of activities; their place is their work row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id


class Activity(Base):
    """A planned or done piece of work, regarding a case or standing alone. Its number is `work_id`."""

    __tablename__ = "activity"

    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"), primary_key=True)
    regarding_id: Mapped[int | None] = mapped_column(Id, ForeignKey("work.id"), index=True)
    created_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    due_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
