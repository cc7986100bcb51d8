"""Messages out: claim what is owed to chats, send it within Telegram's limits, settle it; redraw cards, fetch files."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot import app
from bot.drawing import Drawn, draw, draw_retired, redraw
from bot.limits import Limits
from bot.sending import Fate, Result, send
from core.cases import delivery, files
from core.cases.rules import FileState
from core.cases.views import FileView
from core.desk import Desk, Tx
from core.errors import TryLater
from core.outbox import actions as outbox
from core.outbox.model import Channel, OwedKind
from core.outbox.queries import anything_due
from core.outbox.views import Parcel
from core.store.files import FileStore
from core.work import cards
from core.work.cards import DueCard

log = structlog.get_logger(__name__)

#: Seconds between two looks at what is due, unless something asks for one at once.
LOOK_EVERY_S = 0.2

#: Rows that are on their way at the same time.
AT_ONCE = 32

#: A chat that wants no more from us is waited for this long before the row is tried again.
NO_FASTER = timedelta(milliseconds=500)


class Courier:
    """The one sender to Telegram."""

    def __init__(self, desk: Desk, bot: Bot, store: FileStore, limits: Limits) -> None:
        self._desk = desk
        self._bot = bot
        self._store = store
        self._limits = limits
        self._nudged = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._redrawing: set[int] = set()
        self._fetching: set[int] = set()

    def nudge(self) -> None:
        """Ask for a look at what is due at once: something was just committed."""
        self._nudged.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send what is owed until told to stop."""
        while not stopping.is_set():
            try:
                busy = await self._round()
            except Exception as error:  # noqa: BLE001 - the courier outlives whatever a round meets
                busy = False
                level = log.warning if isinstance(error, TryLater) else log.exception
                level("courier_round_failed", error=type(error).__name__)
                await asyncio.sleep(1)
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._nudged.wait(), LOOK_EVERY_S)
            self._nudged.clear()

    async def drain(self, within_s: float) -> None:
        """Let what is under way be settled."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=within_s)

    async def _round(self) -> bool:
        """Start what is due and may go; tells whether there was more than could be started."""
        due, redraws, fetches = await asyncio.to_thread(self._desk.look, _due)
        if due:
            await self._start_parcels()
        for card in redraws:
            if card.id not in self._redrawing and self._limits.wait_s(card.chat_id, self._now_s()) <= 0:
                self._redrawing.add(card.id)
                self._limits.take(card.chat_id, self._now_s())
                self._start(self._redraw(card))
        for file in fetches:
            if file.id not in self._fetching:
                self._fetching.add(file.id)
                self._start(self._fetch(file))
        return False

    async def _start_parcels(self) -> None:
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return
        waiting = [f"{Channel.TELEGRAM}:{chat}" for chat in self._limits.busy(self._now_s())]
        overall = self._limits.room(self._now_s())
        limit = min(room, overall)
        if limit <= 0:
            return
        parcels = await asyncio.to_thread(self._desk.run, outbox.claim_due, Channel.TELEGRAM, limit, not_lanes=waiting)
        for parcel in parcels:
            self._limits.take(int(parcel.address), self._now_s())
            self._start(self._deliver(parcel))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._nudged.set()
        if not task.cancelled() and task.exception() is not None:
            # The lease runs out and the row is claimed again; nothing is lost.
            log.error("delivery_failed", error=repr(task.exception()))

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()

    async def _deliver(self, parcel: Parcel) -> None:
        drawn = await asyncio.to_thread(self._desk.look, draw, parcel)
        if drawn is None:
            await asyncio.to_thread(self._desk.run, outbox.settle_sent, parcel)
            return
        result = await send(self._bot, self._store, drawn, silent=not parcel.sound)
        if result.after is not None:
            self._limits.hush(drawn.chat_id, result.after.total_seconds(), self._now_s())
        older = await asyncio.to_thread(self._desk.run, settle, parcel, drawn, result)
        log.info("message_out", row=parcel.id, kind=str(parcel.kind), fate=str(result.fate), tries=parcel.tries)
        if older is not None:
            await self._retire(parcel, older)

    async def _retire(self, parcel: Parcel, older: int) -> None:
        """Let a card that has a newer one below it say so, and no more; only for looks, so it may fail."""
        chat_id = int(parcel.address)
        if self._limits.wait_s(chat_id, self._now_s()) > 0:
            await asyncio.sleep(self._limits.wait_s(chat_id, self._now_s()))
        self._limits.take(chat_id, self._now_s())
        drawn = await asyncio.to_thread(self._desk.look, draw_retired, parcel, older)
        await send(self._bot, self._store, drawn, silent=True)

    async def _redraw(self, card: DueCard) -> None:
        try:
            drawn = await asyncio.to_thread(self._desk.look, redraw, card)
            result = Result(Fate.GONE) if drawn is None else await send(self._bot, self._store, drawn, silent=True)
            if result.after is not None:
                self._limits.hush(card.chat_id, result.after.total_seconds(), self._now_s())
            await asyncio.to_thread(self._desk.run, settle_card, card, result)
        finally:
            self._redrawing.discard(card.id)

    async def say(self, drawn: Drawn) -> None:
        """Send directly what may be lost: a reply to a look-up, or a sentence about an error."""
        for _ in range(3):
            wait_s = self._limits.wait_s(drawn.chat_id, self._now_s())
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            self._limits.take(drawn.chat_id, self._now_s())
            result = await send(self._bot, self._store, drawn, silent=True)
            if result.after is None:
                break
            self._limits.hush(drawn.chat_id, result.after.total_seconds(), self._now_s())
        if result.fate is not Fate.SENT:
            log.info("reply_lost", fate=str(result.fate), error=result.error)

    async def _fetch(self, file: FileView) -> None:
        """Bring a file from Telegram into the desk's own keeping."""
        try:
            remote = await self._bot.get_file(file.telegram_id or "")
            content = bytes(await remote.download_as_bytearray())
            digest = await asyncio.to_thread(self._store.keep, content)
            await asyncio.to_thread(self._desk.run, files.file_kept, file.id, digest, len(content))
        except BadRequest as error:
            final = FileState.TOO_BIG if "too big" in error.message.casefold() else FileState.LOST
            await asyncio.to_thread(self._desk.run, files.file_failed, file.id, final=final)
        except (TelegramError, OSError) as error:
            log.warning("file_not_fetched", file=file.id, error=type(error).__name__)
            await asyncio.to_thread(self._desk.run, files.file_failed, file.id)
        finally:
            self._fetching.discard(file.id)


