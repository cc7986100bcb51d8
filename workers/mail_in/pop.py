"""One connection to a server of POP3 (RFC 1939), whose letters have names (UIDL)."""

from __future__ import annotations

import poplib
import ssl
from typing import Any

from core.mailbox import MailboxAddress

#: Seconds for a connection and for each answer.
ANSWER_S = 60

#: Bytes of a line; the library's own bound is less than what letters have.
_LINE_BYTES = 1024 * 1024

Failure = poplib.error_proto


class _LongLines:
    """Reads lines as long as letters have them."""

    file: Any

    def _getline(self) -> tuple[bytes, int]:
        line = self.file.readline(_LINE_BYTES + 1)
        if not line:
            msg = "the server hung up"
            raise poplib.error_proto(msg)
        if len(line) > _LINE_BYTES:
            msg = "a line without an end"
            raise poplib.error_proto(msg)
        return line.removesuffix(b"\n").removesuffix(b"\r"), len(line)


class _Plain(_LongLines, poplib.POP3):
    pass


class _Tls(_LongLines, poplib.POP3_SSL):
    pass


class PopBox:
    """A mailbox, opened; what is deleted goes when it is closed, and stays should the connection break before.

    Raises:
        OSError, Failure: the server is away, or refuses.
    """

    def __init__(self, where: MailboxAddress) -> None:
        context = ssl.create_default_context()
        self._client: Any = (
            _Tls(where.host, where.port, context=context, timeout=ANSWER_S)
            if where.tls == "implicit"
            else _Plain(where.host, where.port, timeout=ANSWER_S)
        )
        try:
            if where.tls == "starttls":
                self._client.stls(context)
            self._client.user(where.user)
            self._client.pass_(where.password)
        except BaseException:
            self._client.close()
            raise

    def names(self) -> dict[str, int]:
        """List the letters by name, with the numbers they have in this session."""
        _, lines, _ = self._client.uidl()
        return {
            name.decode("ascii", "replace")[:100]: int(number) for number, name in (one.split()[:2] for one in lines)
        }

    def sizes(self) -> dict[int, int]:
        """Tell how many bytes the letters have, by number."""
        return {int(number): int(size) for number, size in (one.split()[:2] for one in self._client.list()[1])}

    def letter(self, number: int) -> bytes:
        """Read a letter."""
        return b"\r\n".join(self._client.retr(number)[1]) + b"\r\n"

    def head(self, number: int) -> bytes:
        """Read the headers of a letter."""
        return b"\r\n".join(self._client.top(number, 0)[1]) + b"\r\n"

    def delete(self, number: int) -> None:
        """Have a letter deleted when the mailbox is closed."""
        self._client.dele(number)

    def end(self) -> None:
        """Close the mailbox, and let go what is deleted."""
        self._client.quit()

    def close(self) -> None:
        """Hang up, and let nothing go."""
        self._client.close()
