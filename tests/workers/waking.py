"""Calls that are made for the time of a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq import Broker

from workers.waking import Waker


@contextmanager
def waking(broker: Broker, room: int = 100) -> Iterator[Waker]:
    """Make what sends calls, and close it behind the block."""
    waker = Waker(broker, room)
    try:
        yield waker
    finally:
        waker.close()
