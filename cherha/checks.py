"""What can be wrong with a desk, each looked at by one function that says so in a sentence."""

from __future__ import annotations

import errno
import smtplib
import socket
import sqlite3
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from zoneinfo import available_timezones

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cherha.compose import dkim_key
from cherha.console import cannot_listen
from cherha.data import writable_folder
from cherha.database import absent, damage_fault, open_database, sqlite_path
from cherha.doors import tls_context
from cherha.reading import sealed_keys, sender_check
from cherha.telegram import ask, bot_account
from core import clock
from core.errors import Misconfigured, TryLater
from core.settings import Settings
from core.store.engine import Engines
from core.store.migrate import newest
from core.values import NO_REDIS
from workers.broker import check_redis, redis_client
from workers.mail_in import imap, pop
from workers.mail_in.imap import ImapBox
from workers.mail_in.pop import PopBox
from workers.mail_out.relay import RelayAddress, read_relay
from workers.mail_out.signing import GOOD_BITS, record_name

#: Clocks further apart than this make leases and heartbeats wrong.
SKEW = timedelta(seconds=5)

#: Before this version a rare fault of SQLite could damage its log (sqlite.org/wal.html, "the WAL-reset bug").
_SOUND_SQLITE = (3, 51, 3)

_PATIENCE_S = 5.0


class Verdict(StrEnum):
    """How a thing was found."""

    FINE = "fine"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing, and what to do about it."""

    verdict: Verdict
    about: str
    told: str


Check = Callable[[Settings], Iterator[Finding]]


def _fine(about: str, told: str) -> Finding:
    return Finding(Verdict.FINE, about, told)


def _note(about: str, told: str) -> Finding:
    return Finding(Verdict.NOTE, about, told)


def _fault(about: str, told: str) -> Finding:
    return Finding(Verdict.FAULT, about, told)


def folder(settings: Settings) -> Iterator[Finding]:
    """Look whether the data folder can be written."""
    try:
        writable_folder(settings.data)
    except Misconfigured as error:
        yield _fault("folder", error.faults[0])
    else:
        yield _fine("folder", f"{settings.data} can be written")


def database(settings: Settings) -> Iterator[Finding]:
    """Look whether the database is there, sound, of the right version, and agrees about the time."""
    try:
        writable_folder(settings.data)
        if told := absent(settings):
            yield _note("database", told)
            return
        with open_database(settings, migrate=False) as engines:
            yield _fine("database", f"reached, at version {newest()}")
            yield from _sqlite(settings, engines) if engines.is_sqlite else _postgresql(engines)
    except Misconfigured as error:
        yield from (_fault("database", fault) for fault in error.faults)
    except SQLAlchemyError as error:
        yield _fault("database", f"It answers with an error: {type(error).__name__}.")


def _sqlite(settings: Settings, engines: Engines) -> Iterator[Finding]:
    with engines.look.connect() as connection:
        told = connection.execute(text("PRAGMA quick_check")).scalar_one()
    if told != "ok":
        yield _fault("database", damage_fault(sqlite_path(settings), told))
    if sqlite3.sqlite_version_info < _SOUND_SQLITE:
        yield _note(
            "database",
            f"SQLite {sqlite3.sqlite_version}, which this Python brings, has a rare fault in its log: make backups; "
            "a Python that brings 3.51.3 or newer does not have it, nor has PostgreSQL.",
        )


def _postgresql(engines: Engines) -> Iterator[Finding]:
    with engines.look.connect() as connection:
        now = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    yield _skew("the database", now)


def _skew(whose: str, now: datetime) -> Finding:
    apart = abs(clock.now() - now)
    if apart <= SKEW:
        return _fine("clock", f"agrees with that of {whose}")
    return _fault("clock", f"It is {apart.total_seconds():.0f} s off from that of {whose}. Keep both right with NTP.")


def broker(settings: Settings) -> Iterator[Finding]:
    """Look whether Redis is there and keeps what it is given."""
    if not settings.redis_url:
        yield _fine("broker", "in this process (for `cherha run`; a desk of several processes needs CHERHA_REDIS_URL)")
        return
    try:
        check_redis(settings.redis_url)
        with redis_client(settings.redis_url) as client:
            seconds, micros = client.time()
    except Misconfigured as error:
        yield _fault("broker", error.faults[0])
    except ValueError:
        yield _fault("broker", f"CHERHA_REDIS_URL: {NO_REDIS}.")
    except redis.RedisError as error:
        yield _fault(
            "broker", f"Redis cannot be reached ({type(error).__name__}). Is it running, and is CHERHA_REDIS_URL right?"
        )
    else:
        yield _fine("broker", "Redis is reached and evicts nothing")
        yield _skew("Redis", datetime.fromtimestamp(seconds + micros / 1e6, UTC))


def zones(settings: Settings) -> Iterator[Finding]:
    """Look whether time zones are known here."""
    count = len(available_timezones())
    try:
        release = version("tzdata")
    except PackageNotFoundError:
        release = "of the system"
    if count:
        yield _fine("time zones", f"{count} known (tzdata {release}); the desk's is {settings.timezone}")
    else:
        yield _fault("time zones", "None are known. Install the package tzdata.")


def doors(settings: Settings) -> Iterator[Finding]:
    """Look whether the mail doors can be opened, or are open because this desk runs."""
    wanted = (("CHERHA_SMTP_LISTEN", settings.smtp_listen), ("CHERHA_LMTP_LISTEN", settings.lmtp_listen))
    for variable, address in wanted:
        if address:
            yield _door(settings, variable, address)
    if not settings.smtp_listen and not settings.lmtp_listen:
        yield _note("mail door", "There is none, so no letters come in: set CHERHA_SMTP_LISTEN.")


def _door(settings: Settings, variable: str, address: str) -> Finding:
    host, _, port = address.rpartition(":")
    try:
        _try_to_listen(host.strip("[]"), int(port))
    except OSError as error:
        said = greeting(host.strip("[]"), int(port))
        if said == f"220 {settings.mail_domain} Cherha":
            return _fine("mail door", f"{address} is open: this desk runs")
        told = cannot_listen(error, address, variable).faults[0]
        if said.endswith(" Cherha"):  # a demo, perhaps
            told = told.replace("another program", f"another desk, that of {said.split()[1]}")
        if error.errno == errno.EACCES:  # whoever starts the desk may give the right to it alone
            return _note("mail door", f"{told} Or let the desk alone do so (CAP_NET_BIND_SERVICE).")
        return _fault("mail door", told)
    return _fine("mail door", f"{address} can be listened on")


def _try_to_listen(host: str, port: int) -> None:
    for family, kind, proto, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        with socket.socket(family, kind, proto) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            trial.bind(where)


def greeting(host: str, port: int) -> str:
    """Read the first line of whoever listens there; empty when nobody does, or says anything in time."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where others may have been let in
    try:
        with socket.create_connection((here, port), timeout=_PATIENCE_S) as client:
            return client.recv(512).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def certificate(settings: Settings) -> Iterator[Finding]:
    """Look whether the certificate of the mail doors can be used."""
    try:
        found = tls_context(settings)
    except Misconfigured as error:
        yield _fault("certificate", error.faults[0])
    else:
        yield _fine("certificate", "can be used" if found else "none; the mail door offers no STARTTLS")


