"""Whoever can write into Redis can wake the desk, and no more: what it is woken for is looked at again."""

from __future__ import annotations

from pathlib import Path

import pytest
import redis
from dramatiq import Message

from core.inbox.model import InboxState
from core.intake.tries import failed_try
from tests.core.office import Office
from tests.waiting import until
from tests.workers.letters import Post, letter
from workers.actors.edge import declare
from workers.actors.understanding import understander
from workers.broker import Workers, make_broker

on_one_store = pytest.mark.parametrize("engines", ["sqlite"], indirect=True)

#: What nobody but a stranger would ask of an actor.
ODD = ("x", -1, 2**40, None, {"row": 1}, ["' OR 1=1 --"], 1.5, True)


@on_one_store
@pytest.mark.filterwarnings("ignore")
def test_forged_calls_do_nothing_and_stop_nothing(office: Office, tmp_path: Path, redis_url: str) -> None:
    office.join("Olena")
    post = Post(office, tmp_path)
    broker = make_broker(redis_url)
    understand = understander(office.desk, post.files)
    declare(broker, "understand", understand, lambda row, why: office.desk.run(failed_try, row, why))
    waiting = post.keep(letter("The printer is silent"))
    done = post.bring(letter("The scanner too", subject="Scanner")).id
    for what in (*((one,) for one in ODD), (), (1, 2), (done,)):
        broker.enqueue(Message("letters", "understand", what, {}, {}))
    broker.enqueue(Message("letters", "delete_everything", (1,), {}, {}))
    _write_garbage(redis_url)
    broker.enqueue(Message("letters", "understand", (waiting,), {}, {}))
    worker = Workers(broker, 2)
    worker.start()
    until(lambda: post.row(waiting).state is InboxState.DONE, 20)
    worker.stop(5000)
    broker.close()
    assert len(post.cases()) == 2
    assert post.states() == [InboxState.DONE] * 2


def _write_garbage(redis_url: str) -> None:
    """Write what is no message of the library where it looks for messages."""
    client = redis.Redis.from_url(redis_url)
    queue = next(key for key in client.scan_iter("*letters") if client.type(key) == b"list")
    messages = next(key for key in client.scan_iter("*letters.msgs"))
    for number, garbage in enumerate((b"\x80\x04cos\nsystem\n", b"{}", b"null", b'{"actor_name": "understand"}')):
        client.hset(messages, f"garbage{number}", garbage)
        client.lpush(queue, f"garbage{number}")
    client.close()
