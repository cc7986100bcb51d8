"""The mail door beside Postfix: letters that are safe on disk before their sender is told so."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tests import servers
from tests.bench.costs import cpu_s
from tests.bench.door import LETTERS, Sent, bring, intake, made
from tests.bench.peers import postfix
from tests.bench.peers.missing import Missing
from tests.bench.peers.postfix import Postfix, Taken
from tests.bench.rates import Rate, median

CONNECTIONS, SIZE = (16, 64), 5_000

HEAD = [
    "connections",
    "letter",
    "door /s",
    "Postfix, until 250 /s",
    "ratio",
    "Postfix, until in the Maildir /s",
    "ratio",
    "door CPU ms",
    "Postfix CPU ms",
    "ratio",
]


@dataclass(frozen=True, slots=True)
class Door:
    """Our door with SQLite: its port and its process."""

    port: int
    pid: int

    def round_of(self, connections: int, letters: Sequence[Sent]) -> Rate:
        """Bring it letters until the last 250: all are kept then."""
        before, start = cpu_s(self.pid), perf_counter()
        asyncio.run(bring(self.port, connections, letters))
        return Rate.of(len(letters), perf_counter() - start, cpu_s(self.pid) - before)


def measure(folder: Path, say: Callable[[str], None], rounds: int, count: int = LETTERS) -> None:
    """Give both the same letters, in turn, round by round."""
    with ExitStack() as stack:
        try:
            theirs = stack.enter_context(postfix.running(folder / "postfix"))
        except Missing as missing:
            say(str(missing))
            return
        ours = _ours(stack, folder / "door")
        say(f"({theirs.name}, beside the door with SQLite)\n")
        say(f"| {' | '.join(HEAD)} |")
        say(f"|{'---|' * len(HEAD)}")
        for connections in CONNECTIONS:
            pairs = [_pair(ours, theirs, connections, count) for _ in range(rounds + 1)]
            say(row(connections, pairs[1:]))  # the first warms up


def _ours(stack: ExitStack, folder: Path) -> Door:
    folder.mkdir()
    redis = stack.enter_context(servers.valkey())
    return Door(*stack.enter_context(intake(folder, f"sqlite:///{folder / 'desk.sqlite3'}", redis)))


def _pair(ours: Door, theirs: Postfix, connections: int, count: int) -> tuple[Rate, Taken]:
    letters = list(made(count, SIZE))
    os.sync()  # neither waits for what the other has left to write
    kept = ours.round_of(connections, letters)
    os.sync()
    return kept, theirs.round_of(connections, letters)


def row(connections: int, pairs: Sequence[tuple[Rate, Taken]]) -> str:
    """Tell the medians of many rounds, and the ratios of ours to theirs."""
    ours = median([one for one, _ in pairs])
    told, delivered = median([one.until_250 for _, one in pairs]), median([one.until_delivered for _, one in pairs])
    cells = [str(connections), f"{SIZE // 1000} KB", f"{ours.per_second:.0f}"]
    for theirs in (told, delivered):
        cells += [f"{theirs.per_second:.0f}", f"{ours.per_second / theirs.per_second:.2f}"]
    cells += [f"{ours.cpu_ms:.2f}", f"{delivered.cpu_ms:.2f}", f"{ours.cpu_ms / delivered.cpu_ms:.2f}"]
    return f"| {' | '.join(cells)} |"
