"""Updates in: fetched raw, kept before they are confirmed, and handed on in the order of their rows."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.chat import Event
from bot.lanes import Lanes
from bot.transport import call, pause_after
from core.desk import Desk
from core.errors import TryLater
from core.inbox import updates as inbox

log = structlog.get_logger(__name__)

#: What the desk wants to hear of (core.telegram.org/bots/api#getupdates).
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]

#: Seconds that a getUpdates call is held open, and updates it brings at most.
LONG_POLL_S, BATCH = 25, 100

#: When updates are not kept after so many seconds, their senders are told that it will take longer.
PATIENCE_S = 10.0

#: Seconds between two tries to keep what Telegram brought, at most.
KEEP_AGAIN_S = 5.0

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
        kept = await asyncio.to_thread(self._desk.run_many, inbox.keep_update, whole, inbox.keep_updates)
        for one, outcome in zip(whole, kept, strict=True):
            if isinstance(outcome, TryLater):
                raise outcome
            if isinstance(outcome, Exception):
                await self._set_aside(one[2], f"not kept: {type(outcome).__name__}: {outcome}")
        for _, number, text in new:
            if number is None:
                await self._set_aside(text, "it has no usable update_id")
        rows = [row for row in kept if isinstance(row, int)]
        if rows == list(range(self._lanes.last_row + 1, self._lanes.last_row + 1 + len(whole))):
            for row, (_, _, text) in zip(rows, whole, strict=True):
                await self._lanes.put(row, text)
        else:  # some are known, or rows lie between that another bot has kept or that could not be handed on
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
        except InvalidToken as error:  # one that Telegram knows no more
            log.error("token_refused", what_to_do="copy it anew from @BotFather into CHERHA_TELEGRAM_TOKEN")  # noqa: TRY400
            pause_s = await _pause(error, pause_s, stopping)
        except (TelegramError, TryLater) as error:
            pause_s = await _pause(error, pause_s, stopping)
        except Exception as error:
            log.exception("updates_not_taken")
            pause_s = await _pause(error, pause_s, stopping)


async def _fetch(bot: Bot, offset: int) -> list[dict[str, Any]]:
    facts = {"offset": offset, "limit": BATCH, "timeout": LONG_POLL_S, "allowed_updates": ALLOWED_UPDATES}
    return list(await call(bot, "getUpdates", facts, read_timeout=LONG_POLL_S + 10))


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
