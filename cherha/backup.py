"""`cherha backup` and `cherha restore`: the SQLite database and the kept files, as one archive."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

import typer

from cherha.console import out, plainly, settings
from core.errors import Misconfigured

if TYPE_CHECKING:
    from core.settings import Settings

#: Names in the archive.
_DATABASE = "cherha.sqlite3"
_FILES = "files"
_KEY = "secret"

#: What SQLite keeps beside a database while it is open, or after a crash (sqlite.org/tempfiles.html).
_BESIDE = ("-wal", "-shm")


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the backup, as desk-2026-11-24.tar.gz.")],
) -> None:
    """Write the database, the kept files and the secret into one archive, while the desk runs.

    For SQLite only; for PostgreSQL use pg_dump, and copy the folder of files besides.
    """
    from cherha import lock

    with plainly():
        read = settings()
        database = _sqlite_path(read)
        if not database.exists():
            raise Misconfigured([f"There is no database at {database} to back up."])
        with lock.using(database), _told_as_a_fault(database, file):
            _write(database, read.data, file)
    out.print(f"[green]✓[/] {file} ({file.stat().st_size / 1e6:.1f} MB)")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by `cherha backup`.")],
    over: Annotated[bool, typer.Option("--over", help="Replace the database that is there.")] = False,
) -> None:
    """Bring back a backup into the data folder. Stop the desk first: while it runs, this is refused."""
    from cherha import lock

    with plainly():
        read = settings()
        if not file.is_file():
            raise Misconfigured([f"There is no file {file}."])
        database = _sqlite_path(read)
        if database.exists() and not over:
            raise Misconfigured([f"There is a database at {database}. Stop the desk, and say --over to replace it."])
        for folder in (read.data, database.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lock.replacing(database):
            _bring_back(file, database, read.data)
    out.print(f"[green]✓[/] {database} is as it was when {file} was made. Start the desk again with `cherha run`.")


def _sqlite_path(read: Settings) -> Path:
    from cherha.database import sqlite_path

    path = sqlite_path(read)
    if path is None:
        raise Misconfigured(["This is for SQLite. For PostgreSQL use pg_dump, and copy the folder of files besides."])
    return path


@contextmanager
def _told_as_a_fault(database: Path, file: Path) -> Iterator[None]:
    from cherha.database import damage_fault, damaged

    try:
        yield
    except OSError as error:
        raise Misconfigured([f"Cannot write {file} ({error.strerror})."]) from None
    except sqlite3.Error as error:
        fault = damage_fault(database, error) if damaged(error) else f"Cannot write {file} ({error})."
        raise Misconfigured([fault]) from None


def _write(database: Path, data: Path, file: Path) -> None:
    unfinished = file.with_name(f".{file.name}.new")
    with tempfile.TemporaryDirectory(dir=data) as folder:
        copy = Path(folder) / _DATABASE
        # SQLite's own way: copying the file of a running desk misses what stands in its log.
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        check(copy, database)
        try:
            _pack(copy, data, unfinished)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)


def _pack(copy: Path, data: Path, unfinished: Path) -> None:
    with tarfile.open(unfinished, "w:gz", compresslevel=1) as archive:
        archive.add(copy, _DATABASE)
        # The files after the database: then every file that it names is there.
        for name in (_FILES, _KEY):
            if (data / name).exists():
                archive.add(data / name, name)
    unfinished.chmod(0o600)


def check(database: Path, called: Path) -> None:
    """Let SQLite examine a database.

    Args:
        called: what it is a copy of, to be named.

    Raises:
        Misconfigured: it is damaged, or no database.
    """
    from cherha.database import damage_fault

    try:
        with closing(sqlite3.connect(database)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        told = str(error)
    if told != "ok":
        raise Misconfigured([damage_fault(called, told)])


def _bring_back(file: Path, database: Path, data: Path) -> None:
    with tempfile.TemporaryDirectory(dir=data) as name:
        folder = Path(name)
        _take_out(file, folder)
        if not (folder / _DATABASE).exists():
            raise Misconfigured([f"{file} is no backup of a desk (there is no database in it)."])
        try:
            check(folder / _DATABASE, file)
        except Misconfigured:
            raise Misconfigured([f"{file} is no backup of a desk (the database in it is damaged)."]) from None
        _take_over(folder, database, data)


def _take_out(file: Path, folder: Path) -> None:
    """Unpack an archive, member by member: not every Python 3.11 has a filter for what may come out of one.

    Raises:
        Misconfigured: it is none of ours, or cannot be written here.
    """
    try:
        with tarfile.open(file) as archive:
            members = archive.getmembers()
            strange = next((one.name for one in members if not _ours(one)), None)
            if strange is not None:
                raise Misconfigured([f"{file} is no backup of a desk (it holds {strange})."])
            for member in members:
                _take(archive, member, folder / member.name)
    except OSError as error:
        if error.errno is None:  # of the archive itself
            raise Misconfigured([f"{file} is no backup of a desk ({error})."]) from None
        raise Misconfigured([f"Cannot unpack {file} in {folder.parent} ({error.strerror})."]) from None
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise Misconfigured([f"{file} is no backup of a desk ({error})."]) from None


def _ours(member: tarfile.TarInfo) -> bool:
    parts = PurePosixPath(member.name).parts
    if parts[:1] == (_FILES,):
        return ".." not in parts and (member.isreg() or member.isdir())
    return member.name in {_DATABASE, _KEY} and member.isreg()


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    source = archive.extractfile(member)
    if source is None:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source, target.open("wb") as made:
        shutil.copyfileobj(source, made)


def _take_over(folder: Path, database: Path, data: Path) -> None:
    """Put everything in its place: the database last and at once, so that a crash leaves the old one or the new one."""
    for kept in sorted((folder / _FILES).rglob("*")):
        target = data / kept.relative_to(folder)
        if kept.is_file() and not target.exists():  # named by their content, so what is there is the same
            target.parent.mkdir(parents=True, exist_ok=True)
            _move(kept, target)
    if (folder / _KEY).exists():
        _move(folder / _KEY, data / _KEY)
    _settle_old(database)
    _move(folder / _DATABASE, database)


def _settle_old(database: Path) -> None:
    """Have the old database write its log into its file: a log that is left would be read into the new one.

    One that is damaged cannot: it is put aside, under its name with `.damaged`.
    """
    try:
        if database.exists():
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError:
        aside = database.with_name(f"{database.name}.damaged")
        for suffix in (*_BESIDE, ""):
            path = database.with_name(database.name + suffix)
            if path.exists():
                path.replace(aside.with_name(aside.name + suffix))
    for suffix in _BESIDE:
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _move(source: Path, target: Path) -> None:
    """Move a file so that it is there for good and at once (open(2), rename(2): the file and its folder are synced)."""
    beside = target.with_name(f".{target.name}.new")
    shutil.move(source, beside)  # copies when the folder of the database is on another file system
    _sync(beside)
    beside.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
