"""The demo's processes: a local Bot API, a mail server to send to, and the desk itself."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from dataclasses import dataclass
from typing import IO, Self

from bot.sandbox.client import SandboxClient
from cherha.demo.folder import DemoFolder
from cherha.demo.mailbox import Mailbox
from core.desk import Desk
from core.errors import Misconfigured
from core.people import actions as people
from core.people.rules import Role
from core.settings import House, environment_for
from core.store.engine import open_engines

#: Any well-formed token will do for the local Bot API.
TOKEN = "100200300:demo-desk-of-cherha-not-a-secret"  # noqa: S105 - see above

#: Seconds that a part may take to start.
START_S = 40.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in the demo, by their Telegram ids."""

    olena: int = 1001
    taras: int = 1002
    ivan: int = 2001


class DemoDesk:
    """A whole desk in a folder of its own; use it as an async context manager.

    Args:
        folder: where everything of it is.
        zone: of the desk and of the page.
        page_port: of the chat page; 0 takes any free one.
        smtp_port: of the mail door; another is taken when that one is busy.
    """

    def __init__(self, folder: DemoFolder, zone: str, *, page_port: int = 0, smtp_port: int = 8025) -> None:
        self._zone = zone
        self._folder = folder.path
        self._lock = folder.lock
        self._page_port = page_port
        self.smtp_port = smtp_port
        self.mailbox = Mailbox(folder.path / "mailbox")
        self.cast = Cast()
        self.page = ""
        self._children: list[asyncio.subprocess.Process] = []
        self._log: IO[bytes] | None = None

    async def __aenter__(self) -> Self:
        """Start everything, and bring the people in."""
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop everything."""
        await self._stop()

    async def _start(self) -> None:
        self._log = await asyncio.to_thread((self._folder / "desk.log").open, "wb")
        relay = await self.mailbox.start()
        self.page = (await self._sandbox()).removeprefix("Bot API at ").strip()
        self.smtp_port = _free(self.smtp_port)
        await self._desk(relay)
        async with SandboxClient(self.page) as people_there:
            await self._welcome(people_there)

    async def _sandbox(self) -> str:
        port = str(_free(self._page_port)) if self._page_port else "0"
        child = await self._child("-m", "bot.sandbox", "--port", port, "--zone", self._zone)
        return await _line(child, "Bot API at")

    async def _child(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=self._folder,
            env=environment_for(**settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=self._log,
            pass_fds=[self._lock],  # should we be killed, the folder is theirs until they end
        )
        self._children.append(child)
        return child

    async def _desk(self, relay: int) -> None:
        child = await self._child(
            "-m",
            "cherha",
            "run",
            data=str(self._folder),
            telegram_token=TOKEN,
            telegram_api=self.page,
            smtp_listen=f"127.0.0.1:{self.smtp_port}",
            smtp_relay=f"smtp://127.0.0.1:{relay}?tls=none",
            timezone=self._zone,
            mail_domain="demo.example",
            mail_addresses="desk,vip@demo.example=VIP",
        )
        try:
            await _line(child, "running")
        except EOFError:
            log = await asyncio.to_thread((self._folder / "desk.log").read_text)
            raise Misconfigured(["The desk did not start; it said:", *log.splitlines()[-5:]]) from None

    async def _welcome(self, client: SandboxClient) -> None:
        """Bring in a customer, with whom everything begins, and two representatives by invitation."""
        cast = self.cast
        await client.person("Іван Мельник", number=cast.ivan, language="uk")
        await client.person("Olena Kovalenko", number=cast.olena, language="uk")
        await client.person("Taras Bondar", number=cast.taras, language="en")
        for person, role in ((cast.olena, Role.ADMINISTRATOR), (cast.taras, Role.REPRESENTATIVE)):
            token = await asyncio.to_thread(self._invite, role)
            await client.say(person, f"/start {token}")
            await client.wait_for(person, "/assigned", timeout_s=START_S)
            await client.say(person, "/me working")
            await client.wait_for(person, "🗓")

    def _invite(self, role: Role) -> str:
        engines = open_engines(f"sqlite:///{self._folder / 'cherha.sqlite3'}")
        try:
            return Desk(engines, House()).run(people.invite, role, None).token
        finally:
            engines.dispose()

    async def _stop(self) -> None:
        for child in reversed(self._children):
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.terminate()
        for child in self._children:
            try:
                await asyncio.wait_for(child.wait(), 15)
            except TimeoutError:
                child.kill()
                await child.wait()
        await self.mailbox.stop()
        if self._log is not None:
            self._log.close()

    async def ended(self) -> None:
        """Wait until a part ends by itself, which none should."""
        waiting = [asyncio.ensure_future(child.wait()) for child in self._children]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()


async def _line(child: asyncio.subprocess.Process, words: str) -> str:
    """Read a child's lines until one has these words, and go on reading the rest so that it is never held up.

    Raises:
        EOFError: it ended first.
    """
    assert child.stdout is not None  # noqa: S101 - it was asked for
    async with asyncio.timeout(START_S):
        while line := await child.stdout.readline():
            if words in line.decode("utf-8", "replace"):
                child.drained = asyncio.ensure_future(_drain(child.stdout))  # type: ignore[attr-defined] # kept from the collector
                return line.decode("utf-8", "replace")
    raise EOFError


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass


def _free(port: int) -> int:
    """Take a port if it is free, else any that is."""
    for wanted in (port, 0):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(one.getsockname()[1])
    raise AssertionError  # a machine without a free port
