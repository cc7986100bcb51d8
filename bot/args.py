"""Words of a command → values; what cannot be read is refused with an example of how to say it."""

from __future__ import annotations

import re
from datetime import datetime, time

from bot.moments import when
from core.errors import Misused
from core.work.days import MOST_MISSED

#: A marked number is one wherever it stands; a bare one must not be the beginning of a time, a date or a version.
_MARKED = re.compile(r"(?:[№#]\s*|[nN])(\d{1,12})(?![^\W_])")
_BARE = re.compile(r"(\d{1,12})(?![^\W_])(?![.:,/-]\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


def number(words: str, about: int | None, usage: str, *, words_first: bool = False) -> tuple[int, str]:
    """Read the number of an item at the beginning, or take that of the message replied to.

    Args:
        words_first: in a reply, bare digits before other words belong to the words (`/note 2 cartridges`), for words
            that stay inside; where they go to somebody, the number that was written wins. `№5` and `#5` always do.

    Returns:
        The number and the words after it.

    Raises:
        Misused: `usage`.
    """
    text = words.strip()
    found = _MARKED.match(text) or _BARE.match(text)
    if found and (about is None or not words_first or found.re is _MARKED or found.end() == len(text)):
        return int(found[1]), text[found.end() :].lstrip(" \t\n:,.;")
    if about is not None:
        return about, text
    raise Misused(usage)


_ONE = r"(?:[№#]\s*|[nN])?\d{1,12}(?![^\W_])(?![.:,/-]\d)"
_SEVERAL = re.compile(rf"{_ONE}(?:\s*[,;]\s*|\s+)(?:{_ONE}(?:\s*[,;]\s*|\s+))*{_ONE}")


def several(words: str) -> tuple[list[int], str] | None:
    """Read the numbers of two items or more at the beginning, as in `12 15, 18 VIP`; None where there are fewer.

    Returns:
        The numbers, each once, in order, and what follows them as it is written.
    """
    text = words.strip()
    found = _SEVERAL.match(text)
    if found is None:
        return None
    numbers = [int(one) for one in re.findall(r"\d+", found[0])]
    return list(dict.fromkeys(numbers)), text[found.end() :].strip()


def number_if_any(words: str, about: int | None, zone: str, now: datetime) -> tuple[int | None, str]:
    """Read the number of an item where there need not be one: `25 грудня`, `2 days` and `9:00` are times, no items.

    Returns:
        The number, or None, and the words after it.
    """
    if not _MARKED.match(words.strip()) and _begins_with_a_time(words, zone, now):
        return about, words.strip()
    try:
        return number(words, about, "usage.task", words_first=True)
    except Misused:
        return None, words.strip()


def _begins_with_a_time(words: str, zone: str, now: datetime) -> bool:
    try:
        return when(words, zone, now) is not None
    except Misused:
        return True


#: A span at the beginning, its unit written to the number: `30m`, `1h30m`, `1год 15хв`. What is written apart may be of
#: the words ("30 minutes later it worked"), and is a span only where a comma or the end follows.
_SPENT = re.compile(r"(?:(\d{1,3})(?:h|год))?\s?(?:(\d{1,4})(?:m|min|хв))?(?=\s|[,;:]|$)", re.IGNORECASE)
_SPENT_APART = re.compile(
    r"(?:(\d{1,3})\s?(?:h|hours?|год\w*))?\s?(?:(\d{1,4})\s?(?:m|mins?|minutes?|хв\w*))?(?=[,;:]|$)", re.IGNORECASE
)

#: The most minutes that can be spent on one case at once: 100 hours.
MOST_MINUTES = 6000


def spent(words: str) -> tuple[int, str]:
    """Read the time that something took at the beginning of some words; where there is none, they stay as they are.

    Returns:
        The minutes, 0 where nothing was said, and the words after them.
    """
    text = words.strip()
    found = _SPENT_APART.match(text) or _SPENT.match(text)
    minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0
    if found is None or not 0 < minutes <= MOST_MINUTES:
        return 0, text
    return minutes, text[found.end() :].lstrip(" \t\n,;:")


def clock(words: str) -> time | None:
    """Read a time of day such as `9:00` or `18.30`; None when it is none."""
    found = _CLOCK.fullmatch(words.strip())
    return time(int(found[1]), int(found[2])) if found else None


_HOUR = r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?"
_HOURS = re.compile(
    rf"(?:(?:from|з|із|від)\s+)?{_HOUR}(?:\s*[-–—]\s*|\s+(?:to|till|until|до|по)\s+){_HOUR}", re.IGNORECASE
)


def hours(words: str) -> tuple[time, time] | None:
    """Read hours of the day such as `22:00-8:00`, `22-8` or `з 22 до 8`; None when they are none."""
    found = _HOURS.fullmatch(words.strip())
    if not found:
        return None
    return time(int(found[1]), int(found[2] or 0)), time(int(found[3]), int(found[4] or 0))


_LENGTH = re.compile(r"(\d{1,4})\s*(m|min|хв|h|год)?", re.IGNORECASE)


def minutes(words: str, usage: str) -> int:
    """Read a length such as `30m`, `2h`, `45` or `2год`, in minutes.

    Raises:
        Misused: `usage`.
    """
    found = _LENGTH.fullmatch(words.strip())
    if not found:
        raise Misused(usage)
    return int(found[1]) * (60 if (found[2] or "").casefold() in {"h", "год"} else 1)


def days(words: str, usage: str) -> int | None:
    """Read a number of days, from one to a year; None when nothing was said.

    Raises:
        Misused: `usage`.
    """
    text = words.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_MISSED:
        raise Misused(usage)
    return int(text)
