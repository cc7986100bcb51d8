"""What a calendar says in a letter: who is asked to come when, or whether somebody comes (RFC 5546, RFC 6047)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.intake.letter import Attachment, Meeting
from core.intake.parse.headers import speakable

#: Types of calendars, and bytes of one that are read at all.
_TYPES = {"text/calendar", "application/ics"}
_BYTES = 64 * 1024

#: Characters of a title or a place.
_LENGTH = 300

#: Years in which anybody meets; what is beyond them some zone has no words for.
_YEARS = range(1900, 2201)

#: What the library says of what is none.
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)


def meeting_of(files: Iterable[Attachment]) -> Meeting | None:
    """Read the first meeting that a letter brings; None where there is none, or it cannot be read."""
    for one in files:
        if one.content_type in _TYPES and len(one.content) <= _BYTES and b"BEGIN:VEVENT" in one.content:
            try:
                found = _read(one.content)
            except _FAULTS:
                continue
            if found is not None:
                return found
    return None


def _read(content: bytes) -> Meeting | None:
    # It takes a third of a second to import: only what reads a letter with a calendar waits for it.
    from icalendar import Calendar

    calendar = Calendar.from_ical(content)
    event = next(iter(calendar.walk("VEVENT")), None)
    if event is None or event.get("uid") is None:
        return None
    starts, whole_day = _instant(event.get("dtstart"))
    until, _ = _instant(event.get("dtend"))
    if until is None and starts is not None and event.get("duration") is not None:
        until = _after(starts, _span(event.get("duration")))
    return Meeting(
        method=_word(calendar.get("method")),
        uid=speakable(str(event.get("uid")))[:_LENGTH],
        sequence=_count(event.get("sequence")),
        title=_line(event.get("summary")),
        starts=starts,
        ends=until,
        whole_day=whole_day,
        place=_line(event.get("location")),
        repeats=event.get("rrule") is not None,
        answer=_answer(event.get("attendee")),
    )


def _instant(value: Any) -> tuple[datetime | None, bool]:
    """Read an instant, in UTC where its zone is told, else as it stands on the wall; and whether it is a whole day."""
    at = getattr(value, "dt", None)
    if isinstance(at, date) and at.year not in _YEARS:
        return None, False
    if isinstance(at, datetime):
        return (at.astimezone(UTC) if at.tzinfo is not None else at), False
    if isinstance(at, date):
        return datetime(at.year, at.month, at.day), True  # noqa: DTZ001 - a day has no zone
    return None, False


def _after(starts: datetime, span: timedelta) -> datetime | None:
    try:
        until = starts + span
    except OverflowError:
        return None
    return until if until.year in _YEARS else None


def _span(value: Any) -> timedelta:
    span = getattr(value, "dt", None)
    return span if isinstance(span, timedelta) else timedelta(0)


def _answer(attendees: Any) -> str:
    """Take the answer of the attendee; a reply has one."""
    one = attendees[0] if isinstance(attendees, list) and attendees else attendees
    params = getattr(one, "params", {})
    return _word(params.get("PARTSTAT"))


def _word(value: Any) -> str:
    word = str(value or "").strip().upper()
    return word if re.fullmatch(r"[A-Z-]{1,20}", word) else ""


def _count(value: Any) -> int:
    text = str(value or "0").strip()
    return int(text) if re.fullmatch(r"\d{1,6}", text) else 0


def _line(value: Any) -> str:
    return " ".join(speakable(str(value or "")).split())[:_LENGTH]
