"""Words → a stretch of time: `2h`, `half an hour`, `3 дні`, `півтори години`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import timewords as known

#: Nobody plans further ahead; a longer span is cut to it.
LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time: months and days of the calendar, and what an exact clock counts."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    @property
    def shift(self) -> bool:
        """Whether the calendar is needed to tell how long it is."""
        return bool(self.months or self.days)

    @property
    def long(self) -> bool:
        """Whether it is a day or more."""
        return self.shift or self.exact >= timedelta(days=1)

    def add(self, unit: str, count: float) -> Stretch | None:
        """Add so many of a unit; None when nobody can tell how long that is, such as half a month."""
        if count != int(count) and unit == "months":
            return None
        if count == int(count) and unit in {"months", "weeks", "days"}:
            whole = int(count) * (7 if unit == "weeks" else 1)
            longest = LONGEST.days // (31 if unit == "months" else 1)
            more = min(whole, longest)
            return (
                replace(self, months=self.months + more) if unit == "months" else replace(self, days=self.days + more)
            )
        return replace(self, exact=min(self.exact + timedelta(**{unit: count}), LONGEST))


def one(words: Sequence[str], place: int) -> tuple[Stretch, int] | None:
    """Read half an hour, or one of something without a number."""
    minutes, taken = known.some_minutes(tuple(words[place : place + 5]))
    if minutes:
        return Stretch(exact=timedelta(minutes=minutes)), place + taken
    article = _at(words, place) in {"a", "an", "one"}
    unit = known.unit(_at(words, place + article))
    single = Stretch().add(unit, 1) if unit else None
    return (single, place + article + 1) if single else None


def counted(words: Sequence[str], place: int) -> tuple[Stretch, int]:
    """Read `2h`, `3 days`, `1 год 30 хв`; nothing of it is no time at all."""
    stretch = Stretch()
    while found := known.SPAN.fullmatch(_at(words, place)):
        apart = not found[2]
        unit = known.unit(_at(words, place + 1)) if apart else known.unit(found[2], glued=True)
        more = stretch.add(unit, float(found[1].replace(",", "."))) if unit else None
        if more is None:
            break
        stretch = more
        place += 1 + apart
    return stretch, place


def _at(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""
