"""What becomes of calls is written down together: whatever waits at the same time shares one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar, cast

from core.desk import Desk, Tx

T = TypeVar("T")

#: So many share one transaction at most.
AT_MOST = 32


class Books:
    """Runs actions that do not depend on each other, those that wait in one commit; should that fail, each alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: list[tuple[Callable[[Tx], Any], asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, action: Callable[[Tx], T]) -> T:
        """Run an action, and wait until it is committed.

        Raises:
            TryLater: the database is away.
            Exception: whatever the action raised.
        """
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((action, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return cast("T", await done)

    async def _write(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:AT_MOST], self._waiting[AT_MOST:]
                outcomes = await asyncio.to_thread(self._desk.run_many, _run, [action for action, _ in some])
                for (_, done), outcome in zip(some, outcomes, strict=True):
                    if done.cancelled():
                        continue
                    if isinstance(outcome, Exception):
                        done.set_exception(outcome)
                    else:
                        done.set_result(outcome)
        finally:
            self._writing = None


def _run(tx: Tx, action: Callable[[Tx], Any]) -> Any:
    return action(tx)
