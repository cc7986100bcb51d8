"""Processes of the figures, and what the operating system says they cost."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.cherha.processes import ROOT


def cpu_s(*pids: int) -> float:
    """Add up the processor time of processes and of all that they have started, those that have ended too.

    Raises:
        psutil.NoSuchProcess: one of the processes has ended itself.
    """
    return sum(_tree_s(psutil.Process(pid)) for pid in pids)


def _tree_s(process: psutil.Process) -> float:
    # The first four are: own time in user and in system, and that of children that have ended.
    spent = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it ends just now
            spent += sum(child.cpu_times()[:4])
    return spent


def memory_mb(pid: int) -> float:
    """Add up the memory of a process and of all that it has started; what they share is counted once (Linux: PSS)."""
    found = (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
    return sum(one.memory_full_info().pss for one in found) / 2**20


def of_postgres(folder: Path) -> int:
    """Find the process of the PostgreSQL that keeps its data in a folder: there may be others on this machine."""
    return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])


@dataclass
class Started:
    """A Python process that says lines."""

    pid: int
    output: asyncio.StreamReader

    async def line(self, words: str) -> str:
        """Wait for a line with these words."""
        while told := (await asyncio.wait_for(self.output.readline(), 30)).decode():
            if words in told:
                return told.strip()
        raise RuntimeError(f"it ended before it said {words!r}")


@asynccontextmanager
async def started(folder: Path, *words: str) -> AsyncIterator[Started]:
    """Run Python with these words for the block."""
    with (folder / "errors.log").open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    assert process.stdout is not None
    try:
        yield Started(process.pid, process.stdout)
    finally:
        process.kill()
        await process.wait()
