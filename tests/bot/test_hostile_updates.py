"""Updates that nobody should have sent, over HTTP: none stops what comes after it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.inbox.model import InboxState, Update
from core.store.engine import Engines
from tests.bot.live import LiveBot
from tests.cherha.processes import free_port

SECRET = "s3cret"


def _states(bot: LiveBot) -> list[str]:
    return bot.desk.look(lambda tx: sorted(str(one.state) for one in tx.session.query(Update)))


def _heard(person: int, text: str, **more: Any) -> dict[str, Any]:
    who = {"id": person, "is_bot": False, "first_name": "Ivan"}
    chat = {"id": person, "type": "private", "first_name": "Ivan"}
    return {"message": {"message_id": 900, "date": 1_700_000_000, "chat": chat, "from": who, "text": text}} | more


@pytest.mark.parametrize("text", ["half a smile \ud83d", "a zero \0 within"])
async def test_characters_that_no_database_keeps_become_a_case_like_others(bot: LiveBot, text: str) -> None:
    bot.live()
    olena = await bot.join("Olena")
    ivan = await bot.client.person("Ivan", started=True)
    await bot.client.post("update", update=_heard(ivan, text))
    card = await bot.client.wait_for(olena, text[:6])
    assert "\N{REPLACEMENT CHARACTER}" in card.text
    await bot.client.wait_for(ivan, "№")
    assert set(_states(bot)) == {InboxState.DONE}


async def test_a_number_that_no_row_can_hold_stops_no_polling(bot: LiveBot) -> None:
    bot.live()
    await bot.receipt("Maria")
    ivan = await bot.client.person("Ivan", started=True)
    await bot.client.post("update", update=_heard(ivan, "odd", update_id=2**70))
    await bot.receipt("Petro")
    await bot.receipt("Sofia")
    assert _states(bot) == [InboxState.DONE] * 3 + [InboxState.SET_ASIDE]
    assert not bot.ended.done()


async def test_a_webhook_answers_whatever_is_posted_without_falling_over(engines: Engines, tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    async with LiveBot(
        engines, tmp_path, webhook_url=address, webhook_listen=f"127.0.0.1:{port}", webhook_secret=SECRET
    ) as bot:
        bot.live()
        await bot.receipt("Maria")
        for body, status in (
            ("no JSON", 400),
            ("[1]", 400),
            ("[" * 100_000 + "]" * 100_000, 400),
            ("{}", 200),
            ('{"update_id": 1e999}', 200),
            ('{"update_id": 99999999999999999999}', 200),
            (json.dumps({"update_id": 5, "message": "\ud83d"}), 200),
        ):
            assert await _post(address, body) == status, body[:40]
        assert _states(bot) == [InboxState.DONE] + [InboxState.SET_ASIDE] * 4
        await bot.receipt("Petro")


async def _post(address: str, body: str) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers=headers) as answer:
        return answer.status


async def test_a_secret_that_is_no_text_is_a_wrong_secret(engines: Engines, tmp_path: Path) -> None:
    port = free_port()
    settings = {"webhook_url": f"http://127.0.0.1:{port}/", "webhook_listen": f"127.0.0.1:{port}"}
    async with LiveBot(engines, tmp_path, webhook_secret=SECRET, **settings) as bot:
        bot.live()
        await bot.receipt("Maria")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        header = b"X-Telegram-Bot-Api-Secret-Token: \xff\xfe"
        writer.write(b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 2\r\n" + header + b"\r\n\r\n{}")
        assert (await reader.readline()).startswith(b"HTTP/1.1 403")
        writer.close()
