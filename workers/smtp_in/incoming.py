"""A letter while it comes in: its bytes as the client sends them, until it ends or must not be taken."""

from __future__ import annotations

from pathlib import Path

from workers.smtp_in.decoding import Decoder
from workers.smtp_in.limits import DoorLimits
from workers.smtp_in.spool import Spool

_NO_ROOM = "451 4.3.0 Try again later"


class Incoming:
    """Takes a letter piece by piece; a bad one is read to its end too, for its rest must not be taken for commands.

    Attributes:
        refusal: the answer that keeps the letter out, if any.
    """

    def __init__(self, limits: DoorLimits, folder: Path | None) -> None:
        self.spool = Spool(limits.memory_bytes, folder)
        self.refusal: str | None = None
        self._decoder = Decoder(limits)

    def feed(self, chunk: bytes) -> bytes | None:
        """Take the next bytes; return those that follow the letter once it has ended."""
        piece = self._decoder.feed(chunk)
        if self._decoder.fault:
            self.refusal = self._decoder.fault.value
        elif not self.spool.write(piece.content):
            self.refusal = _NO_ROOM
        return piece.rest
