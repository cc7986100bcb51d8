"""The folder of a demo: emptied for each, and held by a lock so that no other demo empties it meanwhile."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from core.errors import Misconfigured

#: Where a demo's data is, unless told otherwise; those that run at the same time get -2, -3 and so on.
USUAL = Path("var/demo")

#: The file that is locked; it also shows that the folder is a demo's and may be emptied.
_LOCK = ".demo"

#: By what a folder of an older demo is known.
_LOG = "desk.log"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """An empty folder that is a demo's own, as long as the lock is open here or in a child that was given it.

    Attributes:
        path: where it is.
        lock: the open file, for children.
    """

    path: Path
    lock: int


@contextmanager
def held(wanted: Path | None) -> Iterator[DemoFolder]:
    """Take a folder for the block, and empty it.

    Args:
        wanted: None takes the usual one, or the next beside it in which no demo runs.

    Raises:
        Misconfigured: a demo runs in the wanted one; or it holds something else; or it cannot be written.
    """
    further = (USUAL.with_name(f"{USUAL.name}-{number}") for number in count(2))
    for path in [wanted] if wanted else chain([USUAL], further):
        lock = _lock(path.resolve())
        if lock is None:
            continue
        try:
            _empty(path.resolve())
            yield DemoFolder(path.resolve(), lock)
        finally:
            os.close(lock)
        return
    raise Misconfigured([f"A demo is running in {wanted} already. Name another folder with --folder."])


def _lock(folder: Path) -> int | None:
    """Lock a folder of a demo; None when another has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _insist_on_a_demo(folder)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        fault = f"Cannot write in the folder {folder} ({error.strerror}). Name another with --folder."
        raise Misconfigured([fault]) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _insist_on_a_demo(folder: Path) -> None:
    """Refuse to empty what may be somebody's."""
    there = {one.name for one in folder.iterdir()}
    if there and not there & {_LOCK, _LOG}:
        raise Misconfigured([f"{folder} is no folder of a demo, which would empty it. Name another with --folder."])


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        elif one.name != _LOCK:
            one.unlink(missing_ok=True)
