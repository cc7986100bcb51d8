"""Tests that are run by forks: all of them, each once, and none that broke off is taken for one that passed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cherha.processes import ROOT
from tests.waiting import until


def _run(folder: Path, source: str, *words: str) -> tuple[int, str]:
    started = _start(folder, source, *words)
    told, _ = started.communicate(timeout=60)
    return started.returncode, told


def _start(folder: Path, source: str, *words: str) -> subprocess.Popen[str]:
    (folder / "test_some.py").write_text(source)
    command = (sys.executable, "-m", "pytest", "-p", "tests.forks", "-p", "no:cacheprovider", "--forks", "3", *words)
    return subprocess.Popen(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _runs(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and that nobody has asked for yet does not."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.long
def test_each_test_is_run_once_and_what_failed_is_told_with_what_it_printed(tmp_path: Path) -> None:
    source = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(40))
def test_number(number):
    with pathlib.Path("ran").open("a") as file:
        file.write(f"{number} {os.getpid()}\\n")
    print("words of", number)
    assert number != 17
"""
    code, told = _run(tmp_path, source)
    assert code == 1
    assert "words of 17" in told
    assert "words of 16" not in told
    assert "1 failed, 39 passed" in told
    ran = [line.split() for line in (tmp_path / "ran").read_text().splitlines()]
    assert sorted(int(number) for number, _ in ran) == list(range(40))
    assert len({pid for _, pid in ran}) > 1


@pytest.mark.long
def test_a_test_that_ends_its_process_has_failed_and_the_others_go_on(tmp_path: Path) -> None:
    source = """
import os, pytest

@pytest.mark.parametrize("number", range(40))
def test_number(number):
    if number == 3:
        os._exit(0)
"""
    code, told = _run(tmp_path, source, "-p", "no:randomly")
    assert code == 1
    assert "the fork broke off at test_some.py::test_number[3]" in told
    assert "1 failed, 3" in told


@pytest.mark.long
def test_after_the_first_failure_no_more_is_begun_where_that_is_wanted(tmp_path: Path) -> None:
    source = """
import time, pytest

@pytest.mark.parametrize("number", range(300))
def test_number(number):
    time.sleep(0.02)
    assert number
"""
    code, told = _run(tmp_path, source, "-x", "-p", "no:randomly")
    assert code != 0
    passed = told.rpartition(" passed")[0].split()[-1]
    assert int(passed) < 200


_WITH_SERVERS = """
import os, pathlib, pytest, subprocess, time

@pytest.fixture(scope="session")
def server():
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        with pathlib.Path("started").open("a") as file:
            file.write(f"{os.getpid()} {process.pid} ")
        yield
        process.kill()

@pytest.mark.parametrize("number", range(20))
def test_number(server, number):
    time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the kernel which processes run")
@pytest.mark.parametrize(
    ("number", "whom"),
    [
        (signal.SIGINT, os.killpg),
        pytest.param(signal.SIGINT, os.kill, marks=pytest.mark.long),
        pytest.param(signal.SIGTERM, os.kill, marks=pytest.mark.long),
    ],
)
def test_who_stops_a_run_stops_all_that_it_has_started(
    tmp_path: Path, number: int, whom: Callable[[int, int], None]
) -> None:
    run = _start(tmp_path, _WITH_SERVERS)
    started = tmp_path / "started"
    try:
        until(lambda: started.exists() and len(started.read_text().split()) == 6)
        whom(run.pid, number)
        told, _ = run.communicate(timeout=30)
        assert run.returncode == pytest.ExitCode.INTERRUPTED, told
        assert "broke off" not in told
        assert [one for one in started.read_text().split() if _runs(int(one))] == []
    finally:
        _end(run, started)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the kernel which processes run")
def test_forks_end_what_they_have_started_where_nobody_is_left_to_tell(tmp_path: Path) -> None:
    run = _start(tmp_path, _WITH_SERVERS.replace("time.sleep(60)", "time.sleep(0.5)"))
    started = tmp_path / "started"
    try:
        until(lambda: started.exists() and len(started.read_text().split()) == 6)
        run.kill()
        until(lambda: not any(_runs(int(one)) for one in started.read_text().split()))
    finally:
        _end(run, started)


def _end(run: subprocess.Popen[str], started: Path) -> None:
    """Leave nothing behind, whatever the runner has done."""
    run.kill()
    run.communicate()
    for pid in started.read_text().split():
        if _runs(int(pid)):
            os.kill(int(pid), signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the kernel which processes run")
def test_what_a_fork_that_broke_off_has_left_behind_holds_up_nobody(tmp_path: Path) -> None:
    source = """
import os, pathlib, time

def test_number():
    child = os.fork()
    if not child:
        time.sleep(60)
    pathlib.Path("started").write_text(str(child))
    os._exit(0)
"""
    code, told = _run(tmp_path, source)
    assert code == 1
    assert "broke off at test_some.py::test_number" in told
    until(lambda: not _runs(int((tmp_path / "started").read_text())))


@pytest.mark.long
def test_whatever_becomes_of_a_test_is_told_as_without_forks(tmp_path: Path) -> None:
    source = """
import pytest

@pytest.fixture
def broken():
    raise RuntimeError("no server")

@pytest.fixture
def breaks():
    yield
    raise RuntimeError("no end")

def test_setup(broken): pass
def test_teardown(breaks): pass
def test_skipped(): pytest.skip("not here")
@pytest.mark.xfail(reason="known")
def test_known(): assert False
@pytest.mark.xfail(strict=True)
def test_strict(): pass
def test_passes(): pass
"""
    code, told = _run(tmp_path, source, "-rA", "--durations=3")
    assert code == 1
    for words in ("RuntimeError: no server", "RuntimeError: no end", "not here", "slowest 3 durations"):
        assert words in told
    assert "1 failed, 2 passed, 1 skipped, 1 xfailed, 2 errors" in told
