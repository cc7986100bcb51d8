"""Whoever keeps the queues, and is not there to take from them."""

from __future__ import annotations

import pytest

from core.people.rules import Presence, Role
from core.people.views import Representative
from tests.core.office import Office


@pytest.fixture
def chief(office: Office) -> Representative:
    """A manager who is away."""
    return office.join("Maria", Role.MANAGER, Presence.AWAY)
