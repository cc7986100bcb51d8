"""Nobody waits for somebody else's chat, over HTTP and under Telegram's limits."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from sqlalchemy import select

from bot import answering
from bot.lanes import CHATS_AT_ONCE
from bot.replies import AT_MOST
from core.cases.model import Entry, File
from core.cases.rules import FileState
from core.desk import Tx
from core.outbox.actions import Message, To, owe
from core.outbox.model import Channel, OwedKind
from tests.bot.live import LiveBot

# The library warns of its own making of the error.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@pytest.mark.long
async def test_chats_that_must_be_left_in_peace_stop_nobody_else(bot: LiveBot) -> None:
    bot.live()
    await bot.receipt("Maria")
    for number in range(CHATS_AT_ONCE + 6):
        person = await bot.client.person(f"Eve {number}")
        await bot.client.fault("429", chat_id=person, times=None, seconds=60)
        for _ in range(2):
            await bot.client.say(person, "/nonsense")
    await asyncio.sleep(1)
    await bot.receipt("Ivan", timeout_s=5)


@pytest.mark.long
async def test_whoever_floods_the_bot_is_answered_within_the_limits_and_everybody_else_at_once(bot: LiveBot) -> None:
    bot.live()
    await bot.receipt("Maria")
    eve = await bot.client.person("Eve")
    for number in range(40):
        await bot.client.say(eve, f"/nonsense{number}")
    await bot.receipt("Ivan", timeout_s=5)
    await bot.client.wait_for(eve, "/nonsense0")
    await asyncio.sleep(4)
    answered = [one for one in await bot.client.messages(eve) if one.from_bot]
    assert AT_MOST <= len(answered) < 20


@pytest.mark.long
async def test_a_file_that_is_slow_to_be_sent_is_shown_to_be_on_its_way(bot: LiveBot) -> None:
    acts = _acts(bot)
    bot.live()
    olena = await bot.join("Olena")
    await bot.receipt("Ivan")
    await bot.client.wait_for(olena, "Ivan needs help")
    await bot.client.fault("slow", method="sendDocument", seconds=2)
    await asyncio.to_thread(bot.desk.run, owe_file, olena, bot.files.keep(b"what a letter brought"))
    async with asyncio.timeout(5):
        while (olena, "upload_document") not in acts:
            await asyncio.sleep(0.05)
    await bot.client.wait_for(olena, lambda one: one.file == "document")


async def test_handling_that_takes_over_a_second_is_shown_as_typing(
    bot: LiveBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    respond = answering.respond

    def slowly(*args: Any, **more: Any) -> Any:
        time.sleep(1.6 if getattr(args[2], "text", "") == "slowly, please" else 0)
        return respond(*args, **more)

    monkeypatch.setattr(answering, "respond", slowly)
    acts = _acts(bot)
    bot.live()
    maria = await bot.receipt("Maria")
    ivan = await bot.client.person("Ivan")
    await bot.client.say(ivan, "slowly, please")
    await bot.client.wait_for(ivan, "№")
    assert (ivan, "typing") in acts
    assert maria not in {chat for chat, _ in acts}


def owe_file(tx: Tx, chat: int, digest: str) -> int:
    """Owe somebody a file that came by mail; returns the row."""
    entry = tx.session.scalars(select(Entry)).first()
    assert entry is not None
    row = File(
        entry_id=entry.id, kind="document", name="a.txt", content_type="text/plain", size=21, state=FileState.KEPT,
        digest=digest,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    return owe(tx, To(Channel.TELEGRAM, str(chat)), Message(OwedKind.FILE, {"file": row.id})).id


def _acts(bot: LiveBot) -> list[tuple[int, str]]:
    """Listen to what the bot shows that it is doing."""
    acts: list[tuple[int, str]] = []

    def listen(event: dict[str, Any]) -> None:
        if event["type"] == "typing":
            acts.append((event["chat"], event["action"]))

    bot.api.sandbox.world.listeners.add(listen)
    return acts
