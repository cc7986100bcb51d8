from __future__ import annotations

import json
import socket
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cherha.cli import app
from core.inbox.actions import NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState
from core.people.actions import invite
from core.people.rules import Role
from core.settings import read_settings
from tests.cherha.folders import letter_aside, ready
from tests.cherha.processes import cherha, free_port, running

WORDS = [
    *(
        (one,)
        for one in ("init", "run", "invite", "invitations", "bot", "intake", "worker", "scheduler", "doctor", "stats")
    ),
    *(
        ("backup",),
        ("restore",),
        ("mail", "send"),
        ("letters",),
        ("letters", "list"),
        ("letters", "release"),
        ("db", "upgrade"),
        (),
    ),
]


@pytest.mark.parametrize("words", WORDS)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*words, "--help"])
    assert told.exit_code == 0
    assert "Usage: " in told.output


def test_bringing_the_database_up_to_date_again_changes_nothing(tmp_path: Path) -> None:
    ready(tmp_path)
    assert "at version" in cherha(tmp_path, "db", "upgrade").stdout


def test_letters_that_were_set_aside_are_listed_and_released(tmp_path: Path) -> None:
    ready(tmp_path)
    assert "No letter is set aside" in cherha(tmp_path, "letters").stdout
    row = letter_aside(tmp_path)
    listed = cherha(tmp_path, "letters").stdout
    assert cherha(tmp_path, "letters", "list").stdout == listed
    assert "shop@example.com" in listed
    assert "could not be understood: automatic" in listed
    assert "older ones" not in listed
    assert cherha(tmp_path, "letters", "release", str(row)).returncode == 0
    assert "No letter is set aside" in cherha(tmp_path, "letters").stdout
    again = cherha(tmp_path, "letters", "release", str(row))
    assert again.returncode == 1
    assert "is set aside" in again.stderr


def test_older_letters_are_reached_by_leaving_out_the_latest(tmp_path: Path) -> None:
    from cherha.database import open_desk

    ready(tmp_path)
    old = letter_aside(tmp_path)
    with open_desk(read_settings(data=tmp_path / "var"), migrate=False) as desk:
        new = NewLetter("desk@localhost", "new@example.com", "", desk.now(), 3, "bb", "<2@example>", b"raw")
        desk.run(settle_letter, desk.run(keep_letter, new), InboxState.SET_ASIDE, "aside.loop")
    first = cherha(tmp_path, "letters", "--limit", "1").stdout
    assert "new@example.com" in first
    assert "2 in all; older ones: cherha letters --skip 1" in first
    second = cherha(tmp_path, "letters", "--limit", "1", "--skip", "1").stdout
    assert "new@example.com" not in second
    assert str(old) in second


def test_open_invitations_are_listed_and_revoked(tmp_path: Path) -> None:
    from cherha.database import open_desk

    ready(tmp_path)
    assert "No invitation is open" in cherha(tmp_path, "invitations").stdout
    with open_desk(read_settings(data=tmp_path / "var"), migrate=False) as desk:
        made = desk.run(invite, Role.MANAGER, None)
    listed = cherha(tmp_path, "invitations").stdout
    assert "manager" in listed
    assert "the command line" in listed
    assert made.token not in listed
    assert "is revoked" in cherha(tmp_path, "invitations", "--revoke", str(made.id)).stdout
    again = cherha(tmp_path, "invitations", "--revoke", str(made.id))
    assert again.returncode == 1
    assert "no such invitation" in again.stderr
    assert "No invitation is open" in cherha(tmp_path, "invitations").stdout


def test_stats_count_what_is_there(tmp_path: Path) -> None:
    ready(tmp_path)
    letter_aside(tmp_path)
    told = json.loads(cherha(tmp_path, "stats", "--json").stdout)
    assert told["letters"]["set_aside"] == 1
    assert told["queues"] == [{"queue": "VIP", "kind": "public", "items": 0}]
    assert set(told["outbox"]) == {"owed", "sent", "unknown", "dead", "withdrawn", "repeats"}
    assert told["oldest"] == {"letter_s": None, "update_s": None, "owed_s": None}
    assert "VIP" in cherha(tmp_path, "stats").stdout


def test_a_backup_brings_the_desk_back_with_its_files_and_its_secret(tmp_path: Path) -> None:
    ready(tmp_path)
    letter_aside(tmp_path)
    kept = tmp_path / "var" / "files" / "ab" / "abcd"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"picture")
    (tmp_path / "var" / "secret").write_text("old secret\n")
    assert cherha(tmp_path, "backup", "desk.tar.gz").returncode == 0
    other = tmp_path / "other"
    other.mkdir()
    restored = cherha(other, "restore", str(tmp_path / "desk.tar.gz"))
    assert restored.returncode == 0, restored.stderr
    assert json.loads(cherha(other, "stats", "--json").stdout)["letters"]["set_aside"] == 1
    assert (other / "var" / "files" / "ab" / "abcd").read_bytes() == b"picture"
    assert (other / "var" / "secret").read_text() == "old secret\n"


def test_a_restore_asks_before_it_replaces(tmp_path: Path) -> None:
    ready(tmp_path)
    cherha(tmp_path, "backup", "desk.tar.gz")
    letter_aside(tmp_path)
    refused = cherha(tmp_path, "restore", "desk.tar.gz")
    assert refused.returncode == 2
    assert "--over" in refused.stderr
    assert cherha(tmp_path, "restore", "--over", "desk.tar.gz").returncode == 0
    assert json.loads(cherha(tmp_path, "stats", "--json").stdout)["letters"]["set_aside"] == 0


