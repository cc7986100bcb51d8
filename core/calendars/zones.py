"""Time zones by name, forgiving of how people write them."""

from __future__ import annotations

from datetime import datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.calendars.rules import instant
from core.errors import Refused


@cache
def _by_word() -> dict[str, str]:
    """Map casefolded names, and the cities in them, to zones; a whole name wins over a city."""
    names = sorted(available_timezones())
    cities = {name.rsplit("/", 1)[-1].casefold().replace("_", " "): name for name in names if "/" in name}
    return {**cities, "kiev": "Europe/Kyiv", **{name.casefold(): name for name in names}}


def zone(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name or by the city in it, in any case.

    Raises:
        Refused: `zone.unknown`.
    """
    word = name.strip().casefold()
    known = _by_word().get(word) or _by_word().get(word.replace("_", " "))
    if known is None:
        raise Refused("zone.unknown", word=name.strip())
    return ZoneInfo(known)


def start_of_day(zone_name: str, now: datetime) -> datetime:
    """Tell the instant, in UTC, at which the local day of an instant began."""
    here = ZoneInfo(zone_name)
    return instant(now.astimezone(here).date(), time(), here)
