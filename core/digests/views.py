"""What a digest tells."""

from __future__ import annotations

from dataclasses import dataclass

from core.work.views import ItemView, QueueCounts


@dataclass(frozen=True, slots=True)
class OwnDigest:
    """The work of one representative.

    Attributes:
        fresh: items that came into Assigned within the last day, the latest first, and not more than fit.
        fresh_count, assigned_count, progress_count, missed_count: how many there are in all.
        missed: the longest quiet of the missed ones.
        oldest: the oldest open item in their hands.
    """

    fresh: tuple[ItemView, ...]
    fresh_count: int
    assigned_count: int
    progress_count: int
    missed: tuple[ItemView, ...]
    missed_count: int
    oldest: ItemView | None


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """One representative in numbers: items in Assigned, in In Progress, and done within the last day."""

    name: str
    assigned: int
    in_progress: int
    done: int


@dataclass(frozen=True, slots=True)
class DeskDigest:
    """The whole desk.

    Attributes:
        missed_count: missed cases, whoever has them, counted as `count_missed` does.
        set_aside_count: letters that a person should decide on.
        overdue_count: open cases one of whose clocks has run out.
        dead_count: messages to customers that could not be delivered within the last day.
    """

    queues: tuple[QueueCounts, ...]
    people: tuple[PersonCounts, ...]
    missed_count: int
    set_aside_count: int
    dead_count: int
    overdue_count: int
