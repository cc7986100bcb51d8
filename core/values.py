"""What the value of a setting must look like; whatever does not is told in a sentence that says what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, unquote, unquote_plus, urlsplit

from pydantic.fields import FieldInfo

#: The last port (RFC 6335, section 6).
_LAST_PORT = 65535

#: A bot's number and its key (core.telegram.org/bots/features#creating-a-new-bot). Telegram's keys have 35 characters;
#: those of a Bot API of one's own may be shorter.
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,64}", re.ASCII)

#: Said of an address of Redis, here and by whoever finds out later than here.
NO_REDIS = "this is no address of Redis; write one such as redis://127.0.0.1:6379/0"

#: Said of an address whose parts cannot be told from its password.
_ENCODED = "the user or password in it must have @ written as %40, / as %2F, # as %23, ? as %3F and % as %25"

_DOMAIN = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*")
_LOCAL_PART = re.compile(r"[^\s<>\"@(),:;\\\[\].]+(?:\.[^\s<>\"@(),:;\\\[\].]+)*")

_SELECTOR = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")

#: The databases that the desk knows, as SQLAlchemy names them.
_DATABASES = {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}


def host_and_port(value: str, example: str) -> str:
    """Take `host:port`.

    Raises:
        ValueError: it is none.
    """
    host, _, port = value.rpartition(":")
    if not host or " " in host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise ValueError(f"{value!r} is not host:port; write one such as {example}")
    return value


def web_address(value: str, example: str) -> str:
    """Take an http or https address.

    Raises:
        ValueError: it is none.
    """
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or " " in value:
        what = "this" if "@" in value else repr(value)  # there may be a password before the @
        raise ValueError(f"{what} is no web address; write one such as {example}")
    return value


def selector(value: str) -> str:
    """Take the selector of a DKIM key: a name as those of the DNS (RFC 6376, section 3.1).

    Raises:
        ValueError: it is none.
    """
    if not _SELECTOR.fullmatch(value):
        msg = "a key needs a selector of letters, digits, - and dots, such as cherha: its record is published under it"
        raise ValueError(msg)
    return value


def server_name(value: str) -> str:
    """Take the name by which a mail server signs what it found out about senders (RFC 8601, section 2.5).

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,255}", value):
        msg = f"{value!r} is no name of a mail server; write one such as mail.example.com"
        raise ValueError(msg)
    return value


def domain(value: str) -> str:
    """Take the domain of mail addresses.

    Raises:
        ValueError: it is none.
    """
    if not _DOMAIN.fullmatch(value):
        raise ValueError(f"{value!r} is no domain; write one such as example.com")
    return value


def mail_address(value: str) -> str:
    """Take a mail address of ours, whole or without its domain, perhaps with `=` and a queue.

    Raises:
        ValueError: it is none.
    """
    address, equals, queue = (part.strip() for part in value.partition("="))
    local, at, at_domain = address.partition("@")
    whole = _LOCAL_PART.fullmatch(local) and (not at or _DOMAIN.fullmatch(at_domain))
    if not whole or (equals and not queue):
        raise ValueError(f"{value!r} is no mail address; write support, support@example.com or support@example.com=VIP")
    return value


def bot_token(value: str) -> str:
    """Take the token of a bot.

    Raises:
        ValueError: it is none; without it.
    """
    if not _TOKEN.fullmatch(value):
        raise ValueError("this is no token; copy it whole from @BotFather: digits, a colon, 35 letters, digits, _ or -")
    return value


def checked(read: Callable[[str], object], value: str) -> str:
    """Take what can be read.

    Raises:
        ValueError: as `read` does.
    """
    read(value)
    return value


def whole_address(value: str) -> SplitResult | None:
    """Take an address apart that may have a password in it; None where it is none.

    Raises:
        ValueError: its parts cannot be told from its password, which is not told.
    """
    parts = _split(value)
    if parts is not None:
        _not_torn(parts)
    return parts


