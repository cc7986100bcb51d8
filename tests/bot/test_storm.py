"""A storm of events is a few messages to one person, through the real sender and a local Bot API."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.cases import incoming
from core.cases.views import Incoming
from core.customers.actions import Caller, recognise
from core.desk import Tx
from core.outbox.model import PENDING, Channel, Owed
from core.people import queries as people
from tests.bot.live import LiveBot
from tests.core.office import fire_due


def _storm(bot: LiveBot, count: int) -> None:
    """Let customers open cases and write to them, so many events in all."""

    def write(tx: Tx, customer: int, text: str, number: int | None) -> int:
        who = recognise(tx, Caller(Channel.EMAIL, f"c{customer}@example.com", f"C{customer}", "en"))
        what = Incoming(channel=Channel.EMAIL, address=f"c{customer}@example.com", text=text)
        return incoming.add_message(tx, number, who, what) if number else incoming.open_case(tx, who, what)

    opened = {customer: bot.desk.run(write, customer, "It burns", None) for customer in range(50)}
    for event in range(count - len(opened)):
        customer = event % len(opened)
        bot.desk.run(write, customer, "And still", opened[customer])


def _owed(tx: Tx, chat: int) -> int:
    query = select(func.count()).select_from(Owed).where(Owed.address == str(chat), Owed.state.in_(PENDING))
    return tx.session.scalar(query) or 0


async def _drained(bot: LiveBot, chat: int) -> None:
    async with asyncio.timeout(60):
        while await asyncio.to_thread(bot.desk.look, _owed, chat):
            await asyncio.sleep(0.2)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_500_events_make_at_most_20_messages_and_none_is_unaccounted_for(bot: LiveBot) -> None:
    bot.live()
    olena = await bot.join("Olena")
    assert await asyncio.to_thread(bot.desk.look, lambda tx: [one.chat_id for one in people.staff(tx)]) == [olena]
    bot.desk.house = replace(bot.desk.house, news_per_minute=8)
    later = timedelta()
    begun = clock.now()  # the storm takes no time by the clock of the desk, however slow the machine
    bot.desk._now = lambda: begun + later
    before = max(one.id for one in await bot.client.messages(olena))
    await asyncio.to_thread(_storm, bot, 500)
    await _drained(bot, olena)
    for minutes in (1, 2, 3):
        later = timedelta(minutes=minutes)
        await asyncio.to_thread(fire_due, bot.desk)
        await _drained(bot, olena)
    came = [one for one in await bot.client.messages(olena) if one.from_bot and one.id > before]
    gathered = [int(found[1]) for one in came if (found := re.search(r"Meanwhile: (\d+) piece", one.text))]
    assert len(came) <= 20
    assert len(came) - len(gathered) + sum(gathered) == 500
