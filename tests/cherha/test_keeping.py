"""Backups, what is brought back, and a database that is damaged."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cherha.folders import letter_aside, ready
from tests.cherha.processes import cherha, environment, free_port, running

DATABASE = Path("var/cherha.sqlite3")


def _set_aside(folder: Path) -> int:
    told = cherha(folder, "stats", "--json")
    assert told.returncode == 0, told.stderr
    return int(json.loads(told.stdout)["letters"]["set_aside"])


@pytest.mark.long
def test_nothing_is_brought_back_into_a_desk_that_runs(tmp_path: Path) -> None:
    ready(tmp_path)
    cherha(tmp_path, "backup", "desk.tar.gz")
    letter_aside(tmp_path)
    before = (tmp_path / DATABASE).stat().st_ino
    with running(tmp_path, "run", smtp_listen=f"127.0.0.1:{free_port()}") as desk:
        desk.wait_for("is running")
        refused = cherha(tmp_path, "restore", "--over", "desk.tar.gz")
        assert refused.returncode == 2
        assert "Stop the desk" in refused.stderr
        assert (tmp_path / DATABASE).stat().st_ino == before
        assert desk.end() == 0
    assert _set_aside(tmp_path) == 1
    assert cherha(tmp_path, "restore", "--over", "desk.tar.gz").returncode == 0
    assert _set_aside(tmp_path) == 0


def test_what_the_old_database_had_not_written_into_its_file_yet_survives_a_crash_of_the_restore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash just before the new file is in place leaves the old one whole; no log is left to spoil the new one."""
    from cherha import backup

    database = tmp_path / "desk.sqlite3"
    source = sqlite3.connect(database, isolation_level=None)
    source.execute("PRAGMA journal_mode=WAL")
    source.execute("CREATE TABLE t (x)")
    source.execute("INSERT INTO t VALUES (7)")
    saved = {path.name: path.read_bytes() for path in tmp_path.iterdir()}  # as a power cut would leave them
    source.close()
    for name, content in saved.items():
        (tmp_path / name).write_bytes(content)
    assert (tmp_path / "desk.sqlite3-wal").stat().st_size > 0
    backup._settle_old(database)
    assert not (tmp_path / "desk.sqlite3-wal").exists()
    with closing(sqlite3.connect(database)) as again:
        assert again.execute("SELECT x FROM t").fetchall() == [(7,)]


def test_a_damaged_database_is_put_aside_by_a_restore_and_not_thrown_away(tmp_path: Path) -> None:
    ready(tmp_path)
    cherha(tmp_path, "backup", "desk.tar.gz")
    (tmp_path / DATABASE).write_bytes(b"no database " * 1000)
    restored = cherha(tmp_path, "restore", "--over", "desk.tar.gz")
    assert restored.returncode == 0, restored.stderr
    assert _set_aside(tmp_path) == 0
    assert (tmp_path / "var" / "cherha.sqlite3.damaged").read_bytes().startswith(b"no database ")


@pytest.mark.parametrize("words", [("run",), ("stats",), ("backup", "desk.tar.gz"), ("db", "upgrade"), ("doctor",)])
def test_a_damaged_database_is_told_with_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / DATABASE).write_bytes(b"no database " * 1000)
    told = cherha(tmp_path, *words, smtp_listen=f"127.0.0.1:{free_port()}")
    said = told.stdout + told.stderr
    assert told.returncode == (1 if words == ("doctor",) else 2), said
    assert "Traceback" not in said
    assert "is damaged (file is not a database)" in said
    assert "cherha restore --over" in said


def test_a_database_that_is_damaged_further_in_is_told_too(tmp_path: Path) -> None:
    ready(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        pages = [
            page
            for (page,) in connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'letter'")
            if page
        ]
    size = 4096
    with (tmp_path / DATABASE).open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    told = cherha(tmp_path, "stats")
    assert told.returncode == 2, told.stderr
    assert "Traceback" not in told.stderr
    assert "cherha restore --over" in told.stderr


@pytest.mark.parametrize("limit_kb", [64, pytest.param(1024, marks=pytest.mark.long)])
def test_a_backup_that_does_not_fit_leaves_nothing_behind(tmp_path: Path, limit_kb: int) -> None:
    ready(tmp_path)
    kept = tmp_path / "var" / "files" / "ab" / "abcd"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(os.urandom(2 * 1024 * 1024))
    command = f'ulimit -f {limit_kb * 2}; exec "$@"'
    told = subprocess.run(
        ["sh", "-c", command, "sh", sys.executable, "-m", "cherha", "backup", "desk.tar.gz"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 2, told.stderr
    assert "Traceback" not in told.stderr
    assert "Cannot write" in told.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]
    assert [path.name for path in (tmp_path / "var").iterdir() if path.name.startswith("tmp")] == []


def _archive(path: Path, *members: tuple[str, bytes, bytes]) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), "/etc/passwd"
            archive.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE), ("/outside", tarfile.REGTYPE), ("files/../../outside", tarfile.REGTYPE),
        ("files/link", tarfile.SYMTYPE), ("files/hard", tarfile.LNKTYPE), ("files/pipe", tarfile.FIFOTYPE),
        ("other", tarfile.REGTYPE), ("secret", tarfile.SYMTYPE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("filters", [True, False])
def test_only_what_a_backup_holds_is_taken_out_of_an_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: bytes, filters: bool
) -> None:
    """Python 3.11.0 to 3.11.3 has no filters of its own."""
    from cherha.backup import _take_out
    from core.errors import Misconfigured

    if not filters:
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    (tmp_path / "in").mkdir()
    _archive(tmp_path / "x.tar.gz", (name, kind, b"" if kind != tarfile.REGTYPE else b"x"))
    with pytest.raises(Misconfigured, match="is no backup of a desk"):
        _take_out(tmp_path / "x.tar.gz", tmp_path / "in")
    assert list((tmp_path / "in").rglob("*")) == []
    assert not (tmp_path / "outside").exists()


def test_an_archive_that_is_cut_off_is_no_backup(tmp_path: Path) -> None:
    ready(tmp_path)
    cherha(tmp_path, "backup", "desk.tar.gz")
    whole = (tmp_path / "desk.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    other = tmp_path / "other"
    other.mkdir()
    told = cherha(other, "restore", str(tmp_path / "cut.tar.gz"))
    assert told.returncode == 2
    assert "is no backup of a desk" in told.stderr
    assert not (other / DATABASE).exists()


def test_a_look_at_a_desk_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    doctor = cherha(tmp_path, "doctor", smtp_listen=f"127.0.0.1:{free_port()}")
    assert doctor.returncode == 0, doctor.stdout
    assert "`cherha init`" in doctor.stdout
    stats = cherha(tmp_path, "stats")
    assert stats.returncode == 2
    assert "`cherha init`" in stats.stderr
    assert not (tmp_path / DATABASE).exists()
    shutil.rmtree(tmp_path / "var", ignore_errors=True)
