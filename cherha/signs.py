"""A sign of life of each part: a file in the data folder, touched as long as the part's loop turns."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from enum import StrEnum
from pathlib import Path

from core import clock

#: How often a sign is given, and after so long without one the part is dead or hangs. Both in seconds.
_EVERY_S = 5.0
STALE_S = 30.0

#: Signs of machines that are no more, as containers leave them, are swept away after so long.
_LEFT_S = 24 * 3600.0


class Role(StrEnum):
    """A part that runs in a process, or in several, of its own; `run` is all of them in one."""

    RUN = "run"
    BOT = "bot"
    INTAKE = "intake"
    FETCH = "fetch"
    WORKER = "worker"
    SCHEDULER = "scheduler"


def sign_of(data: Path, role: Role) -> Path:
    """Name the sign of a part on this machine; parts of other machines may share the folder."""
    return data / "signs" / f"{role}.{socket.gethostname()}"


def age_s(sign: Path) -> float | None:
    """Tell how many seconds ago a sign was given; None when there is none."""
    try:
        return max(0.0, clock.now().timestamp() - sign.stat().st_mtime)
    except OSError:
        return None


async def give(sign: Path) -> None:
    """Give the sign again and again, until cancelled; a folder that cannot be written is told by others."""
    _sweep(sign.parent)
    while True:
        _touch(sign)
        await asyncio.sleep(_EVERY_S)


def _touch(sign: Path) -> None:
    with contextlib.suppress(OSError):
        sign.touch()


def _sweep(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.iterdir():
            if clock.now().timestamp() - left.stat().st_mtime > _LEFT_S:
                left.unlink(missing_ok=True)
