"""One client's visit: aiosmtpd's dialogue, with our own coming and going, addresses and DATA."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any, AnyStr

import structlog
from aiosmtpd.smtp import TLSSetupException, syntax

from workers.smtp_in.counting import client_of
from workers.smtp_in.decoding import Fault
from workers.smtp_in.faults import kind_and_place
from workers.smtp_in.house import House
from workers.smtp_in.plain import SEND_IT
from workers.smtp_in.receiving import LEAVING, OURS, Receiving, say_last

_CROWDED = b"421 4.7.0 Too many connections, try again later\r\n"
_TIRED = b"421 4.4.2 The session has lasted too long\r\n"

#: Answers of the library that lack an enhanced status code (RFC 3463).
_BETTER_SAID: dict[str | bytes, str] = {
    "250 OK": "250 2.0.0 OK",
    "552 Error: message size exceeds fixed maximum message size": Fault.TOO_LARGE.value,
}

#: The addresses that nearly all letters have; whatever else the standard allows is left to the library's slow parser.
_PLAIN_PATH = re.compile(r"<([^\s<>\"@(),:;\\\[\]]+@[\w.-]+)>(?:\s+(.*))?")

log = structlog.get_logger(__name__)


class Conversation(Receiving):
    """A client's visit, from its connection to its leaving."""

    def __init__(self, house: House, handler: object, **options: Any) -> None:
        super().__init__(house, handler, **options)
        self._session_timer: asyncio.TimerHandle | None = None

    # --- coming and going ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the client in, or turn it away; a second call is the same client after STARTTLS."""
        if self._entered:
            super().connection_made(transport)
            return
        peer = transport.get_extra_info("peername")
        self._host = str(peer[0]) if peer else ""
        self.client = client_of(self._host)
        if not self._house.guests.enter(self.client):
            say_last(transport, _CROWDED)
            return
        self._entered = True
        self._house.enter(self)
        self._session_timer = self.loop.call_later(self._house.limits.session_s, self._end_session)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the client out; the library calls this twice when TLS could not be set up."""
        if not self._entered:
            return
        if self in self._house.visits:
            self._house.leave(self)
            self._house.guests.leave(self.client)
        if self._session_timer:
            self._session_timer.cancel()
        if self._incoming is not None:
            self._incoming.spool.discard()
            self._incoming = None
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """Close when the client has closed its side; a letter that is being kept is answered first."""
        if not self._entered:
            return False
        if self._keeping and self._original_transport is None:  # below TLS nothing can stay half open
            self._half_closed = True
            return True
        return super().eof_received()

    def leave(self) -> None:
        """Say goodbye now, or as soon as the letter in hand is answered."""
        self._leaving = True
        if self._incoming is None and not self._keeping:
            say_last(self.transport, LEAVING)

    def abort(self) -> None:
        """Cut the connection."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def _end_session(self) -> None:
        if self._keeping:
            self._leaving = True
        else:
            say_last(self.transport, _TIRED)

    async def _handle_client(self) -> None:
        try:
            await super()._handle_client()
        except ConnectionError:
            self._writer.close()  # the client has gone; there is nobody to tell

    async def handle_exception(self, error: Exception) -> str:
        """Answer a fault of ours without its details, and let the session go on."""
        if isinstance(error, asyncio.IncompleteReadError):
            self._writer.close()
        elif not isinstance(error, TLSSetupException):
            log.error("door_fault", **kind_and_place(error))
        return OURS

    async def push(self, status: AnyStr) -> None:
        """Send an answer."""
        better = _BETTER_SAID.get(status)
        await (super().push(better) if better else super().push(status))

    # --- commands -----------------------------------------------------------------------------

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Split an address from the parameters after it; (None, None) when it is none."""
        if not arg.isprintable():
            return None, None  # control characters, or bytes that are no UTF-8: no database would take them
        if plain := _PLAIN_PATH.fullmatch(arg):
            return plain[1], plain[2] or ""
        try:
            return super()._getaddr(arg)
        except (IndexError, ValueError, AttributeError):
            return None, None  # the parser of Python's email package stumbles over some malformed addresses

    async def smtp_VRFY(self, arg: str) -> None:  # noqa: N802, ARG002 - the library finds commands by these names
        """Tell nobody who is here."""
        await self.push("502 5.5.1 Not offered")

    smtp_EXPN = smtp_AUTH = smtp_VRFY  # noqa: N815 - likewise

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - likewise
        """Receive a letter, have it kept, and answer only then."""
        if not self._dialogue.rcpt_tos:
            await self.push("503 5.5.1 RCPT comes first")
        elif arg:
            await self.push("501 5.5.4 DATA takes no argument")
        else:
            await self.push(SEND_IT.rstrip())
            answer = await self._letter()
            self._reset_timeout()  # a client that takes no answers must not stay for ever
            await self.push(answer)
            self._end_letter()


class LocalConversation(Conversation):
    """The same in LMTP: its own greeting, and an answer for every recipient (RFC 2033)."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - the library finds commands by these names
        """Greet."""
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802, ARG002 - likewise
        """Refuse the greeting of SMTP."""
        await self.push("500 5.5.1 This is LMTP: greet with LHLO")

    smtp_HELO = smtp_EHLO  # noqa: N815 - likewise

    def _join(self, answers: Sequence[str]) -> str:
        recipients = len(self._dialogue.rcpt_tos)
        return "\r\n".join(answers if len(answers) == recipients else list(answers) * recipients)
