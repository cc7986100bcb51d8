"""What a desk costs that nobody writes to: the time until it is ready, the processor while it waits, and its memory."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from tests.bench.chat import sandbox
from tests.bench.chatting import TOKEN
from tests.bench.costs import cpu_s, memory_mb
from tests.cherha.processes import Running, free_port, running

#: Starts of each kind; seconds to come to rest in, and to look at the rest for.
STARTS, SETTLE_S, IDLE_S = 5, 10.0, 30.0


def _desk(folder: Path, **settings: Any) -> Any:
    given = {"data": folder, "smtp_listen": f"127.0.0.1:{free_port()}", "log_level": "WARNING", **settings}
    return running(folder, "run", fresh=True, **given)


def _ready_s(folder: Path, **settings: Any) -> float:
    """Tell the seconds from the start of a desk until it says that it is running; ends it then."""
    start = time.perf_counter()
    with _desk(folder, **settings) as desk:
        desk.wait_for("is running")
        took = time.perf_counter() - start
        desk.end()
    return took


def _rest(desk: Running) -> tuple[float, float, int]:
    """Look at a desk that waits: percent of one processor, megabytes, threads."""
    pid = desk.process.pid
    time.sleep(SETTLE_S)
    before, start = cpu_s(pid), time.perf_counter()
    time.sleep(IDLE_S)
    percent = (cpu_s(pid) - before) / (time.perf_counter() - start) * 100
    return percent, memory_mb(pid), psutil.Process(pid).num_threads()


async def _measure(folder: Path, say: Callable[[str], None]) -> None:
    async with sandbox(folder) as api:
        settings = {"telegram_token": TOKEN, "telegram_api": api}
        folders = [folder / str(number) for number in range(STARTS)]
        for one in folders:
            await asyncio.to_thread(one.mkdir)
        first = [await asyncio.to_thread(_ready_s, one, **settings) for one in folders]
        again = [await asyncio.to_thread(_ready_s, one, **settings) for one in folders]
        with _desk(folders[0], **settings) as desk:
            await asyncio.to_thread(desk.wait_for, "is running")
            percent, megabytes, threads = await asyncio.to_thread(_rest, desk)
            desk.end()
    say("| what | figure | bar |")
    say("|---|---|---|")
    say(f"| from the start to ready, with a new database | {statistics.median(first):.1f} s | – |")
    say(f"| from the start to ready, with one that is there | {statistics.median(again):.1f} s | – |")
    say(f"| processor while nothing happens, of one core, over {IDLE_S:.0f} s | {percent:.1f} % | 1 % |")
    say(f"| memory of all its processes ({threads} threads) | {megabytes:.0f} MB | 150 MB |")


def measure(folder: Path, say: Callable[[str], None]) -> None:
    """Measure the embedded desk with its bot, its mail door and SQLite."""
    asyncio.run(_measure(folder, say))