def bot(settings: Settings) -> Iterator[Finding]:
    """Look whether Telegram knows the token, and whether updates come the way the settings say."""
    if not settings.telegram_token.get_secret_value():
        yield _note("bot", "There is none: set CHERHA_TELEGRAM_TOKEN to the token from @BotFather.")
        return
    try:
        account = bot_account(settings)
        yield _fine("bot", f"Telegram knows it as @{account.name}")
        if account.at is not None:
            yield _skew("Telegram", account.at)
        yield _webhook(settings, ask(settings, "getWebhookInfo"))
    except Misconfigured as error:
        yield _fault("bot", error.faults[0])
    except TryLater:
        yield _fault("bot", f"{settings.telegram_api} cannot be reached. Look at the network and CHERHA_TELEGRAM_API.")


def _webhook(settings: Settings, told: dict[str, object]) -> Finding:
    url, trouble = str(told.get("url", "")), told.get("last_error_message")
    if url != settings.webhook_url:
        wanted = settings.webhook_url or "none, for the desk polls"
        return _note(
            "webhook", f"Telegram has {url or 'none'}; the settings want {wanted}. The bot sets it at its start."
        )
    if trouble:
        return _note("webhook", f"Telegram could not deliver lately: {trouble}")
    return _fine("webhook", f"set to {url}" if url else "none; the desk polls")


def relay(settings: Settings) -> Iterator[Finding]:
    """Look whether the relay for our mail can be reached and takes our name."""
    if not settings.smtp_relay:
        yield _note("relay", "There is none, so mail to customers waits: set CHERHA_SMTP_RELAY.")
        return
    try:
        where = read_relay(settings.smtp_relay)
    except ValueError as error:
        yield _fault("relay", f"CHERHA_SMTP_RELAY: {error}.")
        return
    try:
        _greet(where)
    except smtplib.SMTPAuthenticationError:
        yield _fault("relay", f"{where.host} refuses the user or password in CHERHA_SMTP_RELAY.")
    except (OSError, smtplib.SMTPException) as error:
        told = f"{where.host}:{where.port} cannot be spoken to ({type(error).__name__}: {error})."
        yield _fault("relay", f"{told} Is CHERHA_SMTP_RELAY right, with its port and ?tls=?")
    else:
        yield _fine("relay", f"{where.host}:{where.port} is reached (tls={where.tls})")


