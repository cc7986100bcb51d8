from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest

from tests.waiting import until
from workers.supervisor import Supervisor

ROOT = Path(__file__).parents[2]

#: Writes its process id into a file of its own, and waits for the end.
CHILD = """
import os, sys, time
from pathlib import Path
from workers.supervisor import end_with_parent
end_with_parent()
Path(sys.argv[1], str(os.getpid())).touch()
time.sleep(60)
"""

#: Runs two such children until it is killed.
PARENT = """
import sys
from threading import Event
from workers.supervisor import Supervisor
Supervisor([sys.executable, "-c", sys.argv[2], sys.argv[1]], 2).run(Event())
"""


@contextmanager
def supervised(folder: Path, count: int, code: str = CHILD, grace_s: float = 5.0) -> Iterator[Event]:
    """Run a supervisor in a thread for the block."""
    stopping = Event()
    family = Supervisor([sys.executable, "-c", code, str(folder)], count, grace_s)
    thread = Thread(target=family.run, args=(stopping,))
    thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        thread.join()


def living(folder: Path) -> set[int]:
    """List the children that have begun and still run."""
    return {pid for pid in (int(path.name) for path in folder.iterdir()) if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it may end between two looks
        return False


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_a_killed_child_is_replaced(tmp_path: Path) -> None:
    with supervised(tmp_path, 2):
        until(lambda: len(living(tmp_path)) == 2, 20)
        first, second = living(tmp_path)
        os.kill(first, signal.SIGKILL)
        until(lambda: len(living(tmp_path) - {first}) == 2, 20)
        assert second in living(tmp_path)
    assert not living(tmp_path)


def test_a_child_that_dies_at_once_is_not_started_without_end(tmp_path: Path) -> None:
    code = "import os, sys; open(os.path.join(sys.argv[1], str(os.getpid())), 'w')"
    with supervised(tmp_path, 1, code):
        until(lambda: len(list(tmp_path.iterdir())) >= 2, 20)
        Event().wait(1.0)
    assert len(list(tmp_path.iterdir())) <= 4


def test_a_child_that_does_not_heed_the_signal_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "open(os.path.join(sys.argv[1], str(os.getpid())), 'w'); time.sleep(60)"
    )
    with supervised(tmp_path, 1, code, grace_s=0.3):
        until(lambda: len(living(tmp_path)) == 1, 20)
    assert not living(tmp_path)


def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), CHILD])
    try:
        until(lambda: len(living(tmp_path)) == 2, 20)
    finally:
        parent.kill()
        parent.wait()
    until(lambda: not living(tmp_path), 10)


def test_a_child_that_ends_by_itself_ends_with_its_own_code() -> None:
    code = "import sys; from workers.supervisor import end_with_parent; end_with_parent(); sys.exit(3)"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stderr is not None
        assert (child.stderr.read(), child.wait()) == (b"", 3)
