"""Updates handled: those of one chat in order, those of different chats at the same time; parts of one are gathered."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram import Bot, Update

from bot.chat import Event, Heard, belong_together, together, understand
from core.desk import Desk
from core.inbox import updates as inbox
from core.inbox.model import InboxState

log = structlog.get_logger(__name__)

#: Seconds to wait for the next part of an album or of a batch of forwards.
GATHER_S = 0.8

#: Parts of one message at most: of more than that nobody forwards at once, and who goes on and on is heard meanwhile.
PARTS = 100

#: Chats handled at the same time.
CHATS_AT_ONCE = 24

Handle = Callable[[list[int], Event], Awaitable[None]]


#: What may be half of a character, or a zero, in JSON text in ASCII.
_ILLEGIBLE = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)


def _legible(value: Any) -> Any:
    """Put U+FFFD in the place of halves of characters and of zeros, which no database keeps, wherever they stand."""
    match value:
        case str():
            whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
        case list():
            return [_legible(one) for one in value]
        case dict():
            return {key: _legible(one) for key, one in value.items()}
        case _:
            return value


@dataclass(slots=True)
class _Lane:
    """The updates of one chat that wait, and whether somebody handles them."""

    waiting: deque[tuple[int, Event]] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Lanes:
    """Handles updates of one chat in order, of different chats at the same time."""

    def __init__(self, desk: Desk, bot: Bot, handle: Handle) -> None:
        self._desk = desk
        self._bot = bot
        self._handle = handle
        self._lanes: dict[int, _Lane] = {}
        self._places = asyncio.Semaphore(CHATS_AT_ONCE)
        #: The last row handed on: what is kept after it is new.
        self.last_row = 0

    async def put(self, row: int, raw: str) -> None:
        """Line a kept update up behind the others of its chat; one that cannot be read is set aside."""
        if row <= self.last_row:
            return
        await self._read(row, raw)
        self.last_row = row  # only now: one whose settling failed is handed on again

    def read(self, raw: Any) -> Event | None:
        """Read a raw update; None for what the desk has no use for. Raises whatever the library does."""
        return understand(Update.de_json(_legible(raw), self._bot), self._bot.username)

    def _read_kept(self, raw: str) -> Event | None:
        """Do the same with one that was kept; looking for what is not legible is only worth it where there is some."""
        told = json.loads(raw)
        if _ILLEGIBLE.search(raw):
            return self.read(told)
        return understand(Update.de_json(told, self._bot), self._bot.username)

    async def _read(self, row: int, raw: str) -> None:
        try:
            event = self._read_kept(raw)
        except Exception as error:  # noqa: BLE001 - one unreadable update must not stop the others
            log.warning("update_set_aside", row=row, error=type(error).__name__)
            await self._settle(row, InboxState.SET_ASIDE, f"{type(error).__name__}: {error}"[:300])
            return
        if event is None:
            await self._settle(row, InboxState.DONE, None)
            return
        self._line_up(row, event)

    async def _settle(self, row: int, state: InboxState, reason: str | None) -> None:
        await asyncio.to_thread(self._desk.run, inbox.settle_updates, [row], state, reason)

    def _line_up(self, row: int, event: Event) -> None:
        key = getattr(event, "old", None) or event.sender.chat_id  # type: ignore[union-attr] # Migrated has no sender
        lane = self._lanes.setdefault(key, _Lane())
        lane.waiting.append((row, event))
        lane.news.set()
        if lane.task is None:
            lane.task = asyncio.create_task(self._run(key, lane))

    async def _run(self, key: int, lane: _Lane) -> None:
        try:
            while lane.waiting:
                rows, event = await self._next(lane)
                async with self._places:
                    await self._handle(rows, event)
        finally:
            del self._lanes[key]

    async def _next(self, lane: _Lane) -> tuple[list[int], Event]:
        """Take the next event; the parts of an album or of a batch of forwards are waited for and taken as one."""
        row, event = lane.waiting.popleft()
        if not isinstance(event, Heard) or not (event.album or event.forwarded):
            return [row], event
        rows, parts = [row], [event]
        while len(parts) < PARTS and await self._more(lane, parts[-1]):
            row, part = lane.waiting.popleft()
            assert isinstance(part, Heard)  # noqa: S101 - only those belong together
            rows.append(row)
            parts.append(part)
        return rows, together(parts)

    async def _more(self, lane: _Lane, last: Heard) -> bool:
        if not lane.waiting:
            lane.news.clear()
            try:
                await asyncio.wait_for(lane.news.wait(), GATHER_S)
            except TimeoutError:
                return False
        _, following = lane.waiting[0]
        return isinstance(following, Heard) and belong_together(last, following)

    async def drain(self, within_s: float) -> None:
        """Let what is in hand be finished; what is not done in time stays kept and is done at the next start."""
        tasks = [lane.task for lane in self._lanes.values() if lane.task]
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=within_s)
            for task in unfinished:
                task.cancel()
