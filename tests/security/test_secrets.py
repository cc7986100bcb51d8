"""No secret and nobody's words or address is ever written to a log or said by a command, whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from core.people import actions as people
from core.people.rules import Role
from tests.cherha.processes import cherha, free_port
from tests.flows.house import FlowDesk, letter
from tests.mail_out.scripted import Scripted, relay
from tests.security.few import few
from tests.security.marked import SECRETS, WORDS, silent_about


@pytest.fixture
def secretive(tmp_path: Path, postgres_url: str, redis_url: str) -> FlowDesk:
    """A desk in four kinds of processes whose every secret is marked, and which logs all it can."""
    webhook = free_port()
    return FlowDesk(
        "scaled",
        tmp_path,
        postgres_url.replace("postgres:@", f"postgres:{SECRETS['database_url']}@"),
        redis_url.replace("redis://", f"redis://default:{SECRETS['redis_url']}@"),
        settings={
            "telegram_token": SECRETS["telegram_token"],
            "secret": SECRETS["secret"],
            "webhook_url": f"http://127.0.0.1:{webhook}/",
            "webhook_listen": f"127.0.0.1:{webhook}",
            "webhook_secret": SECRETS["webhook_secret"],
            "log_level": "DEBUG",
            "undo_s": "0",
        },
    )


def _written(desk: FlowDesk) -> str:
    return desk.log() + "\n".join(line for part in desk.parts.values() for line in part.said)


@pytest.mark.parametrize("secret", [*SECRETS.values(), *WORDS])
def test_the_search_finds_each_of_them(secret: str) -> None:
    with pytest.raises(AssertionError):
        silent_about(f"2026-11-24T00:00:00Z [debug    ] called url='x:{secret}@y'")


@pytest.mark.long
async def test_a_whole_day_at_the_desk_leaves_no_secret_in_any_log(secretive: FlowDesk) -> None:
    with relay(AUTH=f"535 5.7.8 no, {SECRETS['smtp_relay']} is wrong") as post:
        secretive.settings["smtp_relay"] = f"smtp://desk:{SECRETS['smtp_relay']}@127.0.0.1:{post.port}?tls=none"
        async with secretive as desk:
            token = await _day(desk, post)
            written = _written(desk)
    assert "relay refuses our name" not in written  # that stands in the row, for those who look
    for event in ("message_out", "update", "job", "webhook_without_secret"):
        assert event in written, event
    assert token not in written
    silent_about(written)


async def _day(desk: FlowDesk, post: Scripted) -> str:
    """Let happen what happens at a desk, both ways in and out, and some of what goes wrong."""
    olena = await desk.join("Olena MARKED-name", Role.ADMINISTRATOR)
    token = (await asyncio.to_thread(desk.on_desk, lambda one: one.run(people.invite, Role.MANAGER, None))).token
    said = await desk.client.say(olena, "/start wrong-MARKED-words")
    await desk.client.wait_for(olena, "not valid", after=said.id)
    ivan = await desk.client.person("MARKED-name")
    await desk.client.say(ivan, "MARKED-words in chat")
    card = await desk.client.wait_for(olena, "MARKED-words in chat", timeout_s=20)
    await desk.client.say(olena, "MARKED-answer in chat", reply_to=card.id)
    await desk.client.wait_for(ivan, "MARKED-answer", timeout_s=20)
    await desk.client.say(ivan, "/MARKED-words that look like a command")
    made = letter("MARKED-name <marked.address@customer.example>", "MARKED-words", "MARKED-words by mail")
    made.add_attachment(b"MARKED-words", maintype="text", subtype="csv", filename="marked-file.csv")
    await desk.post(made)
    card = await desk.client.wait_for(olena, "MARKED-words by mail", timeout_s=20)
    await desk.client.say(olena, "MARKED-answer by mail", reply_to=card.id)
    await _until(lambda: any(line.startswith("AUTH") for line in post.heard))
    post.answers.clear()
    await _until(lambda: any(b"MARKED-answer" in one for one in post.letters))
    await _unauthorised(desk)
    for kind in ("500", "drop", "429"):
        await desk.client.fault(kind, method="sendMessage", times=1)
    await desk.client.say(olena, "/people")
    await desk.client.wait_for(olena, "olena")
    return str(token)


async def _unauthorised(desk: FlowDesk) -> None:
    """Call the webhook with a wrong secret."""
    async with aiohttp.ClientSession() as session:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "MARKED-words"}
        async with session.post(desk.settings["webhook_url"], headers=headers, data=b"MARKED-words") as answer:
            assert answer.status == 403


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(25):
        while not true():
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("command", few(["stats", "run", "doctor", "init"], 1))
def test_a_database_that_is_away_is_told_of_without_its_password(tmp_path: Path, command: str) -> None:
    url = f"postgresql+psycopg://desk:{SECRETS['database_url']}@127.0.0.1:{free_port()}/desk"
    told = cherha(tmp_path, command, database_url=url, log_level="DEBUG", smtp_listen="", telegram_token="")
    assert told.returncode
    assert "Traceback" not in told.stderr
    silent_about(told.stdout + told.stderr)


@pytest.mark.long
def test_a_redis_that_is_away_is_told_of_without_its_password(tmp_path: Path, postgres_url: str) -> None:
    cherha(tmp_path, "db", "upgrade", database_url=postgres_url)
    url = f"redis://default:{SECRETS['redis_url']}@127.0.0.1:{free_port()}/0"
    told = cherha(tmp_path, "doctor", database_url=postgres_url, redis_url=url, log_level="DEBUG", smtp_listen="")
    assert told.returncode
    silent_about(told.stdout + told.stderr)


@pytest.mark.parametrize(
    "given",
    few(
        [
            ("telegram_token", f"{SECRETS['telegram_token']} with a blank"),
            ("webhook_secret", f"{SECRETS['webhook_secret']} with a blank"),
            ("database_url", f"mysql://desk:{SECRETS['database_url']}@localhost/desk"),
            ("redis_url", f"http://default:{SECRETS['redis_url']}@localhost"),
            ("smtp_relay", f"smtp://desk:{SECRETS['smtp_relay']}@localhost:port"),
            ("telegram_api", f"htps://desk:{SECRETS['telegram_api']}@localhost"),
            ("webhook_url", f"https://desk:{SECRETS['webhook_url']}@local host"),
            ("mailbox", f"imap://desk:{SECRETS['mailbox']}@localhost:port"),
            ("mailbox", f"imaps://desk:{SECRETS['mailbox']}/@localhost"),
            ("mailbox", f"imaps:/desk:{SECRETS['mailbox']}@localhost"),
        ],
        1,
    ),
)
def test_a_setting_that_cannot_be_read_is_told_of_without_its_value(tmp_path: Path, given: tuple[str, str]) -> None:
    setting, value = given
    told = cherha(tmp_path, "run", **{setting: value})
    assert told.returncode == 2
    assert f"CHERHA_{setting.upper()}" in told.stderr
    silent_about(told.stdout + told.stderr)
