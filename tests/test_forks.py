"""Tests that are run by forks: all of them, each once, and none that broke off is taken for one that passed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cherha.processes import ROOT


def _run(folder: Path, source: str, *words: str) -> tuple[int, str]:
    (folder / "test_some.py").write_text(source)
    command = (sys.executable, "-m", "pytest", "-p", "tests.forks", "-p", "no:cacheprovider", "--forks", "3", *words)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return ran.returncode, ran.stdout + ran.stderr


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
