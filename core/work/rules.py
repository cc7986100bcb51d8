"""Where an item may go and who gets new work: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

PRIORITIES = {1: "urgent", 2: "normal", 3: "low"}
URGENT = 1


class QueueKind(StrEnum):
    """The kinds of queues: two personal ones for each representative, and public ones."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    PUBLIC = "public"


class Policy(StrEnum):
    """How a public queue gives out what is new in it.

    `manual`: it waits until somebody takes it. The others give it to whoever works and has room: to who has the least,
    or to each in turn.
    """

    MANUAL = "manual"
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"


class First(StrEnum):
    """Who may come before the policy of a queue: the owner of the customer's account, and who had the customer last."""

    OWNER = "owner"
    LAST = "last"


class Copied(StrEnum):
    """Who of those that a customer's letter also went to takes part in its case.

    `ignore`: nobody. `known`: contacts of the customer's account, and those who wrote to us before from their domain.
    """

    IGNORE = "ignore"
    KNOWN = "known"
    ALL = "all"


class WorkKind(StrEnum):
    """What an item can be."""

    CASE = "case"
    TASK = "task"
    CALL = "call"
    APPOINTMENT = "appointment"
    LETTER = "letter"
    CHAT = "chat"
    SERVICE = "service_activity"


class WorkState(StrEnum):
    """Whether there is something left to do."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: the queue's kind, and whose it is when it is a personal one."""

    kind: QueueKind
    owner: int | None


#: Where an item is counted: in queues, as one that stands there (False) or as one accepted out of there (True).
Counted = frozenset[tuple[int, bool]]

#: Where an item is counted that stands nowhere.
NOWHERE: Counted = frozenset()


def counted(queue: int | None, kind: QueueKind, came_from: int | None) -> Counted:
    """Tell where an item is counted: where it stands and, while it is In Progress, where it was accepted out of."""
    if queue is None:
        return NOWHERE
    accepted_from = {(came_from, True)} if kind is QueueKind.IN_PROGRESS and came_from is not None else set()
    return frozenset({(queue, False), *accepted_from})


def standing_with(place: Place, person: int) -> bool:
    """Tell whether an item is in a person's own hands, accepted or not."""
    return place.owner == person


def may_take(place: Place, person: int) -> bool:
    """Tell whether a person may accept an item: out of a public queue or out of their own Assigned."""
    return place.kind is QueueKind.PUBLIC or (place.kind is QueueKind.ASSIGNED and place.owner == person)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could get new work.

    Attributes:
        load: open items in Assigned and In Progress.
        full: as much is in progress as they wanted at most: new work goes to others.
        skills: what they know about.
        works_from: since or from when they work; None when nobody can tell.
        last_given_at: when they last got something; who waits longest goes first among equals.
    """

    person: int
    working: bool
    works_from: datetime | None
    load: int
    last_given_at: datetime | None = None
    full: bool = False
    skills: frozenset[str] = frozenset()


def able(candidates: Iterable[Candidate], skill: str | None) -> list[Candidate]:
    """List those who have room for more and know about something."""
    return [one for one in candidates if not one.full and (skill is None or skill in one.skills)]


def next_in_turn(given: Mapping[int, int], candidates: Iterable[Candidate]) -> int | None:
    """Choose whose turn it is among those who work now: who was given to least often, of equals who waits longest.

    Args:
        given: how often each of them was given to.
    """
    working = [one for one in candidates if one.working]
    return min(working, key=lambda one: (given[one.person], *_waiting(one))).person if working else None


def beginning(given: Sequence[int]) -> int:
    """Tell where somebody new begins: at the average, so that they are neither flooded nor left out."""
    return round(sum(given) / len(given)) if given else 0


def choose(candidates: Iterable[Candidate]) -> int | None:
    """Choose who gets new work: the least loaded who is working, else the least loaded who works next.

    Who has no room for more is left out. Those who start within the same hour count as starting together, so that a
    night's work spreads over all of them.

    Returns:
        The person, or None when there is no candidate who works now or later.
    """
    everybody = able(candidates, None)
    working = [one for one in everybody if one.working]
    if working:
        return min(working, key=_fairness).person
    later = [(one.works_from, one) for one in everybody if one.works_from is not None]
    if not later:
        return None
    first = min(at for at, _ in later).replace(minute=0, second=0, microsecond=0)
    return min(
        (one for at, one in later if at.replace(minute=0, second=0, microsecond=0) == first), key=_fairness
    ).person


def _fairness(one: Candidate) -> tuple[int, float, int]:
    return one.load, *_waiting(one)


def _waiting(one: Candidate) -> tuple[float, int]:
    return one.last_given_at.timestamp() if one.last_given_at else 0.0, one.person
