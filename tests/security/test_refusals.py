"""A secret is told by nobody, though the server that refuses it says it, the key is broken, or all is misspelt."""

from __future__ import annotations

import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

import pytest
import structlog
from pydantic import SecretStr, ValidationError

from core import log
from core.settings import Settings
from tests.cherha.processes import cherha, running
from tests.listening import listening
from tests.mail_out.keys import pem
from tests.mail_out.scripted import relay
from tests.security.few import few
from tests.security.marked import SECRETS, silent_about
from tests.security.test_injection import logs

__all__ = ["logs"]

#: Addresses of which a setting that takes one may hold a password.
_ADDRESSES = [
    f"{scheme}://desk:MARKED@host.example/x"
    for scheme in (
        "https",
        "postgresql+psycopg",
        "redis",
        "rediss",
        "smtp",
        "smtps",
        "imaps",
        "pop3s",
        "amqp",
        "socks5",
    )
]

#: A password that no server of mail takes, for they are spoken to in ASCII.
_BEYOND_ASCII = "MARKED-%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C"


def _takes_an_address(name: str) -> bool:
    for one in _ADDRESSES:
        try:
            Settings(**{name: one, "webhook_secret": SecretStr("x")})
        except ValidationError:
            continue
        return True
    return False


def _secret_settings() -> set[str]:
    """Find the settings that may hold a secret, by what they take rather than by their names."""
    of_words = {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
    of_files = {name for name, field in Settings.model_fields.items() if "key" in name and field.annotation is not str}
    strings = [name for name, field in Settings.model_fields.items() if field.annotation is str]
    return of_words | of_files | {name for name in strings if _takes_an_address(name)}


def test_every_setting_that_may_hold_a_secret_is_marked() -> None:
    assert _secret_settings() == SECRETS.keys()


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_settings_do_not_show_their_secrets(name: str) -> None:
    if name.endswith(("_key", "_keys")):
        return  # it is a path
    given = Settings(
        telegram_token=SecretStr(SECRETS["telegram_token"]), secret=SecretStr(SECRETS["secret"])
    ).model_copy(
        update={name: SecretStr(SECRETS[name]) if name.endswith(("secret", "token")) else f"x://y:{SECRETS[name]}@z"}
    )
    silent_about(f"{given!r} {given}")


def _lines(answer: Callable[[str], str], first: str = "") -> Callable[[socket.socket], None]:
    """Make a server that speaks in lines."""

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection, cast("BinaryIO", connection.makefile("rwb")) as stream:
            stream.write(first.encode())
            stream.flush()
            while line := stream.readline():
                stream.write(answer(line.decode(errors="replace").strip()).encode())
                stream.flush()

    return serve


def _imap(line: str) -> str:
    tag, _, said = line.partition(" ")
    if said.startswith("CAPABILITY"):
        return f"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"
    return f"* NO {said} is wrong\r\n{tag} NO [AUTHENTICATIONFAILED] {said}\r\n"


def _pop(line: str) -> str:
    return "+OK\r\n" if line.startswith("USER") else f"-ERR {line} is wrong\r\n"


def _redis(_line: str) -> str:
    return f"-WRONGPASS {SECRETS['redis_url']} is wrong\r\n"


def _postgresql(connection: socket.socket) -> None:
    """Refuse as a server of PostgreSQL does (its protocol, version 3), with the password in the words."""
    with connection:
        while packet := connection.recv(4096):
            if struct.unpack("!I", packet[4:8])[0] in {80877103, 80877104}:  # asks for TLS or GSS: no
                connection.sendall(b"N")
                continue
            told = b"SFATAL\0C28P01\0M" + f'password "{SECRETS["database_url"]}" is wrong'.encode() + b"\0\0"
            connection.sendall(b"E" + struct.pack("!I", len(told) + 4) + told)
            return


@pytest.mark.parametrize("protocol", few(["imap", "pop3"], 1))
def test_a_mailbox_that_repeats_the_password_is_told_of_without_it(tmp_path: Path, protocol: str) -> None:
    speaks = _lines(_imap, "* OK here\r\n") if protocol == "imap" else _lines(_pop, "+OK here\r\n")
    with listening(speaks) as port:
        url = f"{protocol}://desk:{SECRETS['mailbox']}@127.0.0.1:{port}?tls=none"
        given = {"mailbox": url, "log_level": "DEBUG", "smtp_listen": "", "telegram_token": ""}
        told = cherha(tmp_path, "doctor", **given)
        assert "refuses the user, password or folder in CHERHA_MAILBOX" in told.stdout
        silent_about(told.stdout + told.stderr)
        cherha(tmp_path, "db", "upgrade")
        with running(tmp_path, "run", **given) as desk:
            desk.wait_for("mailbox_away")
            silent_about("\n".join(desk.said))


def _silently(folder: Path, command: str, **setting: str) -> subprocess.CompletedProcess[str]:
    """Run a command that meets a server which refuses it, in all detail; no secret is told."""
    told = cherha(folder, command, smtp_listen="", log_level="DEBUG", **setting)
    silent_about(told.stdout + told.stderr)
    return told


def test_a_relay_that_repeats_the_password_is_told_of_without_it(tmp_path: Path) -> None:
    with relay(AUTH=f"535 5.7.8 no, {SECRETS['smtp_relay']} is wrong") as post:
        url = f"smtp://desk:{SECRETS['smtp_relay']}@127.0.0.1:{post.port}?tls=none"
        told = _silently(tmp_path, "doctor", smtp_relay=url)
    assert "refuses the user or password in CHERHA_SMTP_RELAY" in told.stdout


@pytest.mark.parametrize("command", few(["doctor", "stats", "run"], 1))
def test_a_database_that_repeats_the_password_is_told_of_without_it(tmp_path: Path, command: str) -> None:
    with listening(_postgresql) as port:
        url = f"postgresql+psycopg://desk:{SECRETS['database_url']}@127.0.0.1:{port}/desk"
        told = _silently(tmp_path, command, database_url=url)
    assert told.returncode
    assert "cannot be reached" in told.stdout + told.stderr


def test_a_redis_that_repeats_the_password_is_told_of_without_it(tmp_path: Path) -> None:
    with listening(_lines(_redis)) as port:
        url = f"redis://default:{SECRETS['redis_url']}@127.0.0.1:{port}/0"
        told = _silently(tmp_path, "doctor", redis_url=url)
    assert "Redis refuses the user or password in CHERHA_REDIS_URL" in told.stdout


@pytest.mark.parametrize("setting", few(["smtp_relay", "mailbox", "pop"], 2))
def test_a_password_that_cannot_be_said_is_told_of_in_a_sentence(tmp_path: Path, setting: str) -> None:
    with relay() as post, listening(_lines(_imap, "* OK here\r\n")) as imap, listening(_lines(_pop, "+OK\r\n")) as pop:
        name, where = {
            "smtp_relay": ("smtp_relay", f"smtp://desk:{_BEYOND_ASCII}@127.0.0.1:{post.port}?tls=none"),
            "mailbox": ("mailbox", f"imap://desk:{_BEYOND_ASCII}@127.0.0.1:{imap}?tls=none"),
            "pop": ("mailbox", f"pop3://desk:{_BEYOND_ASCII}@127.0.0.1:{pop}?tls=none"),
        }[setting]
        told = cherha(tmp_path, "doctor", smtp_listen="", **{name: where})
    assert (f"CHERHA_{name.upper()}" in told.stderr) is (setting != "pop")
    assert "Traceback" not in told.stderr
    assert "MARKED" not in told.stdout + told.stderr
    assert "\\u04" not in told.stdout + told.stderr


@pytest.mark.parametrize("setting", few(["dkim_key", "smime_keys", "pgp_keys", "smtp_tls_key"], 2))
@pytest.mark.parametrize("command", few(["doctor", "run"], 1))
def test_a_key_that_is_none_is_told_of_without_a_word_of_it(tmp_path: Path, setting: str, command: str) -> None:
    label = "PGP PRIVATE KEY BLOCK" if setting == "pgp_keys" else "PRIVATE KEY"
    broken = pem(b"\x30\x03\x02\x01\x00", label).decode().replace("\n-----END", f"\n{SECRETS[setting]}\n-----END")
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "a.pem").write_text(broken, "utf-8")
    given = {setting: str(folder if setting.endswith("keys") else folder / "a.pem")}
    if setting == "dkim_key":
        given |= {"dkim_selector": "cherha", "smtp_relay": "smtp://127.0.0.1:9"}
    if setting == "smtp_tls_key":
        given["smtp_tls_cert"] = str(folder / "a.pem")
    told = cherha(tmp_path, command, smtp_listen="127.0.0.1:0", log_level="DEBUG", **given)
    assert told.returncode
    assert setting.upper() in told.stdout + told.stderr
    silent_about(told.stdout + told.stderr)


