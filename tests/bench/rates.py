"""What a round tells of letters, and what many rounds tell together."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Rate:
    """One round: letters a second as clients saw it, and CPU time of the servers a letter, in milliseconds."""

    per_second: float
    cpu_ms: float

    @classmethod
    def of(cls, letters: int, took_s: float, cpu_s: float) -> Self:
        """Make it of what so many letters took, and cost."""
        return cls(letters / took_s, cpu_s / letters * 1000)


def median(rates: Sequence[Rate]) -> Rate:
    """Take the middle of each figure, whichever round it was in."""
    return Rate(statistics.median(one.per_second for one in rates), statistics.median(one.cpu_ms for one in rates))
