"""Logs are lines of facts; no token is ever in them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from core import log
from tests.conftest import plain_logs

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("core", "bot", "workers", "cherha")}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    plain_logs()


def _lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_line_is_an_event_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(as_json=True)
    structlog.get_logger("core.desk").info("race_lost", action="accept", left=2)
    (line,) = _lines(capsys)
    told = json.loads(line)
    assert {name: told[name] for name in ("event", "action", "left", "level")} == {
        "event": "race_lost",
        "action": "accept",
        "left": 2,
        "level": "info",
    }
    assert told["timestamp"].endswith("Z")


@pytest.mark.parametrize("gone", [OSError(28, "No space left on device"), ValueError("I/O operation on closed file")])
def test_a_line_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch, gone: Exception) -> None:
    class Full(StringIO):
        def write(self, _line: str) -> int:
            raise gone

    monkeypatch.setattr(sys, "stderr", Full())
    log.set_up()
    logger = structlog.get_logger("workers.scheduler")
    logger.info("job", row=1)
    logger.error("tick_failed")


def _fail(address: str) -> None:
    words = address[:0] + "words-of" + "-a-customer"
    raise ConnectionError(address, len(words))


@pytest.mark.parametrize("as_json", [True, False])
def test_no_token_is_shown_wherever_it_stands(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    log.set_up("DEBUG", as_json=as_json)
    logger = structlog.get_logger("bot.transport")
    logger.info("called", url=f"https://api.telegram.org/bot{TOKEN}/getMe")
    logger.info("called", detail={"url": f"/bot{TOKEN}/"}, tried=[f"bot{TOKEN}", (TOKEN,)])
    logger.info("called", error=ValueError(f"cannot reach bot{TOKEN}"))
    logging.getLogger("httpx").warning("HTTP Request: POST https://api.telegram.org/bot%s/x", TOKEN)
    try:
        _fail(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ConnectionError:
        logger.exception("failed")
        logging.getLogger("bot.app").exception("failed")
    shown = "\n".join(_lines(capsys))
    assert TOKEN.partition(":")[2] not in shown
    assert shown.count("<token>") >= 8
    assert "ConnectionError" in shown
    assert "words-of-a-customer" not in shown  # the values of variables stay where they are


def test_libraries_are_heard_from_warning_and_ours_from_their_level(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("INFO", as_json=True)
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("mail.log").info("peer")
    structlog.get_logger("workers.smtp_in").debug("detail")
    structlog.get_logger("workers.smtp_in").info("kept")
    logging.getLogger("sqlalchemy").warning("odd")
    assert [json.loads(line)["event"] for line in _lines(capsys)] == ["kept", "odd"]


def test_setting_up_twice_shows_each_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(as_json=True)
    log.set_up(as_json=True)
    structlog.get_logger("core.desk").info("one")
    assert len(_lines(capsys)) == 1


def test_ukrainian_stays_readable(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up(as_json=True)
    structlog.get_logger("core.desk").info("queue_made", name="Черга")
    assert "Черга" in _lines(capsys)[0]
