from __future__ import annotations

import shlex
import signal
import subprocess
from pathlib import Path

import pytest

from cherha.demo.folder import held
from core.errors import Misconfigured
from tests.cherha.processes import cherha, environment, free_port, running


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_demo_has_its_folder_to_itself_and_finds_it_empty(tmp_path: Path) -> None:
    with held(None) as first:
        (first.path / "mailbox").mkdir()
        (first.path / "desk.log").write_text("first")
        with held(None) as second:
            assert (first.path, second.path) == (tmp_path / "var" / "demo", tmp_path / "var" / "demo-2")
        assert (first.path / "desk.log").read_text() == "first"
    with held(None) as third:
        assert third.path == first.path
        assert [one.name for one in third.path.iterdir()] == [".demo"]


def test_a_folder_in_which_a_demo_runs_is_refused_and_left_alone(tmp_path: Path) -> None:
    with held(tmp_path / "mine") as first:
        (first.path / "desk.log").write_text("first")
        with pytest.raises(Misconfigured, match=r"running in .* already.* --folder"), held(tmp_path / "mine"):
            pass
        assert (first.path / "desk.log").read_text() == "first"


def test_a_folder_of_somebody_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to Maria").write_text("Dear Maria")
    with pytest.raises(Misconfigured, match="no folder of a demo"), held(tmp_path / "letters"):
        pass
    assert [one.name for one in (tmp_path / "letters").iterdir()] == ["to Maria"]


def test_the_folder_of_an_older_demo_is_emptied(tmp_path: Path) -> None:
    (tmp_path / "var" / "demo" / "mailbox").mkdir(parents=True)
    (tmp_path / "var" / "demo" / "desk.log").write_text("old")
    with held(None) as folder:
        assert [one.name for one in folder.path.iterdir()] == [".demo"]


def test_the_parts_of_a_demo_that_was_killed_keep_its_folder(tmp_path: Path) -> None:
    with held(None) as first:
        child = subprocess.Popen(["sleep", "60"], pass_fds=[first.lock])
    try:
        with held(None) as second:
            assert second.path != first.path
    finally:
        child.kill()
        child.wait()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    told = cherha(tmp_path, "demo", "--folder", "/proc/demo")
    assert told.returncode == 2
    assert "--folder" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.long
def test_a_second_demo_is_another_and_what_the_first_one_prints_can_be_copied(tmp_path: Path) -> None:
    with running(tmp_path, "demo", "--port", str(free_port())) as first:
        line = first.wait_for("mail send")
        first.wait_for("Ctrl+C")
        with running(tmp_path, "demo", "--port", str(free_port())) as second:
            assert "var/demo-2" in second.wait_for("A demo is running in var/demo already")
            second.wait_for("Ctrl+C")
            assert second.end(signal.SIGINT) == 0
        told = subprocess.run(
            shlex.split(line), cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=30, check=False
        )
        assert "250" in told.stdout, told.stderr
        assert first.end(signal.SIGINT) == 0
