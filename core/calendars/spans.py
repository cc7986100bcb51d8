"""Sets of stretches, each from its first point up to but not including its last: united, intersected, subtracted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

T = TypeVar("T", int, datetime)

#: From an instant up to but not including another.
Span = tuple[datetime, datetime]


def union(stretches: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Put stretches in order; those that overlap or touch become one, and empty ones vanish."""
    joined: list[tuple[T, T]] = []
    for start, end in sorted(one for one in stretches if one[0] < one[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def intersect(one: Iterable[tuple[T, T]], other: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Keep what is in both."""
    left, right = union(one), union(other)
    common: list[tuple[T, T]] = []
    at = beside = 0
    while at < len(left) and beside < len(right):
        start, end = max(left[at][0], right[beside][0]), min(left[at][1], right[beside][1])
        if start < end:
            common.append((start, end))
        if left[at][1] <= right[beside][1]:
            at += 1
        else:
            beside += 1
    return common


def subtract(stretches: Iterable[tuple[T, T]], taken: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Keep what is in the first and not in the second."""
    holes = union(taken)
    left: list[tuple[T, T]] = []
    first = 0
    for start, end in union(stretches):
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        at, index = start, first
        while index < len(holes) and holes[index][0] < end:
            if at < holes[index][0]:
                left.append((at, holes[index][0]))
            at = max(at, holes[index][1])
            index += 1
        if at < end:
            left.append((at, end))
    return left