def _due(tx: Tx) -> tuple[bool, list[DueCard], list[FileView]]:
    return anything_due(tx, Channel.TELEGRAM), cards.due(tx), files.waiting_files(tx)


def settle(tx: Tx, parcel: Parcel, drawn: Drawn, result: Result) -> int | None:
    """Write down what became of a row; returns the older card that a new one took the place of."""
    if parcel.kind is OwedKind.ANSWER and parcel.work_id is not None:
        cards.changed(tx, parcel.work_id)  # the card tells whether the answer arrived
    older = None
    if result.fate in {Fate.SENT, Fate.GONE}:
        older = _sent(tx, parcel, drawn, result.message_id)
    elif result.fate is Fate.MIGRATED:
        app.follow(tx, drawn.chat_id, result.new_chat or drawn.chat_id)
        outbox.put_back(tx, parcel, "the chat has a new id", tx.now)
    elif not _again(tx, parcel, result):
        if result.fate is Fate.BLOCKED:
            delivery.blocked(tx, parcel)
        delivery.undeliverable(tx, parcel)
    delivery.tell_author(tx, parcel)
    return older


def _again(tx: Tx, parcel: Parcel, result: Result) -> bool:
    """Plan the next try; False when there is none, and the row is dead."""
    at = tx.now + (result.after or _backoff(parcel))
    if result.fate is Fate.NOT_SENT:
        return outbox.put_back(tx, parcel, result.error or "429", at)
    if result.fate is Fate.UNKNOWN:
        return outbox.settle_unknown(tx, parcel, result.error, at)
    outbox.give_up(tx, parcel, result.error)
    return False


def _sent(tx: Tx, parcel: Parcel, drawn: Drawn, message_id: int | None) -> int | None:
    if not outbox.settle_sent(tx, parcel, message_id) or message_id is None or parcel.work_id is None:
        return None
    if drawn.is_card and parcel.person_id is not None:
        why = parcel.facts if parcel.facts.get("why") else None
        return cards.posted(tx, parcel.work_id, drawn.chat_id, message_id, parcel.person_id, why)
    cards.link(tx, parcel.work_id, drawn.chat_id, message_id, parcel.entry_id)
    return None


def _backoff(parcel: Parcel) -> timedelta:
    """Wait twice as long after each try, from one second up to five minutes."""
    return timedelta(seconds=min(300, 2 ** min(parcel.tries - 1, 9)))


def settle_card(tx: Tx, card: DueCard, result: Result) -> None:
    """Write down what a card shows now, or that it must be tried again or made anew."""
    if result.fate is Fate.SENT:
        cards.shown(tx, card.id, card.wanted)
    elif result.fate in {Fate.NOT_SENT, Fate.UNKNOWN}:
        cards.postpone(tx, card.id, result.after or timedelta(seconds=2))
    elif result.fate is Fate.MIGRATED and result.new_chat:
        app.follow(tx, card.chat_id, result.new_chat)
    else:
        cards.forget(tx, card.id)
