"""Words → hours of a day: `9:00`, `5 pm`, `о пів на четверту`, `15:00–16:30`, `з 10 до 11`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from bot import timewords as known

#: A bare hour up to this one, as in `at 5`, is one of the afternoon: nobody works at five in the morning.
_LAST_AFTERNOON_HOUR = 6

_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of day that was read, its end where it has one, and the places of its first word and after its last."""

    at: time
    until: time | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """One mark on the clock, as it was written.

    Attributes:
        end: the place after it.
        half: whether it was said to be of the second half of the day.
        sure: nothing else could be meant by it.
    """

    hour: int
    minute: int | None
    end: int
    half: bool | None = None
    sure: bool = False

    def time(self, half: bool | None, part: time | None) -> time:
        """Tell the time of day; `half` and `part` say of which half it is where it does not say so itself."""
        half = half if self.half is None else self.half
        if self.minute is not None and not self.sure:
            return time(_hour(self.hour, half), self.minute)
        return time(_bare_hour(self.hour, half, part), self.minute or 0)


def read(words: Sequence[str], place: int, *, before: str, part: time | None, after_day: bool) -> Hours | None:
    """Read the hours that stand at a place; a bare number is one only where it can be nothing else.

    Args:
        before: the word that leads to it, such as `at`.
        part: the part of the day that was named.
        after_day: a day stands before it.
    """
    led = before in known.CLOCK_LEADS or before in known.FROM_LEADS
    first, second = _pair(words, place, led=led, ranged=before in known.FROM_LEADS)
    if first is None:
        return None
    if second is not None:
        bare = first.minute is None and second.minute is None and first.half is None and second.half is None
        if bare and not (led or after_day):
            return None
        return Hours(first.time(second.half, part), second.time(None, part), place, second.end)
    ends = after_day and first.end >= len(words)
    if first.minute is None and first.half is None and not (first.sure or led or ends):
        return None
    return Hours(first.time(None, part), None, place, first.end)


def _pair(words: Sequence[str], place: int, *, led: bool, ranged: bool) -> tuple[_Mark | None, _Mark | None]:
    """Read one mark, or two with a dash or `to` between them."""
    glued = known.HOURS.fullmatch(_at(words, place))
    if glued:
        one, last = _mark((glued[1],), 0, led=led), _mark((glued[2], _at(words, place + 1)), 0, led=led)
        if one and last:
            return one, replace(last, end=place + last.end)
    first = _mark(words, place, led=led)
    if first is None:
        return None, None
    between = _at(words, first.end)
    if between in _DASHES or (ranged and between in known.TO_LEADS):
        return first, _mark(words, first.end + 1, led=True)
    return first, None


def _mark(words: Sequence[str], place: int, *, led: bool) -> _Mark | None:
    if led and (spoken := _spoken(words, place)):
        return spoken
    word, following = _at(words, place), _at(words, place + 1)
    found = known.CLOCK.fullmatch(word) or known.HOUR.fullmatch(word)
    if found is None:
        return None
    minute, glued = (int(found[2]), found[3]) if found.re is known.CLOCK else (None, found[2])
    half = known.HALVES.get(glued or following)
    oclock = not glued and following in known.OCLOCK
    end = place + 1 + (oclock or (not glued and half is not None))
    sure = minute is None and (oclock or word.startswith("@"))
    return _Mark(int(found[1]), minute, end, half, sure)


def _spoken(words: Sequence[str], place: int) -> _Mark | None:
    """Read an hour in words: `nine`, `третій`, `half past 4`, `пів на четверту`."""
    pair = _at(words, place), _at(words, place + 1)
    if pair in known.HALF_PAST:
        word = _at(words, place + 2)
        hour = known.SPOKEN_HOURS.get(word) or (int(word) if known.HOUR.fullmatch(word) and word.isdecimal() else None)
        if hour is None:
            return None
        return _Mark((hour - known.HALF_PAST[pair]) % 12 or 12, 30, place + 3, sure=True)
    hour = known.SPOKEN_HOURS.get(pair[0])
    if hour is None:
        return None
    half = known.HALVES.get(pair[1])
    return _Mark(hour, None, place + 1 + (half is not None or pair[1] in known.OCLOCK), half, sure=True)


def is_number(word: str) -> bool:
    """Tell whether a word is a bare number that could be an hour."""
    return word.isdecimal() and bool(known.HOUR.fullmatch(word))


def _hour(hour: int, half: bool | None) -> int:
    if half is None:
        return hour
    return hour % 12 + 12 if half and hour <= 12 else hour % 12 if not half else hour  # noqa: PLR2004 - of the clock


def _bare_hour(hour: int, half: bool | None, part: time | None) -> int:
    if half is None and part is not None:
        half = part >= known.NOON
    if half is None and 1 <= hour <= _LAST_AFTERNOON_HOUR:
        half = True
    return _hour(hour, half)


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""
