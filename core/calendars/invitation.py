"""An appointment as calendars read it: an iCalendar object that invites, moves or cancels (RFC 5545, RFC 5546)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from core.texts.lines import one_line

#: The name of the file that holds it.
FILE_NAME, CONTENT_TYPE = "invite.ics", "text/calendar"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a customer's calendar is told of an appointment.

    Attributes:
        sequence: how often it was changed; a calendar keeps what has the greatest.
    """

    method: Literal["REQUEST", "CANCEL"]
    uid: str
    sequence: int
    title: str
    starts: datetime
    ends: datetime
    place: str = ""

    def to_json(self) -> dict[str, Any]:
        """Make it a JSON object, to be kept in a row."""
        return {
            "method": self.method,
            "uid": self.uid,
            "sequence": self.sequence,
            "title": self.title,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "place": self.place,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Invitation:
        """Read it back from what `to_json` made."""
        times = {name: datetime.fromisoformat(kept[name]) for name in ("starts", "ends")}
        return cls(**{**kept, **times})


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who invites or is invited: a name to be shown, and a mail address."""

    name: str
    address: str


def method_of(what: Invitation, to: Party | None) -> str:
    """Tell the method: nobody is asked who has no address to answer from (RFC 5546, section 3.2.1)."""
    return "PUBLISH" if to is None and what.method == "REQUEST" else what.method


def ics(what: Invitation, by: Party, to: Party | None, now: datetime) -> bytes:
    """Write it as bytes: in UTC, lines folded at 75 octets, without control characters (RFC 5545, section 3.1).

    Args:
        to: whom it asks to come; None where only the calendar is told.
    """
    # It takes a third of a second to import: only who sends an invitation waits for it.
    from icalendar import Calendar, Event, vCalAddress, vText

    event = Event()
    event.add("uid", what.uid)
    event.add("sequence", what.sequence)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", what.starts.astimezone(UTC))
    event.add("dtend", what.ends.astimezone(UTC))
    event.add("summary", one_line(what.title))
    if what.place:
        event.add("location", one_line(what.place))
    event.add("status", "CANCELLED" if what.method == "CANCEL" else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{by.address}")
    organizer.params["CN"] = vText(one_line(by.name))
    event["organizer"] = organizer
    if to is not None:
        attendee = vCalAddress(f"mailto:{to.address}")
        attendee.params["CN"] = vText(one_line(to.name))
        attendee.params["ROLE"], attendee.params["PARTSTAT"] = vText("REQ-PARTICIPANT"), vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("FALSE" if what.method == "CANCEL" else "TRUE")
        event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Cherha//Service desk//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(what, to))
    calendar.add_component(event)
    return bytes(calendar.to_ical())
