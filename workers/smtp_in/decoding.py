"""From the stream after DATA to the bytes of a letter, a chunk at a time, whatever the borders between chunks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from workers.smtp_in.limits import DoorLimits

_CRLF = b"\r\n"
_END = b"\r\n.\r\n"


class Fault(Enum):
    """Why a letter cannot be taken; the value is the answer to the client.

    Most are permanent, because the same bytes would meet the same fault again. A long line is not: nothing forbids us
    to take it, so its sender's server keeps the letter and a person there is told in the end. A bare CR or LF is
    refused for it may end a letter for one server and not for another: SMTP smuggling (RFC 5321, section 2.3.8).
    """

    TOO_LARGE = "552 5.3.4 The letter is too large"
    LONG_LINE = "451 4.6.0 A line is too long"
    LONG_HEADER = "552 5.3.4 The header is too large"
    BARE_LINE_END = "550 5.6.0 Lines must end with CR and LF, which may not stand alone"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a chunk came to: bytes of the letter and, once it has ended, what followed it on the wire."""

    content: bytes
    rest: bytes | None = None


class Decoder:
    """Finds the end of a letter, takes out transparent dots, and watches the caps (RFC 5321, section 4.5.2).

    After the first fault the content is dropped, but the end is still looked for. At most five bytes are held back.
    """

    def __init__(self, limits: DoorLimits) -> None:
        self.fault: Fault | None = None
        self.size = 0
        self._limits = limits
        # The end mark begins with the CRLF of the line before, and for an empty letter that is DATA's own.
        self._held = _CRLF
        self._skip = len(_CRLF)
        self._line = 0
        self._in_header = True
        self._at_line_start = True

    def feed(self, chunk: bytes) -> Piece:
        """Take the next chunk of the stream; feed nothing more once a piece has a rest."""
        data = self._held + chunk
        end = data.find(_END)
        if end >= 0:
            return Piece(self._take(data[: end + 2]), data[end + len(_END) :])
        held = _held_back(data)
        self._held = data[len(data) - held :]
        return Piece(self._take(data[: len(data) - held]))

    def _take(self, stuffed: bytes) -> bytes:
        """Judge and unstuff bytes that hold no part of an end mark at their end."""
        if not stuffed or self.fault:
            return b""
        content = stuffed.replace(b"\r\n.", _CRLF)[self._skip :]
        self._skip = 0
        self.size += len(content)
        self.fault = self._judge(content)
        return b"" if self.fault else content

    def _judge(self, content: bytes) -> Fault | None:
        if self.size > self._limits.size_bytes:
            return Fault.TOO_LARGE
        ends = content.count(_CRLF)
        if content.count(b"\n") != ends or content.count(b"\r") != ends:
            return Fault.BARE_LINE_END
        if self._in_header and self._header_too_long(content):
            return Fault.LONG_HEADER
        # Until so many bytes have come in all, no line of them can be longer.
        if self.size > self._limits.line_bytes and self._line_too_long(content):
            return Fault.LONG_LINE
        self._line = len(content) - content.rfind(b"\n") - 1 if ends else self._line + len(content)
        return None

    def _header_too_long(self, content: bytes) -> bool:
        """Look for the empty line that ends the header; chunks never split a CRLF."""
        before = self.size - len(content)
        if self._at_line_start and content.startswith(_CRLF):
            end = before
        else:
            found = content.find(b"\r\n\r\n")
            end = before + found if found >= 0 else -1
        self._in_header = end < 0
        self._at_line_start = content.endswith(_CRLF) if content else self._at_line_start
        return (self.size if self._in_header else end) > self._limits.header_bytes

    def _line_too_long(self, content: bytes) -> bool:
        """Step from the last line end within reach to the next, so that only a few bytes are looked at."""
        limit, start = self._limits.line_bytes, -self._line
        while len(content) - start > limit:
            found = content.rfind(b"\n", max(start, 0), start + limit)
            if found < 0:
                return True
            start = found + 1
        return False


def _held_back(data: bytes) -> int:
    """Count the bytes at the end of data that may be the beginning of the end mark."""
    for length in range(min(len(_END) - 1, len(data)), 0, -1):
        if _END.startswith(data[-length:]):
            return length
    return 0
