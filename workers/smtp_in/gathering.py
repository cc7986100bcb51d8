"""Group commit: letters that wait at the same time are kept together, and one alone waits for nobody."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog

from core.errors import TryLater
from workers.smtp_in.faults import kind_and_place
from workers.smtp_in.letters import Envelope, Keep, Kept

Outcome = Kept | Exception
_Waiting = tuple[Sequence[Envelope], asyncio.Future[Sequence[Outcome]]]

log = structlog.get_logger(__name__)


class Gatherer:
    """Calls `keep` in a thread of its own, one batch after the other; what arrives meanwhile is the next batch.

    Args:
        keep: keeps letters for good.
        batch: letters in one call, at most; those of one client stay together.
    """

    def __init__(self, keep: Keep, batch: int) -> None:
        self._keep = keep
        self._batch = batch
        self._waiting: deque[_Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keep")
        self._running: asyncio.Task[None] | None = None

    def submit(self, letters: Sequence[Envelope]) -> asyncio.Future[Sequence[Outcome]]:
        """Have letters kept; the future never fails, and whoever waits for it may leave."""
        future: asyncio.Future[Sequence[Outcome]] = asyncio.get_running_loop().create_future()
        self._waiting.append((letters, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return future

    async def drain(self) -> None:
        """Wait until nothing waits."""
        while self._running is not None:
            await asyncio.shield(self._running)

    def close(self) -> None:
        """Let the thread end after what it has in hand."""
        self._thread.shutdown(wait=False)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch = self._next_batch()
                letters = [letter for group, _ in batch for letter in group]
                outcomes = await loop.run_in_executor(self._thread, _keep_all, self._keep, letters)
                _hand_back(batch, outcomes)
        finally:
            self._running = None

    def _next_batch(self) -> list[_Waiting]:
        batch = [self._waiting.popleft()]
        count = len(batch[0][0])
        while self._waiting and count + len(self._waiting[0][0]) <= self._batch:
            batch.append(self._waiting.popleft())
            count += len(batch[-1][0])
        return batch


def _hand_back(batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    start = 0
    for letters, future in batch:
        if not future.cancelled():
            future.set_result(outcomes[start : start + len(letters)])
        start += len(letters)


def _keep_all(keep: Keep, letters: Sequence[Envelope]) -> Sequence[Outcome]:
    """Keep a batch; should that fail, each letter alone, so that a bad one takes no other with it."""
    try:
        return _checked(keep(letters), len(letters))
    except TryLater as away:
        return [away] * len(letters)  # each alone would wait for the same database
    except Exception as error:  # noqa: BLE001 - the client is told to try again, and the loop goes on
        if len(letters) == 1:
            log.error("letter_not_kept", **kind_and_place(error))  # noqa: TRY400 - a traceback may quote it
            return [error]
    return [outcome for letter in letters for outcome in _keep_all(keep, [letter])]


def _checked(outcomes: Sequence[Outcome], expected: int) -> Sequence[Outcome]:
    if len(outcomes) != expected:
        raise ValueError("keep must tell the outcome of every letter")
    return outcomes
