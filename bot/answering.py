"""From a batch of kept updates to what was done and said; the bot's one try: errors become sentences here."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass, replace

import structlog
from telegram import Bot

from bot import dialogues
from bot.app import changes, reader_of, respond
from bot.calls import NeedsChange, Offers, Outcome
from bot.chat import Asked, Blocked, Event, Heard, Migrated, Pressed, Sender
from bot.commands import CUSTOMER_BUTTONS, CUSTOMER_COMMANDS, STAFF_BUTTONS, STAFF_COMMANDS
from bot.courier import Courier
from bot.drawing import Drawn, draw_if_possible, fitting, keyboard
from bot.menus import Menus
from bot.sending import Found, offer, toast
from core.desk import Desk, Tx
from core.errors import DeskError, TryLater
from core.inbox import updates as inbox
from core.outbox.claims import Hands
from core.people import queries as staff
from core.people.views import Representative
from core.texts.said import Notice, Said, said
from core.texts.say import Reader, language, notice_html, say_plain
from core.work import cards

log = structlog.get_logger(__name__)

#: Characters of a toast (core.telegram.org/bots/api#answercallbackquery).
TOAST_LENGTH = 200

#: Handling that takes longer is shown as "typing".
TYPING_AFTER_S = 1.0


@dataclass(frozen=True, slots=True)
class Batch:
    """The kept updates of one event: their rows, and what they say."""

    rows: list[int]
    event: Event


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a batch.

    Attributes:
        outcome: None for a repeat.
        hands: who claimed what is owed; None where nothing was to be changed.
        drawn: what they are to send, in the same order; None where it could not be drawn.
    """

    outcome: Outcome | None
    hands: Hands | None = None
    drawn: tuple[Drawn | None, ...] = ()


def _change(tx: Tx, batch: Batch, hands: Hands) -> _Done:
    """Handle a batch, and have what it owes claimed and drawn in the same transaction."""
    hands = replace(hands, parcels=[])  # each try of the transaction has its own
    hands.wait(tx)
    outcome = respond(tx, batch.rows, batch.event, changing=True)
    tx.session.flush()
    return _Done(outcome, hands, tuple(draw_if_possible(tx, parcel) for parcel in hands.parcels))


