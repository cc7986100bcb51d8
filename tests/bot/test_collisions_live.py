"""An answer that is held back, over HTTP: the customer goes on, its writer is told, and sends it all the same."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.live import LiveBot

# The library warns of its own making of the error.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


async def test_an_answer_waits_for_its_writer_when_the_customer_goes_on(bot: LiveBot) -> None:
    bot.live()
    olena = await bot.join("Olena")
    ivan = await bot.receipt("Ivan")
    card = await bot.client.wait_for(olena, "Ivan needs help")
    number = card.text.partition("№")[2].split()[0].strip(":.,<>*")
    await bot.client.say(olena, f"/accept {number}")
    asked = await bot.client.say(olena, f"/reply {number}")
    await bot.client.wait_for(olena, "Write your answer", after=asked.id)
    await bot.client.say(ivan, "It burns now")
    await bot.client.wait_for(olena, "It burns now", after=asked.id)
    written = await bot.client.say(olena, "Turn it off and on")
    held = await bot.client.wait_for(olena, "Not sent", after=written.id)
    assert "It burns now" in held.text
    await asyncio.sleep(0.5)
    assert not [one for one in await bot.client.messages(ivan) if "Turn it off" in one.text]
    await bot.client.press(olena, held, "Send anyway")
    await bot.client.wait_for(ivan, "Turn it off and on", timeout_s=20)
