"""A desk for the bot's tests."""

import pytest

from tests.bot.talk import Talk
from tests.core.conftest import engines, migrated, office
from tests.core.office import Office

__all__ = ["engines", "migrated", "office"]


@pytest.fixture
def talk(office: Office) -> Talk:
    """People who talk with the bot of that desk."""
    return Talk(office)
