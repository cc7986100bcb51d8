"""The one edge around every actor: nothing gets past it, and each run leaves one line in the log."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import dramatiq
import structlog
from dramatiq import Broker

from core.errors import TryLater
from workers.broker import QUEUES

log = structlog.get_logger(__name__)

#: Told of a row whose handling failed, and why.
Failed = Callable[[int, str], object]


def declare(broker: Broker, name: str, do: Callable[[int], str | None], failed: Failed) -> None:
    """Make an actor known to a broker.

    Args:
        name: a key of `QUEUES`.
        do: handles a row and says in a word what came of it; None when there was nothing to do.
        failed: marks the row when `do` raised.
    """

    def run(row: int) -> None:
        began = perf_counter()
        outcome = _guarded(name, row, do, failed)
        if outcome is not None:
            log.info("job", actor=name, row=row, outcome=outcome, ms=round((perf_counter() - began) * 1000))

    dramatiq.actor(actor_name=name, queue_name=QUEUES[name], broker=broker)(run)


def _guarded(name: str, row: int, do: Callable[[int], str | None], failed: Failed) -> str | None:
    try:
        return do(row)
    except TryLater as error:
        log.info("job_postponed", actor=name, row=row, reason=error.key)
        return None  # the row stands as it was; the sweep calls again
    except Exception as error:
        log.exception("job_failed", actor=name, row=row)
        return _mark(name, row, failed, told(error))


def told(error: Exception) -> str:
    """Tell an error in words that may be shown where the key of a sentence may be: braces would stand for facts."""
    return f"{type(error).__name__}: {error}".replace("{", "(").replace("}", ")")


def _mark(name: str, row: int, failed: Failed, reason: str) -> str:
    try:
        failed(row, reason)
    except Exception:
        log.exception("job_not_marked", actor=name, row=row)
    return "failed"
