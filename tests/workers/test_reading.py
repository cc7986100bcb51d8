from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, process_time

import psutil
import pytest

from core.errors import TryLater
from core.intake.reading import read
from tests.core.intake import hostile
from tests.waiting import until
from tests.workers.letters import letter
from workers.reading.readers import COMMAND, Readers, _Values

#: Answers every letter in a way of its own: by what its sender is called.
ODD = """
import os, signal, socket, time
from workers.reading.frames import receive, send
line = socket.socket(fileno=0)
send(line, b"")
while True:
    who, raw = receive(line), receive(line)
    if who == b"sleep":
        time.sleep(60)
    if who == b"busy":
        import resource
        resource.setrlimit(resource.RLIMIT_CPU, (1, -1))
        while True:
            pass
    if who == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    send(line, b"")
"""


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers()
    yield made
    made.close()


@pytest.fixture
def odd() -> Iterator[Readers]:
    made = Readers(command=(sys.executable, "-c", ODD), wall_s=3.0)
    yield made
    made.close()


def pids(readers: Readers) -> list[int]:
    return [child.pid for child in readers._idle]


def test_a_child_reads_as_the_process_itself_would(readers: Readers) -> None:
    raw = letter("Привіт", headers=("Date: Wed, 25 Nov 2026 18:11:00 +0200",))
    assert readers.read(raw, "ivan@example.com") == read(raw, "ivan@example.com")


def test_a_child_is_used_again(readers: Readers) -> None:
    readers.read(letter(), "")
    first = pids(readers)
    readers.read(letter(), "")
    assert pids(readers) == first


def test_a_killed_child_is_replaced_and_no_letter_suffers(readers: Readers) -> None:
    readers.read(letter(), "")
    (pid,) = pids(readers)
    os.kill(pid, signal.SIGKILL)
    assert readers.read(letter(), "") is not None
    assert pids(readers) != [pid]


def test_signals_to_the_whole_group_do_not_end_what_is_being_read(readers: Readers) -> None:
    readers.read(letter(), "")
    (pid,) = pids(readers)
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGINT)
    assert readers.read(letter(), "") is not None
    assert pids(readers) == [pid]


@pytest.mark.long
def test_a_letter_that_takes_too_long_is_given_up_and_its_child_is_gone(odd: Readers) -> None:
    began = monotonic()
    assert odd.read(b"x", "sleep") is None
    assert 2.5 < monotonic() - began < 10
    assert pids(odd) == []


def test_a_letter_that_takes_too_much_of_the_processor_is_given_up_at_once(odd: Readers) -> None:
    assert odd.read(b"x", "busy") is None
    assert pids(odd) == []


def test_a_letter_that_ends_its_child_is_given_up_after_a_second_one(odd: Readers) -> None:
    assert odd.read(b"x", "die") is None
    assert odd.read(b"x", "fine") is None  # the answer of this child; what counts is that there is one
    assert len(pids(odd)) == 1


def test_a_child_that_cannot_be_started_is_tried_later() -> None:
    for command in (("/nonexistent",), (sys.executable, "-c", "pass")):
        with pytest.raises(TryLater):
            Readers(command=command).read(b"x", "")


@pytest.mark.long
def test_an_idle_child_is_ended() -> None:
    readers = Readers(idle_s=0.2)
    readers.read(letter(), "")
    (pid,) = pids(readers)
    until(lambda: not psutil.pid_exists(pid), 10)
    assert readers.read(letter(), "") is not None
    readers.close()


def test_a_child_takes_little_memory_and_knows_no_database(readers: Readers) -> None:
    readers.read(letter("x" * 5000), "")
    (pid,) = pids(readers)
    assert psutil.Process(pid).memory_info().rss < 40 * hostile.MB
    loaded = subprocess.check_output(
        [sys.executable, "-c", "import sys, workers.reading.child; print(*sys.modules)"], cwd=Path(__file__).parents[2]
    )
    assert {"sqlalchemy", "dramatiq", "redis", "telegram", "structlog"}.isdisjoint(loaded.decode().split())


def test_a_child_ends_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import time; from workers.reading.readers import Readers; r = Readers(); r.read(b'x', '');"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(r._idle[0].pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    try:
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), 20)
    finally:
        parent.kill()
        parent.wait()
    pid = int((tmp_path / "pid").read_text())
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 10)


def test_an_answer_holds_values_and_nothing_that_does_something() -> None:
    with pytest.raises(pickle.UnpicklingError):
        _Values(__import__("io").BytesIO(pickle.dumps(os.getcwd))).load()


def test_the_memory_of_a_letter_is_bounded() -> None:
    greedy = (sys.executable, "-c", f"import core.intake.reading as r; r.read = lambda *_: bytearray({2**31});" + RUN)
    readers = Readers(command=greedy)
    assert readers.read(b"x", "") is None
    readers.close()


RUN = "import socket, workers.reading.child as c; c.read = r.read; c.main(socket.socket(fileno=0))"


#: These take their child no second.
LIGHT = {
    "scripts that never end",
    "a thousand parts",
    "multiparts in multiparts",
    "empty lines",
    "a flood of addresses",
}


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.long] * (one not in LIGHT)) for one in sorted(hostile.LETTERS)]
)
def test_a_hostile_letter_takes_bounded_time_and_none_of_this_process(readers: Readers, name: str) -> None:
    raw = hostile.LETTERS[name]()
    used, began = process_time(), monotonic()
    readers.read(raw, "eve@example.com")
    assert process_time() - used < 1.0
    assert monotonic() - began < 12


def test_two_threads_are_read_for_at_the_same_time(readers: Readers) -> None:
    raws = [letter(str(number)) for number in range(40)]

    def one(raw: bytes) -> str:
        with readers.turn:
            found = readers.read(raw, "")
        assert found is not None
        return found.letter.text

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(one, raws)) == [str(number) for number in range(40)]
    assert len(pids(readers)) <= 2
    assert COMMAND[0] == sys.executable