def relay_address(value: str) -> str:
    """Take the address of a relay; the password in it is not told.

    Raises:
        ValueError: it is none.
    """
    parts = _split(value)
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("this is no relay; write it as smtp://user:password@host:587?tls=starttls")
    _not_torn(parts)
    sayable(parts)
    told = re.search(r"(?:^|&)tls=([^&]*)", parts.query)
    if told and told[1] not in {"starttls", "implicit", "none"}:
        raise ValueError("tls is one of starttls, implicit and none, as in smtp://user:password@host:587?tls=starttls")
    return value


def sayable(parts: SplitResult, *, ascii_only: bool = True) -> None:
    """Refuse a user or a password that cannot be said to a mail server; nothing of it is told.

    Raises:
        ValueError: there is a control character in it, or one beyond ASCII, which Python's libraries cannot send.
    """
    said = unquote(f"{parts.username or ''}{parts.password or ''}")
    if not said.isprintable() or (ascii_only and not said.isascii()):
        what = "printable characters of ASCII" if ascii_only else "printable characters"
        raise ValueError(f"the user and password in it must have {what} only, for no others can be sent")


def passwords(value: str) -> set[str]:
    """Find the password in an address, as it is written and as it is meant; none where there is none."""
    parts = _split(value)
    written = parts.password if parts is not None else None
    return {written, unquote(written), unquote_plus(written)} if written else set()


def redis_address(value: str) -> str:
    """Take the address of Redis; the password in it is not told.

    Raises:
        ValueError: it is none.
    """
    parts = _split(value)
    if parts is not None and parts.scheme != "unix":
        _not_torn(parts)
    known = value.startswith(("redis://", "rediss://", "unix://"))
    if parts is None or not known or (parts.scheme == "unix" and not parts.path):
        raise ValueError(NO_REDIS)
    return value


def database_address(value: str) -> str:
    """Take the address of a database; the password in it is not told.

    Raises:
        ValueError: it is none, or of a database that the desk does not know.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in _DATABASES:
        raise ValueError("this is no address of a database; write one such as postgresql+psycopg://user@host/cherha")
    if url.get_backend_name() == "postgresql" and "@" in f"{url.host}{url.database}":
        raise ValueError(_ENCODED)
    return value


def folder_there(value: Path) -> Path:
    """Take the path of a folder that is there; one that this user may not look for is left to those who need it.

    Raises:
        ValueError: there is none.
    """
    try:
        there = value.is_dir()
    except PermissionError:
        return value
    if not there:
        raise ValueError(f"there is no folder {value}")
    return value


def file_there(value: Path) -> Path:
    """Take the path of a file that is there; one that this user may not look for is left to those who need it.

    Raises:
        ValueError: there is none.
    """
    try:
        there = value.is_file()
    except PermissionError:
        return value
    if not there:
        raise ValueError(f"there is no file {value}")
    return value


def what_to_write(field: FieldInfo) -> str:
    """Say what a setting takes, from its type and its bounds."""
    if field.annotation is bool:
        return "write true or false"
    kinds: dict[object, str] = {int: "a whole number", float: "a number"}
    kind = kinds.get(field.annotation)
    if kind is None:
        return "this cannot be read"
    bounds = {name: getattr(one, name) for one in field.metadata for name in ("gt", "ge", "le") if hasattr(one, name)}
    if "gt" in bounds:
        return f"write {kind} above {bounds['gt']}, up to {bounds['le']}"
    return f"write {kind} from {bounds['ge']} to {bounds['le']}"


def _not_torn(parts: SplitResult) -> None:
    """Refuse an address whose password was taken for its host, its path or what follows: it would be shown.

    Raises:
        ValueError: there is an @ where none can be (RFC 3986, section 3.2.1).
    """
    if "@" in parts.path + parts.query + parts.fragment:
        raise ValueError(_ENCODED)


def _split(value: str) -> SplitResult | None:
    """Take an address apart; None when its port is no number, or it cannot be read at all."""
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - it is read, and may be refused, only when it is asked for
    except ValueError:
        return None
    return parts
