"""A live bot in this process, on the real clock, against a local Bot API over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Self

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running, start
from bot.service import BotConfig, BotService
from core.desk import Desk
from core.people import actions as people
from core.people.rules import Role
from core.settings import House
from core.store.engine import Engines
from core.store.files import FileStore

TOKEN = "4242:bot-tests"


class LiveBot:
    """One bot that lives until the block ends; `ended` is what its run came to.

    Args:
        limits: of the bot and of the Bot API alike.
        settings: more for the bot's configuration.
    """

    def __init__(self, engines: Engines, folder: Path, *, limits: bool = True, **settings: Any) -> None:
        self.desk = Desk(engines, House(files=folder))
        self.files = FileStore(folder)
        self._limits = limits
        self._settings = settings
        self.stopping = asyncio.Event()

    async def __aenter__(self) -> Self:
        self.api: Running = await start(limits=self._limits)
        self.client = await SandboxClient(self.api.address).__aenter__()
        return self

    def live(self, api: str = "") -> None:
        """Let the bot begin to live; what goes wrong from the start is ordered before."""
        config = BotConfig(TOKEN, api or self.api.address, limits=self._limits, **self._settings)
        self.ended = asyncio.create_task(BotService(self.desk, self.files, config).run(self.stopping))

    async def __aexit__(self, *_error: object) -> None:
        self.stopping.set()
        await asyncio.wait([self.ended], timeout=15)
        await self.client.__aexit__()
        await self.api.stop()
        if not self.ended.done():
            self.ended.cancel()
            raise AssertionError("the bot did not end")

    async def join(self, name: str, role: Role = Role.ADMINISTRATOR) -> int:
        """Bring somebody in by invitation, who works now."""
        person = await self.client.person(name)
        token = (await asyncio.to_thread(self.desk.run, people.invite, role, None)).token
        await self.client.say(person, f"/start {token}")
        await self.client.wait_for(person, "/assigned", timeout_s=20)
        said = await self.client.say(person, "/me working")
        await self.client.wait_for(person, "🗓", after=said.id)
        return person

    async def receipt(self, name: str, *, timeout_s: float = 10) -> int:
        """Let a new customer write, and wait until they are told that they were heard."""
        person = await self.client.person(name)
        await self.client.say(person, f"{name} needs help")
        await self.client.wait_for(person, "№", timeout_s=timeout_s)
        return person
