"""Updates in: kept before they are confirmed, handled chat by chat in order, settled with their effect."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import warnings
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, EndPointNotFound, InvalidToken, NetworkError, TelegramError
from telegram.warnings import PTBUserWarning

from bot.chat import Event, Heard, belong_together, together, understand
from bot.transport import pause_after
from core.desk import Desk
from core.errors import TryLater
from core.inbox import actions as inbox
from core.inbox.model import InboxState

log = structlog.get_logger(__name__)

#: What the desk wants to hear of (core.telegram.org/bots/api#getupdates).
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

#: Seconds that a getUpdates call is held open, and updates it brings at most.
LONG_POLL_S, BATCH = 25, 100

#: Seconds to wait for the next part of an album or of a batch of forwards.
GATHER_S = 0.8

#: When updates are not kept after so many seconds, their senders are told that it will take longer.
PATIENCE_S = 10.0

#: Seconds between two tries to keep what Telegram brought, at most.
KEEP_AGAIN_S = 5.0

#: Chats handled at the same time.
CHATS_AT_ONCE = 24

Handle = Callable[[list[int], Event], Awaitable[None]]

#: Tells the chat of an event that it waits, because the database is away.
TellAway = Callable[[Event], None]


class Keeper:
    """Makes raw updates durable and hands their rows on."""

    def __init__(self, desk: Desk, bot_id: int, lanes: Lanes, tell_away: TellAway) -> None:
        self._desk = desk
        self._bot_id = bot_id
        self._lanes = lanes
        self._tell_away = tell_away
        # One at a time: rows become visible in the order of their ids, so none is passed over.
        self._turn = asyncio.Lock()

    async def keep(self, raws: Sequence[dict[str, Any]]) -> None:
        """Keep updates in one commit, should that fail one by one; only when this returns may they be confirmed.

        One without a number of its own, or that cannot be kept as it is, is set aside. While they cannot be kept, those
        who sent them are told that they wait.

        Raises:
            TryLater: the database is away; they must not be confirmed.
        """
        try:
            await self._keep_in_time(raws)
        except TryLater:
            self._tell_all(raws)
            raise

    async def _keep_in_time(self, raws: Sequence[dict[str, Any]]) -> None:
        """Keep updates, or say after a while that it takes too long; what was begun is finished all the same."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._turn.acquire()
        except TimeoutError:
            raise TryLater("error.database_away") from None
        keeping = asyncio.create_task(self._keep(raws))
        keeping.add_done_callback(self._kept)
        done, _ = await asyncio.wait({keeping}, timeout=PATIENCE_S)
        if not done:  # they come again and are known then
            raise TryLater("error.database_away")
        keeping.result()

    def _kept(self, keeping: asyncio.Task[None]) -> None:
        self._turn.release()
        if not keeping.cancelled():
            keeping.exception()  # whoever still waits for it is told

    def _tell_all(self, raws: Sequence[dict[str, Any]]) -> None:
        for raw in raws:
            with contextlib.suppress(Exception):  # one that cannot be read waits with the others
                event = self._lanes.read(raw)
                if event is not None:
                    self._tell_away(event)

    async def _keep(self, raws: Sequence[dict[str, Any]]) -> None:
        new = [(self._bot_id, number_of(raw), _written(raw)) for raw in raws]
        whole = [(bot, number, text) for bot, number, text in new if number is not None]
        kept = await asyncio.to_thread(self._desk.run_many, inbox.keep_update, whole)
        for one, outcome in zip(whole, kept, strict=True):
            if isinstance(outcome, TryLater):
                raise outcome
            if isinstance(outcome, Exception):
                await self._set_aside(one[2], f"not kept: {type(outcome).__name__}: {outcome}")
        for _, number, text in new:
            if number is None:
                await self._set_aside(text, "it has no usable update_id")
        await self._hand_on()

    async def _set_aside(self, text: str, reason: str) -> None:
        """Keep what cannot be handled under a number made of its words, below those that Telegram gives."""
        log.warning("update_set_aside", reason=reason.partition(":")[0])
        number = -int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])
        new = (self._bot_id, number, text)
        await asyncio.to_thread(self._desk.run, inbox.keep_update_aside, new, reason)

    async def resume(self) -> None:
        """Hand on what an earlier run of the bot kept and did not finish."""
        async with self._turn:
            await self._hand_on()

    async def _hand_on(self) -> None:
        while rows := await self._waiting():  # a page at a time
            for row, raw in rows:
                await self._lanes.put(row, raw)

    async def _waiting(self) -> list[tuple[int, str]]:
        return await asyncio.to_thread(self._desk.look, inbox.waiting_updates, self._bot_id, self._lanes.last_row)


