"""The journey of an appointment: the customer's calendar learns of it, the clock reminds, it ends with an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from core.people.rules import Role
from tests.flows.house import FlowDesk, data, letter

MARIA = "maria@customer.example"


@dataclass(frozen=True)
class Words:
    """What is written and read in one language."""

    code: str
    letter: str
    meet: str
    place: str
    moved: str
    move: str
    now: str
    done: str
    card: tuple[str, ...]


ENGLISH = Words(
    "en", "The projector in room five does not turn on, please help us", "/meet 1 tomorrow 15:00-16:00 Demo @ Office 3",
    "📍 Office 3", "is at another time now", "/move 2 in 0.1 min", "Now:", "/done 2 they will buy it 30m",
    ("Closed", "Outcome: they will buy it", "⏱ 30 min"),
)  # fmt: skip
UKRAINIAN = Words(
    "uk", "Проектор у пʼятій кімнаті не вмикається, допоможіть", "/meet 1 завтра 15:00–16:00 Показ @ Офіс 3",
    "📍 Офіс 3", "перенесено", "/move 2 за 0,1 хв", "Зараз:", "/done 2 купуватимуть 30 хв",
    ("Підсумок: купуватимуть", "⏱ 30 хв"),
)  # fmt: skip


def calendar_of(message: EmailMessage) -> tuple[str, Any]:
    """Find what the calendar reads beside the words: its method, and the event; the attached file says the same."""
    beside = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    files = [part for part in message.iter_attachments() if part.get_filename() == "invite.ics"]
    (shown,), (file,) = beside, files
    content = shown.get_payload(decode=True)
    assert content == file.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = Calendar.from_ical(content)
    assert shown.get_param("method") == calendar["method"]
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


@pytest.mark.long
@pytest.mark.parametrize("words", [ENGLISH, UKRAINIAN], ids=lambda one: one.code)
async def test_an_appointment_goes_its_whole_way(small_house: FlowDesk, words: Words) -> None:
    house, client, mailbox = small_house, small_house.client, small_house.mailbox
    olena = await house.join("Olena Koval", Role.ADMINISTRATOR, language=words.code)
    await house.post(letter(f"Maria Lopez <{MARIA}>", "Projector", words.letter))
    card = await client.wait_for(olena, words.letter[:20])
    await client.press_data(olena, card.id, data(card, "accept"))

    await client.say(olena, words.meet)
    asked = await client.wait_for(olena, lambda one: any("1:uninvite:2" in row[0] for row in one.buttons if row))
    invitation = await mailbox.wait_for(MARIA, words.place)
    method, event = calendar_of(invitation)
    assert (method, int(event["sequence"]), str(event["location"])) == ("REQUEST", 0, words.place.removeprefix("📍 "))
    assert str(event["attendee"]) == f"mailto:{MARIA}"
    assert str(event["organizer"]).startswith("mailto:help+c1.")
    assert (event["dtend"].dt - event["dtstart"].dt).total_seconds() == 3600
    assert invitation["Auto-Submitted"] is None
    assert "2" in (await client.press_data(olena, asked.id, "1:uninvite:2") or ""), "it is too late to take it back"
    planned = await client.wait_for(olena, lambda one: "Projector" in one.text and "📅" in one.text)
    assert data(planned, "move_ask")

    await client.say(olena, words.move)
    method, moved = calendar_of(await mailbox.wait_for(MARIA, words.moved))
    assert (method, int(moved["sequence"]), moved["uid"]) == ("REQUEST", 1, event["uid"])
    await client.wait_for(olena, words.now, timeout_s=30)

    await client.say(olena, words.done)
    await client.wait_for(olena, lambda one: all(part in one.text for part in words.card))
    assert [str(one["Subject"]) for one in mailbox.letters if "CANCEL" in one.as_string()] == []


async def test_in_chat_the_invitation_is_a_message_with_a_file(small_house: FlowDesk) -> None:
    house, client = small_house, small_house.client
    olena = await house.join("Olena Koval", Role.ADMINISTRATOR)
    ivan = await client.person("Ivan", language="uk")
    await client.say(ivan, "Принтер не друкує")
    card = await client.wait_for(olena, "Принтер не друкує")
    await client.press_data(olena, card.id, data(card, "accept"))
    await client.say(olena, "/meet 1 tomorrow 15:00 Look at it")
    told = await client.wait_for(ivan, "Вас запрошено на зустріч: Look at it")
    assert told.file
    await client.say(olena, "/calloff 2")
    off = await client.wait_for(ivan, "Зустрічі Look at it не буде")
    assert off.file

    await client.say(olena, "/task 1 tomorrow order paper")
    await client.say(olena, "/resolve 1 repaired")
    left = await client.wait_for(olena, "Still planned for №1")
    await client.press_data(olena, left.id, data(left, "close_planned"))
    await client.wait_for(olena, "Called off: №3")
    await client.wait_for(ivan, "repaired")
