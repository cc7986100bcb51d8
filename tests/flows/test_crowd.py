"""A crowd that writes at the same moment, under Telegram's limits on both sides."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.limits import Flood
from core.people.rules import Role
from tests.flows.house import FlowDesk

CROWD = 100

#: What calls that overtake each other on a busy machine may cost; each of them is sent again.
A_HANDFUL = 5


class Counted(Flood):
    """Telegram's limits, and how often they were exceeded."""

    refused = 0

    def check(self, method: str, chat_id: int | None) -> None:
        try:
            super().check(method, chat_id)
        except ApiError:
            self.refused += 1
            raise


@pytest.mark.slow  # on a machine that has much else to do, calls bunch up on their way and overtake the limits
async def test_a_hundred_customers_at_once_all_get_their_receipts_within_the_limits(small_house: FlowDesk) -> None:
    client = small_house.client
    olena = await small_house.join("Olena", Role.ADMINISTRATOR)
    small_house.api.sandbox._flood = flood = Counted()
    people = [await client.person(f"Customer {number:03}") for number in range(CROWD)]
    await asyncio.gather(*(client.say(person, f"Help customer {person}") for person in people))
    await asyncio.gather(*(client.wait_for(person, "№", timeout_s=40) for person in people))
    await client.wait_for(olena, "New in your Assigned")
    assert flood.refused <= A_HANDFUL
    stats = await small_house.stats()
    assert sum(stats["cases"].values()) == CROWD
    assert stats["outbox"]["repeats"] == 0
