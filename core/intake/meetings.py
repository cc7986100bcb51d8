"""What is made of a calendar in a letter: an answer to our invitation, or a meeting in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.cases.coming import answered
from core.cases.parties import takes_part
from core.customers.views import ContactView
from core.desk import Tx
from core.intake.letter import Letter, Meeting
from core.texts.said import Said, said
from core.texts.say import Reader, say_plain

#: How a meeting is told, by its method; of others nothing is.
_WORDS = {"REQUEST": "meeting.asked", "PUBLISH": "meeting.asked", "": "meeting.asked", "ADD": "meeting.asked",
          "COUNTER": "meeting.countered", "CANCEL": "meeting.cancelled"}  # fmt: skip


def calendar_answer(tx: Tx, case: int, contact: ContactView, letter: Letter) -> str | None:
    """Note the answer of a calendar to an appointment of a case; None where the letter is none.

    Who takes part in copy was not invited: their answer says nothing of the customer's.
    """
    meeting = letter.meeting
    if meeting is None or meeting.method != "REPLY" or takes_part(tx, case, contact.id):
        return None
    return answered(tx, case, meeting.uid, meeting.sequence, meeting.answer, contact)


def with_meeting(tx: Tx, letter: Letter, text: str) -> str:
    """Add to a text what a calendar in its letter says, in words: what, when and where."""
    meeting = letter.meeting
    if meeting is None or meeting.method not in _WORDS:
        return text
    reader = Reader(tx.house.locale, tx.house.zone, tx.now)
    words = "\n".join(say_plain(line, reader) for line in _lines(meeting, ZoneInfo(tx.house.zone)))
    return f"{text}\n\n{words}" if text.strip() else words


def _lines(meeting: Meeting, zone: ZoneInfo) -> list[Said]:
    lines = [said(_WORDS[meeting.method], title=meeting.title or "–")]
    if meeting.starts is not None:
        starts = _aware(meeting.starts, zone)
        ends = max(starts, _aware(meeting.ends, zone)) if meeting.ends is not None else starts
        lines.append(_when(meeting, starts, ends))
    if meeting.repeats:
        lines.append(said("meeting.repeats"))
    if meeting.place:
        lines.append(said("appointment.place", place=meeting.place))
    return lines


def _when(meeting: Meeting, starts: datetime, ends: datetime) -> Said:
    if meeting.whole_day:
        last = max(starts, ends - timedelta(days=1))  # a whole day ends at the next midnight
        return said("meeting.day" if last == starts else "meeting.days", at=starts, until=last)
    return said("appointment.time" if ends - starts < timedelta(days=1) else "meeting.long", at=starts, until=ends)


def _aware(at: datetime, zone: ZoneInfo) -> datetime:
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
