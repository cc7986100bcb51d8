"""Who is at the door and how much they have brought lately."""

from __future__ import annotations

import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Callable

from workers.smtp_in.limits import DoorLimits

_MINUTE_S = 60.0

#: So many clients' counts and recipients are remembered; the eldest are forgotten first.
_ROOM = 10_000


class Guests:
    """Counts connections, and letters by the minute, of each client.

    Args:
        monotonic: a clock in seconds that only goes forward.
    """

    def __init__(self, limits: DoorLimits, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._here: Counter[str] = Counter()
        self._letters: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._sent: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def enter(self, client: str) -> bool:
        """Count a new connection; False when it is one too many, and then it is not counted."""
        crowded = self._here.total() >= self._limits.connections
        if crowded or (self._here[client] >= self._limits.connections_each and not self._exempt(client)):
            return False
        self._here[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Count a connection out."""
        self._here[client] -= 1
        if not self._here[client]:
            del self._here[client]

    def may_bring(self, client: str) -> bool:
        """Count a letter; False when the client has brought too many within a minute."""
        return self._exempt(client) or self._count(self._letters, client) < self._limits.letters_per_minute

    def may_send(self, sender: str, client: str) -> bool:
        """Count a letter; False when its sender, by this or other clients, has sent too many within a minute.

        Bounces have no sender: those of one client count as one's. Our own mail server is no exception.
        """
        limit = self._limits.sender_letters_per_minute
        return not limit or self._count(self._sent, _whose(sender, client)) < limit

    def hold_back(self, sender: str, client: str) -> bool:
        """Tell whether one letter more would be too many, without counting it."""
        limit = self._limits.sender_letters_per_minute
        if limit and self._had(self._sent, _whose(sender, client)) >= limit:
            return True
        return not self._exempt(client) and self._had(self._letters, client) >= self._limits.letters_per_minute

    def _had(self, counts: OrderedDict[str, tuple[float, int]], whose: str) -> int:
        since, count = counts.get(whose, (0.0, 0))
        return count if self._monotonic() - since < _MINUTE_S else 0

    def _count(self, counts: OrderedDict[str, tuple[float, int]], whose: str) -> int:
        """Count one more, and tell how many there were within the minute before it."""
        now = self._monotonic()
        since, count = counts.pop(whose, (now, 0))
        if now - since >= _MINUTE_S:
            since, count = now, 0
        counts[whose] = (since, count + 1)
        while len(counts) > _ROOM:
            counts.popitem(last=False)
        return count

    def _exempt(self, client: str) -> bool:
        return self._limits.exempt_loopback and is_loopback(client)


def _whose(sender: str, client: str) -> str:
    return sender.casefold().strip("<>") or client


class Known:
    """Remembers for a short time which recipients are ours, so that a letter rarely waits for the database."""

    def __init__(self, monotonic: Callable[[], float], lasts_s: float = 10.0) -> None:
        self._monotonic = monotonic
        self._lasts_s = lasts_s
        self._seen: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    def recall(self, recipient: str) -> bool | None:
        """Tell what is remembered of a recipient; None when nothing is."""
        at, known = self._seen.get(recipient, (0.0, None))
        return known if known is not None and self._monotonic() - at < self._lasts_s else None

    def remember(self, recipient: str, known: bool) -> None:
        """Remember whether a recipient is ours."""
        self._seen[recipient] = (self._monotonic(), known)
        while len(self._seen) > _ROOM:
            self._seen.popitem(last=False)


def client_of(host: str) -> str:
    """Name the client behind an address: an IPv6 network of 64 bits is one client (RFC 6177)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64))) if not address.is_loopback else host


def is_loopback(client: str) -> bool:
    """Tell whether a client is this machine itself."""
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False
