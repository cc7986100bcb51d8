"""A whole desk as real processes, in either shape, with a local Bot API in this one."""

from __future__ import annotations

import asyncio
import os
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from bot.sandbox import server
from bot.sandbox.client import SandboxClient, Seen
from cherha.demo.mailbox import Mailbox
from core.desk import Desk
from core.digests.numbers import DeskNumbers, numbers
from core.people import actions as people
from core.people.rules import Role
from core.settings import House
from core.store import migrate
from core.store.engine import open_engines
from tests.cherha.processes import ROOT, UNLIMITED, Running, free_port, launch
from tests.core.databases import newest_sqlite

#: The beginning of a picture, which is enough.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + b"\x00" * 40


TOKEN = "4242:flow-tests"

#: What each shape runs, and the word each says when it is ready.
SHAPES = {
    "embedded": {"run": "running"},
    "scaled": {"bot": "running", "intake": "open", "worker": "running", "scheduler": "running"},
    "chat": {"bot": "running", "scheduler": "running"},
}

#: How a part is started, where its name is not all: a process for the workers takes a second of the processor.
WORDS = {"worker": ["worker", "--processes", "1"]}


@dataclass
class FlowDesk:
    """One desk.

    Attributes:
        settings: added to the environment of its processes, by lower-case name.
        limits: whether the local Bot API and the desk keep to Telegram's limits: a journey takes longer then.
        module: what its processes run instead of the desk as it is.
        before_api: told the port of the local Bot API before they start; its own address is in `settings` then.
    """

    shape: str
    folder: Path
    database_url: str
    redis_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    limits: bool = False
    module: str = "cherha"
    before_api: Callable[[int], None] | None = None
    smtp_port: int = field(default_factory=free_port)
    parts: dict[str, Running] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        if self.database_url.startswith("sqlite:///"):
            newest_sqlite(Path(self.database_url.removeprefix("sqlite:///")))
        self._engines = open_engines(self.database_url)
        self._desk = Desk(self._engines, House())
        self.api: server.Running = await server.start(limits=self.limits)
        self.mailbox = Mailbox(self.folder / "mailbox")
        self.relay_port = await self.mailbox.start()
        if self.before_api is not None:
            self.before_api(int(self.api.address.rpartition(":")[2]))
        self.client = await SandboxClient(self.api.address).__aenter__()
        if self.shape != "embedded":
            await asyncio.to_thread(migrate.upgrade, self._engines)
        await asyncio.gather(*(self.start(part) for part in SHAPES[self.shape]))
        return self

    async def __aexit__(self, *_error: object) -> None:
        codes = await asyncio.gather(*(asyncio.to_thread(one.end) for one in self.parts.values()))
        for part in self.parts.values():
            part.close()
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
            **UNLIMITED,
            **self.settings,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHERHA_")}
        given = {f"CHERHA_{name.upper()}": value for name, value in settings.items()}
        return {**kept, "PYTHONPATH": str(ROOT), **given}  # for its children too, whatever else is installed

    async def start(self, part: str, *, beside: bool = False) -> None:
        """Start a part and wait until it says that it is ready.

        Args:
            beside: another one, to stand by; it ends with the desk.
        """

        def begin() -> Running:
            with (self.folder / "desk.log").open("ab") as log:
                words = WORDS.get(part, [part])
                return launch(self.folder, words, self.environment(), log.fileno(), module=self.module)

        started = self.parts[f"standby {part}" if beside else part] = await asyncio.to_thread(begin)
        try:
            await asyncio.to_thread(started.wait_for, SHAPES[self.shape][part])
        except AssertionError as error:
            raise AssertionError(f"{part} did not start: {error} {self.log()[-3000:]}") from None

    async def kill(self, part: str) -> None:
        """End a part as a power cut would."""
        await asyncio.to_thread(self.parts.pop(part).close)

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


async def cases_and_messages(house: FlowDesk) -> tuple[int, int]:
    """Count the cases of a desk, and what customers said in them."""
    stats = await house.stats()
    return sum(stats["cases"].values()), stats["messages"].get("customer", 0)


def data(message: Seen, verb: str) -> str:
    """Find the data of a button by its verb, whatever the language of its label."""
    return next(one for row in message.buttons for _, one in row if one.startswith(f"1:{verb}:"))