def number_of(raw: Any) -> int | None:
    """Find the number of an update; None when it has none that a row can hold (64 bits)."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 <= number < 2**63 else None


def _written(raw: Any) -> str:
    """Write an update down as JSON in ASCII, where what no database keeps (half a character, a zero) is an escape."""
    try:
        return json.dumps(raw)
    except (ValueError, RecursionError) as error:  # too deep to be written; it was read with less of the stack in use
        return json.dumps({"not written": type(error).__name__})


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

    async def _read(self, row: int, raw: str) -> None:
        try:
            event = self.read(json.loads(raw))
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
        while await self._more(lane, parts[-1]):
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


async def poll(bot: Bot, keeper: Keeper, stopping: asyncio.Event) -> None:
    """Fetch raw updates, keep them, and only then move the offset, until told to stop.

    They are fetched raw and read row by row: one update that the library cannot read would otherwise block all others.
    """
    offset = 0
    pause_s = 0.5
    while not stopping.is_set():
        try:
            raws = await _until(stopping, _fetch(bot, offset))
            if raws:
                await keeper.keep(raws)
                numbers = [number for raw in raws if (number := number_of(raw)) is not None]
                if not numbers:  # what has no number cannot be confirmed, and comes again at once
                    await _sleep(stopping, 1)
                offset = max([offset, *(number + 1 for number in numbers)])
            pause_s = 0.5
        except InvalidToken:
            raise
        except EndPointNotFound as error:  # what the library makes of a token that Telegram knows no more
            log.error("token_refused", what_to_do="copy it anew from @BotFather into CHERHA_TELEGRAM_TOKEN")  # noqa: TRY400
            pause_s = await _pause(error, pause_s, stopping)
        except (TelegramError, TryLater) as error:
            pause_s = await _pause(error, pause_s, stopping)
        except Exception as error:
            log.exception("updates_not_taken")
            pause_s = await _pause(error, pause_s, stopping)


async def _fetch(bot: Bot, offset: int) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        # The library warns that it has a method for this; its method would parse, and so could block.
        warnings.simplefilter("ignore", PTBUserWarning)
        answer: Any = await bot.do_api_request(
            "getUpdates",
            api_kwargs={
                "offset": offset,
                "limit": BATCH,
                "timeout": LONG_POLL_S,
                "allowed_updates": ALLOWED_UPDATES,
            },
            read_timeout=LONG_POLL_S + 10,
        )
    return list(answer)


async def _until(stopping: asyncio.Event, work: Any) -> Any:
    """Wait for work, or for the word to stop: then it is given up, which loses nothing that was not confirmed."""
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stop.cancel()
        task.cancel()


async def _pause(error: Exception, pause_s: float, stopping: asyncio.Event) -> float:
    """Wait before the next try: as Telegram asks, else longer and longer up to half a minute."""
    wait_s = 3.0 if isinstance(error, Conflict) else pause_after(error, pause_s)
    name = "telegram_away" if isinstance(error, NetworkError) else "updates_not_fetched"
    if isinstance(error, TryLater):
        wait_s, name = min(KEEP_AGAIN_S, wait_s), "database_away"
    log.warning(name, error=type(error).__name__, wait_s=wait_s)
    await _sleep(stopping, wait_s)
    return min(30.0, pause_s * 1.5)


async def _sleep(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