def _greet(where: RelayAddress) -> None:
    kind = smtplib.SMTP_SSL if where.tls == "implicit" else smtplib.SMTP
    with kind(where.host, where.port, timeout=_PATIENCE_S) as client:
        if where.tls == "starttls":
            client.starttls(context=ssl.create_default_context())
        if where.user:
            client.login(where.user, where.password)
        client.noop()


def mailbox(settings: Settings) -> Iterator[Finding]:
    """Look whether the mailbox that letters are fetched from can be opened; nothing in it is changed."""
    where = settings.fetched
    if where is None:
        yield _fine("mailbox", "none; letters come in at the mail door")
        return
    try:
        (ImapBox if where.protocol == "imap" else PopBox)(where).close()
    except (imap.Failure, pop.Failure):
        yield _fault("mailbox", f"{where.host} refuses the user, password or folder in CHERHA_MAILBOX.")
    except OSError as error:
        told = f"{where.host}:{where.port} cannot be spoken to ({type(error).__name__})."
        yield _fault("mailbox", f"{told} Is CHERHA_MAILBOX right, with its port and ?tls=?")
    else:
        yield _fine("mailbox", f"{where.host} is reached, and its letters can be read (tls={where.tls})")


def signing(settings: Settings) -> Iterator[Finding]:
    """Look whether letters are signed, with which key, and tell what the name server is to say of it."""
    try:
        key = dkim_key(settings)
    except Misconfigured as error:
        yield _fault("signing", error.faults[0])
        return
    if key is None:
        yield _note("signing", "The desk signs no letters (DKIM): let the relay do so, or set CHERHA_DKIM_KEY.")
        return
    domain = settings.house(b"").reply_address.rpartition("@")[2]
    name = record_name(settings.dkim_selector, domain)
    yield _fine("signing", f"with {key.kind}, {key.bits} bits; publish: {name}. TXT {key.strings}")
    if key.kind == "rsa" and key.bits < GOOD_BITS:
        yield _note("signing", f"Make a key of {GOOD_BITS} bits: one of {key.bits} is too short for some who check it.")


def senders(settings: Settings) -> Iterator[Finding]:
    """Look whether the name servers answer, where the desk checks who letters are from."""
    try:
        check = sender_check(settings)
    except Misconfigured as error:
        yield _fault("senders", error.faults[0])
        return
    if check is None:
        told = f"by {settings.authserv_id}" if settings.authserv_id else "no; CHERHA_CHECK_SENDERS lets the desk do so"
        yield _fine("senders", f"who letters are from is checked: {told}")
        return
    from workers.reading.names import Away, Names

    try:
        Names().asking().ask(settings.mail_domain, "TXT")
    except Away:
        yield _fault("senders", "The name servers of this machine do not answer: CHERHA_CHECK_SENDERS finds nothing.")
    else:
        yield _fine("senders", "who letters are from is checked by the desk; the name servers answer")


def sealed(settings: Settings) -> Iterator[Finding]:
    """Look with which keys sealed letters are opened, and whether their certificates hold."""
    try:
        keys = sealed_keys(settings)
    except Misconfigured as error:
        yield from (_fault("sealed letters", fault) for fault in error.faults)
        return
    if keys.smime is None and keys.pgp is None:
        yield _fine("sealed letters", "kept as they are; CHERHA_SMIME_KEYS and CHERHA_PGP_KEYS let the desk open them")
    if keys.smime is not None:
        yield _fine("sealed letters", f"S/MIME: {len(keys.smime.ours)} keys, {len(keys.smime.known)} certificates")
        late = sum(one.not_valid_after_utc < clock.now() for one in keys.smime.known)
        if late:
            yield _note("sealed letters", f"{late} certificates in CHERHA_SMIME_KEYS have run out.")
    if keys.pgp is not None:
        yield _fine("sealed letters", f"PGP: {len(keys.pgp.secrets)} secret keys, {len(keys.pgp.known)} known ones")


QUICK: tuple[Check, ...] = (folder, database, broker)
ALL: tuple[Check, ...] = (
    folder,
    database,
    broker,
    zones,
    doors,
    certificate,
    mailbox,
    bot,
    relay,
    signing,
    senders,
    sealed,
)
