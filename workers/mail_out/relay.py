"""The relay: where our mail is handed over, and what it says told apart by what it means (RFC 5321, section 4.2)."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from threading import local
from urllib.parse import parse_qs, unquote, urlsplit

from core.outbox.pauses import Fault
from core.texts.lines import one_line

#: Seconds for a connection, and for each answer; for the answer to the final dot (RFC 5321, section 4.5.3.2.6).
CONNECT_S, DONE_S = 15, 45

#: Of one mailbox, such as that it is full; other addresses of its domain may be well (RFC 3463, section 3.3).
_OF_MAILBOX = re.compile(r"4\.2\.\d{1,3}\b")

#: Of us, of the way or of the letter, though it is said of a recipient (RFC 3463): where a relay does not relay for us,
#: or is on a list, no address is at fault, and all of them would be given up one after the other. 5.4.1 is what
#: Exchange says of an address that it does not have.
_OF_US = re.compile(
    r"5\.(?!4\.1\b)[3-7]\.\d{1,3}\b"
    r"|.{0,200}?\b(?:relay(?:ing)? (?:access )?(?:is )?(?:denied|not (?:permitted|allowed))"
    r"|authentication (?:is )?required|not authenticated|unable to relay|black-?list|block-?list|spamhaus)",
    re.IGNORECASE | re.DOTALL,
)


class MailFailure(Exception):
    """A letter was not handed over, or nobody knows."""


class TemporaryFailure(MailFailure):
    """Certainly not handed over; later it may be: 4xx, or no connection.

    Attributes:
        fault: where the reason lies.
    """

    def __init__(self, message: str, fault: Fault = Fault.RELAY) -> None:
        super().__init__(message)
        self.fault = fault


class PermanentFailure(MailFailure):
    """Certainly not handed over and never will be: 5xx.

    Attributes:
        of_recipient: the relay refused this address, not the letter.
    """

    def __init__(self, message: str, *, of_recipient: bool) -> None:
        super().__init__(message)
        self.of_recipient = of_recipient


class UnknownOutcome(MailFailure):
    """The whole letter went out, and the answer was lost."""


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """Where the relay is and how to speak to it; `tls` is `starttls`, `implicit` or `none`."""

    host: str
    port: int
    user: str
    password: str
    tls: str


def read_relay(url: str) -> RelayAddress:
    """Read `smtp://user:password@host:587?tls=starttls`; `smtps://` means TLS from the start.

    Without `tls` a relay on this machine is spoken to in the clear, any other with STARTTLS.

    Raises:
        ValueError: it is no such address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        msg = "a relay is written as smtp://user:password@host:587?tls=starttls"
        raise ValueError(msg)
    here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    default = "implicit" if parts.scheme == "smtps" else "none" if here else "starttls"
    tls = parse_qs(parts.query).get("tls", [default])[0]
    if tls not in {"starttls", "implicit", "none"}:
        msg = "tls is one of starttls, implicit and none"
        raise ValueError(msg)
    port = parts.port or {"implicit": 465, "starttls": 587, "none": 25}[tls]
    return RelayAddress(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


class Relay:
    """Hands letters over; each thread keeps one connection and uses it again.

    Raises:
        ValueError: the address cannot be read.
    """

    def __init__(self, url: str) -> None:
        self._address = read_relay(url)
        self._mine = local()

    def send(self, envelope_from: str, to: str, raw: bytes) -> str:
        """Hand a letter over; when this returns, the relay has taken it.

        Returns:
            What it said to that, which often names the letter as the relay knows it.

        Args:
            envelope_from: where failures are told; empty for automatic letters (RFC 3834, section 3.3).

        Raises:
            TemporaryFailure, PermanentFailure, UnknownOutcome: see there.
        """
        client = self._connection()
        try:
            return self._hand_over(client, envelope_from, to, raw)
        except (PermanentFailure, TemporaryFailure):
            self._reset(client)
            raise
        except UnknownOutcome:
            self.close()
            raise

    def close(self) -> None:
        """Close this thread's connection."""
        client = getattr(self._mine, "client", None)
        self._mine.client = None
        if client is not None:
            client.close()

    def _connection(self) -> smtplib.SMTP:
        known: smtplib.SMTP | None = getattr(self._mine, "client", None)
        if known is not None:
            try:
                if known.noop()[0] == 250:  # noqa: PLR2004 - RFC 5321
                    return known
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        try:
            self._mine.client = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise TemporaryFailure(f"the relay refuses our name and password ({error.smtp_code})") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure(f"no connection to the relay: {type(error).__name__}") from error
        client: smtplib.SMTP = self._mine.client
        return client

    def _connect(self) -> smtplib.SMTP:
        where = self._address
        # It reads all authorities of the system, which takes longer than a letter: not where nothing is checked.
        context = ssl.create_default_context() if where.tls in {"implicit", "starttls"} else None
        client: smtplib.SMTP
        if where.tls == "implicit":
            client = smtplib.SMTP_SSL(where.host, where.port, timeout=CONNECT_S, context=context)
        else:
            client = smtplib.SMTP(where.host, where.port, timeout=CONNECT_S)
        try:
            if where.tls == "starttls":
                client.starttls(context=context)
            if where.user:
                client.login(where.user, where.password)
            client.ehlo_or_helo_if_needed()
        except BaseException:
            client.close()
            raise
        return client

    @staticmethod
    def _hand_over(client: smtplib.SMTP, envelope_from: str, to: str, raw: bytes) -> str:
        if not to.isascii() and not client.has_extn("smtputf8"):
            raise PermanentFailure("the relay knows no addresses beyond ASCII (RFC 6531)", of_recipient=True)
        try:
            _check(client.mail(envelope_from, _options(client, to)))
            _check(client.rcpt(to), of_recipient=True)
            client.putcmd("data")
            _check(client.getreply(), good=354)
        except smtplib.SMTPServerDisconnected as error:
            raise TemporaryFailure("the relay hung up before the letter") from error
        except OSError as error:
            client.close()
            raise TemporaryFailure(f"the connection broke before the letter: {type(error).__name__}") from error
        try:
            if client.sock is not None:
                client.sock.settimeout(DONE_S)
            client.send(_stuffed(raw))
            reply = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise UnknownOutcome(f"no answer after the letter: {type(error).__name__}") from error
        _check(reply)
        return _told(reply)

    def _reset(self, client: smtplib.SMTP) -> None:
        try:
            client.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


def _options(client: smtplib.SMTP, to: str) -> list[str]:
    options = ["body=8bitmime"] if client.has_extn("8bitmime") else []
    return options + (["smtputf8"] if not to.isascii() and client.has_extn("smtputf8") else [])


def _stuffed(raw: bytes) -> bytes:
    """End lines with CRLF, double leading dots, and put the final dot (RFC 5321, section 4.5.2)."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _check(reply: tuple[int, bytes], *, good: int = 250, of_recipient: bool = False) -> None:
    code, words = reply
    if code == good or (of_recipient and code == 251):  # noqa: PLR2004 - RFC 5321: will be forwarded
        return
    told = _told(reply)
    said = words.decode("ascii", "replace")
    if 500 <= code < 600:  # noqa: PLR2004 - RFC 5321
        raise PermanentFailure(told, of_recipient=of_recipient and _OF_US.match(said) is None)
    mailbox = _OF_MAILBOX.match(said) is not None
    raise TemporaryFailure(told, (Fault.MAILBOX if mailbox else Fault.DOMAIN) if of_recipient else Fault.RELAY)


def _told(reply: tuple[int, bytes]) -> str:
    """Put what the relay said into one line of at most 300 characters."""
    return one_line(f"{reply[0]} {reply[1].decode('utf-8', 'replace')}")[:300]
