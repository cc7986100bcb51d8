"""The demo's outside world of mail: a server that takes what the desk sends, for people to read."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Takes every letter and keeps it in a folder, numbered as it came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: asyncio.Server | None = None
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take one letter."""
        raw = envelope.original_content or b""
        message: Any = message_from_bytes(raw, policy=policy.default)
        self.letters.append(message)
        path = self._folder / f"{len(self.letters):03}.eml"
        await asyncio.to_thread(path.write_bytes, raw)
        return "250 OK"

    async def start(self) -> int:
        """Listen on any free port of this machine, and tell which."""
        self._folder.mkdir(parents=True, exist_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, loop=loop), "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def wait_for(self, to: str, words: str, *, timeout_s: float = 20) -> EmailMessage:
        """Wait for a letter to somebody that has these words in subject or text.

        Raises:
            TimeoutError: it did not come; with the subjects of those that did.
        """
        end = asyncio.get_running_loop().time() + timeout_s
        while asyncio.get_running_loop().time() < end:
            for letter in self.letters:
                if to in str(letter["To"]) and (words in str(letter["Subject"]) or words in text_of(letter)):
                    return letter
            await asyncio.sleep(0.1)
        came = [f"{letter['To']}: {letter['Subject']}" for letter in self.letters]
        raise TimeoutError(f"no letter to {to} with {words!r}; there came {came}")


def text_of(letter: EmailMessage) -> str:
    """Read the plain text of a letter."""
    part = letter.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""
