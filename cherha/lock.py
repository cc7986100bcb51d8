"""A lock beside the SQLite file: shared by whoever uses the database, and alone for who replaces it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Misconfigured


@contextmanager
def using(database: Path) -> Iterator[None]:
    """Keep the file from being replaced during the block: who went on in a deleted file would lose what it writes.

    Raises:
        Misconfigured: it is being replaced now; or the lock cannot be made.
    """
    with _held(database, fcntl.LOCK_SH, f"A backup is being brought back into {database}. Wait until that is done."):
        yield


@contextmanager
def replacing(database: Path) -> Iterator[None]:
    """Have the file for oneself during the block.

    Raises:
        Misconfigured: somebody uses it; or the lock cannot be made.
    """
    fault = f"The desk runs, or another command uses {database}. Stop the desk first, then nothing is lost."
    with _held(database, fcntl.LOCK_EX, fault):
        yield


@contextmanager
def _held(database: Path, kind: int, fault: str) -> Iterator[None]:
    path = database.with_name(f"{database.name}.lock")
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Misconfigured([f"Cannot make {path} ({error.strerror}). Let this user write in its folder."]) from None
    try:
        if not _got(lock, kind):
            raise Misconfigured([fault])
        yield
    finally:
        os.close(lock)


def _got(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
