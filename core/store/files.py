"""Files kept by their content: written once, flushed to disk before anything refers to them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


class FileStore:
    """A folder of files named by the SHA-256 of what is in them, two levels deep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Tell where a file is, or would be."""
        return self._folder / digest[:2] / digest

    def keep(self, content: bytes | Iterable[bytes]) -> str:
        """Keep content and return its digest; durable when this returns. Keeping it again changes nothing.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in [content] if isinstance(content, bytes) else content:
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
        _flush_folder(self._folder)
        return digest.hexdigest()

    def read(self, digest: str) -> bytes:
        """Read a kept file whole.

        Raises:
            FileNotFoundError: there is none with this digest.
        """
        return self.path(digest).read_bytes()

    def remove(self, digest: str, kept_before_s: float) -> bool:
        """Remove a kept file, unless it was kept again since an instant of the system clock, or is no more.

        Returns:
            Whether it was removed.
        """
        path = self.path(digest)
        try:
            if path.stat().st_mtime >= kept_before_s:
                return False
            path.unlink()
        except FileNotFoundError:
            return False
        return True


def _flush_folder(folder: Path) -> None:
    """Make the name of a new file survive a power cut, not only its content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
