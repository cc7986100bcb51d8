"""A disk that is small, and full when it is told to be."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_MB = 1024 * 1024
_SIZE_MB = 48


@dataclass
class Disk:
    """A folder that can be filled, and emptied of what it was filled with.

    Attributes:
        real: it is a file system of its own, which says ENOSPC; otherwise processes may make no file any longer.
    """

    folder: Path
    real: bool

    def fill(self, process: int) -> None:
        """Leave no room for anything, or for what a process writes."""
        if not self.real:
            largest = max((one.stat().st_size for one in self.folder.rglob("*") if one.is_file()), default=0)
            self._limit(process, largest)
            return
        with (self.folder / "ballast").open("wb", buffering=0) as ballast:
            for size in (_MB, 4096, 1):
                self._write(ballast.write, b"\0" * size)

    def empty(self, process: int) -> None:
        """Give room again."""
        if self.real:
            (self.folder / "ballast").unlink()
        else:
            self._limit(process, resource.RLIM_INFINITY)

    @staticmethod
    def _write(write: object, piece: bytes) -> None:
        assert callable(write)
        try:
            while True:
                write(piece)
        except OSError:
            return

    @staticmethod
    def _limit(process: int, size: int) -> None:
        hard = psutil.Process(process).rlimit(psutil.RLIMIT_FSIZE)[1]
        psutil.Process(process).rlimit(psutil.RLIMIT_FSIZE, (size, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Make a small disk for the block; who may not mount one gets a folder and limits of processes instead."""
    folder.mkdir()
    mounted = _mount(folder)
    try:
        yield Disk(folder, real=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE_MB}m", "tmpfs", folder]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
