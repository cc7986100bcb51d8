"""Groups with topics, over HTTP."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.bot.live import TOKEN, LiveBot

# The library warns of its own making of the error.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


async def test_a_reply_goes_to_the_topic_it_was_asked_in_and_to_the_group_when_that_is_gone(bot: LiveBot) -> None:
    bot.live()
    ivan = await bot.receipt("Ivan")
    group = (await bot.client.post("group", title="Everybody", members=[ivan]))["chat_id"]
    topic = (await _call(bot, "createForumTopic", chat_id=group, name="Printers"))["message_thread_id"]
    asked = {
        "message_id": 50, "date": 1_700_000_000, "chat": {"id": group, "type": "supergroup", "title": "Everybody"},
        "from": {"id": ivan, "is_bot": False, "first_name": "Ivan"}, "text": "/start",
        "message_thread_id": topic, "is_topic_message": True,
    }  # fmt: skip
    await bot.client.post("update", update={"message": asked})
    there = await bot.client.wait_for(group, "private chat")
    assert there.raw["message_thread_id"] == topic
    await _call(bot, "deleteForumTopic", chat_id=group, message_thread_id=topic)
    await bot.client.post("update", update={"message": asked})
    general = await bot.client.wait_for(group, "private chat", after=there.id)
    assert "message_thread_id" not in general.raw


async def _call(bot: LiveBot, method: str, **facts: Any) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{bot.api.address}/bot{TOKEN}/{method}", json=facts) as answer,
    ):
        return (await answer.json())["result"]
