"""What people ask of the desk, from the update to the words of the reply; only Telegram's network is left out."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, cast

from sqlalchemy import func, select
from telegram import Bot, Update

from bot.app import NeedsChange, Outcome, changes, respond
from bot.callback import pack
from bot.chat import Event, understand
from bot.courier import _due
from bot.drawing import draw_card, fitting, keyboard
from core.cases.missed import tell_missed
from core.desk import Desk, Tx
from core.digests import undelivered
from core.digests.numbers import numbers
from core.inbox.updates import keep_update
from core.people import queries as people
from core.people.views import Representative
from core.store.engine import Engines
from core.texts.said import Notice
from core.texts.say import Reader, notice_html
from core.timers.actions import due_timers
from core.work import loads
from core.work.model import Work
from core.work.rules import WorkState
from tests.bench import ground
from tests.bench.ground import BUSY, CUSTOMER_CHAT, MANAGER, STAFF_CHAT, USUAL
from workers.expiry import overdue
from workers.sweep import due_calls

#: Does something once, and returns what came of it.
Ask = Callable[[], object]


#: What is looked for: words that many cases have, one that few have, an address, filters, and what is not there.
FINDS = (
    "printer", "pri", "printer roller", "customer 77", "c4242@customer.example", "printer invoices delivery",
    '"second floor"', '"orange lamp"', "printer -lamp", "printer is:open", "printer is:mine", "printer is:missed",
    'printer in:"queue 7"', "printer from:c4242", "printer before:2024-06-01", "printr", "lamp quixotic",
)  # fmt: skip

#: No update has the number of another.
_numbers = count(10**9)


class _Nobody:
    """Stands for the bot where updates are read."""

    defaults = None


class Asker:
    """Speaks for staff and customers with a desk whose clock stands still."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        #: Called when an update is kept and is about to be handled.
        self.handles: Callable[[], None] = lambda: None

    def says(self, user: int, chat: int, text: str) -> Ask:
        """Let somebody write again and again."""
        length = len(text.split(maxsplit=1)[0]) if text.startswith("/") else 0
        entities = [{"type": "bot_command", "offset": 0, "length": length}] if length else []

        def ask() -> object:
            number = next(_numbers)
            message = {"message_id": number, "date": 1_768_000_000, "text": text, "entities": entities}
            message |= {"chat": _chat(chat), "from": _user(user)}
            return self.comes({"update_id": number, "message": message})

        return ask

    def presses(self, person: int, verb: str, *args: int | str, below: str = "…", chat: int | None = None) -> Ask:
        """Let somebody press a button again and again, below a message that marks its text as code.

        Args:
            chat: where the message stands; in the chat of that member of staff unless told otherwise.
        """
        code = [{"type": "code", "offset": 0, "length": len(below)}]
        message = {"message_id": 1, "date": 1_768_000_000, "text": below, "entities": code}
        message["chat"] = _chat(STAFF_CHAT + person if chat is None else chat)

        def ask() -> object:
            number = next(_numbers)
            pressed = {"id": str(number), "from": _user(person), "chat_instance": "1", "message": message}
            return self.comes({"update_id": number, "callback_query": {**pressed, "data": pack(verb, args)}})

        return ask

    def types(self, person: int, words: str) -> Ask:
        """Let a member of staff type the bot's name and some words in any chat, again and again."""

        def ask() -> object:
            number = next(_numbers)
            query = {"id": str(number), "from": _user(person), "query": words, "offset": ""}
            return self.comes({"update_id": number, "inline_query": query})

        return ask

    def comes(self, raw: dict[str, Any]) -> object:
        """Handle one update as the bot does; what changes is kept before, as it is before it is confirmed."""
        event = understand(Update.de_json(raw, cast("Bot", _Nobody())), "cherha_bot")
        assert event is not None
        outcome = self._answer(event, raw)
        assert outcome is not None
        return _said(outcome.reply.notice, outcome.reader) if outcome.reply.notice else outcome

    def _answer(self, event: Event, raw: dict[str, Any]) -> Outcome | None:
        if not changes(event):
            self.handles()
            with contextlib.suppress(NeedsChange):
                return self.desk.look(respond, [], event, changing=False)
        row = self.desk.run(keep_update, (ground.BOT, raw["update_id"], json.dumps(raw)))
        self.handles()
        return self.desk.run(respond, [row or 0], event, changing=True)


