"""What calendars write: answers to our invitations are noted on the appointment, other meetings are told in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.render.cards import card
from core.activities import queries as activities
from core.activities.views import ActivityView, Plan
from core.cases import actions as cases
from core.cases import appointments, copying
from core.cases.rules import EntryKind
from core.intake.parse import parse
from core.intake.tags import tagged_address
from core.outbox.model import Channel, OwedKind, OwedState
from core.people.views import Representative
from core.work.rules import WorkKind
from tests.core.clock import MONDAY_NOON
from tests.workers.letters import Post, letter

TOMORROW = MONDAY_NOON + timedelta(days=1)


def _calendar(method: str, *lines: str) -> str:
    event = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(event)


def _with(calendar: str, words: str = "Ivan has answered.") -> str:
    first = f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    return f"{first}--b\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n{calendar}\r\n--b--"


def _appointment(post: Post, olena: Representative) -> tuple[int, int]:
    number = post.bring(letter()).work_id or 0
    post.office.desk.run(cases.accept, number, olena)
    what = Plan(WorkKind.APPOINTMENT, "Show it", TOMORROW, regarding=number)
    return number, post.office.desk.run(appointments.plan, what, olena).item.number


def _answer(
    post: Post, case: int, number: int, said: str, *, sequence: int = 0, sender: str = "ivan@example.com"
) -> str:
    reply = _calendar(
        "REPLY", f"UID:appointment-{number}@localhost", f"SEQUENCE:{sequence}", "DTSTART:20260303T100000Z",
        "SUMMARY:Show it", f"ATTENDEE;PARTSTAT={said}:mailto:ivan@example.com",
    )  # fmt: skip
    raw = letter(_with(reply), sender=sender, subject=f"{said}: Show it", kind='multipart/mixed; boundary="b"')
    to = tagged_address(post.office.desk.house.secret, "desk@localhost", case)
    row = post.keep(raw, to, sender)
    return post.understand(row) or ""


def _shown(post: Post, number: int) -> ActivityView:
    return post.office.desk.look(lambda tx: activities.activity(tx, post_item(tx, number)))


def post_item(tx, number: int):  # noqa: ANN001, ANN201 - of the office
    from core.work import queries

    return queries.item(tx, number)


@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_an_answer_to_our_invitation_is_noted_and_told(post: Post, olena: Representative, said: str) -> None:
    case, number = _appointment(post, olena)
    assert _answer(post, case, number, said) == "calendar answer"
    shown = _shown(post, number)
    assert (shown.answer, shown.answered_at) == (said.lower(), post.office.clock.at)
    assert f"card.answer_{said.lower()}" in [line.key for line in card(shown, olena).lines]
    last = post.entries(case)[-1]
    assert (last.kind, last.text) == (EntryKind.MACHINE, "Ivan has answered.")
    told = post.office.owed(person_id=olena.id, kind=OwedKind.NOTICE)[-1]
    assert told.facts["lines"][0]["key"] == f"notice.meeting_{said.lower()}"
    assert f"invitation_{said.lower()}" in post.office.verbs(case)


def test_an_answer_to_what_was_moved_meanwhile_says_nothing(post: Post, olena: Representative) -> None:
    case, number = _appointment(post, olena)
    post.office.clock.advance(timedelta(minutes=1))
    for row in post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED):
        from core.outbox.actions import settle_sent
        from core.outbox.claims import claim_mail

        parcel = post.office.desk.run(claim_mail, row.id)
        assert parcel is not None
        post.office.desk.run(settle_sent, parcel)
    _answer(post, case, number, "ACCEPTED")
    post.office.desk.run(appointments.move, number, TOMORROW + timedelta(hours=2), olena)
    assert _shown(post, number).answer == "", "it was an answer to the old time"
    assert _answer(post, case, number, "DECLINED") == "message"
    assert _shown(post, number).answer == ""
    assert _answer(post, case, number, "ACCEPTED", sequence=1) == "calendar answer"


def test_a_stranger_answers_nothing(post: Post, olena: Representative) -> None:
    case, number = _appointment(post, olena)
    assert _answer(post, case, number, "DECLINED", sender="eve@elsewhere.example") == "case of a stranger"
    assert _shown(post, number).answer == ""


def test_who_takes_part_in_copy_answers_nothing_in_the_customers_place(post: Post, olena: Representative) -> None:
    case, number = _appointment(post, olena)
    post.office.desk.run(copying.copy, case, "boss@example.com", olena)
    _answer(post, case, number, "DECLINED", sender="boss@example.com")
    assert _shown(post, number).answer == ""
    assert post.entries(case)[-1].kind is EntryKind.CUSTOMER, "words like any other"


def test_an_answer_to_an_appointment_of_another_case_is_only_words(post: Post, olena: Representative) -> None:
    _, number = _appointment(post, olena)
    other = post.bring(letter(subject="Lamp")).work_id or 0
    assert _answer(post, other, number, "DECLINED") == "message"
    assert _shown(post, number).answer == ""


def test_a_meeting_that_a_customer_asks_for_is_told_in_words(post: Post) -> None:
    asked = _calendar(
        "REQUEST", "UID:x@far.example", "DTSTART;TZID=Europe/Kyiv:20260305T140000",
        "DTEND;TZID=Europe/Kyiv:20260305T153000",
        "SUMMARY:Budget\\, again", "LOCATION:Room 3", "RRULE:FREQ=WEEKLY",
    )  # fmt: skip
    number = post.bring(letter(_with(asked, "Please come."), kind='multipart/alternative; boundary="b"')).work_id
    assert post.entries(number)[0].text == (
        "Please come.\n\n📅 Invitation: Budget, again\n🗓 5 Mar 2026, 14:00–15:30\n🔁 It repeats\n📍 Room 3"
    )


def test_a_letter_that_is_only_a_calendar_has_its_words(post: Post) -> None:
    asked = _calendar("REQUEST", "UID:x@far.example", "DTSTART;VALUE=DATE:20260305", "SUMMARY:Fair")
    number = post.bring(letter(asked, kind="text/calendar; method=REQUEST")).work_id
    assert post.entries(number)[0].text == "📅 Invitation: Fair\n🗓 5 Mar 2026, all day"


@pytest.mark.parametrize(
    "calendar",
    ["BEGIN:VEVENT", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\nEND:VEVENT", _calendar("REQUEST", "UID:x"),
     _calendar("REQUEST", "UID:x", "DTSTART:99999999T999999Z"), _calendar("REPLY", "UID:appointment-1@localhost"),
     _calendar("REQUEST", "UID:x", "SEQUENCE:many", "DTSTART;TZID=Nowhere/City:20260305T140000"), "BEGIN:VEVENT" * 6000,
     _calendar("\x00", "UID:\x00", "SUMMARY:\x00")],
)  # fmt: skip
def test_whatever_is_in_a_calendar_the_letter_becomes_a_case(post: Post, calendar: str) -> None:
    raw = letter(_with(calendar, "Hello"), kind='multipart/mixed; boundary="b"')
    parse(raw)
    number = post.bring(raw).work_id
    assert post.entries(number)[0].text.startswith("Hello")


@pytest.mark.parametrize(
    "when",
    [
        ("DTSTART:00010101T000000", "DTEND:99991231T235900"),
        ("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010101"),
        ("DTSTART:99991231T235900Z", "DURATION:P1D"),
        ("DTSTART:20260303T100000Z", "DTEND:99991231T235959Z"),
        ("DTSTART:20260303T100000Z", "DURATION:P2000000D"),
    ],
)
def test_a_meeting_at_the_end_of_time_delays_no_letter(post: Post, when: tuple[str, ...]) -> None:
    raw = letter(_with(_calendar("REQUEST", "UID:1@x", *when, "SUMMARY:Forever")), kind='multipart/mixed; boundary="b"')
    row = post.bring(raw)
    assert row.work_id is not None
    (entry,) = [one for one in post.entries(row.work_id) if one.kind is EntryKind.CUSTOMER]
    assert "Forever" in entry.text
