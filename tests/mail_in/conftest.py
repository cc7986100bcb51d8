"""A migrated desk on a clock that stands still, on each database."""

from __future__ import annotations

from tests.core.conftest import engines, migrated, office

__all__ = ["engines", "migrated", "office"]
