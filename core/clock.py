"""The one reader of the system clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Tell the present instant, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
