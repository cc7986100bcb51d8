"""The menus of commands: customers see only theirs, staff what their role may, each in their language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import menu
from bot.render.myself import described
from bot.transport import pause_after
from core.desk import Desk
from core.people import queries as people
from core.people.views import Representative
from core.texts.said import Said, said
from core.texts.say import LANGUAGES, Reader, say_plain

log = structlog.get_logger(__name__)


#: Characters of a description (core.telegram.org/bots/api#botcommand).
DESCRIPTION_LENGTH = 256

#: Seconds before a menu that could not be set is tried again: twice as long each time, so often in all.
AGAIN_S, TRIES = 2.0, 8


def _for_customers(one: menu.Entry) -> Said:
    return said(f"command.customer_{one.name}")


@dataclass(frozen=True, slots=True)
class _Menu:
    """The commands of one scope: of a chat, or of everybody; `locale` is None for languages without their own."""

    commands: tuple[BotCommand, ...]
    locale: str | None = None
    chat_id: int | None = None
    tries: int = 0


class Menus:
    """Keeps what Telegram shows below the menu button; sets one menu after the other, again when it fails."""

    def __init__(self, bot: Bot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        self._waiting: asyncio.Queue[_Menu] = asyncio.Queue()
        #: The newest menu of each scope: an older one that is tried again must not take its place.
        self._newest: dict[tuple[str | None, int | None], _Menu] = {}

    async def run(self) -> None:
        """Set menus as they are asked for, for ever."""
        while True:
            await self._set(await self._waiting.get())

    async def show_all(self) -> None:
        """Ask for the customers' menu for everybody, in each language, and for its own for each member of staff.

        Raises:
            TryLater: the database is away.
        """
        for locale in (*LANGUAGES, None):
            commands = self._commands(menu.CUSTOMER, _for_customers, locale or self._desk.house.locale)
            self._want(_Menu(commands, locale))
        for person in await asyncio.to_thread(self._desk.look, people.staff):
            self.show(person)

    def show(self, person: Representative) -> None:
        """Ask for a member of staff to be shown the commands of their role, in their language."""
        if person.chat_id is not None:
            own = tuple(one for one in menu.STAFF if one.may(person.role))
            self._want(_Menu(self._commands(own, described, person.locale), chat_id=person.chat_id))

    def _commands(
        self, entries: tuple[menu.Entry, ...], describe: Callable[[menu.Entry], Said], locale: str
    ) -> tuple[BotCommand, ...]:
        reader = Reader(locale, self._desk.house.zone, self._desk.now())
        return tuple(
            BotCommand(one.name, say_plain(describe(one), reader)[:DESCRIPTION_LENGTH]) for one in entries if one.listed
        )

    def _want(self, wanted: _Menu) -> None:
        self._newest[wanted.locale, wanted.chat_id] = wanted
        self._waiting.put_nowait(wanted)

    def _want_again(self, failed: _Menu) -> None:
        if self._newest.get((failed.locale, failed.chat_id)) is failed:
            self._want(replace(failed, tries=failed.tries + 1))

    async def _set(self, wanted: _Menu) -> None:
        scope = BotCommandScopeChat(wanted.chat_id) if wanted.chat_id is not None else None
        try:
            await self._bot.set_my_commands(wanted.commands, scope=scope, language_code=wanted.locale)
        except (BadRequest, Forbidden) as error:  # such as a chat that is closed: it would be refused again
            log.warning("menu_not_shown", error=error.message)
        except TelegramError as error:
            log.warning("menu_not_shown", error=type(error).__name__, tries=wanted.tries + 1)
            if wanted.tries + 1 < TRIES:
                wait_s = pause_after(error, AGAIN_S * 2**wanted.tries)
                asyncio.get_running_loop().call_later(wait_s, self._want_again, wanted)
