"""A desk for the bot's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.cases import actions as cases
from core.outbox.model import Channel
from core.people.views import Representative
from core.store.engine import Engines
from tests.bot.chatting import Chatting
from tests.bot.live import LiveBot
from tests.bot.talk import Talk
from tests.core.conftest import engines, ivan, maria, mila, office, olena, taras
from tests.core.office import Office

__all__ = ["engines", "ivan", "maria", "mila", "office", "olena", "taras"]


@pytest.fixture
def talk(office: Office) -> Talk:
    """People who talk with the bot of that desk."""
    return Talk(office)


@pytest.fixture
def chat(office: Office, olena: Representative) -> Chatting:
    """The private chat of Olena, straight at `bot.app`."""
    return Chatting(office, olena)


@pytest.fixture
def case(office: Office, olena: Representative) -> int:
    """A case of somebody who wrote by mail, which Olena has accepted."""
    number = office.open_case(office.customer("Maria Lopez", Channel.EMAIL, "maria@home.ua"), "The printer is silent")
    office.desk.run(cases.accept, number, olena)
    return number


@pytest.fixture
async def bot(engines: Engines, tmp_path: Path) -> AsyncIterator[LiveBot]:
    """A bot that is still to begin, on each database; Telegram's limits are on."""
    async with LiveBot(engines, tmp_path) as one:
        yield one
