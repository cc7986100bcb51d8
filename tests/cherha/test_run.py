from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest
import redis

from tests import servers
from tests.cherha.processes import cherha, free_port, running

READY = "Cherha is running"


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_starts_from_nothing_and_ends_with_0_at_a_signal(tmp_path: Path, number: int) -> None:
    with running(tmp_path, "run", fresh=number == signal.SIGTERM, smtp_listen=f"127.0.0.1:{free_port()}") as desk:
        desk.wait_for(READY)
        desk.wait_for("scheduler_live")
        assert desk.end(number) == 0
    assert (tmp_path / "var" / "cherha.sqlite3").exists()
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var" / "cherha.sqlite3").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", ["run", "bot"])
def test_ends_with_0_at_a_signal_while_it_starts(tmp_path: Path, number: int, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        nowhere = {"telegram_api": f"http://127.0.0.1:{silent.getsockname()[1]}", "telegram_token": "1:" + "a" * 35}
        with running(tmp_path, command, redis_url="redis://127.0.0.1:1/0", **nowhere) as desk:
            asked, _ = silent.accept()  # it waits for an answer that does not come
            with asked:
                assert desk.end(number) == 0
            sleep(0.2)  # for the last lines to be read
            assert not any("Traceback" in line or "Aborted" in line for line in desk.said)


def test_a_signal_that_the_main_thread_does_not_hear_ends_what_starts_all_the_same() -> None:
    deaf = (
        "import signal, threading; from cherha.console import ends_at_a_signal; ends_at_a_signal();"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print('deaf', flush=True);"
        "threading.Event().wait()"
    )
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"deaf\n"
        process.terminate()
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()


def test_says_what_is_not_running_and_what_to_set(tmp_path: Path) -> None:
    with running(tmp_path, "run", smtp_listen=f"127.0.0.1:{free_port()}") as desk:
        assert "CHERHA_TELEGRAM_TOKEN" in desk.wait_for("bot:")
        assert "CHERHA_SMTP_RELAY" in desk.wait_for("mail:")


@pytest.mark.long
def test_a_second_start_finds_what_the_first_one_left(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path, "run", smtp_listen=f"127.0.0.1:{free_port()}") as desk:
            desk.wait_for(READY)
            assert desk.end() == 0
    told = json.loads(cherha(tmp_path, "stats", "--json").stdout)
    assert told["letters"] == {"kept": 0, "understood": 0, "repeated": 0, "set_aside": 0}


def _refused(folder: Path, *words: str, **settings: object) -> str:
    """Run a command that must refuse to start: exit code 2, one or two sentences, no traceback."""
    ended = cherha(folder, *words, **settings)
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    told = _refused(tmp_path, "run", data=tmp_path / "file" / "var")
    assert "Cannot make the folder" in told
    assert "CHERHA_DATA" in told
    assert "Let this user" not in told  # that would be of no use


def test_a_port_that_is_taken_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        told = _refused(tmp_path, "run", smtp_listen=address)
    assert f"{address} is taken by another program" in told
    assert "CHERHA_SMTP_LISTEN" in told


def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    told = _refused(tmp_path, "run", timezone="Mars/Olympus", locale="xx", workers=0)
    assert [name for name in ("TIMEZONE", "LOCALE", "WORKERS") if f"CHERHA_{name}" in told] == [
        "TIMEZONE",
        "LOCALE",
        "WORKERS",
    ]


def test_the_folder_and_the_certificate_are_told_with_the_wrong_settings(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "chain.pem").write_text("no certificate")
    for words in (("run",), ("intake",)):
        told = _refused(tmp_path, *words, timezone="Mars", data=tmp_path / "file" / "var", smtp_tls_cert="chain.pem")
        for fault in ("CHERHA_TIMEZONE", "CHERHA_DATA", "CHERHA_SMTP_TLS_CERT"):
            assert told.count(fault) == 1, told
    told = _refused(tmp_path, "run", data=tmp_path / "file" / "var", smtp_tls_cert="chain.pem")
    assert "CHERHA_DATA" in told
    assert "CHERHA_SMTP_TLS_CERT" in told


def test_a_database_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    told = _refused(tmp_path, "run", database_url="postgresql+psycopg://desk:hunter2@127.0.0.1:1/desk")
    assert "CHERHA_DATABASE_URL" in told
    assert "hunter2" not in told


def test_a_password_with_an_at_sign_is_not_told(tmp_path: Path) -> None:
    url = "postgresql+psycopg://desk:pa@ssWORD@127.0.0.1:1/desk"
    told = _refused(tmp_path, "run", database_url=url) + _refused(tmp_path, "doctor", database_url=url)
    assert "%40" in told
    assert "ssWORD" not in told


def test_an_address_that_is_none_is_told_without_its_password(tmp_path: Path) -> None:
    told = _refused(tmp_path, "run", database_url="nosuch://desk:hunter2@host/desk")
    assert "CHERHA_DATABASE_URL" in told
    assert "hunter2" not in told


def test_a_part_alone_wants_a_database_that_is_up_to_date(tmp_path: Path) -> None:
    told = _refused(tmp_path, "scheduler", redis_url=f"redis://127.0.0.1:{free_port()}/0")
    assert "cherha db upgrade" in told


@pytest.mark.long
def test_a_desk_that_never_reached_telegram_closes_what_it_opened(tmp_path: Path) -> None:
    nowhere = {"telegram_api": f"http://127.0.0.1:{free_port()}", "telegram_token": "123456:" + "a" * 35}
    with running(tmp_path, "run", fresh=True, smtp_listen=f"127.0.0.1:{free_port()}", **nowhere) as desk:
        desk.wait_for(READY)
        desk.wait_for("telegram_away")
        sleep(1)
        assert desk.end(signal.SIGINT) == 0
        sleep(0.2)  # for the last lines to be read
    assert [line for line in desk.said if "nclosed" in line] == []


@pytest.mark.long
def test_a_redis_that_is_away_is_told_once_and_again_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    settings = {"redis_url": f"redis://127.0.0.1:{port}/0", "smtp_listen": f"127.0.0.1:{free_port()}"}
    with running(tmp_path, "run", **settings) as desk:
        desk.wait_for(READY)
        assert cherha(tmp_path, "mail", "send", **settings).returncode == 0
        sleep(4)  # the library would have told it of each queue, twice
        assert "CHERHA_REDIS_URL" in desk.wait_for("redis_away")
        assert [line for line in desk.said if "onnection" in line or "wake_dropped" in line] == [
            desk.wait_for("redis_away")
        ]
        with servers.valkey(port=port):
            desk.wait_for("redis_back")
            desk.wait_for("actor=understand")
            assert desk.end() == 0


@pytest.mark.long
def test_a_redis_that_evicts_is_told_when_it_comes_back(tmp_path: Path) -> None:
    port = free_port()
    settings = {"redis_url": f"redis://127.0.0.1:{port}/0", "smtp_listen": f"127.0.0.1:{free_port()}"}
    with running(tmp_path, "run", **settings) as desk:
        desk.wait_for(READY)
        with servers.valkey(port=port) as url, redis.Redis.from_url(url) as client:
            client.config_set("maxmemory-policy", "allkeys-lru")
            assert "allkeys-lru" in desk.wait_for("redis_unfit")
            assert desk.end() == 0


@pytest.mark.parametrize("command", ["worker", "scheduler"])
def test_parts_that_are_woken_or_wake_others_want_redis(tmp_path: Path, command: str) -> None:
    assert "CHERHA_REDIS_URL" in _refused(tmp_path, command)


def test_the_bot_alone_wants_a_token(tmp_path: Path) -> None:
    assert "CHERHA_TELEGRAM_TOKEN" in _refused(tmp_path, "bot")
