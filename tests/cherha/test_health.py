"""The health check of a part tells whether it does its work, not only whether what it needs is there."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from cherha.serving import serve
from cherha.signs import STALE_S, Role, age_s, sign_of
from tests.cherha.folders import ready
from tests.cherha.processes import cherha, free_port, running
from tests.waiting import until


def _long_ago(folder: Path, role: Role) -> None:
    """Make as if the last sign of life was given long ago."""
    then = time.time() - STALE_S - 1
    os.utime(sign_of(folder / "var", role), (then, then))


@pytest.mark.long
def test_a_desk_that_runs_is_healthy_and_one_that_hangs_or_is_dead_is_not(tmp_path: Path) -> None:
    settings = {"smtp_listen": f"127.0.0.1:{free_port()}", "lease_s": 1}
    ready(tmp_path)
    told = cherha(tmp_path, "doctor", "--role", "run", **settings)
    assert told.returncode == 1
    assert "`cherha run`" in told.stdout
    with running(tmp_path, "run", **settings) as desk:
        desk.wait_for("scheduler_live")
        desk.wait_for("is running")
        told = cherha(tmp_path, "doctor", "--role", "run", **settings)
        assert told.returncode == 0, told.stdout
        desk.process.send_signal(signal.SIGSTOP)
        _long_ago(tmp_path, Role.RUN)
        time.sleep(1.2)  # its leases run out
        told = cherha(tmp_path, "doctor", "--role", "run", **settings)
        assert told.returncode == 1
        assert "no sign of life" in told.stdout
        assert "does not greet" in told.stdout
        assert "Nobody does this work now" in told.stdout
        assert cherha(tmp_path, "doctor", "--quick", **settings).returncode == 0
        desk.process.send_signal(signal.SIGCONT)


@pytest.mark.long
def test_workers_whose_parent_has_no_children_left_are_not_healthy(tmp_path: Path, redis_url: str) -> None:
    settings = {"redis_url": redis_url}
    ready(tmp_path)
    with running(tmp_path, "worker", "--processes", "1", "--threads", "1", **settings) as desk:
        desk.wait_for("are running")
        until(lambda: age_s(sign_of(tmp_path / "var", Role.WORKER)) is not None, 20)
        told = cherha(tmp_path, "doctor", "--role", "worker", **settings)
        assert told.returncode == 0, told.stdout
        (child,) = psutil.Process(desk.process.pid).children()
        child.suspend()
        _long_ago(tmp_path, Role.WORKER)
        assert cherha(tmp_path, "doctor", "--role", "worker", **settings).returncode == 1
        child.resume()
        assert desk.end() == 0


@pytest.mark.long
def test_a_closed_mail_door_is_not_healthy(tmp_path: Path, redis_url: str) -> None:
    settings = {"redis_url": redis_url, "smtp_listen": f"127.0.0.1:{free_port()}"}
    ready(tmp_path)
    with running(tmp_path, "intake", **settings) as desk:
        desk.wait_for("is open")
        told = cherha(tmp_path, "doctor", "--role", "intake", **settings)
        assert told.returncode == 0, told.stdout
        elsewhere = settings | {"smtp_listen": f"127.0.0.1:{free_port()}"}
        told = cherha(tmp_path, "doctor", "--role", "intake", **elsewhere)
        assert told.returncode == 1
        assert "does not greet" in told.stdout


@pytest.mark.parametrize("role", ["bot", "scheduler"])
def test_a_part_whose_lease_nobody_holds_is_not_healthy(tmp_path: Path, role: str) -> None:
    ready(tmp_path)
    sign = sign_of(tmp_path / "var", Role(role))
    sign.parent.mkdir()
    sign.touch()
    token = {"telegram_token": "4242:" + "a" * 35}
    told = cherha(tmp_path, "doctor", "--role", role, **token)
    assert told.returncode == 1
    assert "Nobody does this work now" in told.stdout
    _hold(tmp_path, "bot:4242" if role == "bot" else "scheduler")
    told = cherha(tmp_path, "doctor", "--role", role, **token)
    assert told.returncode == 0, told.stdout


def _hold(folder: Path, name: str) -> None:
    from datetime import timedelta

    from cherha.database import open_desk
    from core.settings import read_settings
    from core.timers.actions import hold

    with open_desk(read_settings(data=folder / "var"), migrate=False) as desk:
        assert desk.run(hold, name, "somebody", timedelta(minutes=1))


async def test_old_signs_are_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cherha.serving.GRACE_S", 3600)
    old, mine = tmp_path / "signs" / "bot.gone", sign_of(tmp_path, Role.BOT)
    old.parent.mkdir()
    old.touch()
    os.utime(old, (0, 0))

    async def part(stopping: asyncio.Event) -> None:
        await asyncio.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)
        await stopping.wait()

    assert await serve({"one": part}, lambda: None, sign=mine) == 0
    assert not old.exists()
    assert (age_s(mine) or 0) < 5
