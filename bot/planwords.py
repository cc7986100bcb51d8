"""Words of a plan → its parts: for whom, what, when, where, and how long before to remind; and what came of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import args, spans
from bot.moments import planned
from bot.timewords import SPAN_LEADS

#: A customer at the beginning: a name in quotes of any kind, or a mail address.
_CUSTOMER = re.compile(r"(?:[\"“”„«]([^\"“”„«»]+)[\"“”»]|([^\s@\"«»“”„]+@[^\s@]+\.[^\s@]+))(?=\s|$)")

#: What asks to be reminded at another time than usual, at the end.
_REMIND = re.compile(r"(?:^|[\s,;])(?:remind(?:\s+me)?|нагада(?:ти|й)(?:\s+мені)?)\s+(?:за\s+)?(\S.*)$", re.IGNORECASE)
_BEFORE = frozenset({"before", "earlier", "до", "раніше"})

#: What may stand between the parts.
_AROUND = " ,;:–—-"

#: What stands before a place.
_PLACE = " @ "


#: The colleagues who are needed, at the end: `with olena, taras and @ivan`.
_WITH = re.compile(
    r"(?:^|[\s,;])(?:together\s+with|with|разом\s+(?:з|із|зі)|із|зі|з)\s+"
    r"(@?[\w.'’ʼ-]+(?:\s*(?:,|&|\band\b|\bта\b|\bі\b|\bй\b)\s*@?[\w.'’ʼ-]+)*)\s*$",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|&|\band\b|\bта\b|\bі\b|\bй\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlanWords:
    """The parts of a plan, as far as they were said.

    `customer` is a name or a mail address, `colleagues` are handles or names.
    """

    title: str
    at: datetime | None
    until: datetime | None
    about: int | None
    customer: str = ""
    place: str = ""
    remind: timedelta | None = None
    colleagues: tuple[str, ...] = ()


def read(words: str, about: int | None, zone: str, now: datetime, *, colleagues: bool = False) -> PlanWords:
    """Read a plan such as `12 tomorrow 15-16 demo @ Office 3 remind 1h`.

    Args:
        about: the item that the message replied to is about.
        colleagues: it may end with who is needed: `with olena, taras`.

    Raises:
        Misused: as `bot.moments.when`.
    """
    text, remind = _remind(words.strip())
    number, name, text = whom(text, about, zone, now)
    said = planned(text, zone, now)
    title, needed = _needed(said.title) if colleagues else (said.title, ())
    title, _, place = f" {title} ".partition(_PLACE)
    if colleagues and not needed:
        title, needed = _needed(title)
    return PlanWords(title.strip(_AROUND), said.at, said.until, number, name, place.strip(), remind, needed)


def whom(text: str, about: int | None, zone: str, now: datetime) -> tuple[int | None, str, str]:
    """Read at the beginning for whom something is: an item's number, or a customer; and the words after it."""
    customer = _CUSTOMER.match(text)
    if customer is None:
        number, rest = args.number_if_any(text, about, zone, now)
        return number, "", rest
    return None, (customer[1] or customer[2]).strip(), text[customer.end() :].lstrip(" ,:;")


def _needed(text: str) -> tuple[str, tuple[str, ...]]:
    found = _WITH.search(text)
    if found is None:
        return text, ()
    return text[: found.start()], tuple(one for one in _BETWEEN_NAMES.split(found[1]) if one)


def took(words: str) -> tuple[str, int | None]:
    """Part what came of something from how many minutes it took, at the beginning or the end: `agreed 1h 30m`."""
    split = words.split()
    texts = [one.casefold().rstrip(",;.").replace("'", "ʼ") for one in split]
    for first in range(len(split)):
        span, end = _span(texts, first)
        led = first > 0 and texts[first - 1] in SPAN_LEADS
        if span and led:
            return words.strip(), None  # "in 2 hours" is when, and not how long
        if span and end == len(split):
            return " ".join(split[:first]).rstrip(_AROUND), _minutes(span)
    span, end = _span(texts, 0)
    return (" ".join(split[end:]).lstrip(_AROUND), _minutes(span)) if span else (words.strip(), None)


def _minutes(span: timedelta) -> int:
    return max(1, round(span.total_seconds() / 60))


def _span(texts: list[str], first: int) -> tuple[timedelta, int]:
    """Read hours and minutes; what is counted in days is no length of work but a date."""
    stretch, end = spans.counted(texts, first)
    if stretch == spans.Stretch():
        stretch, end = spans.one(texts, first) or (stretch, end)
    return (timedelta(), end) if stretch.shift else (stretch.exact, end)


def _remind(text: str) -> tuple[str, timedelta | None]:
    found = _REMIND.search(text)
    if not found:
        return text, None
    texts = [one.casefold().rstrip(",;.").replace("'", "ʼ") for one in found[1].split()]
    while texts and texts[-1] in _BEFORE:
        texts.pop()
    stretch, end = spans.one(texts, 0) or spans.counted(texts, 0)
    span = stretch.exact + timedelta(days=stretch.days)
    return (text[: found.start()].strip(), span) if span and end == len(texts) and not stretch.months else (text, None)
