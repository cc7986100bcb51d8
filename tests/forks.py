"""`pytest -p tests.forks --forks 3`: tests are collected once, and run by forks of the process that has collected them.

With pytest-xdist each worker imports the desk and collects thousands of tests anew, which took ten seconds of the
processor each. A fork takes none; it takes the next few tests whenever it has none left.
"""

from __future__ import annotations

import os
import pickle
import select
import selectors
import signal
import struct
import sys
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, NoReturn

import pytest

#: What a turn is: the first of its tests and the one after its last.
_TURN = struct.Struct("!II")

#: What each event begins with: its length in bytes.
_HEAD = struct.Struct("!I")

#: So many tests are a turn, for what they share is made once; the last go one by one, so that all forks end together.
_TOGETHER, _ONE_BY_ONE = 6, 120

#: Seconds between looks for forks that have ended although a process of theirs still holds their line open.
_LOOK_S = 1

#: Seconds that forks have, once they are to end, for what their tests have made.
_ENDING_S = 30


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--forks", type=int, default=0, help="run the tests in so many forks of this process")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("forks"):
        os.environ["PYTEST_XDIST_TESTRUNUID"] = uuid.uuid4().hex  # the servers of a run are found by it


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run all tests in forks, if that is wanted."""
    config = session.config
    forks: int = config.getoption("forks")
    if not forks or config.option.collectonly or session.testsfailed or not session.items:
        return None
    config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined] # so that all have the same
    turns, hand_out = os.pipe()
    session.items.sort(key=lambda item: _name(item) or "~")  # what is long comes first
    for first, after in _turns([_name(item) for item in session.items]):
        os.write(hand_out, _TURN.pack(first, after))
    os.close(hand_out)
    run = _Run(session, turns)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # or it would leave everything behind
    try:
        for _ in range(min(forks, len(session.items))):
            run.forks.append(_fork(session, run))
        run.follow()
    finally:
        run.end()
        signal.signal(signal.SIGTERM, before)
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    return True


def _name(item: pytest.Item) -> str:
    """Tell with which others a test is to be run by one fork: by no name, with any."""
    marker = item.get_closest_marker("together")
    return str(marker.args[0]) if marker else ""


def _turns(names: list[str]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(names):
        if name := names[at]:
            size = sum(1 for _ in takewhile(name.__eq__, names[at:]))
        else:
            size = _TOGETHER if len(names) - at > _ONE_BY_ONE else 1
        yield at, min(at + size, len(names))
        at += size


# --- a fork -----------------------------------------------------------------------------------------


def _fork(session: pytest.Session, run: _Run) -> _Fork:
    told, telling = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if not pid:
        for one in (told, *(fork.told for fork in run.forks)):  # or nobody would notice that there is no one to tell
            os.close(one)
        _be_a_fork(session, run.turns, telling)
    os.close(telling)
    with suppress(OSError):  # it has done so itself, and maybe ended
        os.setpgid(pid, pid)
    return _Fork(pid, told)


def _be_a_fork(session: pytest.Session, turns: int, telling: int) -> NoReturn:
    code = 1
    try:
        # Ctrl-C reaches the process that has collected alone, which tells the forks to end; what they start, and
        # leave behind, is found by the group.
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, _interrupted)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        plugins = session.config.pluginmanager
        plugins.unregister(name="terminalreporter")
        plugins.register(_Teller(session.config, telling))
        capture: Any = plugins.getplugin("capturemanager")
        capture.stop_global_capturing()  # into files that the other forks would write to as well
        capture.start_global_capturing()
        capture.suspend_global_capture()
        _take_turns(session, turns)
        code = 0
    except (KeyboardInterrupt, BrokenPipeError):  # it is to end, or the process that it tells has ended
        _take_down(session)
    except BaseException:  # noqa: BLE001 - there is nobody above
        os.write(2, traceback.format_exc().encode())
        _take_down(session)
    os._exit(code)


def _interrupted(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is taken down now is to be taken down wholly
    raise KeyboardInterrupt


def _take_down(session: pytest.Session) -> None:
    """End what tests share, such as servers, though no test says that it was the last."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BaseException):
        session._setupstate.teardown_exact(None)


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
    status: int | None = None

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

    def has_ended(self, *, wait: bool = False) -> bool:
        """Tell whether it has ended; then what it had started and left behind ends, too."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
            if pid:
                self.status = status
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
        return self.status is not None

    def signal(self, number: int) -> None:
        """Send it a signal, unless it has ended: another may have its number then."""
        if not self.has_ended():
            os.kill(self.pid, number)


@dataclass(slots=True)
class _Run:
    """All forks, until the last has ended."""

    session: pytest.Session
    turns: int
    forks: list[_Fork] = field(default_factory=list)

    def follow(self) -> None:
        """Report what they tell; where one breaks off, its test has failed."""
        with selectors.DefaultSelector() as lines:
            for fork in self.forks:
                lines.register(fork.told, selectors.EVENT_READ, fork)
            while lines.get_map():
                for key, _ in lines.select(_LOOK_S):
                    if not self._hear(key.data):
                        lines.unregister(key.fd)
                for fork in self.forks:
                    fork.has_ended()  # what it has left behind would hold its line open for ever

    def end(self) -> None:
        """End the forks that are left, each with what its tests share; who waits no longer presses Ctrl-C again."""
        self._hand_out_nothing_more()
        try:
            for fork in self.forks:
                fork.signal(signal.SIGINT)
            until = time.monotonic() + _ENDING_S
            while not all(fork.has_ended() for fork in self.forks) and time.monotonic() < until:
                self._let_them_tell()
        finally:
            for fork in self.forks:
                fork.signal(signal.SIGKILL)
                fork.has_ended(wait=True)
                os.close(fork.told)
            os.close(self.turns)

    def _hand_out_nothing_more(self) -> None:
        while os.read(self.turns, 1 << 20):
            pass

    def _let_them_tell(self) -> None:
        """Read what nobody wants to know any more, so that none waits to be read."""
        for line in select.select([fork.told for fork in self.forks if fork.status is None], [], [], 0.05)[0]:
            if not os.read(line, 1 << 20):
                time.sleep(0.05)

    def _hear(self, fork: _Fork) -> bool:
        more = os.read(fork.told, 1 << 20)
        for what, facts in fork.events(more):
            self._report(fork, what, facts)
        if not more and fork.has_ended(wait=True) and (fork.status or fork.at):
            self._broke_off(fork)
        if self.session.shouldfail or self.session.shouldstop:
            self._hand_out_nothing_more()
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
