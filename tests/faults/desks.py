"""A desk to be broken: its processes and the servers under it, each of which can be struck by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psutil

from cherha.demo.mailbox import text_of
from core.desk import Desk
from core.errors import TryLater
from core.people.rules import Role
from tests.faults import outside
from tests.faults.harness import Given
from tests.faults.proxy import Proxy
from tests.flows.house import SHAPES, FlowDesk

#: As short as a busy machine allows: a dead part is missed within seconds.
HASTE = {"lease_s": "1", "heartbeat_s": "1", "send_lease_s": "3", "log_level": "WARNING"}

#: Protections that a setting switches off; the others are left out by `tests.faults.unprotected`.
_SETTINGS = {"sweep": {"sweep": "false"}}

_PATIENCE_S = 60.0


@dataclass
class FaultDesk(FlowDesk):
    """One desk.

    Attributes:
        broker: the server its wake-up calls go through, in the scaled-out shape.
        postgres: its database server, if it has one.
        struck: how often each part was killed.
    """

    broker: outside.Valkey | None = None
    postgres: outside.Postgres | None = None
    random: Random = field(default_factory=lambda: Random(0))
    struck: dict[str, int] = field(default_factory=dict)
    _read: list[str] = field(default_factory=list)

    def victims(self) -> list[str]:
        """Name all that can be struck: its parts, a process of the workers alone, Redis, a process of PostgreSQL."""
        found = sorted(SHAPES[self.shape])
        found += ["child of worker"] if "worker" in found else []
        found += ["redis"] if self.broker else []
        return found + (["postgres"] if self.postgres else [])

    async def strike(self, victim: str) -> None:
        """Kill a part and start it again at once, as a service manager does."""
        self.struck[victim] = self.struck.get(victim, 0) + 1
        if victim == "redis" and self.broker:
            await asyncio.to_thread(self.broker.strike)
        elif victim == "postgres" and self.postgres:
            await asyncio.to_thread(self.postgres.kill_backend, self.random)
        elif victim.startswith("child of "):
            self._kill_child(victim.removeprefix("child of "))
        else:
            await self.kill(victim)
            await self.start_again(victim)

    async def strike_all(self) -> None:
        """Kill all parts and Redis at the same moment, and start them again."""
        await asyncio.gather(*(self.kill(part) for part in SHAPES[self.shape]))
        if self.broker:
            await asyncio.to_thread(self.broker.strike)
        await asyncio.gather(*(self.start_again(part) for part in SHAPES[self.shape]))

    async def start_again(self, part: str) -> None:
        """Start a part, and again while it ends because the database is not there yet."""
        end = asyncio.get_running_loop().time() + _PATIENCE_S
        while True:
            try:
                await self.start(part)
            except AssertionError:
                if asyncio.get_running_loop().time() > end:
                    raise
                self.parts.pop(part).close()
                await asyncio.sleep(0.2)
            else:
                return

    async def kill(self, part: str) -> None:
        """End a part with all its processes, as a container is killed."""
        children = psutil.Process(self.parts[part].process.pid).children(recursive=True)
        await asyncio.gather(super().kill(part), *(asyncio.to_thread(_kill, child) for child in children))

    def _kill_child(self, part: str) -> None:
        children = psutil.Process(self.parts[part].process.pid).children()
        if children:
            _kill(self.random.choice(children))

    async def look(self, query: Callable[..., Any]) -> Any:
        """Ask the database, and again while it recovers from a kill."""
        end = asyncio.get_running_loop().time() + _PATIENCE_S
        while True:
            try:
                return await asyncio.to_thread(self.on_desk, lambda desk: Desk.look(desk, query))
            except TryLater:
                if asyncio.get_running_loop().time() > end:
                    raise
                await asyncio.sleep(0.1)

    def unconfirmed(self) -> int:
        """Count the updates that Telegram still keeps for the bot."""
        return sum(len(bot.updates) for bot in self.api.sandbox.world.bots.values())

    def relayed(self) -> list[str]:
        """Read the letters that reached the relay, each once."""
        self._read += [text_of(one) for one in self.mailbox.letters[len(self._read) :]]
        return self._read

    async def hire(self, count: int) -> list[int]:
        """Let so many representatives come to work, so that the cards go to many chats."""
        return [await self.join(f"Representative {number}", Role.ADMINISTRATOR) for number in range(count)]


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


@asynccontextmanager
async def desk(
    given: Given, shape: str, *, database: str = "", before_api: Proxy | None = None, **settings: str
) -> AsyncIterator[FaultDesk]:
    """Run a desk for the block: embedded on SQLite, or scaled out on servers of its own that may be killed.

    Args:
        database: the address of another one.
        before_api: stands between the desk and the Bot API.
        settings: what its processes are told besides.
    """
    with ExitStack() as servers:
        made = FaultDesk(shape, given.folder, database or f"sqlite:///{given.folder / 'desk.sqlite3'}")
        made.random = given.random()
        if before_api is not None:
            made.before_api = before_api.stand_before
            settings["telegram_api"] = f"http://127.0.0.1:{before_api.port}"
        made.settings = {**HASTE, **settings, **_SETTINGS.get(given.off, {})}
        if given.off and given.off not in _SETTINGS:
            made.module, made.settings["test_off"] = "tests.faults.unprotected", given.off
        if shape != "embedded":
            made.postgres = await asyncio.to_thread(servers.enter_context, outside.postgres())
            made.broker = servers.enter_context(outside.valkey())
            made.database_url, made.redis_url = made.postgres.url, made.broker.url
        async with made:
            yield made
