"""What the door hands over: a letter in its envelope, one for each recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter for one recipient, with what the client said about it.

    Args:
        recipient: as given to RCPT, without angle brackets.
        mail_from: the same of MAIL; empty for the null sender of automatic mail (RFC 5321, section 4.5.5).
        peer: the client's address.
        helo: how the client named itself; anybody may name themselves as they like.
        digest: SHA-256 of the bytes, in hexadecimal; the same for every recipient of a letter.
        raw: the bytes of a small letter; None when they are in `file`, which is gone after `keep` has returned.
        smtputf8: the client asked for SMTPUTF8 (RFC 6531): addresses in headers may be UTF-8.
    """

    recipient: str
    mail_from: str
    peer: str
    received_at: datetime
    size: int
    digest: str
    raw: bytes | None = None
    file: Path | None = None
    smtputf8: bool = False
    helo: str = ""

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes, wherever they are, a part at a time."""
        if self.file is None:
            yield self.raw or b""
            return
        with self.file.open("rb") as spooled:
            while chunk := spooled.read(_CHUNK_BYTES):
                yield chunk

    def head(self, limit_bytes: int) -> bytes:
        """Read the first bytes, for a look at the header block."""
        if self.file is None:
            return (self.raw or b"")[:limit_bytes]
        with self.file.open("rb") as spooled:
            return spooled.read(limit_bytes)


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter that is on disk: the id of its row, new or known."""

    letter: int


#: Says whether a recipient is one of ours; may wait, may raise.
Knows = Callable[[str], bool]

#: Keeps letters for good before it returns: for each, in order, that it is kept or the error that prevented it.
#: When it raises, none counts as kept.
Keep = Callable[[Sequence[Envelope]], Sequence[Kept | Exception]]
