"""A letter while it comes in: in memory while it is small, in a temporary file when it is not."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Spool:
    """Bytes that arrive piece by piece, with their SHA-256.

    Args:
        memory_bytes: how much stays in memory.
        folder: where the temporary file goes; None is the system's.
    """

    def __init__(self, memory_bytes: int, folder: Path | None = None) -> None:
        self.size = 0
        self.file: Path | None = None
        self.lent = False
        self._handle = -1
        self._memory_bytes = memory_bytes
        self._folder = folder
        self._pieces: list[bytes] = []
        self._digest = hashlib.sha256()

    def write(self, piece: bytes) -> bool:
        """Add a piece; False when the disk does not take it, and then the letter is worth nothing."""
        if not piece:
            return True
        try:
            self._write(piece)
        except OSError as error:
            log.warning("spool_failed", reason=error.strerror)
            return False
        return True

    def _write(self, piece: bytes) -> None:
        self.size += len(piece)
        self._digest.update(piece)
        if self.file is None and self.size > self._memory_bytes:
            self._open()
        if self.file is None:
            self._pieces.append(piece)
        else:
            _write_all(self._handle, piece)

    def finish(self) -> tuple[str, bytes | None]:
        """End the letter; return its digest, and its bytes when they are in memory."""
        self._close()
        raw = None if self.file else b"".join(self._pieces)
        self._pieces.clear()
        return self._digest.hexdigest(), raw

    def lend(self, until: asyncio.Future[Any]) -> None:
        """Keep the bytes until a future is done, whoever else goes away."""
        self.lent = True
        until.add_done_callback(lambda _: self.discard())

    def discard(self) -> None:
        """Give back the memory and the file."""
        self._close()
        self._pieces.clear()
        if self.file is not None:
            self.file.unlink(missing_ok=True)

    def _open(self) -> None:
        self._handle, name = tempfile.mkstemp(prefix="letter-", dir=self._folder)
        self.file = Path(name)
        _write_all(self._handle, b"".join(self._pieces))
        self._pieces.clear()

    def _close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _write_all(handle: int, piece: bytes) -> None:
    left = memoryview(piece)
    while left:
        left = left[os.write(handle, left) :]
