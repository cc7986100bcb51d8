"""Whoever keeps the levels."""

from __future__ import annotations

import pytest

from core.people.views import Representative
from tests.core.office import Office
from tests.core.sla.levels import join_boss


@pytest.fixture
def boss(office: Office) -> Representative:
    """A manager who gets no work."""
    return join_boss(office)
