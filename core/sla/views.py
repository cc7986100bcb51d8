"""What the outside gets to see of service levels."""

from __future__ import annotations

from dataclasses import dataclass

from core.sla.model import Scope
from core.sla.rules import Terms


@dataclass(frozen=True, slots=True)
class UseView:
    """For what a service level is; `name` is that of the customer or the queue."""

    scope: Scope
    name: str


@dataclass(frozen=True, slots=True)
class LevelView:
    """A service level, and for what it is."""

    id: int
    name: str
    terms: Terms
    uses: tuple[UseView, ...] = ()
