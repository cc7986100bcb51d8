"""Puts the parts of a desk together, and is the only one that knows them all."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import redis
import structlog
from dramatiq import Broker

from cherha.data import secret_of
from cherha.database import open_database
from cherha.doors import Doors
from cherha.eviction import looked_at_later
from cherha.reading import key_folders, sender_check
from cherha.serving import Service, in_thread
from cherha.telegram import bot_account
from core.desk import Desk
from core.errors import Misconfigured, TryLater
from core.mailbox import MailboxAddress
from core.settings import Settings
from core.store.files import FileStore
from core.values import NO_REDIS
from core.work.queues import keep_addresses
from workers.actors.sending import Post, declare_sending
from workers.actors.understanding import declare_understanding
from workers.broker import TellingBroker, Workers, check_redis, make_broker
from workers.keeping import knower
from workers.mail_in.fetcher import Fetcher
from workers.mail_in.letters import Sorter
from workers.mail_out.posting import poster
from workers.mail_out.relay import Relay
from workers.mail_out.signing import DkimKey, read_key, signer
from workers.scheduler import ClockConfig, Scheduler
from workers.waking import Waker

#: Less than what the whole process is given.
WORKER_GRACE_MS = 8_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every command that runs a part of the desk needs."""

    settings: Settings
    desk: Desk
    files: FileStore
    broker: Broker
    waker: Waker
    holder: str


@contextmanager
def open_parts(settings: Settings, *, migrate: bool, bot_name: str = "") -> Iterator[Parts]:
    """Open the database and the broker, and close them in the end.

    Args:
        migrate: bring the database to the newest schema, as the embedded desk does; otherwise it must be there.

    Raises:
        Misconfigured: the folder cannot be written, the database cannot be reached or is of another version, or
            Redis throws away what it holds.
    """
    secret = secret_of(settings)
    broker, reached = open_broker(settings)
    later = nullcontext() if reached else looked_at_later(settings.redis_url)
    with later, open_database(settings, migrate=migrate) as engines:
        waker = Waker(broker, asleep=() if settings.smtp_relay else {"send_mail"})
        alone = migrate and engines.change.dialect.name == "sqlite"  # a second embedded desk is refused
        desk = Desk(engines, settings.house(secret, bot_name), wake=waker, alone=alone)
        desk.run(keep_addresses, settings.addresses)
        try:
            yield Parts(settings, desk, FileStore(desk.house.files), broker, waker, holder_name())
        finally:
            waker.close()
            broker.close()


def open_broker(settings: Settings) -> tuple[Broker, bool]:
    """Make the broker of the settings; a Redis that is away now may come back later.

    Returns:
        The broker, and whether it was reached.

    Raises:
        Misconfigured: Redis throws away what it holds, or its address is none.
    """
    try:
        if settings.redis_url:
            check_redis(settings.redis_url)
        return make_broker(settings.redis_url, timedelta(seconds=settings.heartbeat_s)), True
    except ValueError:
        raise Misconfigured([f"CHERHA_REDIS_URL: {NO_REDIS}"]) from None
    except redis.RedisError as error:
        broker = make_broker(settings.redis_url, timedelta(seconds=settings.heartbeat_s))
        if isinstance(broker, TellingBroker):
            broker.lost(error)
        return broker, False


def holder_name() -> str:
    """Name this process so that no other has the same name, for leases."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def scheduler(parts: Parts) -> Scheduler:
    """Make the scheduler."""
    settings = parts.settings
    lease = timedelta(seconds=settings.lease_s)
    config = ClockConfig(parts.holder, lease, settings.sweep, mail=bool(settings.smtp_relay))
    return Scheduler(parts.desk, config)


def bot_name(settings: Settings) -> str:
    """Ask Telegram for the bot's user name; empty without a token, or while Telegram is away.

    Raises:
        Misconfigured: the token is wrong.
    """
    if not settings.telegram_token.get_secret_value():
        return ""
    try:
        return bot_account(settings).name
    except TryLater as error:
        log.warning("telegram_away", **error.facts)
        return ""


def clock_service(parts: Parts) -> Service:
    """Make the scheduler a part to be served."""
    return in_thread("clock", scheduler(parts).run)


def bot_service(parts: Parts) -> Service:
    """Make the bot a part to be served."""
    from bot.service import BotConfig, BotService

    settings = parts.settings
    config = BotConfig(
        token=settings.telegram_token.get_secret_value(),
        api=settings.telegram_api,
        limits=settings.telegram_limits,
        webhook_url=settings.webhook_url,
        webhook_secret=settings.webhook_secret.get_secret_value(),
        webhook_listen=settings.webhook_listen,
        lease=timedelta(seconds=settings.lease_s),
        holder=parts.holder,
    )
    return BotService(parts.desk, parts.files, config).run


def worker_service(parts: Parts, threads: int) -> Service:
    """Make the threads that run the actors a part to be served."""
    worker = Workers(parts.broker, threads)

    def run(stop: Event) -> None:
        worker.start()
        stop.wait()
        worker.stop(WORKER_GRACE_MS)

    return in_thread("workers", run)


def fetch_service(parts: Parts, where: MailboxAddress) -> Service:
    """Make what fetches letters from a mailbox a part to be served."""
    settings = parts.settings
    sorter = Sorter(
        parts.desk,
        parts.files,
        knower(parts.desk),
        where.letters_to(settings.mail_domain),
        where.host,
        settings.mail_size_mb * 1024 * 1024,
    )
    return in_thread("fetch", Fetcher(parts.desk, where, sorter).run)


def declare_actors(parts: Parts) -> None:
    """Make known what can be woken."""
    settings = parts.settings
    check, keys = sender_check(settings), key_folders(settings)
    declare_understanding(parts.broker, parts.desk, parts.files, check, keys)
    declare_sending(parts.broker, parts.desk, _post(parts))


def _post(parts: Parts) -> Post | None:
    """Make what sends mail; None without a relay: mail waits then."""
    url = parts.settings.smtp_relay
    if not url:
        return None
    try:
        relay = Relay(url)
    except ValueError as error:
        raise Misconfigured([f"CHERHA_SMTP_RELAY: {error}."]) from None
    key = dkim_key(parts.settings)
    return poster(parts.desk, parts.files, relay, signer(key, parts.settings.dkim_selector) if key else None)


def dkim_key(settings: Settings) -> DkimKey | None:
    """Read the key that letters are signed with; None where they are not.

    Raises:
        Misconfigured: there is none in the file, or it cannot be read.
    """
    if settings.dkim_key is None:
        return None
    try:
        return read_key(settings.dkim_key)
    except OSError as error:
        raise Misconfigured([f"CHERHA_DKIM_KEY: {settings.dkim_key} cannot be read ({error.strerror})."]) from None
    except ValueError as error:
        raise Misconfigured([f"CHERHA_DKIM_KEY: {error}"]) from None


def doors(parts: Parts) -> Doors:
    """Make the mail doors.

    Raises:
        Misconfigured: none is wanted, or the certificate cannot be used.
    """
    return Doors(parts.settings, parts.desk, parts.files)


def embedded(parts: Parts) -> dict[str, Service]:
    """List the parts of the embedded desk besides the mail doors; no bot without a token."""
    settings = parts.settings
    declare_actors(parts)
    services = {"clock": clock_service(parts), "workers": worker_service(parts, settings.workers)}
    if settings.telegram_token.get_secret_value():
        services["bot"] = bot_service(parts)
    if settings.fetched is not None:
        services["fetch"] = fetch_service(parts, settings.fetched)
    return services
