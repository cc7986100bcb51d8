"""A migrated desk on a clock that stands still, on each database."""

from __future__ import annotations

from tests.core.conftest import engines, office

__all__ = ["engines", "office"]
