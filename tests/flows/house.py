"""A whole desk as real processes, in either shape, with a local Bot API in this one."""

from __future__ import annotations

import asyncio
import os
import smtplib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running, start
from cherha.demo.mailbox import Mailbox
from core.desk import Desk
from core.digests.numbers import DeskNumbers, numbers
from core.people import actions as people
from core.people.rules import Role
from core.settings import House
from core.store import migrate
from core.store.engine import open_engines

TOKEN = "4242:flow-tests"

#: What each shape runs, and the word each says when it is ready.
SHAPES = {
    "embedded": {"run": "running"},
    "scaled": {"bot": "running", "intake": "open", "worker": "running", "scheduler": "running"},
}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class FlowDesk:
    """One desk.

    Attributes:
        settings: added to the environment of its processes, by lower-case name.
        limits: whether the local Bot API and the desk keep to Telegram's limits.
    """

    shape: str
    folder: Path
    database_url: str
    redis_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    limits: bool = True
    smtp_port: int = field(default_factory=free_port)
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    _drains: list[asyncio.Future[bytes]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._engines = open_engines(self.database_url)
        self._desk = Desk(self._engines, House())
        self.api: Running = await start(limits=self.limits)
        self.mailbox = Mailbox(self.folder / "mailbox")
        self.relay_port = await self.mailbox.start()
        self.client = await SandboxClient(self.api.address).__aenter__()
        if self.shape == "scaled":
            await asyncio.to_thread(migrate.upgrade, self._engines)
        await asyncio.gather(*(self.start(part) for part in SHAPES[self.shape]))
        return self

    async def __aexit__(self, *_error: object) -> None:
        for process in self.processes.values():
            if process.returncode is None:
                process.terminate()
        codes = await asyncio.gather(*(asyncio.wait_for(one.wait(), 15) for one in self.processes.values()))
        await self.client.__aexit__()
        await self.mailbox.stop()
        await self.api.stop()
        self._engines.dispose()
        assert set(codes) <= {0}, f"the parts ended with {codes}: {self.log()[-3000:]}"

    def environment(self) -> dict[str, str]:
        settings = {
            "data": str(self.folder / "data"),
            "database_url": self.database_url,
            "redis_url": self.redis_url,
            "telegram_token": TOKEN,
            "telegram_api": self.api.address,
            "telegram_limits": str(self.limits).lower(),
            "smtp_listen": f"127.0.0.1:{self.smtp_port}",
            "smtp_relay": f"smtp://127.0.0.1:{self.relay_port}?tls=none",
            "mail_domain": "desk.example",
            "mail_addresses": "help,vip@desk.example=VIP",
            "undo_s": "3",
            "secret": "a secret of the flow tests",
            **self.settings,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHERHA_")}
        return kept | {f"CHERHA_{name.upper()}": value for name, value in settings.items()}

    async def _spawn(self, *words: str) -> asyncio.subprocess.Process:
        log = await asyncio.to_thread((self.folder / "desk.log").open, "ab")
        with log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cherha", *words,
                cwd=self.folder, env=self.environment(), stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip

    async def start(self, part: str, *, beside: bool = False) -> None:
        """Start a part and wait until it says that it is ready.

        Args:
            beside: another one, to stand by; it ends with the desk.
        """
        process = self.processes[f"standby {part}" if beside else part] = await self._spawn(part)
        assert process.stdout is not None
        async with asyncio.timeout(40):
            while line := await process.stdout.readline():
                if SHAPES[self.shape][part] in line.decode():
                    self._drains.append(asyncio.ensure_future(process.stdout.read()))
                    return
        raise AssertionError(f"{part} did not start: {self.log()[-3000:]}")

    async def kill(self, part: str) -> None:
        """End a part as a power cut would."""
        self.processes[part].kill()
        await self.processes[part].wait()
        del self.processes[part]

    def log(self) -> str:
        path = self.folder / "desk.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def on_desk(self, act: Callable[[Desk], Any]) -> Any:
        """Look at or change what the processes share."""
        return act(self._desk)

    async def join(self, name: str, role: Role = Role.REPRESENTATIVE, *, language: str = "en") -> int:
        """Bring somebody in by invitation, who works now."""
        person = await self.client.person(name, language=language)
        token = (await asyncio.to_thread(self.on_desk, lambda desk: desk.run(people.invite, role, None))).token
        await self.client.say(person, f"/start {token}")
        await self.client.wait_for(person, "/assigned", timeout_s=20)
        said = await self.client.say(person, "/me working")
        await self.client.wait_for(person, "🗓", after=said.id)
        return person

    async def stats(self) -> dict[str, Any]:
        """Count what there is, as `cherha stats --json` does."""
        counted: DeskNumbers = await asyncio.to_thread(self.on_desk, lambda desk: desk.look(numbers))
        return counted.to_json()

    async def post(self, letter: EmailMessage) -> None:
        """Hand a letter in at the mail door."""

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as client:
                client.send_message(letter)

        await asyncio.to_thread(send)


def letter(sender: str, subject: str, text: str, *, to: str = "help@desk.example", number: int = 0) -> EmailMessage:
    """Write a letter with a Message-ID of its own."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = f"<{abs(hash((sender, subject, text, number)))}@customer.example>"
    made.set_content(text)
    return made
