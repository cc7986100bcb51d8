"""`cherha backup` and `cherha restore`: the SQLite database and the kept files, as one archive."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
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


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the backup, as desk-2026-11-24.tar.gz.")],
) -> None:
    """Write the database, the kept files and the secret into one archive, while the desk runs.

    For SQLite only; for PostgreSQL use pg_dump, and copy the folder of files besides.
    """
    with plainly():
        read = settings()
        database = _sqlite_path(read)
        if not database.exists():
            raise Misconfigured([f"There is no database at {database} to back up."])
        try:
            _write(database, read.data, file)
        except OSError as error:
            raise Misconfigured([f"Cannot write {file} ({error.strerror})."]) from None
    out.print(f"[green]✓[/] {file} ({file.stat().st_size / 1e6:.1f} MB)")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup made by `cherha backup`.")],
    over: Annotated[bool, typer.Option("--over", help="Replace the database that is there.")] = False,
) -> None:
    """Bring back a backup into the data folder. Stop the desk first."""
    with plainly():
        read = settings()
        if not file.is_file():
            raise Misconfigured([f"There is no file {file}."])
        database = _sqlite_path(read)
        if database.exists() and not over:
            raise Misconfigured([f"There is a database at {database}. Stop the desk, and say --over to replace it."])
        _bring_back(file, database, read.data)
    out.print(f"[green]✓[/] {database} is as it was when {file} was made. Start the desk again with `cherha run`.")


def _sqlite_path(read: Settings) -> Path:
    from sqlalchemy.engine import make_url

    url = make_url(read.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Misconfigured(["This is for SQLite. For PostgreSQL use pg_dump, and copy the folder of files besides."])
    return Path(url.database)


def _write(database: Path, data: Path, file: Path) -> None:
    with tempfile.TemporaryDirectory(dir=data) as folder:
        copy = Path(folder) / _DATABASE
        # SQLite's own way: copying the file of a running desk misses what stands in its log.
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        check(copy)
        unfinished = file.with_name(f".{file.name}.new")
        with tarfile.open(unfinished, "w:gz", compresslevel=1) as archive:
            archive.add(copy, _DATABASE)
            # The files after the database: then every file that it names is there.
            for name in (_FILES, _KEY):
                if (data / name).exists():
                    archive.add(data / name, name)
        unfinished.chmod(0o600)
        unfinished.replace(file)


def check(database: Path) -> None:
    """Let SQLite examine a database.

    Raises:
        Misconfigured: it is damaged, or no database.
    """
    try:
        with closing(sqlite3.connect(database)) as connection:
            (told,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        told = str(error)
    if told != "ok":
        raise Misconfigured([f"The database is damaged ({told}). Bring back a backup with `cherha restore`."])


def _bring_back(file: Path, database: Path, data: Path) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as name:
        folder = Path(name)
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as error:
            raise Misconfigured([f"{file} is no backup of a desk ({error})."]) from None
        if not (folder / _DATABASE).exists():
            raise Misconfigured([f"{file} is no backup of a desk (there is no database in it)."])
        check(folder / _DATABASE)
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        _take_over(folder, database, data)


def _take_over(folder: Path, database: Path, data: Path) -> None:
    for kept in sorted((folder / _FILES).rglob("*")):
        target = data / kept.relative_to(folder)
        if kept.is_file() and not target.exists():  # named by their content, so what is there is the same
            target.parent.mkdir(parents=True, exist_ok=True)
            kept.replace(target)
    if (folder / _KEY).exists():
        (folder / _KEY).replace(data / _KEY)
    database.parent.mkdir(parents=True, exist_ok=True)
    (folder / _DATABASE).replace(database)
