"""The rows of service levels: themselves, for whom each is, and the clocks of cases."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.sla.rules import ClockKind
from core.store.base import Base, Id

_RUNNING = text("ended_at IS NULL")


class Scope(StrEnum):
    """For what a service level is: a customer, an account, a public queue, or everything else."""

    CONTACT = "contact"
    ACCOUNT = "account"
    QUEUE = "queue"
    DEFAULT = "default"


class ServiceLevel(Base):
    """A service level; times are in minutes of work."""

    __tablename__ = "service_level"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    #: Casefolded name, unique; None once it is given up.
    name_key: Mapped[str | None] = mapped_column(Text, unique=True)
    #: {"first": {"1": 60, …}, "resolve": {…}}: minutes by priority.
    targets: Mapped[dict[str, Any]]
    pauses: Mapped[bool] = mapped_column(default=True)
    warn_percent: Mapped[int | None]
    warn_before_minutes: Mapped[int | None]
    #: [[30, "managers"], …]: minutes after a clock has run out, and who is told.
    ladder: Mapped[list[Any]]
    #: Its own weekly hours, as `core.calendars.week` keeps them; None for those of the house.
    hours: Mapped[dict[str, Any] | None]
    closures: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class LevelUse(Base):
    """For what a service level is; `subject_id` is the customer, account or queue, and 0 for everything else."""

    __tablename__ = "level_use"

    scope: Mapped[Scope] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    level_id: Mapped[int] = mapped_column(Id, ForeignKey("service_level.id"))


class Clock(Base):
    """What is measured of a case: what it had used when it was last set going, in microseconds, and since when it goes.

    A clock that ended keeps both, so that it goes on as if it had not when that is taken back.
    """

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("work_id", "kind"),
        Index("ix_clock_running", "work_id", "level_id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"))
    kind: Mapped[ClockKind]
    level_id: Mapped[int] = mapped_column(Id, ForeignKey("service_level.id"))
    #: The level is the customer's own, or that of their account: it stays, wherever the case goes.
    own: Mapped[bool] = mapped_column(default=False)
    target_us: Mapped[int] = mapped_column(BigInteger)
    used_us: Mapped[int] = mapped_column(BigInteger, default=0)
    since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    #: The keys of the steps that were taken.
    told: Mapped[list[Any]] = mapped_column(default=list)


class MergedClock(Base):
    """A clock as it was when the queue of its case was merged, to be given back should the merge be undone."""

    __tablename__ = "queue_merge_clock"

    merge_id: Mapped[int] = mapped_column(Id, ForeignKey("queue_merge.id"), primary_key=True, autoincrement=False)
    work_id: Mapped[int] = mapped_column(Id, ForeignKey("work.id"), primary_key=True, autoincrement=False)
    kind: Mapped[ClockKind] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(Id)
    target_us: Mapped[int] = mapped_column(BigInteger)
    used_us: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    told: Mapped[list[Any]] = mapped_column(default=list)