class Answering:
    """Answers events, one call a batch; it never raises, so that a chat's later updates are never stopped."""

    def __init__(self, desk: Desk, bot: Bot, courier: Courier, menus: Menus) -> None:
        self._desk = desk
        self._bot = bot
        self._courier = courier
        self._menus = menus
        self._told_away: set[int] = set()

    async def answer(self, batch: Batch) -> None:
        """Handle a batch: again while the database is away, five times when it fails, then set it aside."""
        started = time.perf_counter()
        chat_id = None if isinstance(batch.event, Asked | Blocked | Migrated) else batch.event.sender.chat_id
        async with self._courier.acting(chat_id, "typing", TYPING_AFTER_S) if chat_id else contextlib.nullcontext():
            fate = await self._until_answered(batch)
        spent_ms = round((time.perf_counter() - started) * 1000, 1)
        log.info("update", rows=batch.rows, what=_what(batch.event), fate=fate, ms=spent_ms)

    async def _until_answered(self, batch: Batch) -> str:
        fate = "failed"
        pause_s = 0.3
        while True:
            try:
                fate = await self._once(batch)
            except TryLater:
                self.tell_away(batch.event)
                await asyncio.sleep(pause_s)
                pause_s = min(5.0, pause_s * 2)
                continue
            except Exception as error:  # noqa: BLE001 - the edge: a fault of ours is logged, told and set aside
                if not await self._failed(batch, error):
                    await asyncio.sleep(pause_s)
                    continue
            self._forgive(batch.event)
            return fate

    async def _once(self, batch: Batch) -> str:
        try:
            done = await asyncio.to_thread(self._run, batch, self._courier.hands())
        except TryLater:
            raise
        except DeskError as error:
            await self._refuse(batch, error)
            return error.key
        if done.outcome is None:
            return "repeat"
        if done.hands is not None:
            self._courier.take(done.hands, done.drawn)
        self._say(batch.event, done.outcome)
        if done.hands is None:
            await asyncio.to_thread(self._desk.run, inbox.settle_updates, batch.rows)
        return "done"

    def _run(self, batch: Batch, hands: Hands) -> _Done:
        if not changes(batch.event):
            try:
                return _Done(self._desk.look(respond, batch.rows, batch.event, changing=False))
            except NeedsChange:
                pass
        return self._desk.run(_change, batch, hands)

    async def _refuse(self, batch: Batch, error: DeskError) -> None:
        """Say why not. A card that no longer tells the truth is redrawn."""
        event = batch.event
        reader = await asyncio.to_thread(self._desk.run, _refused, batch.rows, event)
        if reader is None or isinstance(event, Migrated):
            return
        sentence = said(error.key, **error.facts)
        if isinstance(event, Pressed):
            self._toast(event, sentence, reader, alert=False)
            self._courier.nudge()
        elif isinstance(event, Heard):
            self._direct(event, Notice((sentence,)), reader)
        elif isinstance(event, Asked):
            self._offer(event, Offers(), reader)

    def _say(self, event: Event, outcome: Outcome) -> None:
        reply = outcome.reply
        if isinstance(event, Pressed):
            self._toast(event, reply.toast, outcome.reader, alert=reply.alert)
        if reply.notice is not None and isinstance(event, Heard | Pressed):
            replaced = event.message_id if isinstance(event, Pressed) and reply.replace else None
            self._direct(event, reply.notice, outcome.reader, edit=replaced)
        if isinstance(event, Asked) and reply.offers is not None:
            self._offer(event, reply.offers, outcome.reader)
        if reply.menu and isinstance(outcome.who, Representative):
            self._menus.show(outcome.who)

    def _toast(self, event: Pressed, what: Said | None, reader: Reader, *, alert: bool) -> None:
        """Answer a press, so that the button stops waiting; it may be lost, or come too late to matter."""
        text = say_plain(what, reader)[:TOAST_LENGTH] if what else None
        self._courier.beside(toast(self._bot, event.callback_id, text, alert=alert))

    def _offer(self, event: Asked, offers: Offers, reader: Reader) -> None:
        """Answer who types the bot's name in some chat; it may be lost, and is asked anew with the next letter."""
        found = [
            Found(str(one.number), say_plain(one.text, reader), say_plain(one.about, reader)) for one in offers.found
        ]
        self._courier.beside(offer(self._bot, event.query_id, found, offers.further))

    def _direct(self, event: Heard | Pressed, what: Notice, reader: Reader, *, edit: int | None = None) -> None:
        text = fitting(notice_html(what, reader))
        drawn = Drawn(event.sender.chat_id, text, keyboard(what.buttons, reader), edit=edit, topic=event.sender.topic)
        self._courier.say(drawn)

    def tell_away(self, event: Event) -> None:
        """Say once a chat that what it sent waits for the database; from memory, in the language of the update.

        Groups are told nothing: there is nothing of theirs that could be lost.
        """
        if not isinstance(event, Heard | Pressed) or not event.sender.private:
            return
        if event.sender.chat_id in self._told_away:
            return
        self._told_away.add(event.sender.chat_id)
        reader = _reader_from_memory(event.sender.language, self._desk)
        if isinstance(event, Heard):
            self._direct(event, Notice((said("away.waits"),)), reader)
        else:
            self._toast(event, said("away.waits"), reader, alert=True)

    def _forgive(self, event: Event) -> None:
        if not isinstance(event, Migrated):
            self._told_away.discard(event.sender.chat_id)

    async def _failed(self, batch: Batch, error: Exception) -> bool:
        """Count a failure; tells whether that was the last try, and then says so with a number to refer to."""
        reference = secrets.token_hex(3).upper()
        log.error("update_failed", rows=batch.rows, what=_what(batch.event), reference=reference, exc_info=error)
        reason = f"{reference}: {type(error).__name__}: {error}"
        try:
            aside = await asyncio.to_thread(self._desk.run, inbox.failed_updates, batch.rows, reason)
        except Exception:  # noqa: BLE001 - the database is away: it is tried again
            return False
        if aside and isinstance(batch.event, Heard | Pressed):
            reader = _reader_from_memory(batch.event.sender.language, self._desk)
            sentence = said("error.ours", reference=reference)
            if isinstance(batch.event, Pressed):
                self._toast(batch.event, sentence, reader, alert=True)
            else:
                self._direct(batch.event, Notice((sentence,)), reader)
        return aside


def _refused(tx: Tx, rows: list[int], event: Event) -> Reader | None:
    """Settle what was refused, and find out in which language to say so; None when it was settled before."""
    if not inbox.settle_updates(tx, rows):
        return None
    if isinstance(event, Migrated):
        return Reader(tx.house.locale, tx.house.zone, tx.now)
    if isinstance(event, Pressed) and event.args and isinstance(event.args[0], int):
        _redraw(tx, event.sender, event.args[0])
    reader = reader_of(tx, event.sender)
    if isinstance(event, Heard | Pressed):
        dialogues.end_refused(tx, event)
    return reader


def _redraw(tx: Tx, sender: Sender, number: int) -> None:
    """Let the card that was pressed tell the truth: the one in the chat of a member of staff, and no other."""
    if staff.by_telegram(tx, sender.user_id) is not None:
        cards.changed_in(tx, number, sender.chat_id)


def _reader_from_memory(code: str | None, desk: Desk) -> Reader:
    return Reader(language(code, desk.house.locale), desk.house.zone, desk.now())


def _what(event: Event) -> str:
    if isinstance(event, Pressed):
        known = event.verb in STAFF_BUTTONS or event.verb in CUSTOMER_BUTTONS
        return f"press:{event.verb}" if known else "press:unknown"
    if isinstance(event, Heard):
        if event.command is None:
            return "message"
        known = event.command in STAFF_COMMANDS or event.command in CUSTOMER_COMMANDS
        return f"command:{event.command}" if known else "command:unknown"  # it may be the beginning of what they wrote
    return type(event).__name__.lower()
