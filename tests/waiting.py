"""What other threads and processes do can only be looked at again and again."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep


def until(holds: Callable[[], object], within_s: float = 30, look_again_s: float = 0.05) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: it does not in time.
    """
    end = monotonic() + within_s
    while not holds():
        assert monotonic() < end, "it did not come to that"
        sleep(look_again_s)
