from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.cherha.processes import cherha

TOKEN = "123456:" + "a" * 35


class Telegram(BaseHTTPRequestHandler):
    """A Bot API that knows one token, and whose clock may be behind."""

    behind_s = 0.0

    def do_GET(self) -> None:
        known = self.path.startswith(f"/bot{TOKEN}/")
        body = b'{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Desk","username":"desk_bot"}}'
        self.send_response_only(200 if known else 401)
        self.send_header("Date", formatdate(time.time() - self.behind_s, usegmt=True))
        self.end_headers()
        self.wfile.write(body if known else b'{"ok":false,"error_code":401,"description":"Unauthorized"}')

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    """The address of a Bot API that knows the token."""
    server = HTTPServer(("127.0.0.1", 0), Telegram)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.long
def test_an_invitation_is_a_link_to_the_bot_that_the_token_belongs_to(tmp_path: Path, api: str) -> None:
    told = cherha(tmp_path, "init", telegram_api=api, telegram_token=TOKEN)
    assert told.returncode == 0, told.stderr
    assert "https://t.me/desk_bot?start=" in told.stdout
    assert TOKEN not in told.stdout + told.stderr


def test_an_invitation_names_the_role(tmp_path: Path, api: str) -> None:
    cherha(tmp_path, "db", "upgrade")
    told = cherha(tmp_path, "invite", "manager", telegram_api=api, telegram_token=TOKEN)
    assert "a manager" in told.stdout


@pytest.mark.parametrize("command", ["init", "run", "bot"])
def test_a_wrong_token_is_refused_and_the_sentence_says_what_to_do(tmp_path: Path, api: str, command: str) -> None:
    wrong = TOKEN.replace("a", "b")
    told = cherha(tmp_path, command, telegram_api=api, telegram_token=wrong)
    assert told.returncode == 2
    assert "CHERHA_TELEGRAM_TOKEN" in told.stderr
    assert "Traceback" not in told.stderr
    assert wrong not in told.stderr


def test_the_clock_is_compared_with_that_of_telegram(tmp_path: Path, api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = cherha(tmp_path, "doctor", telegram_api=api, telegram_token=TOKEN, smtp_listen="")
    assert "agrees with that of Telegram" in told.stdout
    assert told.returncode == 0, told.stdout
    monkeypatch.setattr(Telegram, "behind_s", 60.0)
    told = cherha(tmp_path, "doctor", telegram_api=api, telegram_token=TOKEN, smtp_listen="")
    assert "s off from that of Telegram" in told.stdout
    assert told.returncode == 1