def test_addresses_that_hold_a_password_are_told_without_it_by_the_doctor(tmp_path: Path) -> None:
    given = {
        "telegram_api": f"http://desk:{SECRETS['telegram_api']}@127.0.0.1:9",
        "webhook_url": f"https://desk:{SECRETS['webhook_url']}@localhost/x",
        "webhook_secret": SECRETS["webhook_secret"],
        "telegram_token": SECRETS["telegram_token"],
    }
    told = cherha(tmp_path, "doctor", smtp_listen="", log_level="DEBUG", **given)
    assert "CHERHA_TELEGRAM_API" in told.stdout
    silent_about(told.stdout + told.stderr)


@pytest.fixture
def hidden() -> Iterator[frozenset[str]]:
    """What is to be told nowhere, for the test."""
    given = Settings(
        telegram_token=SecretStr(SECRETS["telegram_token"]),
        secret=SecretStr(SECRETS["secret"]),
        mailbox=f"imaps://desk:{SECRETS['mailbox']}%20%22x%22@localhost",
        database_url=f"postgresql://desk:{SECRETS['database_url']}@localhost/desk",
        redis_url=f"redis://:{SECRETS['redis_url']}@localhost",
    )
    log.hide(given.secrets)
    yield given.secrets
    log.hide(())


def _refuse(secret: str) -> None:
    raise OSError(secret)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_is_logged_without_the_secrets_in_it(
    logs: pytest.CaptureFixture[str], hidden: frozenset[str], as_json: bool
) -> None:
    log.set_up("DEBUG", as_json=as_json)
    assert f'{SECRETS["mailbox"]} "x"' in hidden
    for one in hidden:
        try:
            _refuse(one)
        except OSError:
            structlog.get_logger("bot.answering").exception("update_failed", reason=one)
    written = logs.readouterr().err
    assert written.count("OSError: <") == len(hidden)
    silent_about(written)
    assert "MARKED" not in written


def test_a_secret_that_may_stand_anywhere_is_not_hidden_for_nothing_would_be_left_to_read(
    logs: pytest.CaptureFixture[str], hidden: frozenset[str]
) -> None:
    del hidden
    log.hide({"desk"})
    log.set_up()
    structlog.get_logger("bot.answering").warning("desk_opened")
    assert "desk_opened" in logs.readouterr().err
