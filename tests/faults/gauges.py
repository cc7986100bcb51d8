"""What a running desk takes up: memory, files, threads, connections and rows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
from sqlalchemy import func, select, text

from core.desk import Tx
from core.schema import metadata
from tests.faults.desks import FaultDesk


@dataclass(frozen=True, slots=True)
class Sample:
    """One look.

    Attributes:
        connections: to PostgreSQL, besides ours.
        log_bytes: of SQLite's write-ahead log.
        rows: by table.
    """

    memory_bytes: int
    files: int
    threads: int
    connections: int
    log_bytes: int
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Gauges:
    """Looks at all processes of a desk, and at its database."""

    house: FaultDesk

    async def read(self) -> Sample:
        """Look once."""
        rows, connections = await self.house.look(count_rows), 0
        if self.house.postgres:
            connections = await self.house.look(_connections)
        memory, files, threads = await asyncio.to_thread(self._processes)
        log = self.house.folder / "desk.sqlite3-wal"
        return Sample(memory, files, threads, connections, log.stat().st_size if log.exists() else 0, rows)

    def _processes(self) -> tuple[int, int, int]:
        memory = files = threads = 0
        parents = [psutil.Process(part.process.pid) for part in self.house.parts.values()]
        for one in [*parents, *(child for parent in parents for child in parent.children(recursive=True))]:
            try:
                if "workers.reading.child" in one.cmdline():
                    continue  # there are more or fewer of them, each for so many letters only
                # With what forks share: it moves from shared to own as it is written to, and no more is used by that.
                memory += one.memory_info().rss
                files += one.num_fds()
                threads += one.num_threads()
            except psutil.NoSuchProcess:
                continue  # one that read a letter
        return memory, files, threads


def count_rows(tx: Tx) -> dict[str, int]:
    """Count the rows of every table."""
    tables = sorted(metadata.tables.items())
    return {name: tx.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables}


def _connections(tx: Tx) -> int:
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return tx.session.scalar(text(others)) or 0


def slope(values: Sequence[float]) -> float:
    """Tell by how much the line that fits best rises from one value to the next (least squares)."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    above = sum((index - middle) * (value - mean) for index, value in enumerate(values))
    return above / sum((index - middle) ** 2 for index in range(len(values)))
