"""`pytest -p tests.forks --forks 3`: tests are collected once, and run by forks of the process that has collected them.

With pytest-xdist each worker imports the desk and collects thousands of tests anew, which took ten seconds of the
processor each. A fork takes none; it takes the next few tests whenever it has none left.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import struct
import sys
import traceback
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest

#: What a turn is: the first of its tests and the one after its last.
_TURN = struct.Struct("!II")

#: What each event begins with: its length in bytes.
_HEAD = struct.Struct("!I")

#: So many tests are a turn, for what they share is made once; the last go one by one, so that all forks end together.
_TOGETHER, _ONE_BY_ONE = 6, 120


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--forks", type=int, default=0, help="run the tests in so many forks of this process")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run all tests in forks, if that is wanted."""
    config = session.config
    forks: int = config.getoption("forks")
    if not forks or config.option.collectonly or session.testsfailed or not session.items:
        return None
    os.environ["PYTEST_XDIST_TESTRUNUID"] = uuid.uuid4().hex  # the servers of a run are found by it
    config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined] # so that all have the same
    turns, hand_out = os.pipe()
    for turn in _turns(len(session.items)):
        os.write(hand_out, turn)
    os.close(hand_out)
    _Run(session, turns, [_fork(session, turns) for _ in range(min(forks, len(session.items)))]).follow()
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return True


def _turns(tests: int) -> Iterator[bytes]:
    at = 0
    while at < tests:
        size = _TOGETHER if tests - at > _ONE_BY_ONE else 1
        yield _TURN.pack(at, min(at + size, tests))
        at += size


# --- a fork -----------------------------------------------------------------------------------------


def _fork(session: pytest.Session, turns: int) -> _Fork:
    told, telling = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        os.close(told)
        _be_a_fork(session, turns, telling)
    os.close(telling)
    return _Fork(pid, told)


def _be_a_fork(session: pytest.Session, turns: int, telling: int) -> NoReturn:
    code = 1
    try:
        plugins = session.config.pluginmanager
        plugins.unregister(name="terminalreporter")
        plugins.register(_Teller(session.config, telling))
        capture: Any = plugins.getplugin("capturemanager")
        capture.stop_global_capturing()  # into files that the other forks would write to as well
        capture.start_global_capturing()
        capture.suspend_global_capture()
        _take_turns(session, turns)
        code = 0
    except BaseException:  # noqa: BLE001 - there is nobody above
        os.write(2, traceback.format_exc().encode())
    os._exit(code)


def _take_turns(session: pytest.Session, turns: int) -> None:
    """Run what comes; each test is told which is next, so that only what that one does not need is taken down."""
    numbers = _numbers(turns)
    at = next(numbers, None)
    while at is not None:
        following = next(numbers, None)
        after = None if following is None else session.items[following]
        session.config.hook.pytest_runtest_protocol(item=session.items[at], nextitem=after)
        at = following


def _numbers(turns: int) -> Iterator[int]:
    while turn := os.read(turns, _TURN.size):
        yield from range(*_TURN.unpack(turn))


class _Teller:
    """Tells the process that has collected how each test goes."""

    def __init__(self, config: pytest.Config, telling: int) -> None:
        self._config, self._telling = config, telling

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._tell("begins", nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tell("report", self._config.hook.pytest_report_to_serializable(config=self._config, report=report))

    def pytest_runtest_logfinish(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        self._tell("ended", (nodeid, location))

    def _tell(self, what: str, facts: object) -> None:
        event = pickle.dumps((what, facts))
        rest = memoryview(_HEAD.pack(len(event)) + event)
        while rest:
            rest = rest[os.write(self._telling, rest) :]


# --- the process that has collected -----------------------------------------------------------------


@dataclass(slots=True)
class _Fork:
    """A fork, as the other side sees it: what it has told in part, and which test it is at."""

    pid: int
    told: int
    heard: bytearray = field(default_factory=bytearray)
    at: str = ""

    def events(self, more: bytes) -> Iterator[tuple[str, Any]]:
        """Add what was heard, and tell each event that is whole."""
        self.heard += more
        while len(self.heard) >= _HEAD.size:
            end = _HEAD.size + _HEAD.unpack_from(self.heard)[0]
            if len(self.heard) < end:
                return
            event = bytes(self.heard[_HEAD.size : end])
            del self.heard[:end]
            yield pickle.loads(event)  # noqa: S301 - out of our own fork


@dataclass(slots=True)
class _Run:
    """All forks, until the last has ended."""

    session: pytest.Session
    turns: int
    forks: list[_Fork]

    def follow(self) -> None:
        """Report what they tell; where one breaks off, its test has failed."""
        try:
            with selectors.DefaultSelector() as lines:
                for fork in self.forks:
                    lines.register(fork.told, selectors.EVENT_READ, fork)
                while lines.get_map():
                    for key, _ in lines.select():
                        if not self._hear(key.data):
                            lines.unregister(key.fd)
        finally:
            for fork in self.forks:
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(fork.pid, signal.SIGKILL)
                    os.waitpid(fork.pid, 0)
                os.close(fork.told)
            os.close(self.turns)

    def _hear(self, fork: _Fork) -> bool:
        more = os.read(fork.told, 1 << 20)
        for what, facts in fork.events(more):
            self._report(fork, what, facts)
        if not more and (os.waitpid(fork.pid, 0)[1] or fork.at):
            self._broke_off(fork)
        if self.session.shouldfail or self.session.shouldstop:
            while os.read(self.turns, 1 << 20):  # nobody takes another turn
                pass
        return bool(more)

    def _report(self, fork: _Fork, what: str, facts: Any) -> None:
        hook, config = self.session.config.hook, self.session.config
        if what == "begins":
            fork.at = facts
        elif what == "report":
            hook.pytest_runtest_logreport(report=hook.pytest_report_from_serializable(config=config, data=facts))
        else:
            fork.at = ""
            hook.pytest_runtest_logfinish(nodeid=facts[0], location=facts[1])

    def _broke_off(self, fork: _Fork) -> None:
        why = f"the fork broke off at {fork.at or 'the end'}: what it had taken besides was not run"
        place = fork.at or "tests/forks.py"
        report = pytest.TestReport(place, (place, None, place), {}, "failed", why, "call")
        self.session.config.hook.pytest_runtest_logreport(report=report)
