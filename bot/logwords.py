"""Words of what happened outside the desk → its parts: what it was, which way it went, when, how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import kindwords, planwords
from bot.moments import happened
from core.activities.rules import CONTACTS, Direction
from core.errors import Misused
from core.work.rules import WorkKind

#: How the direction is written; the first word after the kind, or the one before it: "incoming call".
_WAYS = {
    Direction.IN: "in incoming inbound got received from вхідний вхідне вхідного отримано одержано від",
    Direction.OUT: "out outgoing outbound sent wrote to вихідний вихідне вихідного надіслано відправлено до",
}
_BY_WORD = {word: way for way, words in _WAYS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class LogWords:
    """The parts of what happened, as far as they were said; `customer` is a name or a mail address."""

    kind: WorkKind
    direction: Direction
    title: str
    at: datetime | None
    outcome: str
    minutes: int | None
    about: int | None
    customer: str


def read(words: str, about: int | None, zone: str, now: datetime) -> LogWords:
    """Read such as `12 letter in yesterday 15:00 the signed contract 10m`; what came of it stands on lines below.

    Args:
        about: the item that the message replied to is about.

    Raises:
        Misused: `usage.log`: there is nothing to be read; `log.kind`; `log.direction`; as `bot.moments.happened`.
    """
    first, _, below = words.strip().partition("\n")
    number, customer, text = planwords.whom(first, about, zone, now)
    if not text:
        raise Misused("usage.log")
    kind, way, rest = _what(text.split())
    told = happened(rest, zone, now)
    title, minutes = planwords.took(told.rest if told else rest)
    if minutes is None and told is not None and told.until is not None:
        minutes = round((told.until - told.at).total_seconds() / 60) or None
    outcome, more = planwords.took(below) if minutes is None and below.strip() else (below.strip(), None)
    return LogWords(kind, way, title, told.at if told else None, outcome, minutes or more, number, customer)


def _what(words: list[str]) -> tuple[WorkKind, Direction, str]:
    """Read the kind and the direction, in either order, at the beginning."""
    folded = [one.casefold().strip(",.:;") for one in words[:2]]
    kind = next((kindwords.read(one) for one in folded if kindwords.read(one) in CONTACTS), None)
    if kind is None:
        raise Misused("log.kind")
    way = next((_BY_WORD[one] for one in folded if one in _BY_WORD), None)
    if way is None:
        raise Misused("log.direction")
    return kind, way, " ".join(words[2:])
