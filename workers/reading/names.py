"""What name servers say, asked within bounds: of questions, of time for a letter, and of patience in all."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from time import monotonic
from typing import Any

import dns.exception
import dns.resolver

#: Seconds for one question, and for one server that is asked; and what may be asked of one letter, in all.
QUESTION_S, SERVER_S = 2.0, 1.0
LETTER_S, QUESTIONS = 4.0, 60

#: Answers that are remembered, for as long as they say themselves.
_REMEMBERED = 2000

#: Bytes of a record that anybody can mean; a longer one is none.
_RECORD_BYTES = 4096

#: Seconds that all letters together may wait for servers that do not answer, or take longer than so, until such seconds
#: are forgotten.
_SLOW_S = 0.25
PATIENCE_S, FORGOTTEN_S = 15.0, 60.0


class Away(Exception):
    """Nobody can tell now; another time they may."""


class NoNameServer(Exception):
    """This machine is told of none."""


class Names:
    """The name servers, for all letters of this process.

    Whoever sends a letter chooses which servers are asked about it, and may have them never answer. So letters wait for
    such servers only so long in all, whatever comes; those after them go on with nothing known of their senders.

    Args:
        servers: addresses of name servers; those of this machine unless told otherwise.
        port: of the given servers.

    Raises:
        NoNameServer: this machine has none.
    """

    def __init__(self, servers: Sequence[str] = (), port: int = 53, *, patience_s: float = PATIENCE_S) -> None:
        try:
            self._resolver: Any = dns.resolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration as error:
            raise NoNameServer from error
        if servers:
            self._resolver.nameservers, self._resolver.port = list(servers), port
        self._resolver.timeout = SERVER_S
        self._resolver.use_edns(0, 0, 1232)
        self._resolver.cache = dns.resolver.LRUCache(_REMEMBERED)
        self._resolver.search = []
        self._patience_s, self._waited_s, self._at_s = patience_s, 0.0, monotonic()
        self._lock = Lock()

    def asking(self) -> Asking:
        """Begin to ask about a letter."""
        return Asking(self)

    def look_up(self, name: str, kind: str, within_s: float) -> list[Any]:
        """Ask for the records of a kind; none where there is no such name, or it is none.

        Raises:
            Away: nobody answers, or has not for too long.
        """
        if self._has_waited() >= self._patience_s:
            raise Away
        began_s = monotonic()
        try:
            found = self._resolver.resolve(name, kind, lifetime=within_s, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return []
        except (dns.exception.Timeout, dns.resolver.NoNameservers, OSError) as error:
            raise Away from error
        except (dns.exception.DNSException, UnicodeError, ValueError):  # it is no name
            return []
        finally:
            self._wait(monotonic() - began_s)
        return [one for one in found.rrset or () if len(one.to_wire()) <= _RECORD_BYTES]

    def _has_waited(self) -> float:
        """Count the seconds that were waited for nothing and are not forgotten."""
        with self._lock:
            now_s = monotonic()
            fading = (now_s - self._at_s) * self._patience_s / FORGOTTEN_S
            self._waited_s, self._at_s = max(0.0, self._waited_s - fading), now_s
            return self._waited_s

    def _wait(self, seconds: float) -> None:
        if seconds > _SLOW_S:
            with self._lock:
                self._waited_s += seconds


class Asking:
    """The questions about one letter."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._until_s = monotonic() + LETTER_S
        self._left = QUESTIONS

    def ask(self, name: str, kind: str) -> list[Any]:
        """Ask for the records of a kind, as the library's values; none where there is no such name.

        Raises:
            Away: nobody answers, or too much was asked about this letter.
        """
        within_s = min(QUESTION_S, self._until_s - monotonic())
        if within_s <= 0 or self._left <= 0:
            raise Away
        self._left -= 1
        return self._names.look_up(name, kind, within_s)

    def texts(self, name: str) -> list[bytes]:
        """Ask for the texts of a name, each put together of its strings.

        Raises:
            Away: as `ask`.
        """
        return [b"".join(one.strings) for one in self.ask(name, "TXT")]
