"""A flood by one: nothing of it is lost, and nobody else waits for it; by mail address, by chat, by client."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.cases import conversations, letters, queries
from core.cases.model import Case
from core.customers.model import Contact
from core.customers.rules import CHAT_SPAN, MAIL_SPAN, Pace, counted, pace
from core.desk import Tx
from core.inbox.model import InboxState
from core.people.rules import Role
from core.people.views import Representative
from core.settings import Settings
from tests.bot.talk import Talk
from tests.core.office import Office, key_of
from tests.workers.letters import Post, letter
from workers.smtp_in import Door, DoorLimits, Listen, Seams
from workers.smtp_in.counting import Guests

IVAN, PETRO = 70, 71


@pytest.fixture
def hasty(office: Office) -> Office:
    """A desk that hears three messages of one customer a minute, and as many letters an hour."""
    office.desk.house = replace(office.desk.house, chat_per_minute=3, mail_per_hour=3)
    return office


@pytest.fixture
def olena(hasty: Office) -> Representative:
    return hasty.join("Olena", Role.MANAGER)


def _about(office: Office, person: Representative, name: str) -> list[str]:
    """List what somebody is told of the cases of a customer."""
    mine = office.owed(person_id=person.id)
    return [key_of(row) for row in mine if row.work_id and _name(office, row.work_id) == name]


def _name(office: Office, number: int) -> str:
    return office.desk.look(queries.case, number).contact.name


def _cases(office: Office, name: str) -> dict[int, list[str]]:
    """List the words of each case of a customer."""

    def find(tx: Tx) -> dict[int, list[str]]:
        numbers = tx.session.scalars(
            select(Case.work_id).join(Contact, Contact.id == Case.contact_id).where(Contact.name == name)
        )
        return {one: [entry.text for entry in conversations.conversation(tx, one, limit=100)] for one in numbers}

    return office.desk.look(find)


async def test_of_a_flood_in_chat_every_word_is_kept_and_few_are_told(
    hasty: Office, olena: Representative, talk: Talk
) -> None:
    said = [await talk.say(IVAN, f"Word {number}", "Ivan") for number in range(15)]
    ((_, words),) = _cases(hasty, "Ivan").items()
    assert words == [f"Word {number}" for number in range(15)]
    told = _about(hasty, olena, "Ivan")
    assert told == ["card.why.new_assigned", *["notice.customer_wrote"] * 2, "notice.customer_too_fast"]
    assert [number for number, one in enumerate(said) if "faster than anybody" in one.text] == [3]
    hasty.clock.advance(CHAT_SPAN)
    await talk.say(IVAN, "Now slowly", "Ivan")
    assert _about(hasty, olena, "Ivan")[-1] == "notice.customer_wrote"


@pytest.mark.long
async def test_whoever_writes_slowly_meanwhile_is_heard_at_once(
    hasty: Office, olena: Representative, talk: Talk
) -> None:
    for number in range(12):
        await talk.say(IVAN, f"/new Word {number}", "Ivan")
    assert "№" in (await talk.say(PETRO, "Help", "Petro")).text
    assert _about(hasty, olena, "Petro") == ["card.why.new_assigned"]
    assert len(_cases(hasty, "Ivan")) == 3
    assert sum(map(len, _cases(hasty, "Ivan").values())) == 12


async def test_with_the_limits_that_are_set_who_floods_takes_none_of_the_room_of_others(
    office: Office, talk: Talk
) -> None:
    usual = Settings(_env_file=None).house(b"secret")
    office.desk.house = replace(
        office.desk.house, chat_per_minute=usual.chat_per_minute, news_per_minute=usual.news_per_minute
    )
    olena = office.join("Olena")
    for number in range(15):
        await talk.say(IVAN, f"Word {number}", "Ivan")
    await talk.say(PETRO, "Help", "Petro")
    assert _about(office, olena, "Petro") == ["card.why.new_assigned"]
    await talk.say(PETRO, "Please", "Petro")
    assert _about(office, olena, "Petro")[1:] == ["notice.customer_wrote"]


@pytest.mark.long
async def test_wishes_of_whoever_floods_are_refused_and_change_nothing(
    hasty: Office, olena: Representative, talk: Talk
) -> None:
    for number in range(4):
        await talk.say(IVAN, f"Word {number}", "Ivan")
    known = len(hasty.owed())
    assert "in a minute" in (await talk.say(IVAN, "/my", "Ivan")).text
    assert len(hasty.owed()) == known
    assert "no requests" in (await talk.say(PETRO, "/my", "Petro")).text
    hasty.clock.advance(CHAT_SPAN)
    assert "Word 0" in (await talk.say(IVAN, "/my", "Ivan")).text


@pytest.mark.long
async def test_staff_are_never_too_fast(hasty: Office, olena: Representative, talk: Talk) -> None:
    assert all(["Olena" in (await talk.say(olena, "/people")).text for _ in range(20)])


def test_letters_of_a_flood_are_set_aside_and_can_be_released(
    hasty: Office, olena: Representative, tmp_path: Path
) -> None:
    post = Post(hasty, tmp_path)
    rows = [post.bring(letter(sender="ivan@far.example", subject=f"Alarm {number}")) for number in range(10)]
    assert [row.state for row in rows] == [InboxState.DONE] * 3 + [InboxState.SET_ASIDE] * 7
    assert {row.reason for row in rows[3:]} == {"aside.too_many"}
    assert post.bring(letter(sender="petro@far.example", subject="Help")).state is InboxState.DONE
    assert hasty.told(olena).count("notice.too_many_letters") == 1
    hasty.desk.run(letters.release, rows[5].id, olena)
    post.understand(rows[5].id)
    assert hasty.item(post.row(rows[5].id).work_id or 0).title == "Alarm 5"
    hasty.clock.advance(MAIL_SPAN)
    assert post.bring(letter(sender="ivan@far.example", subject="Alarm 11")).state is InboxState.DONE


def test_a_released_letter_does_not_count_against_its_sender(
    hasty: Office, olena: Representative, tmp_path: Path
) -> None:
    post = Post(hasty, tmp_path)
    rows = [post.bring(letter(sender="ivan@far.example", subject=f"Alarm {number}")) for number in range(10)]
    hasty.clock.advance(MAIL_SPAN)
    for row in rows[3:]:
        hasty.desk.run(letters.release, row.id, olena)
        post.understand(row.id)
    assert post.bring(letter(sender="ivan@far.example", subject="Today's")).state is InboxState.DONE


@pytest.fixture
def guests() -> tuple[Guests, list[float]]:
    now = [0.0]
    limits = DoorLimits(letters_per_minute=5, sender_letters_per_minute=3)
    return Guests(limits, lambda: now[0]), now


def test_the_door_holds_one_sender_back_whichever_client_brings_the_letters(
    guests: tuple[Guests, list[float]],
) -> None:
    door, now = guests
    brought = [door.may_send("<Ivan@far.example>", f"192.0.2.{number}") for number in range(6)]
    assert brought == [True] * 3 + [False] * 3
    assert door.may_send("petro@far.example", "192.0.2.1")
    now[0] = 60.0
    assert door.may_send("ivan@far.example", "192.0.2.1")


def test_letters_without_a_sender_are_counted_by_client(guests: tuple[Guests, list[float]]) -> None:
    door, _ = guests
    assert [door.may_send("<>", "192.0.2.1") for _ in range(4)] == [True] * 3 + [False]
    assert door.may_send("<>", "192.0.2.2")


def test_our_own_mail_server_is_exempt_from_the_limit_of_clients_and_not_from_that_of_senders() -> None:
    door = Guests(DoorLimits(letters_per_minute=0, sender_letters_per_minute=1), lambda: 0.0)
    assert all(door.may_bring("127.0.0.1") for _ in range(5))
    assert [door.may_send("ivan@far.example", "127.0.0.1") for _ in range(2)] == [True, False]


@pytest.mark.parametrize("words", ["MAIL FROM:<ivan@far.example>", "MAIL FROM: <ivan@far.example>"])
async def test_a_sender_who_is_held_back_is_told_to_come_again_however_it_is_said(tmp_path: Path, words: str) -> None:
    limits = replace(DoorLimits(), sender_letters_per_minute=2)
    door = Door(Listen("127.0.0.1", 0), Seams(lambda _to: True, lambda _all: [], lambda: AT, tmp_path), limits)
    await door.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(b"EHLO far.example\r\n" + f"{words}\r\nRSET\r\n".encode() * 4 + b"QUIT\r\n")
    said = (await reader.read()).decode()
    writer.close()
    await door.stop(1.0)
    assert [line[:3] for line in said.splitlines() if " 2.0.0 OK" in line or line[:3] == "450"] == (
        ["250"] * 4 + ["450", "250"] * 2
    )


AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@given(st.lists(st.integers(0, 90), max_size=60), st.integers(1, 10))
def test_in_no_span_more_are_told_than_the_limit(seconds: list[int], limit: int) -> None:
    since: datetime | None = None
    heard, now, told = 0, AT, list[datetime]()
    for step in seconds:
        now += timedelta(seconds=step)
        since, heard = counted(since, heard, now, CHAT_SPAN)
        if pace(heard, limit) is Pace.USUAL:
            told.append(now)
    for start in told:  # a span that begins anywhere may touch two that are counted
        assert sum(start <= one < start + CHAT_SPAN for one in told) <= 2 * limit


def test_a_clock_that_goes_back_silences_nobody() -> None:
    assert counted(AT, 50, AT - timedelta(hours=1), MAIL_SPAN) == (AT - timedelta(hours=1), 1)
    assert pace(10**9, 0) is Pace.USUAL