def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    ready(tmp_path)
    (tmp_path / "no.tar.gz").write_bytes(b"no archive")
    (tmp_path / "cherha.sqlite3").write_bytes(b"no database" * 100)
    with tarfile.open(tmp_path / "damaged.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "cherha.sqlite3", "cherha.sqlite3")
    assert "There is no file" in cherha(tmp_path, "restore", "absent.tar.gz").stderr
    for name in ("no.tar.gz", "damaged.tar.gz", "absent.tar.gz"):
        refused = cherha(tmp_path, "restore", "--over", name)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
    assert cherha(tmp_path, "stats").returncode == 0


def test_the_doctor_finds_nothing_wrong_with_a_new_desk(tmp_path: Path) -> None:
    ready(tmp_path)
    told = cherha(tmp_path, "doctor", smtp_listen=f"127.0.0.1:{free_port()}")
    assert told.returncode == 0, told.stdout
    assert "CHERHA_TELEGRAM_TOKEN" in told.stdout


def test_the_doctor_finds_what_is_wrong_and_exits_with_1(tmp_path: Path) -> None:
    told = cherha(
        tmp_path,
        "doctor",
        redis_url=f"redis://127.0.0.1:{free_port()}/0",
        telegram_token="123456:" + "x" * 30,
        telegram_api=f"http://127.0.0.1:{free_port()}",
    )
    assert told.returncode == 1
    for words in ("cherha db upgrade", "CHERHA_REDIS_URL", "CHERHA_TELEGRAM_API"):
        assert words in told.stdout
    assert "x" * 30 not in told.stdout + told.stderr


@pytest.mark.long
def test_the_doctor_says_of_a_taken_port_by_whom(tmp_path: Path) -> None:
    ready(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.1)
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        told = cherha(tmp_path, "doctor", smtp_listen=taken)
        assert told.returncode == 1
        assert f"{taken} is taken by another program" in told.stdout
    ours = f"127.0.0.1:{free_port()}"
    assert f"{ours} can be listened on" in cherha(tmp_path, "doctor", smtp_listen=ours).stdout
    with running(tmp_path, "run", smtp_listen=ours) as desk:
        desk.wait_for("is running")
        told = cherha(tmp_path, "doctor", smtp_listen=ours)
        other = cherha(tmp_path, "doctor", smtp_listen=ours, mail_domain="example.com")
    assert f"{ours} is taken by another desk, that of localhost" in other.stdout
    assert told.returncode == 0, told.stdout
    assert f"{ours} is open: this desk runs" in told.stdout


def test_the_doctor_finds_an_address_of_another_machine_and_a_certificate_that_is_none(tmp_path: Path) -> None:
    ready(tmp_path)
    (tmp_path / "chain.pem").write_text("no certificate")
    told = cherha(tmp_path, "doctor", smtp_listen="192.0.2.1:8025", smtp_tls_cert="chain.pem")
    assert told.returncode == 1
    assert "192.0.2.1:8025 is no address of this machine" in told.stdout
    assert "The certificate in CHERHA_SMTP_TLS_CERT" in told.stdout


def test_the_doctor_tells_a_folder_that_cannot_be_once(tmp_path: Path) -> None:
    told = cherha(tmp_path, "doctor", data="/proc/desk")
    assert told.returncode == 1
    assert told.stdout.count("/proc/desk") == 1


def test_a_misspelt_setting_is_told_and_stops_nothing(tmp_path: Path) -> None:
    told = cherha(tmp_path, "db", "upgrade", timezon="Europe/Kyiv")
    assert told.returncode == 0
    assert "Did you mean CHERHA_TIMEZONE?" in told.stderr


def test_a_letter_that_the_door_refuses_says_how_to_name_its_recipient(tmp_path: Path) -> None:
    ready(tmp_path)
    ours = f"127.0.0.1:{free_port()}"
    with running(tmp_path, "run", smtp_listen=ours, mail_domain="example.com") as desk:
        desk.wait_for("is running")
        told = cherha(tmp_path, "mail", "send", smtp_listen=ours)
    assert told.returncode == 2
    assert "550" in told.stderr
    assert "--to" in told.stderr


def test_a_quick_look_leaves_out_the_network(tmp_path: Path) -> None:
    ready(tmp_path)
    told = cherha(
        tmp_path, "doctor", "--quick", telegram_token="1:" + "x" * 35, telegram_api=f"http://127.0.0.1:{free_port()}"
    )
    assert told.returncode == 0
    assert "bot" not in told.stdout


def test_an_invitation_without_a_bot_says_how_to_make_one(tmp_path: Path) -> None:
    told = cherha(tmp_path, "init")
    assert told.returncode == 2
    assert "@BotFather" in told.stderr


def test_a_letter_to_a_desk_that_does_not_run_says_so(tmp_path: Path) -> None:
    told = cherha(tmp_path, "mail", "send", smtp_listen=f"127.0.0.1:{free_port()}")
    assert told.returncode == 2
    assert "cherha run" in told.stderr


def test_help_needs_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "alembic", "pydantic", "aiohttp", "telegram", "dramatiq", "structlog", "babel")
    look = f"import cherha.cli, sys; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=30, check=True)
    assert found.stdout.strip() == "[]"
