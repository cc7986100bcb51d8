"""A transaction means the same on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.desk import Desk, Tx
from core.errors import TryLater
from core.store.engine import FairLock, open_engines
from core.timers.model import Timer

THREADS, ROUNDS = 8, 100


def _counter(tx: Tx) -> None:
    tx.session.add(Timer(task="count", slot="one", due_at=tx.now, facts={"n": 0}))


def _count_up(tx: Tx) -> None:
    row = tx.session.scalars(select(Timer).with_for_update()).one()
    row.facts = {"n": row.facts["n"] + 1}


def _rename(tx: Tx) -> None:
    tx.session.scalars(select(Timer)).one().task = "changed"
    tx.session.flush()


@pytest.fixture
def elsewhere(desk: Desk) -> Iterator[Desk]:
    """The same database as another process opens it: with locks of its own."""
    engines = open_engines(desk.engines.change.url.render_as_string(hide_password=False))
    yield Desk(engines, desk.house)
    engines.dispose()


@pytest.mark.long
def test_concurrent_increments_here_and_elsewhere_lose_nothing(desk: Desk, elsewhere: Desk) -> None:
    desk.run(_counter)

    def count(one: Desk) -> None:
        for _ in range(ROUNDS):
            one.run(_count_up)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(count, one) for one in [desk, elsewhere] * (THREADS // 2)]:
            done.result()
    assert desk.look(lambda tx: tx.session.scalar(select(Timer.facts))) == {"n": THREADS * ROUNDS}


def test_looking_cannot_write(desk: Desk) -> None:
    desk.run(_counter)
    with pytest.raises(DBAPIError):
        desk.look(_rename)
    assert desk.look(lambda tx: tx.session.scalar(select(Timer.task))) == "count"


def test_an_attempt_to_write_while_looking_is_no_outage(desk: Desk) -> None:
    desk.run(_counter)
    with pytest.raises(DBAPIError) as caught:
        desk.look(_rename)
    assert not isinstance(caught.value, TryLater)


def test_a_look_sees_one_state_of_the_desk_from_its_beginning_to_its_end(desk: Desk) -> None:
    desk.run(_counter)

    def twice(tx: Tx) -> tuple[object, object]:
        before = tx.session.scalar(select(Timer.facts))
        desk.run(_count_up)
        return before, tx.session.scalar(select(Timer.facts))

    assert desk.look(twice) == ({"n": 0}, {"n": 0})
    assert desk.look(lambda tx: tx.session.scalar(select(Timer.facts))) == {"n": 1}


@pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
def test_a_connection_that_looked_changes_as_any_other(desk: Desk) -> None:
    ask = text("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
    for _ in range(3):
        assert tuple(desk.look(lambda tx: tx.session.execute(ask).one())) == ("repeatable read", "on")
        assert tuple(desk.run(lambda tx: tx.session.execute(ask).one())) == ("read committed", "off")


def test_a_look_does_not_wait_for_a_writer(desk: Desk) -> None:
    desk.run(_counter)

    def slow(tx: Tx) -> object:
        _count_up(tx)
        tx.session.flush()
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(desk.look, lambda look: look.session.scalar(select(Timer.facts))).result(timeout=5)

    assert desk.run(slow) == {"n": 0}


def test_the_fair_lock_serves_in_the_order_of_arrival() -> None:
    lock, served = FairLock(), []

    def wait(number: int) -> None:
        with lock.turn():
            served.append(number)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(20)]
    with lock.turn():
        for number, thread in enumerate(threads):
            thread.start()
            while len(lock._waiting) <= number:
                time.sleep(0.0005)
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_the_fair_lock_is_handed_on_after_an_error() -> None:
    lock = FairLock()
    with pytest.raises(ZeroDivisionError), lock.turn():
        raise ZeroDivisionError
    with lock.turn():
        assert lock._held
    assert not lock._held


def test_an_error_of_the_database_tells_nothing_of_what_customers_wrote(desk: Desk) -> None:
    def twice(tx: Tx) -> None:
        for _ in range(2):
            tx.session.execute(
                insert(Timer).values(id=7, task="words of a customer", slot="one", due_at=tx.now, facts={})
            )

    with pytest.raises(IntegrityError) as caught:
        desk.run(twice)
    assert "words of a customer" not in str(caught.value)
