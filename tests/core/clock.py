"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: A Monday at noon in Kyiv, in winter: everybody with office hours works.
MONDAY_NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class FakeClock:
    """Tell the instant that a test has set."""

    def __init__(self, at: datetime = MONDAY_NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, span: timedelta) -> datetime:
        """Let time pass, and tell the new instant."""
        self.at += span
        return self.at
