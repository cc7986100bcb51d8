"""One connection to a server of IMAP4 (RFC 9051, RFC 3501), with IDLE (RFC 2177), which Python's library has not."""

from __future__ import annotations

import imaplib
import re
import select
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any

from core.mailbox import MailboxAddress

#: Seconds for a connection and for each answer.
ANSWER_S = 60

#: A server may hang up on who idles for half an hour (RFC 2177): it is asked again before.
IDLE_S = 9 * 60.0

#: Where it does not know IDLE, or says nothing, it is looked at so often.
LOOK_S = 60.0

_LINE_BYTES = 1024 * 1024
_TICK_S = 0.5
_SIZE = re.compile(rb"\bUID (\d+)\b.*?\bRFC822\.SIZE (\d+)\b|\bRFC822\.SIZE (\d+)\b.*?\bUID (\d+)\b", re.IGNORECASE)
_UID = re.compile(rb"\bUID (\d+)\b", re.IGNORECASE)
_NEWS = re.compile(rb"\* \d+ (?:EXISTS|RECENT)\b", re.IGNORECASE)

Failure = imaplib.IMAP4.error


class _Reading:
    """Reads with a buffer of its own: that of the library cannot be asked whether anything is in it."""

    sock: Any
    _ahead: bytearray

    def read(self, size: int) -> bytes:
        while len(self._ahead) < size:
            self._more()
        return self._take(size)

    def readline(self) -> bytes:
        while (end := self._ahead.find(b"\n")) < 0:
            if len(self._ahead) > _LINE_BYTES:
                msg = "a line without an end"
                raise imaplib.IMAP4.abort(msg)
            self._more()
        return self._take(end + 1)

    def has_line(self, within_s: float) -> bool:
        """Wait a moment for a line."""
        if b"\n" not in self._ahead and (self._pending() or select.select([self.sock], [], [], within_s)[0]):
            self._more()
        return b"\n" in self._ahead

    def _pending(self) -> bool:
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def _take(self, size: int) -> bytes:
        taken = bytes(self._ahead[:size])
        del self._ahead[:size]
        return taken

    def _more(self) -> None:
        got = self.sock.recv(64 * 1024)
        if not got:
            msg = "the server hung up"
            raise imaplib.IMAP4.abort(msg)
        self._ahead += got

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on with TLS; what came in the clear after the answer is somebody else's (RFC 9051, section 11.3)."""
        told, _ = self._simple_command("STARTTLS")  # type: ignore[attr-defined] # of the library
        if told != "OK" or self._ahead:
            msg = "no STARTTLS"
            raise imaplib.IMAP4.abort(msg)
        self.sock = context.wrap_socket(self.sock, server_hostname=host)


class _Plain(_Reading, imaplib.IMAP4):
    def __init__(self, host: str, port: int) -> None:
        self._ahead = bytearray()
        super().__init__(host, port, timeout=ANSWER_S)


class _Tls(_Reading, imaplib.IMAP4_SSL):
    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self._ahead = bytearray()
        super().__init__(host, port, ssl_context=context, timeout=ANSWER_S)


