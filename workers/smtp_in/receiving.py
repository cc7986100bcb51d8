"""How a letter comes in: plain commands, its bytes, and the answer that is given when it is kept and never before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Dialogue

from workers.smtp_in.gathering import Outcome
from workers.smtp_in.house import House
from workers.smtp_in.incoming import Incoming
from workers.smtp_in.letters import Envelope, Kept
from workers.smtp_in.plain import SEND_IT, PlainCommands
from workers.smtp_in.spool import Spool

#: How often, at most, what comes in puts off the idle timeout.
_SIGN_OF_LIFE_S = 1.0

#: Characters of what a client calls itself: no domain is longer (RFC 5321, section 4.5.3.1.2).
_NAME_LENGTH = 255

#: More than the reader ever holds, so that a read empties it.
_ALL_BYTES = 2**30

OURS = "451 4.3.0 Try again later"
KEPT = "250 2.0.0 Kept"
LEAVING = b"421 4.3.2 The service is closing, try again later\r\n"


class Receiving(SMTP):
    """The part of a visit that needs no coroutine.

    The library wakes a coroutine for every line; what brings nearly every letter is dealt with before it hears of it.
    What comes goes to the first that wants it: the letter that is coming in; `PlainCommands`, when the library is
    waiting for a command; the library.
    """

    line_length_limit = 16 * 1024  # of a command, and with it what is held before the client is made to wait

    def __init__(self, house: House, handler: object, **options: Any) -> None:
        super().__init__(handler, **options)
        self.client = ""
        self._host = ""
        self._house = house
        self._plain = PlainCommands(house)
        self._entered = self._leaving = self._half_closed = False
        self._in_line = False  # the library has the beginning of a command, and perhaps has thrown it away as too long
        # A letter is coming in; then it is being kept, until its answer is out; a coroutine of the library may wait for
        # that answer.
        self._incoming: Incoming | None = None
        self._keeping = False
        self._kept: asyncio.Future[Sequence[Outcome]] | None = None
        self._answer: asyncio.Future[str] | None = None
        self._ahead = b""
        self._patience: asyncio.TimerHandle | None = None
        self._alive_at = 0.0

    @property
    def _open(self) -> asyncio.Transport | None:
        """The way to the client, while there is one."""
        transport = self.transport
        return transport if isinstance(transport, asyncio.Transport) and not transport.is_closing() else None

    @property
    def _dialogue(self) -> Dialogue:
        """What the client has said of the letter; there is one from the connection on."""
        return cast("Dialogue", self.envelope)

    def data_received(self, data: bytes) -> None:
        """Take what comes, unless the client was turned away: a letter, plain commands, or what the library answers."""
        if not self._entered:
            return
        if self._incoming is not None:
            self._receive(self._incoming, data)
        elif self._keeping:
            self._hold(data)
        elif self._at_rest():
            self._hear(data)
        else:
            self._leave_to_library(data)

    def _leave_to_library(self, data: bytes) -> None:
        self._in_line = not data.endswith(b"\n")
        super().data_received(data)

    def _at_rest(self) -> bool:
        """Whether the library waits for a new command, and the client has taken all answers."""
        transport = self._open
        return (
            not self._in_line
            and _waits(self._reader)
            and transport is not None
            and not transport.get_write_buffer_size()
        )

    def _hear(self, data: bytes) -> None:
        """Answer plain commands at once; from the first other one on, the library does."""
        answers: list[bytes] = []
        while self._incoming is None and (end := data.find(b"\r\n")) >= 0:
            answer = self._plain.agree(data[:end], self.client, cast("Session", self.session), self._dialogue)
            if answer is None:
                break
            answers.append(answer)
            data = data[end + 2 :]
            if answer == SEND_IT:
                self._incoming = self._begin_letter()
        if answers and (transport := self._open):
            self._show_life()
            transport.write(b"".join(answers))
        if data and self._incoming is not None:
            self._receive(self._incoming, data)
        elif data:
            self._leave_to_library(data)

    async def _letter(self) -> str:
        """Receive a letter for the library's DATA, and return its answer; `_end_letter` is to follow."""
        answer: asyncio.Future[str] = self.loop.create_future()
        self._answer = answer
        incoming = self._incoming = self._begin_letter()
        if _has_more(self._reader):
            self._receive(incoming, await self._reader.read(_ALL_BYTES))
        words = await answer
        self._answer = None
        return words

    def _begin_letter(self) -> Incoming:
        return Incoming(self._house.limits, self._house.spool)

    def _receive(self, incoming: Incoming, data: bytes) -> None:
        """Take a piece of a letter and, when it has ended, have it kept."""
        rest = incoming.feed(data)
        if rest is None:
            self._show_life()
            return
        self._incoming, self._keeping, self._ahead = None, True, rest
        if self._timeout_handle:
            self._timeout_handle.cancel()  # nothing cuts short what is being kept
        if incoming.refusal is None:
            self._keep(incoming.spool)
        else:
            incoming.spool.discard()
            self.loop.call_soon(self._give_answer, [incoming.refusal])

    def _keep(self, spool: Spool) -> None:
        """Have a letter kept; the client may hang up meanwhile."""
        kept = self._kept = self._house.gatherer.submit(self._envelopes(spool))
        spool.lend(kept)
        self._patience = self.loop.call_later(self._house.limits.keep_s, self._tell, kept)
        kept.add_done_callback(self._tell)

    def _hold(self, data: bytes) -> None:
        """Hold what came before the letter was answered, and let a client wait that sends too much of it."""
        self._ahead += data
        if len(self._ahead) > self.line_length_limit and (transport := self._open):
            transport.pause_reading()

    def _tell(self, kept: asyncio.Future[Sequence[Outcome]]) -> None:
        """Answer a letter that was kept, or was not in time."""
        if self._kept is not kept:
            return
        self._kept = None
        if self._patience is not None:
            self._patience.cancel()
        outcomes = kept.result() if kept.done() else [None]
        self._give_answer([KEPT if isinstance(one, Kept) else OURS for one in outcomes])

    def _give_answer(self, answers: Sequence[str]) -> None:
        words = self._join(answers)
        if self._answer is not None:
            if not self._answer.done():
                self._answer.set_result(words)
        elif transport := self._open:
            transport.write(f"{words}\r\n".encode())
            self._end_letter()

    def _end_letter(self) -> None:
        """Be ready for the next letter, or close after the last."""
        self._keeping = False
        self.envelope = self._create_envelope()
        self._reset_timeout()
        ahead, self._ahead = self._ahead, b""
        if self._leaving:
            say_last(self.transport, LEAVING)
        elif self._half_closed and self.transport is not None:
            self.transport.close()
        elif ahead and (transport := self._open):
            transport.resume_reading()
            self.data_received(ahead)

    def _show_life(self) -> None:
        now = self.loop.time()
        if now - self._alive_at > min(_SIGN_OF_LIFE_S, self._house.limits.idle_s / 10):
            self._alive_at = now
            self._reset_timeout()

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
            helo=(getattr(self.session, "host_name", None) or "")[:_NAME_LENGTH],
        )
        return [shared(recipient) for recipient in dialogue.rcpt_tos]

    def _join(self, answers: Sequence[str]) -> str:
        """Make one answer of those for each recipient: the first that is not good."""
        return next((answer for answer in answers if answer != KEPT), KEPT)


def say_last(transport: asyncio.BaseTransport | None, words: bytes) -> None:
    """Say something and close, unless the connection is closed already."""
    if isinstance(transport, asyncio.Transport) and not transport.is_closing():
        transport.write(words)
        transport.close()


def _waits(reader: Any) -> bool:
    """Whether somebody waits for more than a reader has; it has no public way to tell, as little as for the next."""
    return reader._waiter is not None and not reader._waiter.done() and not reader._buffer  # noqa: SLF001


def _has_more(reader: Any) -> bool:
    return bool(reader._buffer)  # noqa: SLF001
