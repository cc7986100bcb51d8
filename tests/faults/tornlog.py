"""A write-ahead log of a desk (sqlite.org/fileformat2.html#walformat), cut as a power cut may leave it, and opened."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import event

from core import clock
from core.desk import Desk
from core.inbox.actions import NewLetter, keep_letter
from core.inbox.model import Letter
from core.intake.actions import Content, understand
from core.intake.reading import read
from core.settings import House
from core.store import migrate
from core.store.engine import open_engines
from tests.workers.letters import letter

_HEAD_BYTES, _FRAME_HEAD_BYTES, _PAGE_BYTES = 32, 24, 4096
_FRAME_BYTES = _FRAME_HEAD_BYTES + _PAGE_BYTES

#: What the database holds, in numbers that each commit changes.
_STATE = (
    "SELECT (SELECT count(*) FROM letter), (SELECT count(*) FROM letter WHERE state = 'done'), "
    "(SELECT count(*) FROM entry), (SELECT count(*) FROM history), (SELECT count(*) FROM outbox), "
    "(SELECT coalesce(sum(tries), 0) FROM letter), (SELECT coalesce(max(id), 0) FROM letter)"
)

State = tuple[int, ...]


@dataclass
class Log:
    """A database as it was, and the log of what a desk committed since.

    Attributes:
        states: what the database held after each commit, the first before any.
        content: the log.
    """

    folder: Path
    commits: int
    states: list[State] = field(default_factory=list)
    content: bytes = b""

    def __post_init__(self) -> None:
        self.database = self.folder / "desk.sqlite3"
        engines = open_engines(f"sqlite:///{self.database}")

        @event.listens_for(engines.change, "connect")
        def keep_the_log(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA wal_autocheckpoint=0")

        migrate.upgrade(engines)
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.states.append(_state(self.database))
        desk = Desk(engines, House())
        while len(self.states) <= self.commits:
            self._commit_two(desk)
        shutil.copy(self.database, self.folder / "before.sqlite3")
        self.content = Path(f"{self.database}-wal").read_bytes()
        engines.dispose()

    def _commit_two(self, desk: Desk) -> None:
        """Keep a letter, and make a case of it."""
        raw = letter("The printer is silent. " * 40, sender=f"Ivan <ivan{len(self.states)}@example.com>")
        known = read(raw, "ivan@example.com")
        digest = f"{len(self.states):064x}"
        new = NewLetter(
            "desk@localhost", "ivan@example.com", "127.0.0.1", clock.now(), len(raw), digest,
            known.letter.message_id, raw,
        )  # fmt: skip
        row = desk.run(keep_letter, new)
        self.states.append(_state(self.database))
        desk.run(understand, row, known, Content(digest))
        assert desk.look(lambda tx: tx.session.get_one(Letter, row).work_id)
        self.states.append(_state(self.database))

    def ends(self) -> list[int]:
        """List where the commits end in the log: after each frame that says how large the database is then."""
        frames = range(_HEAD_BYTES, len(self.content), _FRAME_BYTES)
        sizes = [(at, struct.unpack_from(">I", self.content, at + 4)[0]) for at in frames]
        return [at + _FRAME_BYTES for at, size in sizes if size]


def _state(database: Path) -> State:
    with closing(sqlite3.connect(database)) as connection:
        return tuple(connection.execute(_STATE).fetchone())


def torn(log: Log, offset: int, *, noise: Random | None, in_place: bool) -> tuple[int, str]:
    """Open the database with its log cut at an offset.

    Args:
        noise: where the log is cut, something else follows.
        in_place: there is no log: what it holds before the cut was written into the database itself.

    Returns:
        How many commits are whole before the cut, and what is wrong, if anything.
    """
    copy = log.folder / "cut.sqlite3"
    for path in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
        path.unlink(missing_ok=True)
    shutil.copy(log.folder / "before.sqlite3", copy)
    if in_place:
        _write_in_place(copy, log.content[:offset])
    else:
        rest = noise.randbytes(min(len(log.content) - offset, 3 * _FRAME_BYTES)) if noise else b""
        Path(f"{copy}-wal").write_bytes(log.content[:offset] + rest)
    commits = sum(end <= offset for end in log.ends())
    return commits, _fault(copy, log.states[commits])


def _write_in_place(database: Path, content: bytes) -> None:
    with database.open("r+b") as file:
        for at in range(_HEAD_BYTES, len(content), _FRAME_BYTES):
            if at + 4 <= len(content):
                file.seek((struct.unpack_from(">I", content, at)[0] - 1) * _PAGE_BYTES)
                file.write(content[at + _FRAME_HEAD_BYTES : at + _FRAME_BYTES])


def _fault(database: Path, expected: State) -> str:
    try:
        with closing(sqlite3.connect(database)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check").fetchone()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            state = tuple(connection.execute(_STATE).fetchone())
    except sqlite3.DatabaseError as error:
        return str(error)
    if told != "ok" or orphans:
        return f"{told}, {len(orphans)} rows that refer to nothing"
    return "" if state == expected else f"{state} instead of {expected}"