class ImapBox:
    """A folder, opened.

    Attributes:
        validity: of the numbers of its letters.
        greatest: of the letters that were there when it was opened.
        idles: whether the server tells of new letters by itself.

    Raises:
        OSError, Failure: the server is away, or refuses.
    """

    def __init__(self, where: MailboxAddress) -> None:
        context = ssl.create_default_context()
        tls = where.tls == "implicit"
        self._client: Any = _Tls(where.host, where.port, context) if tls else _Plain(where.host, where.port)
        try:
            if where.tls == "starttls":
                self._client.secure(context, where.host)
            self._ok(self._client.login(_quoted(where.user), where.password))
            _, told = self._client.capability()
            self.idles = b"IDLE" in (told[0] or b"").upper().split()
            self._ok(self._client.select(_quoted(where.folder)))
            self.validity = int(self._said("UIDVALIDITY") or 0)
            self.greatest = max(int(self._said("UIDNEXT") or 1) - 1, 0)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._client.shutdown()

    def after(self, last: int) -> list[int]:
        """List the numbers of the letters after one, in order."""
        # The range always has the last letter in it, whatever its number (RFC 9051, section 9, seq-range).
        return [one for one in self._search(f"UID {last + 1}:*") if one > last]

    def unread(self, since: datetime | None) -> set[int]:
        """List the numbers of those that nobody has read, or that came on a day or after it."""
        found = self._search("UNSEEN")
        if since is not None:
            month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
                since.month - 1
            ]
            found += self._search(f"SINCE {since.day}-{month}-{since.year}")
        return set(found)

    def sizes(self, numbers: Sequence[int]) -> dict[int, int]:
        """Tell how many bytes letters have."""
        found: dict[int, int] = {}
        for one in self._fetch(_set(numbers), "(UID RFC822.SIZE)"):
            told = _SIZE.search(one if isinstance(one, bytes) else one[0])
            if told:
                number, size = (told[1], told[2]) if told[1] else (told[4], told[3])
                found[int(number)] = int(size)
        return found

    def letter(self, number: int) -> bytes | None:
        """Read a letter, and leave it unread; None when it is there no more."""
        return self._part(number, "BODY.PEEK[]")

    def head(self, number: int) -> bytes | None:
        """Read the headers of a letter, and leave it unread."""
        return self._part(number, "BODY.PEEK[HEADER]")

    def mark(self, first: int, last: int) -> None:
        """Mark letters as read, from one number to another."""
        self._ok(self._client.uid("STORE", f"{first}:{last}", "+FLAGS.SILENT", "(\\Seen)"))

    def wait(self, stop: Event) -> None:
        """Wait until something new may be there, or until told to stop."""
        if not self.idles:
            stop.wait(LOOK_S)
            self._ok(self._client.noop())
            return
        tag = self._client._new_tag()  # noqa: SLF001 - the library has no IDLE before Python 3.14
        self._client.send(tag + b" IDLE\r\n")
        news = False
        while not (line := self._client.readline()).startswith(b"+"):
            self._refused(line, tag)
            news = news or _NEWS.match(line) is not None
        until_s = monotonic() + IDLE_S
        while not news and not stop.is_set() and monotonic() < until_s:
            if self._client.has_line(_TICK_S):
                line = self._client.readline()
                self._refused(line, tag)
                news = _NEWS.match(line) is not None
        self._client.send(b"DONE\r\n")
        while not (line := self._client.readline()).startswith(tag):
            self._refused(line, b"* BYE")
        self._client.tagged_commands.pop(tag, None)

    @staticmethod
    def _refused(line: bytes, tag: bytes) -> None:
        if line.startswith((tag, b"* BYE")):
            raise imaplib.IMAP4.abort(line[:200].decode("ascii", "replace"))

    def _part(self, number: int, part: str) -> bytes | None:
        for one in self._fetch(str(number), f"(UID {part})"):
            if isinstance(one, tuple):
                named = _UID.search(one[0])
                if named is None or int(named[1]) == number:
                    return bytes(one[1])
        return None

    def _fetch(self, numbers: str, what: str) -> Iterator[Any]:
        yield from (one for one in self._ok(self._client.uid("FETCH", numbers, what)) if one)

    def _search(self, what: str) -> list[int]:
        told = self._ok(self._client.uid("SEARCH", what))
        return sorted({int(one) for line in told if line for one in line.split()})

    def _said(self, what: str) -> str:
        _, told = self._client.response(what)
        return (told[-1] or b"").decode("ascii", "replace") if told else ""

    @staticmethod
    def _ok(answer: tuple[str, Any]) -> Any:
        if answer[0] != "OK":
            raise imaplib.IMAP4.error(str(answer[1])[:200])
        return answer[1]


def _set(numbers: Sequence[int]) -> str:
    return ",".join(str(one) for one in numbers)


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
