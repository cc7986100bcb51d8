"""A desk for the bot's tests."""

from tests.core.conftest import engines, migrated, office

__all__ = ["engines", "migrated", "office"]
