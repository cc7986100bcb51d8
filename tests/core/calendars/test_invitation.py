"""What calendars read is well formed, whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from core.calendars.invitation import Invitation, Party, ics

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AT = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
US, MARIA = Party("Support", "help+c7.abc@desk.example"), Party("Maria Lopez", "maria@customer.example")


def _told(**more: object) -> Invitation:
    facts = {"method": "REQUEST", "uid": "appointment-7@desk.example", "sequence": 2, "title": "Demonstration"}
    return Invitation(**{**facts, "starts": AT, "ends": AT + timedelta(hours=1), **more})  # type: ignore[arg-type] # any


def test_an_invitation_asks_one_customer_to_come() -> None:
    lines = ics(_told(place="Office 3"), US, MARIA, NOW).decode().split("\r\n")
    for line in (
        "METHOD:REQUEST",
        "UID:appointment-7@desk.example",
        "SEQUENCE:2",
        "DTSTAMP:20260302T100000Z",
        "DTSTART:20261025T013000Z",
        "DTEND:20261025T023000Z",
        "LOCATION:Office 3",
        "STATUS:CONFIRMED",
    ):
        assert line in lines
    (event,) = Calendar.from_ical("\r\n".join(lines)).walk("VEVENT")
    assert event["organizer"] == "mailto:help+c7.abc@desk.example"
    assert event["attendee"] == "mailto:maria@customer.example"
    assert (event["attendee"].params["RSVP"], event["attendee"].params["PARTSTAT"]) == ("TRUE", "NEEDS-ACTION")


def test_a_cancellation_names_the_same_appointment() -> None:
    text = ics(_told(method="CANCEL", sequence=3), US, MARIA, NOW).decode()
    assert "METHOD:CANCEL\r\n" in text
    assert "STATUS:CANCELLED\r\n" in text
    assert "UID:appointment-7@desk.example\r\n" in text
    assert "SEQUENCE:3\r\n" in text


def test_who_has_no_address_to_answer_from_is_not_asked() -> None:
    text = ics(_told(), US, None, NOW).decode()
    assert "METHOD:PUBLISH\r\n" in text
    assert "ATTENDEE" not in text
    assert "METHOD:CANCEL\r\n" in ics(_told(method="CANCEL"), US, None, NOW).decode()


@pytest.mark.parametrize("place", ["", "Office 3"])
def test_an_invitation_is_kept_in_a_row_and_read_back(place: str) -> None:
    assert Invitation.from_json(_told(place=place).to_json()) == _told(place=place)


WORDS = st.text(max_size=200)


@given(title=WORDS, place=WORDS, name=WORDS)
def test_no_words_can_become_a_line_of_their_own_and_no_line_is_too_long(title: str, place: str, name: str) -> None:
    written = ics(_told(title=title, place=place), Party(name, US.address), Party(name, MARIA.address), NOW)
    lines = written.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    names = [line.split(b":")[0].split(b";")[0] for line in lines if line and not line.startswith(b" ")]
    once = {b"METHOD", b"UID", b"SEQUENCE", b"SUMMARY", b"ORGANIZER", b"ATTENDEE", b"DTSTART", b"DTEND"}
    assert {one: names.count(one) for one in once} == dict.fromkeys(once, 1)
    assert set(names) <= once | {b"BEGIN", b"END", b"VERSION", b"PRODID", b"DTSTAMP", b"LOCATION", b"STATUS"}
    assert b"\n" not in written.replace(b"\r\n", b"")
