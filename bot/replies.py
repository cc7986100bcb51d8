"""Direct replies, chat by chat in order and beside everything else: what may be lost makes nobody wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from bot.drawing import Drawn
from bot.limits import FOR_THE_OWED, Limits
from bot.sending import Fate, Result

log = structlog.get_logger(__name__)

#: Replies of one chat that may wait at the same time; one more is lost.
AT_MOST = 5

#: Seconds after which nobody waits for a reply any more.
WITHIN_S = 20.0

#: How often a reply is tried that Telegram sent back with 429.
TRIES = 3


class Replies:
    """Sends direct replies within the limits; whoever says one goes on at once."""

    def __init__(self, send: Callable[[Drawn], Awaitable[Result]], limits: Limits) -> None:
        self._send = send
        self._limits = limits
        self._waiting: dict[int, deque[Drawn]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, drawn: Drawn) -> None:
        """Line a reply up behind the others of its chat; one too many is lost."""
        chat = self._waiting.get(drawn.chat_id)
        if chat is None:
            self._waiting[drawn.chat_id] = deque([drawn])
            task = asyncio.create_task(self._run(drawn.chat_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif len(chat) < AT_MOST:
            chat.append(drawn)
        else:
            log.info("reply_lost", why="too many at once")

    async def drain(self, within_s: float) -> None:
        """Let what can still be said be said; the rest is lost."""
        if self._tasks:
            _, unsaid = await asyncio.wait(set(self._tasks), timeout=within_s)
            for task in unsaid:
                task.cancel()

    async def _run(self, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        try:
            while waiting:
                await self._say(waiting[0])
                waiting.popleft()
        finally:
            del self._waiting[chat_id]

    async def _say(self, drawn: Drawn) -> None:
        for _ in range(TRIES):
            if not await self._limits.turn(drawn.chat_id, WITHIN_S, FOR_THE_OWED):
                log.info("reply_lost", why="its turn is too far away")
                return
            result = await self._send(drawn)
            if result.after is None:
                break
        if result.fate is not Fate.SENT:
            log.info("reply_lost", fate=str(result.fate), error=result.error)
