"""Few of many examples for the quick edition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def few(examples: Sequence[Any], count: int) -> list[Any]:
    """Mark all but the first examples as long."""
    return [*examples[:count], *(pytest.param(one, marks=pytest.mark.long) for one in examples[count:])]
