"""What the outside gets to see of when the house works."""

from __future__ import annotations

from dataclasses import dataclass

from core.calendars.rules import Closure


@dataclass(frozen=True, slots=True)
class ClosureView:
    """Dates on which the house is closed, and why."""

    id: int
    name: str
    dates: Closure
