"""While the database is away each chat is told so once, and what it sent is handled afterwards, once and in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.desk import Tx
from core.errors import TryLater
from core.store.engine import Engines
from tests.bot.live import TOKEN, LiveBot
from tests.cherha.processes import free_port

WAITS = {"en": "Nothing is lost", "uk": "Нічого не втрачено"}


class Switch:
    """Takes the database of a desk away and gives it back."""

    def __init__(self, bot: LiveBot) -> None:
        self.away = False
        for name in ("run", "look"):
            setattr(bot.desk, name, self._only_when_there(getattr(bot.desk, name)))

    def _only_when_there(self, do: Any) -> Any:
        def asked(*facts: Any, **more: Any) -> Any:
            if self.away:
                raise TryLater("error.database_away")
            return do(*facts, **more)

        return asked


@pytest.fixture(params=["polling", "webhook"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def bot(way: str, engines: Engines, tmp_path: Path) -> AsyncIterator[LiveBot]:
    port = free_port()
    hook = {"webhook_url": f"http://127.0.0.1:{port}/", "webhook_listen": f"127.0.0.1:{port}", "webhook_secret": "s3"}
    async with LiveBot(engines, tmp_path, limits=False, **(hook if way == "webhook" else {})) as one:
        one.live()
        yield one


async def _said_to_wait(bot: LiveBot, person: int) -> list[str]:
    shown = await bot.client.messages(person)
    return [one.text for one in shown if one.from_bot and any(words in one.text for words in WAITS.values())]


def _unconfirmed(bot: LiveBot) -> list[dict[str, Any]]:
    return bot.api.sandbox.world.bots[TOKEN].updates


def _words(tx: Tx) -> list[str]:
    rows = tx.session.scalars(select(Entry.text).where(Entry.kind == EntryKind.CUSTOMER).order_by(Entry.id))
    return list(rows)


async def test_a_chat_is_told_once_in_its_language_and_its_words_come_in_order_afterwards(
    bot: LiveBot, way: str
) -> None:
    language = {"polling": "en", "webhook": "uk"}[way]
    switch, client = Switch(bot), bot.client
    person = await client.person("Ivan", language=language)
    await client.say(person, "before")
    await client.wait_for(person, "№")
    switch.away = True
    wrote = [f"meanwhile {number}" for number in range(3)]
    for words in wrote:
        await client.say(person, words)
    await client.wait_for(person, WAITS[language])
    await asyncio.sleep(0.6)
    assert len(await _said_to_wait(bot, person)) == 1
    assert len(_unconfirmed(bot)) == len(wrote), "none of them may be confirmed"
    switch.away = False
    async with asyncio.timeout(15):
        while (there := await asyncio.to_thread(bot.desk.look, _words)) != ["before", *wrote]:
            assert len(there) <= len(wrote), there
            await asyncio.sleep(0.05)
    assert len(await _said_to_wait(bot, person)) == 1


async def test_a_press_is_answered_and_counts_when_the_database_is_back(bot: LiveBot) -> None:
    switch, client = Switch(bot), bot.client
    olena = await bot.join("Olena")
    await bot.receipt("Ivan")
    card = await client.wait_for(olena, "Ivan needs help")
    switch.away = True
    assert WAITS["en"] in (await client.press(olena, card, "Accept") or "")
    switch.away = False
    await client.wait_for(olena, lambda one: one.id == card.id and one.edited and "Release" in str(one.buttons))


@pytest.mark.long
async def test_the_next_outage_is_told_again_and_groups_are_left_in_peace(bot: LiveBot, way: str) -> None:
    switch, client = Switch(bot), bot.client
    ivan = await bot.receipt("Ivan")
    group = (await client.post("group", title="Office", members=[ivan]))["chat_id"]
    for outage in (1, 2):
        switch.away = True
        await client.say(ivan, f"during outage {outage}")
        async with asyncio.timeout(10):
            while len(await _said_to_wait(bot, ivan)) < outage:
                await asyncio.sleep(0.05)
        await client.post("say", person=ivan, chat=group, text=f"in a group {outage}")
        await asyncio.sleep(0.7)
        switch.away = False
        async with asyncio.timeout(15):
            while f"during outage {outage}" not in await asyncio.to_thread(bot.desk.look, _words):
                await asyncio.sleep(0.05)
            while way == "webhook" and _unconfirmed(bot):  # brought one by one: whoever is first makes all others wait
                await asyncio.sleep(0.05)
    assert len(await _said_to_wait(bot, ivan)) == 2
    assert [one.from_bot for one in await client.messages(group)] == [False, False]
