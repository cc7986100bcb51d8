"""What the outside gets to see of what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class HappenedView:
    """One change; `actor` is None when the desk did it by itself."""

    at: datetime
    verb: str
    actor: str | None
    via: str
    facts: dict[str, Any]
