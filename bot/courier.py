"""Messages out: claim what is owed to chats, send it within Telegram's limits, settle it; redraw cards, fetch files."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.drawing import Drawn, draw, draw_retired, redraw
from bot.limits import FOR_THE_OWED, Limits
from bot.replies import Replies
from bot.sending import Fate, Result, send
from bot.settling import Settled, settle, settle_barely, settle_card, settle_undrawn, settle_untried
from bot.together import Books
from bot.transport import MEDIA_TIMEOUT_S
from core.cases import files
from core.cases.due import due_for_chats
from core.cases.rules import FileState
from core.cases.views import FileView
from core.desk import OUTAGE, STATEMENT_FAILED, Desk, Tx
from core.errors import TryLater
from core.outbox import claims
from core.outbox.claims import Hands
from core.outbox.model import Channel
from core.outbox.views import Parcel
from core.store.files import FileStore
from core.work import cards
from core.work.cards import DueCard

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: Seconds between two looks at what is due, unless something asks for one at once.
LOOK_EVERY_S = 0.2

#: While nothing changes in a desk that nobody else serves.
LOOK_RESTING_S = 1.0

#: Rows that are on their way at the same time.
AT_ONCE = 32

#: Seconds that a claimed row waits for its turn, before it is put back for later.
TURN_S = 3.0

#: Seconds that what is only for looks waits for its turn.
LOOKS_S = 20.0

#: Seconds until what became of a row is written down again, while the database is away: longer and longer.
WRITE_AGAIN_S, WRITE_AGAIN_AT_MOST_S = 0.25, 2.0

#: After so long a card that could not be drawn is drawn again.
REDRAW_AGAIN = timedelta(minutes=1)

#: Things done beside the rows at the same time (toasts, what is only for looks); one more is left out.
BESIDE = 256

#: "Writes" and "sends a file" are shown for five seconds (core.telegram.org/bots/api#sendchataction).
ACTING_S, ACTING_TIMES = 4.5, 6

#: An upload that takes longer than this is shown.
UPLOAD_SHOWN_AFTER_S = 0.5


class Courier:
    """The one sender to Telegram."""

    def __init__(self, desk: Desk, bot: Bot, store: FileStore, limits: Limits) -> None:
        self._desk = desk
        self._bot = bot
        self._store = store
        self._limits = limits
        self._nudged = asyncio.Event()
        self._books = Books(desk)
        self._replies = Replies(lambda drawn: self._send(drawn, silent=True), limits)
        self._under_way: set[asyncio.Task[None]] = set()
        self._beside: set[asyncio.Task[None]] = set()
        self._redrawing: set[int] = set()
        self._fetching: set[int] = set()
        self._leaving = False
        #: Lanes of rows that are on their way: nobody claims those anew, though the database may have been away for so
        #: long that a lease ran out before what became of its row could be written down.
        self._in_hand: set[str] = set()

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
                await self._pause()
            self._nudged.clear()
        self._leaving = True  # what would be claimed from now on would be in nobody's hands

    async def _pause(self) -> None:
        """Wait until it is time to look again, or something asks for it."""
        over_s = self._now_s() + LOOK_RESTING_S
        while not self._nudged.is_set() and self._now_s() < over_s:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), LOOK_EVERY_S)
            if not self._desk.rests():
                return

    async def drain(self, within_s: float) -> None:
        """Let what is under way be settled, and what may be lost be said if there is time."""
        draining = asyncio.create_task(self._replies.drain(within_s))
        await asyncio.wait({draining, *self._under_way, *self._beside}, timeout=within_s)
        await draining
        for task in self._beside:
            task.cancel()

    def say(self, drawn: Drawn) -> None:
        """Send directly what may be lost: a reply to a look-up, or a sentence about an error. Nobody waits for it."""
        self._replies.say(drawn)

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that may be left out, without anybody waiting for it."""
        if len(self._beside) >= BESIDE:
            work.close()
            log.info("left_out", why="too much at once")
            return
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    @contextlib.asynccontextmanager
    async def acting(self, chat_id: int, action: str, after_s: float) -> AsyncIterator[None]:
        """Show in a chat what the bot is doing, when that takes longer than `after_s` seconds; best effort."""
        task = asyncio.create_task(self._act(chat_id, action, after_s))
        try:
            yield
        finally:
            task.cancel()

    async def _act(self, chat_id: int, action: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        for _ in range(ACTING_TIMES):
            now_s = self._now_s()
            if self._limits.quiet_s(chat_id, now_s) <= 0 and self._limits.room(now_s) > FOR_THE_OWED:
                with contextlib.suppress(TelegramError):
                    await self._bot.send_chat_action(chat_id, action)
            await asyncio.sleep(ACTING_S)

    async def _round(self) -> bool:
        """Start what is due and may go; tells whether there was more than could be started."""
        busy = self._limits.busy(self._now_s())
        due, redraws, fetches = await asyncio.to_thread(self._desk.look, _due, frozenset(self._redrawing), busy)
        if due:
            await self._start_parcels()
        for card, drawn in redraws:
            if isinstance(drawn, Exception):
                log.error("card_not_drawn", work=card.work, exc_info=drawn)
                await asyncio.to_thread(self._desk.run, cards.postpone, card.id, REDRAW_AGAIN)
            elif card.id not in self._redrawing and self._limits.take(card.chat_id, self._now_s()) <= 0:
                self._redrawing.add(card.id)
                self._start(self._redraw(card, drawn))
        for file in fetches:
            if file.id not in self._fetching:
                self._fetching.add(file.id)
                self._start(self._fetch(file))
        return False

    async def _start_parcels(self) -> None:
        hands = self.hands()
        if hands.room <= 0:
            return
        parcels = await asyncio.to_thread(
            self._desk.run, claims.claim_due, Channel.TELEGRAM, hands.room, not_lanes=list(hands.not_lanes)
        )
        for parcel in parcels:
            self._start(self._deliver(parcel))

    def hands(self) -> Hands:
        """Tell what could be sent now, so that who owes it can have it claimed in the same transaction."""
        now_s = self._now_s()
        waiting = frozenset(f"{Channel.TELEGRAM}:{chat}" for chat in self._limits.busy(now_s)) | self._in_hand
        room = 0 if self._leaving else min(AT_ONCE - len(self._under_way), self._limits.room(now_s))
        return Hands(Channel.TELEGRAM, max(0, room), waiting)

    def take(self, hands: Hands, drawn: Sequence[Drawn | None]) -> None:
        """Send what was claimed in the transaction that owes it; what could not be drawn in it is drawn anew."""
        for parcel, one in zip(hands.parcels, drawn, strict=True):
            self._start(self._deliver(parcel, one))
        if hands.left:
            self.nudge()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if len(self._under_way) == AT_ONCE - 1:
            self._nudged.set()  # there is room again
        if not task.cancelled() and task.exception() is not None:
            # The lease runs out and the row is claimed again; nothing is lost.
            self._nudged.set()
            log.error("delivery_failed", error=repr(task.exception()))

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()

    async def _deliver(self, parcel: Parcel, drawn: Drawn | None = None) -> None:
        self._in_hand.add(parcel.lane)
        try:
            drawn = drawn or await self._draw(parcel)
            if drawn is not None:
                await self._bring(parcel, drawn)
        finally:
            self._in_hand.discard(parcel.lane)

    async def _draw(self, parcel: Parcel) -> Drawn | None:
        """Put what is owed into words; what cannot be is put back, and is dead after a few tries."""
        try:
            drawn = await asyncio.to_thread(self._desk.look, draw, parcel)
        except TryLater:
            await self._write(lambda tx: settle_untried(tx, parcel))
            return None
        except Exception:
            reference = secrets.token_hex(3).upper()
            log.exception("message_not_drawn", row=parcel.id, kind=str(parcel.kind), reference=reference)
            await self._write(lambda tx: settle_undrawn(tx, parcel, reference))
            return None
        if drawn is None:  # there is nothing left to send
            settled = await self._write(lambda tx: settle(tx, parcel, None, Result(Fate.SENT)))
            if settled.more:
                self.nudge()
        return drawn

    async def _write(self, action: Callable[[Tx], T]) -> T:
        """Write down what became of a row; it is known, so nothing is repeated because the database is away."""
        pause_s = WRITE_AGAIN_S
        while True:
            try:
                return await self._books.write(action)
            except TryLater:
                await asyncio.sleep(pause_s)
                pause_s = min(WRITE_AGAIN_AT_MOST_S, pause_s * 2)

    async def _settle(self, parcel: Parcel, drawn: Drawn, result: Result) -> Settled:
        try:
            return await self._write(lambda tx: settle(tx, parcel, drawn, result))
        except Exception:
            log.exception("not_settled", row=parcel.id, fate=str(result.fate))
            return await self._write(lambda tx: settle_barely(tx, parcel, result))

    async def _bring(self, parcel: Parcel, drawn: Drawn) -> None:
        if await self._limits.turn(drawn.chat_id, TURN_S):
            result = await self._send(drawn, silent=not parcel.sound)
        else:
            later_s = self._limits.wait_s(drawn.chat_id, self._now_s())
            result = Result(Fate.NOT_SENT, after=timedelta(seconds=later_s), error="not its turn")
        settled = await self._settle(parcel, drawn, result)
        log.info("message_out", row=parcel.id, kind=str(parcel.kind), fate=str(result.fate), tries=parcel.tries)
        if settled.older is not None:
            self.beside(self._retire(parcel, settled.older))
        if settled.more or result.fate is not Fate.SENT:
            self.nudge()

    async def _send(self, drawn: Drawn, *, silent: bool) -> Result:
        """Make one call whose turn it is; a chat that is to be left in peace is."""
        if drawn.file is not None and drawn.file.telegram_id is None and drawn.edit is None:
            async with self.acting(drawn.chat_id, "upload_document", UPLOAD_SHOWN_AFTER_S):
                result = await send(self._bot, self._store, drawn, silent=silent)
        else:
            result = await send(self._bot, self._store, drawn, silent=silent)
        if result.topic:
            self._limits.spent(drawn.chat_id, self._now_s())
        if result.after is not None:
            self._limits.hush(drawn.chat_id, result.after.total_seconds(), self._now_s())
        return result

    async def _retire(self, parcel: Parcel, older: int) -> None:
        """Let a card that has a newer one below it say so, and no more; only for looks, so it may fail."""
        if await self._limits.turn(int(parcel.address), LOOKS_S, FOR_THE_OWED):
            drawn = await asyncio.to_thread(self._desk.look, draw_retired, parcel, older)
            await self._send(drawn, silent=True)

    async def _redraw(self, card: DueCard, drawn: Drawn | None) -> None:
        try:
            result = Result(Fate.GONE) if drawn is None else await self._send(drawn, silent=True)
            await self._books.write(lambda tx: settle_card(tx, card, result))
        except TryLater:
            log.warning("database_away")
        except Exception:
            log.exception("card_not_drawn", work=card.work)
            await asyncio.to_thread(self._desk.run, cards.postpone, card.id, REDRAW_AGAIN)
        finally:
            self._redrawing.discard(card.id)

    async def _fetch(self, file: FileView) -> None:
        """Bring a file from Telegram into the desk's own keeping."""
        try:
            remote = await self._bot.get_file(file.telegram_id or "", read_timeout=MEDIA_TIMEOUT_S)
            content = bytes(await remote.download_as_bytearray(read_timeout=MEDIA_TIMEOUT_S))
            digest = await asyncio.to_thread(self._store.keep, content)
            await asyncio.to_thread(self._desk.run, files.file_kept, file.id, digest, len(content))
        except BadRequest as error:
            final = FileState.TOO_BIG if "too big" in error.message.casefold() else FileState.LOST
            await asyncio.to_thread(self._desk.run, files.file_failed, file.id, final=final)
        except TryLater:
            log.warning("file_not_fetched", file=file.id, error="TryLater")
        except Exception as error:  # noqa: BLE001 - whatever it is: later and later, and in the end the file is lost
            expected = isinstance(error, TelegramError | OSError)
            level = log.warning if expected else log.exception
            level("file_not_fetched", file=file.id, error=type(error).__name__)
            await asyncio.to_thread(self._desk.run, files.file_failed, file.id)
        finally:
            self._fetching.discard(file.id)


def _redrawn(
    tx: Tx, redrawing: Collection[int], not_chats: Collection[int]
) -> list[tuple[DueCard, Drawn | Exception | None]]:
    """Draw the cards that are due anew, each or why it cannot be: one that cannot keeps no other waiting for long."""
    drawn: list[tuple[DueCard, Drawn | Exception | None]] = []
    for card in cards.due(tx, not_chats=not_chats):
        if card.id in redrawing:
            continue
        try:
            drawn.append((card, redraw(tx, card)))
        except OUTAGE:
            raise  # no fault of the card's
        except Exception as error:  # noqa: BLE001 - it is told where the others are sent
            drawn.append((card, error))
            if isinstance(error, STATEMENT_FAILED):
                break  # nothing more can be asked in this look
    return drawn


def _due(
    tx: Tx, redrawing: Collection[int], not_chats: Collection[int] = ()
) -> tuple[bool, list[tuple[DueCard, Drawn | Exception | None]], list[FileView]]:
    """Look what is due; the cards that are to be redrawn are drawn in the same look, last of all."""
    due = due_for_chats(tx)
    waiting = files.waiting_files(tx) if due.files else []
    return due.messages, _redrawn(tx, redrawing, not_chats) if due.cards else [], waiting