def _chat(number: int) -> dict[str, Any]:
    return {"id": number, "type": "private" if number > 0 else "supergroup", "title": "Somewhere"}


def _user(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Somebody", "language_code": "uk"}


def _said(notice: Notice, reader: Reader) -> object:
    return fitting(notice_html(notice, reader)), keyboard(notice.buttons, reader)


def looks(desk: Desk) -> dict[str, Ask]:
    """List what is looked at, by its name in the tables."""
    asker, (first, last) = Asker(desk), desk.look(_ends)
    writer = desk.look(_customer_of, last)

    def staff(person: int, text: str) -> Ask:
        return asker.says(person, STAFF_CHAT + person, text)

    def card(number: int) -> Ask:
        return draw(desk, number, desk.look(people.get, USUAL))

    return {
        "/assigned": staff(USUAL, "/assigned"),
        "/assigned of who has most": staff(BUSY, "/assigned"),
        "/progress": staff(USUAL, "/progress"),
        "/queues": staff(MANAGER, "/queues"),
        "/queue": staff(USUAL, "/queue Queue 2"),
        "/queue with half of all": staff(USUAL, "/queue Queue 1"),
        "its page 6": asker.presses(USUAL, "queue", 1, 40),
        "/case": staff(USUAL, f"/case {last}"),
        "card": card(last),
        "card of another": card(first),
        **{f"/find {words}": staff(USUAL, f"/find {words}") for words in FINDS},
        "/find, page 4": asker.presses(USUAL, "find", 15, below="printer"),
        "/history": staff(USUAL, f"/history {last}"),
        "/missed": staff(MANAGER, "/missed"),
        "its page 2 (missed)": asker.presses(MANAGER, "missed", -1, 5),
        "/people": staff(USUAL, "/people"),
        "/digest": staff(USUAL, "/digest now"),
        "/digest of a manager": staff(MANAGER, "/digest now"),
        "customer's /my": asker.says(writer, CUSTOMER_CHAT + writer, "/my"),
        "sweep for missed cases": lambda: desk.run(tell_missed),
        "who could get new work": lambda: desk.look(loads.candidates),
        "the clock's look": lambda: desk.look(_clock),
        "the courier's look": lambda: desk.look(_due, frozenset()),
    }


def draw(desk: Desk, number: int, reader: Representative) -> Ask:
    """Draw a card again and again, as the courier does."""
    return lambda: desk.look(draw_card, number, reader)


def rare(desk: Desk) -> dict[str, Ask]:
    """List what is looked at now and then, and may take its time."""
    return {"cherha stats": lambda: desk.look(numbers)}


def _ends(tx: Tx) -> tuple[int, int]:
    """Find the first and the last open case that came in chat."""
    found = select(func.min(Work.id), func.max(Work.id)).where(Work.state == WorkState.OPEN, Work.id % 2 == 0)
    return tuple(tx.session.execute(found).one())


def _customer_of(tx: Tx, number: int) -> int:
    from core.cases.model import Case

    return tx.session.get_one(Case, number).contact_id


def _clock(tx: Tx) -> list[object]:
    """Look as the scheduler does twice a second, and now and then."""
    return [due_calls(tx), due_timers(tx), overdue(tx), undelivered.untold(tx)]


def desk_of(engines: Engines, house: Any) -> Desk:
    return Desk(engines, house, now=lambda: ground.NOW)


def pairs(few: dict[str, Ask], many: dict[str, Ask]) -> Iterator[tuple[str, Ask, Ask]]:
    """Pair what is asked of two desks."""
    yield from ((name, few[name], many[name]) for name in many)
