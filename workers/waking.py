"""Wake-up calls leave by a thread of their own, so that no transaction and no event loop ever waits for Redis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from queue import Empty, Full, Queue
from threading import Event, Thread

import redis
import structlog
from dramatiq import Broker, Message

from workers.broker import QUEUES

#: So many calls may wait to leave; more are dropped, and the sweep calls again.
ROOM = 20_000

_POLL_S = 0.2

log = structlog.get_logger(__name__)


class Waker:
    """The desk's `wake`: takes calls at once, and hands them to the broker when it can.

    Args:
        broker: who carries them.
        room: how many may wait.
        asleep: actors that are not called, for they would find nothing they could do.
    """

    def __init__(self, broker: Broker, room: int = ROOM, *, asleep: Collection[str] = ()) -> None:
        self._broker = broker
        self._asleep = frozenset(asleep)
        self._calls: Queue[tuple[str, int]] = Queue(room)
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="waker", daemon=True)
        self._thread.start()

    def __call__(self, calls: Sequence[tuple[str, int]]) -> None:
        """Take calls, each an actor and a row; never blocks and never raises."""
        wanted = [call for call in calls if call[0] not in self._asleep]
        for left, call in zip(range(len(wanted), 0, -1), wanted, strict=True):
            try:
                self._calls.put_nowait(call)
            except Full:
                log.warning("wake_dropped", calls=left, reason="full")
                return

    def close(self, wait_s: float = 1.0) -> None:
        """Send what waits, for so long at most, and end."""
        self._stopping.set()
        self._thread.join(wait_s)

    def _run(self) -> None:
        while True:
            try:
                call = self._calls.get(timeout=_POLL_S)
            except Empty:
                if self._stopping.is_set():
                    return
                continue
            try:
                self._broker.enqueue(message(*call))
            except redis.ConnectionError:
                log.debug("wake_dropped", calls=1 + self._drop_all())  # the broker tells it once
            except Exception as error:  # noqa: BLE001 - whatever the broker says, the sweep calls again
                log.warning("wake_dropped", calls=1 + self._drop_all(), reason=type(error).__name__)

    def _drop_all(self) -> int:
        """Drop what waits behind a call that failed: each would only wait for the same time-out."""
        dropped = 0
        try:
            while True:
                self._calls.get_nowait()
                dropped += 1
        except Empty:
            return dropped


def message(actor: str, row: int) -> Message[None]:
    """Make the wake-up call of an actor for a row."""
    return Message(queue_name=QUEUES[actor], actor_name=actor, args=(row,), kwargs={}, options={})
