"""A migrated desk on a clock that stands still, on each database, and letters to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.people.views import Representative
from tests.core.conftest import engines, office, olena
from tests.core.office import Office
from tests.workers.letters import Post

__all__ = ["engines", "office", "olena"]


@pytest.fixture
def post(office: Office, olena: Representative, tmp_path: Path) -> Post:
    """Letters that are understood when Olena is there."""
    return Post(office, tmp_path / "files")
