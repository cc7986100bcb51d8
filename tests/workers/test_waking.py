from __future__ import annotations

from threading import Event
from time import monotonic, sleep

import pytest
from dramatiq import Message
from dramatiq.brokers.stub import StubBroker

from tests.waiting import until
from tests.workers.waking import waking
from workers.actors.edge import declare
from workers.broker import Workers, make_broker
from workers.waking import Waker


class Stuck(StubBroker):
    """A broker whose server does not answer until it is told to."""

    def __init__(self) -> None:
        super().__init__(middleware=[])
        self.answer = Event()
        self.heard: list[int] = []

    def enqueue(self, message: Message[None], *, delay: int | None = None) -> Message[None]:  # noqa: ARG002 - the broker's signature
        self.answer.wait(10)
        self.heard.append(message.args[0])
        return message


class Away(StubBroker):
    """A broker whose server refuses so many calls."""

    def __init__(self, refuses: int) -> None:
        super().__init__(middleware=[])
        self.refuses = refuses
        self.heard: list[int] = []

    def enqueue(self, message: Message[None], *, delay: int | None = None) -> Message[None]:  # noqa: ARG002 - the broker's signature
        if self.refuses:
            self.refuses -= 1
            raise ConnectionError
        self.heard.append(message.args[0])
        return message


def test_a_call_reaches_the_actor_of_its_name() -> None:
    broker = make_broker()
    understood: list[int] = []
    sent: list[int] = []
    declare(broker, "understand", lambda row: str(understood.append(row)), lambda _row, _why: None)
    declare(broker, "send_mail", lambda row: str(sent.append(row)), lambda _row, _why: None)
    worker = Workers(broker, 2)
    worker.start()
    with waking(broker) as waker:
        waker([("understand", 7), ("send_mail", 8)])
        until(lambda: understood == [7] and sent == [8])
    worker.stop(2000)


def test_taking_calls_never_waits_for_a_broker_that_hangs() -> None:
    broker = Stuck()
    with waking(broker) as waker:
        began = monotonic()
        for row in range(1000):
            waker([("understand", row)])
        assert monotonic() - began < 0.5
        broker.answer.set()
        until(lambda: len(broker.heard) >= 100)


def test_calls_beyond_the_room_are_dropped_and_those_that_had_room_are_sent() -> None:
    broker = Stuck()
    with waking(broker, room=5) as waker:
        waker([("understand", 0)])
        sleep(0.1)  # the thread has taken it and is stuck with it
        waker([("understand", row) for row in range(1, 20)])
        broker.answer.set()
        until(lambda: len(broker.heard) == 6)
    assert broker.heard == [0, 1, 2, 3, 4, 5]


def test_after_a_failure_later_calls_are_sent() -> None:
    broker = Away(refuses=1)
    with waking(broker) as waker:
        waker([("understand", 1)])
        until(lambda: broker.refuses == 0)
        waker([("understand", 2)])
        until(lambda: broker.heard == [2])


def test_nobody_is_called_who_would_find_nothing_to_do() -> None:
    broker = Away(refuses=0)
    waker = Waker(broker, asleep={"send_mail"})
    waker([("send_mail", 1), ("understand", 2)])
    waker.close(5)
    assert broker.heard == [2]


def test_closing_sends_what_waits() -> None:
    broker = Away(refuses=0)
    waker = Waker(broker)
    waker([("understand", row) for row in range(50)])
    waker.close(5)
    assert broker.heard == list(range(50))


def test_an_actor_that_raises_marks_its_row_and_the_next_one_runs() -> None:
    broker = make_broker()
    failed: list[tuple[int, str]] = []
    done: list[int] = []

    def do(row: int) -> str:
        if row == 1:
            msg = "no"
            raise ValueError(msg)
        done.append(row)
        return "done"

    declare(broker, "understand", do, lambda row, why: failed.append((row, why)))
    worker = Workers(broker, 1)
    worker.start()
    with waking(broker) as waker:
        waker([("understand", 1), ("understand", 2)])
        until(lambda: done == [2])
    worker.stop(2000)
    assert failed == [(1, "ValueError: no")]


def test_a_row_that_cannot_even_be_marked_does_not_stop_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    broker = make_broker()
    done: list[int] = []

    def do(row: int) -> str:
        if row == 1:
            raise ValueError
        done.append(row)
        return "done"

    def failed(_row: int, _why: str) -> None:
        raise RuntimeError

    declare(broker, "understand", do, failed)
    worker = Workers(broker, 1)
    worker.start()
    with waking(broker) as waker:
        waker([("understand", 1), ("understand", 2)])
        until(lambda: done == [2])
    worker.stop(2000)
