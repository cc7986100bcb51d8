"""A desk for attackers."""

from __future__ import annotations

from tests.bot.conftest import talk
from tests.core.conftest import engines, migrated, office

__all__ = ["engines", "migrated", "office", "talk"]
