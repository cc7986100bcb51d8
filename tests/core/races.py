"""What is done by several at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


#: Threads that run into each other.
CROWD = 4


def at_once(what: Callable[[], T], crowd: int = CROWD) -> list[T]:
    """Do something in so many threads, all starting together."""
    ready = threading.Barrier(crowd)

    def go() -> T:
        ready.wait(10)
        return what()

    with ThreadPoolExecutor(crowd) as pool:
        return [one.result() for one in [pool.submit(go) for _ in range(crowd)]]
