"""People who talk with the bot without Telegram: their updates are kept, answered and settled as the bot does it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, cast

from sqlalchemy import select
from telegram import Bot, Update

from bot.answering import Answering, Batch
from bot.callback import pack
from bot.chat import understand
from bot.courier import Courier
from bot.drawing import Drawn, keyboard
from bot.menus import Menus
from core.inbox import updates as inbox
from core.outbox.claims import Hands
from core.outbox.model import Channel, Owed, OwedKind
from core.people.views import Representative
from core.texts.said import Notice
from core.texts.say import Reader, notice_html
from tests.core.office import Office

BOT = 4242


class _Telegram:
    """The bot, the courier and the menus in one: remembers what would be sent directly."""

    username = "cherha_bot"
    base_url = "http://nowhere.example"
    defaults = None

    def __init__(self) -> None:
        self.drawn: list[Drawn] = []
        self.toasts: list[str] = []
        self._beside: list[Awaitable[None]] = []

    def say(self, drawn: Drawn) -> None:
        self.drawn.append(drawn)

    def beside(self, work: Awaitable[None]) -> None:
        self._beside.append(work)

    async def settle(self) -> None:
        """Let be done what goes beside the handling."""
        while self._beside:
            await self._beside.pop()

    @asynccontextmanager
    async def acting(self, *_how: object) -> AsyncIterator[None]:
        """Nobody sees that somebody types."""
        yield

    def hands(self) -> Hands:
        """Take nothing: what is owed stays where it can be looked at."""
        return Hands(Channel.TELEGRAM, room=0)

    def take(self, hands: Hands, drawn: tuple[Drawn | None, ...]) -> None:
        assert not hands.parcels
        assert not drawn

    def nudge(self) -> None:
        """Nobody waits for a look at what is due."""

    def show(self, person: Representative) -> None:
        """Nobody looks at a menu."""

    @property
    def request(self) -> _Telegram:
        return self

    async def post(self, url: str, document: Any, **_how: object) -> bool:
        """Answer a press: all that is called for directly."""
        assert url.endswith("/answerCallbackQuery")
        if text := json.loads(document.body).get("text"):
            self.toasts.append(text)
        return True


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back to one message or press: sent directly, owed, shown for a moment; and the data of its buttons."""

    direct: list[str]
    owed: list[str]
    toasts: list[str]
    buttons: list[str]

    @property
    def text(self) -> str:
        """All that is shown, as one text."""
        return "\n".join([*self.direct, *self.owed, *self.toasts])


class Talk:
    """Speaks for people, each in a private chat."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._telegram = _Telegram()
        us: Any = self._telegram
        self._answering = Answering(office.desk, cast("Bot", us), cast("Courier", us), cast("Menus", us))
        self._numbers = count(1)

    async def say(self, who: Representative | int, text: str, name: str = "Somebody", **more: Any) -> Heard:
        """Let a member of staff, or a stranger by their number, write a message; `more` is what it has besides."""
        user, chat = self._user(who, name)
        length = len(text.split(maxsplit=1)[0]) if text.startswith("/") else 0
        entities = [{"type": "bot_command", "offset": 0, "length": length}] if length else []
        number = next(self._numbers)
        message = {
            "message_id": number, "date": 1_700_000_000 + number, "chat": chat, "from": user, "text": text,
            "entities": entities,
        }  # fmt: skip
        return await self._comes({"update_id": number, "message": message | more}, chat["id"])

    async def press(self, who: Representative, verb: str, *args: int | str) -> Heard:
        """Let a member of staff press a button."""
        user, chat = self._user(who, who.name)
        number = next(self._numbers)
        below = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": "…"}
        pressed = {
            "id": str(number), "from": user, "chat_instance": "1", "message": below, "data": pack(verb, args)
        }  # fmt: skip
        return await self._comes({"update_id": number, "callback_query": pressed}, chat["id"])

    def _user(self, who: Representative | int, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        chat = who + 1000 if isinstance(who, int) else who.chat_id or 0
        user = {"id": chat - 1000, "is_bot": False, "first_name": name, "language_code": "en"}
        return user, {"id": chat, "type": "private"}

    async def _comes(self, raw: dict[str, Any], chat: int) -> Heard:
        self._telegram.drawn, self._telegram.toasts = [], []
        desk = self.office.desk
        rows = [desk.run(inbox.keep_update, (BOT, raw["update_id"], json.dumps(raw))) or 0]
        event = understand(Update.de_json(raw, cast("Bot", self._telegram)), self._telegram.username)
        assert event is not None
        last = max((row.id for row in self.office.owed()), default=0)
        await self._answering.answer(Batch(rows, event))
        await self._telegram.settle()
        notices = [Notice.from_json(row.facts) for row in self._owed_since(last, chat)]
        reader = Reader("en", "Europe/Kyiv", desk.now())
        keyboards = [keyboard(one.buttons, reader) for one in notices] + [one.keyboard for one in self._telegram.drawn]
        return Heard(
            direct=[one.text for one in self._telegram.drawn],
            owed=[notice_html(one, reader) for one in notices],
            toasts=self._telegram.toasts,
            buttons=[data for rows in keyboards for row in rows for _, data in row],
        )

    def _owed_since(self, last: int, chat: int) -> list[Owed]:
        query = select(Owed).where(Owed.id > last, Owed.address == str(chat), Owed.kind == OwedKind.NOTICE)
        return self.office.desk.look(lambda tx: list(tx.session.scalars(query.order_by(Owed.id))))
