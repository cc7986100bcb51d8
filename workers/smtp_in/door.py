"""Opening and closing the mail door."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from core.clock import Clock
from workers.smtp_in.answers import Answers
from workers.smtp_in.conversation import Conversation, LocalConversation
from workers.smtp_in.gathering import Gatherer
from workers.smtp_in.house import House
from workers.smtp_in.letters import Keep, Knows
from workers.smtp_in.limits import DoorLimits

_LETTER_COMMANDS = ("MAIL", "RCPT", "DATA", "RSET")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listen:
    """Where and how a door listens.

    Args:
        port: 0 takes a free one.
        name: what the door calls itself in its greeting.
        lmtp: LMTP instead of SMTP, for one's own mail server.
        tls: offer STARTTLS with this context.
    """

    host: str
    port: int
    name: str = "localhost"
    lmtp: bool = False
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Seams:
    """What stands behind the door; `knows` and `keep` are called in threads.

    Args:
        spool: a folder for letters too large for memory; None is the system's.
    """

    knows: Knows
    keep: Keep
    now: Clock
    spool: Path | None = None


class Door:
    """A listening SMTP or LMTP server that keeps letters before it answers 250."""

    def __init__(self, listen: Listen, seams: Seams, limits: DoorLimits | None = None) -> None:
        limits = limits or DoorLimits()
        self._listen = listen
        self._house = House(seams.knows, Gatherer(seams.keep, limits.batch), seams.now, limits, seams.spool)
        self._answers = Answers(self._house)
        self._server: asyncio.Server | None = None
        self._options: dict[str, Any] = {
            "data_size_limit": limits.size_bytes,
            "enable_SMTPUTF8": True,
            "hostname": listen.name,
            "ident": "Cherha",
            "tls_context": listen.tls,
            "timeout": limits.idle_s,
            "command_call_limit": {"*": limits.commands} | dict.fromkeys(_LETTER_COMMANDS, limits.transactions),
        }

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else self._listen.port

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: the address is taken, or not ours.
        """
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # the library logs addresses, and at DEBUG bodies
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._greet, self._listen.host, self._listen.port, backlog=1024)
        log.info("door_open", port=self.port, lmtp=self._listen.lmtp)

    async def stop(self, within_s: float = 10.0) -> None:
        """Take no new clients, let the letters in hand be kept and answered, and close."""
        if self._server is None:
            return
        self._server.close()
        for visit in list(self._house.visits):
            visit.leave()
        try:
            async with asyncio.timeout(within_s):
                await self._house.empty.wait()
                await self._house.gatherer.drain()
        except TimeoutError:
            log.warning("door_closed_on_clients", clients=len(self._house.visits))
        for visit in list(self._house.visits):
            visit.abort()
        await self._server.wait_closed()
        self._house.close()
        self._server = None

    def _greet(self) -> Conversation:
        kind = LocalConversation if self._listen.lmtp else Conversation
        return kind(self._house, self._answers, loop=asyncio.get_running_loop(), **self._options)
