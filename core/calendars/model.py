"""The rows of when the house works: its hours, and the dates on which it is closed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id


class HouseHours(Base):
    """The weekly hours of the house, in its own zone; without the one row it keeps office hours."""

    __tablename__ = "house_hours"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    hours: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class KeptClosure(Base):
    """Dates on which nobody of the house works, the last included."""

    __tablename__ = "closure"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    yearly: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
