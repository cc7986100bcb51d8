"""One client's visit: aiosmtpd's dialogue, with our own coming and going, addresses and DATA."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, AnyStr, cast

import structlog
from aiosmtpd.smtp import SMTP, TLSSetupException, syntax
from aiosmtpd.smtp import Envelope as Dialogue

from workers.smtp_in.counting import client_of
from workers.smtp_in.decoding import Decoder, Fault
from workers.smtp_in.faults import kind_and_place
from workers.smtp_in.house import House
from workers.smtp_in.letters import Envelope, Kept
from workers.smtp_in.spool import Spool

#: More than the reader ever holds, so that a read empties it.
_ALL_BYTES = 2**30

#: How often a letter that is coming in puts off the idle timeout.
_SIGN_OF_LIFE_S = 1.0

_OURS = "451 4.3.0 Try again later"
_KEPT = "250 2.0.0 Kept"
_CROWDED = b"421 4.7.0 Too many connections, try again later\r\n"
_LEAVING = b"421 4.3.2 The service is closing, try again later\r\n"
_TIRED = b"421 4.4.2 The session has lasted too long\r\n"

#: Answers of the library that lack an enhanced status code (RFC 3463).
_BETTER_SAID: dict[str | bytes, str] = {
    "250 OK": "250 2.0.0 OK",
    "552 Error: message size exceeds fixed maximum message size": Fault.TOO_LARGE.value,
}

#: The addresses that nearly all letters have; whatever else the standard allows is left to the library's slow parser.
_PLAIN_PATH = re.compile(r"<([^\s<>\"@(),:;\\\[\]]+@[\w.-]+)>(?:\s+(.*))?")

log = structlog.get_logger(__name__)


class Conversation(SMTP):
    """A client's visit, from its connection to its leaving."""

    line_length_limit = 16 * 1024  # of a command, and with it what the reader holds before it makes the client wait

    def __init__(self, house: House, handler: object, **options: Any) -> None:
        super().__init__(handler, **options)
        self.client = ""
        self._host = ""
        self._house = house
        self._entered = False
        self._leaving = False
        self._reading = False
        self._keeping = False
        self._alive_at = 0.0
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
            _say_last(transport, _CROWDED)
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
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Take what comes, unless the client was turned away."""
        if self._entered:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """Close when the client has closed its side."""
        return super().eof_received() if self._entered else False

    def leave(self) -> None:
        """Say goodbye now, or as soon as the letter in hand is answered."""
        self._leaving = True
        if not (self._reading or self._keeping):
            _say_last(self.transport, _LEAVING)

    def abort(self) -> None:
        """Cut the connection."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def _end_session(self) -> None:
        if self._keeping:
            self._leaving = True
        else:
            _say_last(self.transport, _TIRED)

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
        return _OURS

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

    @property
    def _dialogue(self) -> Dialogue:
        """What the client has said of the letter; there is one from the connection on."""
        return cast("Dialogue", self.envelope)

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
            await self.push("354 End the letter with <CR><LF>.<CR><LF>")
            answer = await self._take_letter()
            self.envelope = self._create_envelope()
            await self.push(answer)
            if self._leaving:
                _say_last(self.transport, _LEAVING)

    async def _take_letter(self) -> str:
        spool = Spool(self._house.limits.memory_bytes, self._house.spool)
        try:
            self._reading = True
            fault = await self._read(spool)
            self._reading, self._keeping = False, True
            return self._join([fault]) if fault else await self._keep(spool)
        finally:
            self._reading = self._keeping = False
            if not spool.lent:
                spool.discard()

    async def _read(self, spool: Spool) -> str | None:
        """Read until the letter ends; return the answer that keeps it out, if any.

        Whatever happens, reading goes on to the end: the rest of a letter must never be taken for commands.
        """
        decoder = Decoder(self._house.limits)
        full = False
        while True:
            chunk = await self._reader.read(_ALL_BYTES)
            if not chunk or self._reader.at_eof():
                raise ConnectionResetError
            self._show_life()
            piece = decoder.feed(chunk)
            full = full or not spool.write(piece.content)
            if piece.rest is not None:
                break
        if piece.rest:
            self._reader.feed_data(piece.rest)  # commands sent ahead; the reader is empty, so they come first
        if decoder.fault:
            return decoder.fault.value
        return _OURS if full else None

    def _show_life(self) -> None:
        now = self.loop.time()
        if now - self._alive_at > _SIGN_OF_LIFE_S:
            self._alive_at = now
            self._reset_timeout()

    async def _keep(self, spool: Spool) -> str:
        """Have a letter kept; the client may hang up meanwhile, and no timeout cuts this short."""
        if self._timeout_handle:
            self._timeout_handle.cancel()
        future = self._house.gatherer.submit(self._envelopes(spool))
        spool.lend(future)
        done, _ = await asyncio.wait({future}, timeout=self._house.limits.keep_s)
        self._reset_timeout()
        if not done:
            return self._join([_OURS])
        return self._join([_KEPT if isinstance(one, Kept) else _OURS for one in future.result()])

    def _envelopes(self, spool: Spool) -> list[Envelope]:
        digest, raw = spool.finish()
        dialogue, sender = self._dialogue, self._dialogue.mail_from or ""
        shared = partial(
            Envelope,
            mail_from="" if sender == "<>" else sender,
            peer=self._host,
            received_at=self._house.now(),
            size=spool.size,
            digest=digest,
            raw=raw,
            file=spool.file,
            smtputf8=bool(dialogue.smtp_utf8),
        )
        return [shared(recipient) for recipient in dialogue.rcpt_tos]

    def _join(self, answers: Sequence[str]) -> str:
        """Make one answer of those for each recipient: the first that is not good."""
        return next((answer for answer in answers if answer != _KEPT), _KEPT)


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


def _say_last(transport: asyncio.BaseTransport | None, words: bytes) -> None:
    if isinstance(transport, asyncio.Transport) and not transport.is_closing():
        transport.write(words)
        transport.close()
