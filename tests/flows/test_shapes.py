"""Other ways to run the desk: updates by webhook, and a standby that takes over from who was killed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from core.people.rules import Role
from tests.cherha.processes import free_port
from tests.flows.house import FlowDesk, letter

HASTE = {"lease_s": "1", "heartbeat_s": "1", "send_lease_s": "3"}


async def test_updates_come_by_webhook_and_nobody_else_gets_in(tmp_path: Path, sqlite_url: str) -> None:
    port = free_port()
    settings = {
        "webhook_url": f"http://127.0.0.1:{port}/telegram",
        "webhook_listen": f"127.0.0.1:{port}",
        "webhook_secret": "s3cret-of-the-hook",
    }
    async with FlowDesk("embedded", tmp_path, sqlite_url, settings=settings) as house:
        olena = await house.join("Olena", Role.ADMINISTRATOR)
        ivan = await house.client.person("Ivan")
        await house.client.say(ivan, "by webhook")
        await house.client.wait_for(olena, "by webhook")
        forged = {"update_id": 10**9, "message": {"message_id": 1, "text": "forged"}}
        async with aiohttp.ClientSession() as session:
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
                async with session.post(settings["webhook_url"], json=forged, headers=headers) as answer:
                    assert answer.status == 403
        assert sum((await house.stats())["updates"].values()) == 3, "two by Olena, one by Ivan"


@pytest.mark.long
async def test_standbys_take_over(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    async with FlowDesk("scaled", tmp_path, postgres_url, redis_url, HASTE) as house:
        olena = await house.join("Olena", Role.ADMINISTRATOR)
        ivan = await house.client.person("Ivan")
        await asyncio.gather(*(house.start(part, beside=True) for part in ("bot", "scheduler")))
        for part in ("bot", "scheduler"):
            await house.kill(part)
        await house.client.say(ivan, "who is there?")
        await house.post(letter("maria@customer.example", "A letter", "Words of the letter"))
        await house.client.wait_for(olena, "who is there?", timeout_s=20)
        await house.client.wait_for(olena, "Words of the letter", timeout_s=20)
        async with asyncio.timeout(20):
            while house.log().count("scheduler_live") < 2:
                await asyncio.sleep(0.1)
        stats = await house.stats()
        assert (stats["cases"]["open"], stats["outbox"]["repeats"]) == (2, 0)
