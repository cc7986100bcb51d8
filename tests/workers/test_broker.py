from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from time import monotonic, sleep

import pytest
import redis
from dramatiq.brokers.redis import RedisBroker

from core.errors import Misconfigured
from tests import servers
from tests.conftest import absent
from tests.faults import outside
from tests.waiting import until
from tests.workers.waking import waking
from workers.actors.edge import declare
from workers.broker import QUEUES, Workers, check_redis, make_broker, redis_client
from workers.waking import message


@pytest.fixture(params=["in process", "redis"])
def broker_url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "in process" else str(request.getfixturevalue("redis_url"))


def test_nothing_is_retried_or_delayed_by_the_broker(broker_url: str) -> None:
    broker = make_broker(broker_url)
    assert broker.middleware == []
    broker.close()


def test_each_call_is_run_once(broker_url: str) -> None:
    broker = make_broker(broker_url)
    ran: list[int] = []
    declare(broker, "understand", lambda row: str(ran.append(row)), lambda _row, _why: None)
    declare(broker, "send_mail", lambda row: str(ran.append(row)), lambda _row, _why: None)
    worker = Workers(broker, 4)
    worker.start()
    with waking(broker, room=1000) as waker:
        waker([("understand" if row % 2 else "send_mail", row) for row in range(200)])
        until(lambda: len(ran) == 200)
    worker.stop(5000)
    broker.close()
    assert sorted(ran) == list(range(200))


def test_calls_of_a_worker_that_died_come_back_after_its_heartbeat(redis_url: str) -> None:
    heartbeat = timedelta(milliseconds=500)
    dead = make_broker(redis_url, heartbeat)
    dead.enqueue(message("understand", 7))
    consumer = dead.consume("letters", prefetch=1, timeout=100)
    until(lambda: next(consumer) is not None)  # it has the call in hand, and is never heard of again
    ran: list[int] = []
    broker = make_broker(redis_url, heartbeat)
    declare(broker, "understand", lambda row: str(ran.append(row)), lambda _row, _why: None)
    worker = Workers(broker, 1)
    worker.start()
    until(lambda: ran == [7])
    worker.stop(5000)
    broker.close()
    dead.close()


def test_a_worker_fetches_no_more_than_it_has_threads_for(redis_url: str) -> None:
    broker = make_broker(redis_url)
    assert isinstance(broker, RedisBroker)
    held = Event()
    declare(broker, "send_mail", lambda _row: str(held.wait(20)), lambda _row, _why: None)
    workers = Workers(broker, 3)
    workers.start()
    with waking(broker) as waker:
        waker([("send_mail", row) for row in range(10)])
        until(lambda: broker.client.llen("cherha:mail") == 7)
        sleep(0.5)
        assert broker.client.llen("cherha:mail") == 7
    held.set()
    workers.stop(5000)
    broker.close()


def test_mail_goes_out_while_letters_take_long(broker_url: str) -> None:
    broker = make_broker(broker_url)
    held, sent = Event(), []
    declare(broker, "understand", lambda _row: str(held.wait(20)), lambda _row, _why: None)
    declare(broker, "send_mail", lambda row: str(sent.append(row)), lambda _row, _why: None)
    workers = Workers(broker, 4)
    workers.start()
    with waking(broker) as waker:
        waker([("understand", row) for row in range(20)])
        waker([("send_mail", row) for row in range(20)])
        until(lambda: len(sent) == 20)
    held.set()
    workers.stop(5000)
    broker.close()


def test_a_redis_that_is_away_is_told_at_once(free_port: int) -> None:
    broker = make_broker(f"redis://127.0.0.1:{free_port}/0")
    began = monotonic()
    with pytest.raises(redis.ConnectionError):
        broker.enqueue(message("understand", 1))
    assert monotonic() - began < 1
    broker.close()


@pytest.fixture
def policy(redis_url: str) -> Iterator[redis.Redis]:
    """A client to set the policy with; it is as it was in the end."""
    client = redis_client(redis_url)
    yield client
    client.config_set("maxmemory-policy", "noeviction")
    client.close()


@pytest.mark.parametrize("evicting", ["allkeys-lru", "allkeys-random", "volatile-lru"])
def test_a_redis_that_evicts_is_refused(redis_url: str, policy: redis.Redis, evicting: str) -> None:
    policy.config_set("maxmemory-policy", evicting)
    with pytest.raises(Misconfigured, match="noeviction"):
        check_redis(redis_url)


def test_a_redis_that_keeps_what_it_holds_is_taken(redis_url: str) -> None:
    check_redis(redis_url)


def test_a_redis_that_wants_a_password_is_told_as_such(redis_url: str, policy: redis.Redis) -> None:
    policy.config_set("requirepass", "secret word")
    try:
        with pytest.raises(Misconfigured, match="CHERHA_REDIS_URL"):
            check_redis(redis_url)
    finally:
        policy.config_set("requirepass", "")


def test_every_actor_has_a_queue_that_both_brokers_know(broker_url: str) -> None:
    broker = make_broker(broker_url)
    assert set(QUEUES.values()) <= set(broker.get_declared_queues())
    broker.close()


@pytest.mark.long
def test_a_worker_stops_in_peace_while_redis_is_away() -> None:
    try:
        server = outside.Valkey()
    except servers.Unavailable as error:
        absent(str(error))
    broker = make_broker(server.url)
    assert isinstance(broker, RedisBroker)
    begun: list[int] = []
    over = Event()

    def act(row: int) -> str:
        begun.append(row)
        over.wait(10)
        return "done"

    for actor in QUEUES:
        declare(broker, actor, act, lambda _row, _why: None)
        broker.enqueue(message(actor, 7))
    worker = Workers(broker, 1)
    worker.start()
    until(lambda: len(begun) == len(QUEUES))
    server.kill()
    over.set()
    worker.stop(500)
    server.start()  # or the thread would go on trying to say that its call is done
    until(lambda: worker.ended)
    server.kill()
    broker.close()
    broker.client.connection_pool.disconnect()  # the connections of threads that ended without saying goodbye
