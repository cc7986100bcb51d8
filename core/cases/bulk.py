"""The same done with many items: each is decided on its own, and what could not be done is told with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.activities import actions as activities
from core.activities import seeing
from core.cases import actions as cases
from core.cases.relations import open_children
from core.desk import Tx
from core.errors import DeskError, Misused, TryLater
from core.people.views import Representative
from core.work.views import ItemView

#: So many items at most in one go.
MOST = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: the items it was done with, and the others with the error that kept each from it."""

    done: tuple[int, ...]
    failed: tuple[tuple[int, DeskError], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """What is open still of a case that was just closed: its children, and what is planned for it."""

    number: int
    children: tuple[int, ...]
    planned: tuple[ItemView, ...]


def left_open(tx: Tx, numbers: Sequence[int], by: Representative) -> list[Left]:
    """List of items that were just closed those of which something is open still, with what it is.

    Raises:
        Refused: `right.missing`.
    """
    found = [
        Left(number, tuple(open_children(tx, number, by)), tuple(seeing.open_of(tx, number, by))) for number in numbers
    ]
    return [one for one in found if one.children or one.planned]


def accept(tx: Tx, numbers: Sequence[int], by: Representative) -> Report:
    """Take items into your own In Progress.

    Raises:
        Misused: `bulk.too_many`.
    """
    return _each(tx, numbers, lambda number: cases.accept(tx, number, by))


def forward(tx: Tx, numbers: Sequence[int], queue: int, by: Representative) -> Report:
    """Put items into a public queue.

    Raises:
        Misused: `bulk.too_many`.
    """
    return _each(tx, numbers, lambda number: activities.forward(tx, number, queue, by))


def assign(tx: Tx, numbers: Sequence[int], to: Representative, by: Representative) -> Report:
    """Put items into somebody's Assigned.

    Raises:
        Misused: `bulk.too_many`.
    """
    return _each(tx, numbers, lambda number: activities.assign(tx, number, to, by))


def resolve(tx: Tx, numbers: Sequence[int], by: Representative, resolution: str = "", *, minutes: int = 0) -> Report:
    """End items with their work done; what nobody has accepted is accepted first.

    Args:
        minutes: spent on each of them.

    Raises:
        Misused: `bulk.too_many`.
    """
    return _each(tx, numbers, lambda number: cases.resolve(tx, number, by, resolution, minutes=minutes))


def _each(tx: Tx, numbers: Sequence[int], do: Callable[[int], object]) -> Report:
    """Do something with each of some items, in the order of their numbers: who want the same ones never deadlock."""
    if len(numbers) > MOST:
        raise Misused("bulk.too_many", most=MOST, count=len(numbers))
    done: list[int] = []
    failed: list[tuple[int, DeskError]] = []
    for number in sorted(set(numbers)):
        try:
            with tx.apart():
                do(number)
            done.append(number)
        except TryLater:
            raise
        except DeskError as error:
            failed.append((number, error))
    return Report(tuple(done), tuple(failed))
