"""What the outside gets to see of activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.work.views import ItemView


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task in its place.

    Attributes:
        snoozed_for: why it is snoozed, if somebody said so.
        regarding: the number and title of the case it regards; None for one that stands alone.
    """

    item: ItemView
    due_at: datetime | None
    regarding: tuple[int, str] | None
    snoozed_for: str = ""

    @property
    def number(self) -> int:
        """What people type."""
        return self.item.number
