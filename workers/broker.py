"""The broker carries wake-up calls and nothing else, so it may lose anything: in this process, or in Redis."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Any

import redis
import structlog
from dramatiq import Broker, Worker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.common import dq_name
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.errors import Misconfigured

#: The queue of each actor; also the list of what can be woken.
QUEUES = {"understand": "letters", "send_mail": "mail"}

#: The most threads of a queue.
_MOST = {"letters": 2}

#: A wake-up call that no actor took is of no use for longer: the sweep has called again many times.
_DEAD_MESSAGE_TTL_MS = 60_000

#: How long an idle worker waits before it asks Redis again. In this process it need not ask: it is woken, and only
#: looks whether it is to end.
_IDLE_POLL_MS, _IDLE_HERE_MS = 100, 500

#: Keys in Redis begin with this, so that a desk can share a server with others (never with a cache).
_NAMESPACE = "cherha"

_NO_RETRY_S = 2.0

log = structlog.get_logger(__name__)


class TellingBroker(RedisBroker):
    """Redis as the broker; that it is away, or back, is told once and in our words."""

    def __init__(self, **options: Any) -> None:
        self._away = False
        self._guard = Lock()
        super().__init__(**options)  # type: ignore[no-untyped-call] # its constructor has no annotations

    def lost(self, error: Exception) -> None:
        """Note that Redis did not answer."""
        with self._guard:
            if self._away:
                return
            self._away = True
        told = "Redis cannot be reached. Nothing is lost: what waits is taken up when it is back."
        log.warning("redis_away", told=told, setting="CHERHA_REDIS_URL", reason=type(error).__name__)

    def found(self) -> None:
        """Note that Redis answered."""
        with self._guard:
            if not self._away:
                return
            self._away = False
        log.info("redis_back", told="Redis is reached again; the sweep wakes whoever was not woken meanwhile.")

    def _dispatch(self, command: str) -> Callable[..., Any]:
        """Make the call of a command; every word with Redis goes through here."""
        call = super()._dispatch(command)  # type: ignore[no-untyped-call] # likewise

        def telling(*arguments: Any) -> Any:
            try:
                answer = call(*arguments)
            except (redis.ConnectionError, redis.TimeoutError) as error:
                self.lost(error)
                # The library knows how to wait for this one; of the other it would write a traceback every 3 s.
                raise redis.ConnectionError(str(error)) from error
            self.found()
            return answer

        return telling


def _of_one_kind(record: logging.LogRecord) -> bool:
    """Keep the library from telling that a broker has two workers, with each of which it keeps account by a part."""
    return "same type twice" not in str(record.msg)


def _not_told_by_us(record: logging.LogRecord) -> bool:
    """Keep the library from telling, every 3 s and for each queue, what `TellingBroker` told once."""
    return "connection error" not in str(record.msg)


def make_broker(redis_url: str = "", heartbeat: timedelta = timedelta(seconds=30)) -> Broker:
    """Make the broker: in Redis, or in this process when no address is given.

    There is no middleware: nothing is retried, delayed or aged here. When to try again stands in the row.

    Args:
        redis_url: `redis://…`, `rediss://…` or `unix://…`.
        heartbeat: a worker silent for so long is dead, and its wake-up calls are handed out anew.
    """
    if not redis_url:
        broker: Broker = StubBroker(middleware=[])
    else:
        broker = TellingBroker(
            client=redis_client(redis_url),
            middleware=[],
            namespace=_NAMESPACE,
            # With the default of 1,000 a killed worker's messages took 88 to 2,578 seconds to come back.
            maintenance_chance=1_000_000,
            heartbeat_timeout=int(heartbeat / timedelta(milliseconds=1)),
            dead_message_ttl=_DEAD_MESSAGE_TTL_MS,
        )
    broker.logger.addFilter(_of_one_kind)
    for queue in QUEUES.values():
        broker.declare_queue(queue)
        for name in (queue, dq_name(queue)):
            logging.getLogger(f"dramatiq.worker.ConsumerThread({name})").addFilter(_not_told_by_us)
    return broker


def redis_client(url: str) -> redis.Redis:
    """Make a client that gives up soon and never repeats.

    With the library's defaults a call takes 59 seconds when Redis hangs, and a repeat may enqueue twice.
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=_NO_RETRY_S,
        socket_connect_timeout=_NO_RETRY_S,
        retry=Retry(NoBackoff(), 0),
    )


class Workers:
    """The threads that run the actors, those of each queue by themselves: mail goes out while letters wait.

    Args:
        threads: as many letters go out at the same time. Of those that come in only one batch is understood at a time,
            and one more thread waits for its turn.
    """

    def __init__(self, broker: Broker, threads: int) -> None:
        self._parts = [_worker(broker, name, min(threads, _MOST.get(name, threads))) for name in QUEUES.values()]

    def start(self) -> None:
        """Begin to take calls."""
        for worker in self._parts:
            worker.start()

    @property
    def ended(self) -> bool:
        """Whether none of the threads runs any more."""
        return not any(thread.is_alive() for worker in self._parts for thread in worker.workers)

    def stop(self, within_ms: int) -> None:
        """Stop when what is in hand is done; calls that wait are given back, best effort."""
        for worker in self._parts:
            for thread in worker.workers:
                thread.stop()  # none of them takes anything new while the others are waited for
        until_s = monotonic() + within_ms / 1000
        for worker in self._parts:
            with suppress(redis.RedisError):  # away, it hands them out anew when this worker's heartbeat is missed
                worker.stop(max(0, round((until_s - monotonic()) * 1000)))


def _worker(broker: Broker, queue: str, threads: int) -> Worker:
    """Make the threads of one queue; no more is fetched than they can take in hand.

    Or a killed worker would hold up what an idle one could do. (The library advises against several workers in one
    process; with queues of their own they share nothing but the broker.)
    """
    idle_ms = _IDLE_HERE_MS if isinstance(broker, StubBroker) else _IDLE_POLL_MS
    worker = Worker(broker, queues={queue}, worker_threads=threads, worker_timeout=idle_ms)
    worker.queue_prefetch = threads
    worker.delay_prefetch = 1  # nothing is ever delayed in the broker
    return worker


def check_redis(url: str) -> None:
    """Refuse a Redis that throws away what it holds when its memory is full.

    With an evicting policy 14,871 of 20,000 messages vanished without one error.

    Raises:
        Misconfigured: the policy evicts; or the server refuses us.
        redis.RedisError: it cannot be reached now.
    """
    client = redis_client(url)
    try:
        policy = client.info("memory").get("maxmemory_policy", "noeviction")
    except redis.AuthenticationError as error:
        raise Misconfigured([f"Redis refuses the user or password in CHERHA_REDIS_URL ({error})."]) from None
    finally:
        client.close()
    if policy != "noeviction":
        fault = (
            f"Redis has maxmemory-policy {policy}: when its memory is full it would throw wake-up calls away. "
            "Say `redis-cli config set maxmemory-policy noeviction`, in redis.conf too, or use another server."
        )
        raise Misconfigured([fault])
