"""A Redis that was away at the start is looked at when it is back: one that evicts loses wake-up calls in silence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import redis
import structlog

from core.errors import Misconfigured
from workers.broker import check_redis

_EVERY_S = 2.0

log = structlog.get_logger(__name__)


@contextmanager
def looked_at_later(url: str) -> Iterator[None]:
    """During the block wait for Redis in a thread of its own, look at it once, and log what is wrong with it."""
    stop = threading.Event()
    thread = threading.Thread(target=_look, args=(url, stop), name="redis-later", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def _look(url: str, stop: threading.Event) -> None:
    while not stop.wait(_EVERY_S):
        try:
            check_redis(url)
        except Misconfigured as error:
            log.error("redis_unfit", told=error.faults[0], setting="CHERHA_REDIS_URL")  # noqa: TRY400 - it is told whole
        except redis.RedisError:
            continue
        return
