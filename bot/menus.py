"""The menus of commands: customers see only theirs, staff what their role may, each in their language."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from bot import menu
from bot.render.myself import described
from core.desk import Desk
from core.people import queries as people
from core.people.views import Representative
from core.texts.said import Said, said
from core.texts.say import LANGUAGES, Reader, say_plain

log = structlog.get_logger(__name__)


#: Characters of a description (core.telegram.org/bots/api#botcommand).
DESCRIPTION_LENGTH = 256


def _for_customers(one: menu.Entry) -> Said:
    return said(f"command.customer_{one.name}")


class Menus:
    """Keeps what Telegram shows below the menu button."""

    def __init__(self, bot: Bot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk

    async def show_all(self) -> None:
        """Show the customers' menu to everybody, in each language, and its own to each member of staff."""
        for locale in LANGUAGES:
            commands = self._commands(menu.CUSTOMER, _for_customers, locale)
            await self._set(commands, locale=locale)
        await self._set(self._commands(menu.CUSTOMER, _for_customers, self._desk.house.locale))
        for person in await asyncio.to_thread(self._desk.look, people.staff):
            await self.show(person)

    async def show(self, person: Representative) -> None:
        """Show one member of staff the commands of their role, in their language."""
        if person.chat_id is not None:
            own = tuple(one for one in menu.STAFF if one.may(person.role))
            await self._set(self._commands(own, described, person.locale), chat_id=person.chat_id)

    def _commands(
        self, entries: tuple[menu.Entry, ...], describe: Callable[[menu.Entry], Said], locale: str
    ) -> list[BotCommand]:
        reader = Reader(locale, self._desk.house.zone, self._desk.now())
        return [
            BotCommand(one.name, say_plain(describe(one), reader)[:DESCRIPTION_LENGTH]) for one in entries if one.listed
        ]

    async def _set(self, commands: list[BotCommand], *, locale: str | None = None, chat_id: int | None = None) -> None:
        scope = BotCommandScopeChat(chat_id) if chat_id is not None else None
        try:
            await self._bot.set_my_commands(commands, scope=scope, language_code=locale)
        except TelegramError as error:
            log.warning("menu_not_shown", error=error.message)
