"""What the outside gives to be planned, and gets to see of activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.activities.rules import ActivityStatus, Direction
from core.work.rules import WorkKind
from core.work.views import ItemView


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be planned.

    Attributes:
        at: when a task is due, or a call or an appointment begins.
        regarding, contact: the case, or the customer, that it is about.
        remind: so long before; None is as usual for its kind.
        people: the colleagues who are needed at a service activity, by their ids.
    """

    kind: WorkKind
    title: str
    at: datetime | None = None
    until: datetime | None = None
    regarding: int | None = None
    contact: int | None = None
    place: str = ""
    remind: timedelta | None = None
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """A letter, a chat message or a call that happened outside the desk.

    Attributes:
        at: when; None is now.
        outcome: what came of it, where that was said; `minutes` how long it took.
        regarding, contact: as of a plan.
    """

    kind: WorkKind
    direction: Direction
    title: str
    at: datetime | None = None
    outcome: str = ""
    minutes: int | None = None
    regarding: int | None = None
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Why somebody cannot be somewhere: what else they have then, or that they are away until an instant.

    Attributes:
        item: None where they are away, or where whoever reads may not see it.
    """

    person: str
    at: datetime | None
    until: datetime | None
    item: ItemView | None = None


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity in its place.

    Attributes:
        at: when a task is due, or a call or an appointment begins.
        regarding: the number and title of the case it regards.
        contact: the name of the customer it regards, where that is no case.
        invited: whether the customer of its case is told of it.
        remind: said by whoever planned it; None is as usual.
        took: how long it took, if somebody said so.
        snoozed_for: why it is snoozed, if somebody said so.
        answer, answered_at: what the customer's calendar answered to the invitation, if it did.
        direction: whether a letter, a chat message or a call came to us or went out, where that is known.
        people: the names of the colleagues who are needed, besides whoever has it.
    """

    item: ItemView
    status: ActivityStatus
    at: datetime | None
    until: datetime | None = None
    regarding: tuple[int, str] | None = None
    contact: str = ""
    place: str = ""
    invited: bool = False
    remind: timedelta | None = None
    outcome: str = ""
    took: timedelta | None = None
    snoozed_for: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    direction: Direction | None = None
    people: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """What people type."""
        return self.item.number


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """What comes up at an instant: an activity, or the end of a snooze."""

    item: ItemView
    at: datetime
    until: datetime | None
    snoozed: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """Somebody's days in order, what is overdue, and how many activities of theirs have no time."""

    days: tuple[tuple[date, tuple[AgendaItem, ...]], ...]
    overdue: tuple[AgendaItem, ...]
    undated: int
