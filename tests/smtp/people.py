"""Those who come to the door in tests, and the shelf behind it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from workers.smtp_in import Envelope, Kept

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LETTER = b"From: a@example.com\r\nSubject: Hello\r\n\r\nGood day.\r\n"


def noon() -> datetime:
    return NOON


class Shelf:
    """Keeps letters in memory, as slowly and as badly as told."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []
        self.bytes: list[bytes] = []
        self.batches: list[int] = []
        self.takes_s = 0.0
        self.broken: set[str] = set()
        self.open = threading.Event()
        self.open.set()

    def knows(self, recipient: str) -> bool:
        if recipient.startswith("fault"):
            raise RuntimeError("password=hunter2")
        return recipient.casefold().endswith("@desk.example")

    def keep(self, letters: Sequence[Envelope]) -> list[Kept | Exception]:
        self.batches.append(len(letters))
        self.open.wait(20)
        time.sleep(self.takes_s)
        if any(letter.recipient in self.broken for letter in letters):
            raise RuntimeError("password=hunter2")
        for letter in letters:
            self.bytes.append(b"".join(letter.chunks()))
            self.kept.append(letter)
        return [Kept(number) for number, _ in enumerate(letters)]


class Client:
    """A mail client that says exactly what it is told."""

    here: ClassVar[list[Client]] = []

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.here.append(self)

    @classmethod
    async def knock(cls, port: int) -> Client:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    @classmethod
    async def come(cls, port: int, greeting: str = "EHLO client.example") -> Client:
        client = await cls.knock(port)
        await client.hear()
        if greeting:
            assert (await client.say(greeting)).startswith("250")
        return client

    async def hear(self) -> str:
        """Read one whole answer; empty when the door has hung up."""
        lines = []
        while line := (await self.reader.readline()).decode():
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    async def say(self, words: str | bytes) -> str:
        self.writer.write(words.encode() + b"\r\n" if isinstance(words, str) else words)
        await self.writer.drain()
        return await self.hear()

    async def address(self, *recipients: str, sender: str = "a@example.com") -> str:
        answer = await self.say(f"MAIL FROM:<{sender}>")
        for recipient in recipients or ("help@desk.example",):
            answer = await self.say(f"RCPT TO:<{recipient}>")
        return answer

    async def send(self, letter: bytes = LETTER, *recipients: str) -> str:
        """Hand over a letter, already stuffed, without its end mark."""
        await self.address(*recipients)
        assert (await self.say("DATA")).startswith("354")
        return await self.say(letter + b".\r\n")

    async def leave(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except ConnectionError:
            return


async def until(holds: Callable[[], object], within_s: float = 5.0) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.01)
