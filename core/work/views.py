"""What the outside gets to see of queues and items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.work.rules import Place, Policy, QueueKind, WorkKind


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue; `name` is None for the personal ones, whose name depends on the reader."""

    id: int
    kind: QueueKind
    name: str | None
    owner_id: int | None
    owner_name: str | None
    missed_after_days: int | None
    private: bool = False
    policy: Policy = Policy.MANUAL
    skill: str | None = None
    accept_within: int | None = None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """A public queue with its numbers: waiting in it, accepted out of it, done today; and who looks watches it."""

    queue: QueueView
    waiting: int
    in_progress: int
    done_today: int
    watched: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item in its place.

    Attributes:
        number: what people type; of cases and activities alike.
        answered: the last word is ours; no customer waits.
        queue: where it stands; None once it is closed (or for an activity in no queue).
        since: since when it stands there.
        due_at: when the first of its clocks runs out, and `due_for` which one that is, as `core.sla.clocks` names it.
        merged_into: the case that goes on under its number.
    """

    number: int
    kind: WorkKind
    title: str
    open: bool
    priority: int
    answered: bool
    queue: QueueView | None
    since: datetime
    created_at: datetime
    touched_at: datetime
    planned_at: datetime | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    due_at: datetime | None = None
    due_for: str | None = None
    merged_into: int | None = None

    @property
    def place(self) -> Place | None:
        """The place in the words of the rules."""
        return Place(self.queue.kind, self.queue.owner_id) if self.queue else None

    @property
    def holder_id(self) -> int | None:
        """Who has it, accepted or not; None while it is nobody's."""
        return self.queue.owner_id if self.queue else None
