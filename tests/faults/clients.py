"""Mail clients that tell what they saw: the answer to a letter, if any came, and how long they waited for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic

_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said last.

    Attributes:
        code: of the last answer, to the letter or to what came before it; 0 when none came.
        waited_s: the longest wait for one answer.
        ended: whether the final dot went out.
    """

    code: int
    waited_s: float
    ended: bool = False

    @property
    def taken(self) -> bool:
        """Whether the door took the letter over."""
        return self.code == 250


class _Refused(Exception):
    """The door said no; there is nothing more to say to it."""


class Client:
    """One visit at the door, for one letter."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._code = 0
        self._waited_s = 0.0
        self._ended = False

    async def hand_in(self, letter: bytes, sender: str, to: str, *, leave: bool = False) -> Answer:
        """Hand a letter in.

        Args:
            leave: hang up right after the final dot.
        """
        writer = None
        try:
            async with asyncio.timeout(_PATIENCE_S):
                self._reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                await self._expect(220)
                for words, code in (
                    ("EHLO client.example", 250),
                    (f"MAIL FROM:<{sender}>", 250),
                    (f"RCPT TO:<{to}>", 250),
                    ("DATA", 354),
                ):
                    writer.write(f"{words}\r\n".encode())
                    await self._expect(code)
                writer.write(letter + b".\r\n")
                await writer.drain()
                self._code, self._ended = 0, True
                if not leave:
                    await self._expect(250)
        except (OSError, TimeoutError, _Refused):
            pass
        finally:
            if writer is not None:
                writer.close()
        return Answer(self._code, self._waited_s, self._ended)

    async def _expect(self, code: int) -> None:
        self._code, begun = 0, monotonic()
        try:
            line = await self._reader.readline()
            while line[3:4] == b"-":
                line = await self._reader.readline()
        finally:
            self._waited_s = max(self._waited_s, monotonic() - begun)
        if not line[:3].isdigit():
            raise ConnectionResetError
        self._code = int(line[:3])
        if self._code != code:
            raise _Refused


def letter(sender: str, to: str, subject: str, text: str, message_id: str) -> bytes:
    """Write a letter, without the final dot."""
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n\r\n"
    return f"{head}{text}\r\n".encode()
