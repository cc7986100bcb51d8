"""Where a mailbox is, and whose: `imaps://user:password@host/INBOX?queue=VIP`."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

from core.values import sayable, whole_address

_PORTS = {("imap", "implicit"): 993, ("pop3", "implicit"): 995, ("imap", ""): 143, ("pop3", ""): 110}

_HOW = "a mailbox is written as imaps://user:password@host/INBOX, or pop3s://user:password@host"


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """A mailbox.

    Attributes:
        protocol: `imap` or `pop3`.
        tls: `implicit`, `starttls` or `none`.
        folder: of IMAP.
        queue: the public queue that its cases start in, if one is named.
        keeps: whether letters stay on a server of POP3 after they were kept.
    """

    protocol: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: str
    folder: str
    queue: str | None
    keeps: bool

    @property
    def name(self) -> str:
        """What tells it from others; no secret is in it."""
        return f"{self.protocol}://{self.user}@{self.host}:{self.port}/{self.folder}"

    def letters_to(self, domain: str) -> str:
        """Tell the mail address whose letters come in here: the user, at our domain unless they say where."""
        return (self.user if "@" in self.user else f"{self.user}@{domain}").casefold()


def read_mailbox(url: str) -> MailboxAddress:
    """Read the address of a mailbox.

    Without `tls` a server on this machine is spoken to in the clear, any other with STARTTLS; `imaps` and `pop3s` mean
    TLS from the start.

    Raises:
        ValueError: it is no such address; nothing of it is in the words.
    """
    parts = whole_address(url)
    protocol = parts.scheme.removesuffix("s") if parts is not None else ""
    if parts is None or protocol not in {"imap", "pop3"} or not parts.hostname or not parts.username:
        raise ValueError(_HOW)
    sayable(parts, ascii_only=protocol == "imap")
    asked = parse_qs(parts.query)
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    default = "implicit" if parts.scheme.endswith("s") else "none" if here else "starttls"
    tls = asked.get("tls", [default])[0]
    if tls not in {"starttls", "implicit", "none"}:
        msg = "tls is one of starttls, implicit and none"
        raise ValueError(msg)
    return MailboxAddress(
        protocol,
        parts.hostname,
        parts.port or _PORTS[protocol, tls if tls == "implicit" else ""],
        unquote(parts.username),
        unquote(parts.password or ""),
        tls,
        unquote(parts.path.strip("/")) or "INBOX",
        asked.get("queue", [None])[0],
        asked.get("keep", ["no"])[0] in {"yes", "true", "1"},
    )
