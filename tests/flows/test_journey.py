"""A long day at the desk, in both shapes and both languages: what the shorter journeys leave out."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.sandbox.client import Seen
from core.desk import Tx
from core.digests.slots import DIGEST
from core.people.model import Person
from core.people.rules import Role
from core.timers.actions import set_timer
from core.timers.model import Timer
from core.work.model import Work
from tests.cherha.processes import free_port
from tests.flows.house import FlowDesk, data, letter
from tests.smtp.conftest import certificate

__all__ = ["certificate"]

#: What each language says, by what it is about.
WORDS = {
    "en": {"mine": "Your requests", "closed_hours": "Nobody is here"},
    "uk": {"mine": "Ваші звернення", "closed_hours": "нікого"},
}


def has(*words: str) -> object:
    """Make a test for a message that has one of the alternatives of each word, `a|b`."""
    return lambda one: all(any(part in one.text for part in word.split("|")) for word in words)


def _verbs(message: Seen) -> set[str]:
    return {packed.split(":")[1] for row in message.buttons for _, packed in row}


async def _pressed(house: FlowDesk, person: int, message: Seen, verb: str) -> str:
    return await house.client.press_data(person, message.id, data(message, verb)) or ""


async def _says(house: FlowDesk, person: int, presence: str) -> None:
    said = await house.client.say(person, presence)
    await house.client.wait_for(person, "🗓", after=said.id)


@pytest.mark.long
async def test_a_day_at_the_desk(house: FlowDesk) -> None:
    """Invite, hand on, release, plan; every kind of message; edits; missed cases and a digest by the clock."""
    language = "uk" if house.shape == "scaled" else "en"
    client = house.client
    boss = await house.join("Olena Koval", Role.ADMINISTRATOR, language=language)
    ivan = await client.person("Ivan Melnyk", language=language)

    said = await client.say(boss, "/invite representative")
    link = await client.wait_for(boss, "?start=", after=said.id)
    taras = await client.person("Taras Bondar", language=language)
    await client.say(taras, "/start " + link.text.split("?start=")[1].split()[0])
    await client.wait_for(taras, "/assigned", timeout_s=20)
    await _says(house, taras, "/me away")  # whatever o'clock it is, the first cases are for Olena
    said = await client.say(boss, "/invite manager")
    other = await client.wait_for(boss, "?start=", after=said.id)
    await _pressed(house, boss, other, "revoke")
    eve = await client.person("Eve", language=language)
    await client.say(eve, "/start " + other.text.split("?start=")[1].split()[0])
    await client.wait_for(eve, "24")

    for kind in ("place", "contact"):
        await client.post(kind, person=ivan, latitude=50.45, longitude=30.52, phone="+380441234567", name="Shop")
    await client.wait_for(boss, "50.45")
    await client.wait_for(boss, "+380441234567")
    await client.send_files(ivan, [("voice.ogg", "audio/ogg", b"OggS" + b"\0" * 60)], kind="voice")
    await client.wait_for(boss, "voice")
    await client.send_files(ivan, [("film.mkv", "video/x-matroska", b"\0" * 60)], size=21 * 1024 * 1024)
    await client.wait_for(ivan, "20")
    first = await client.say(ivan, "It is brokn")
    await client.wait_for(boss, "It is brokn")
    await client.edit(ivan, first.id, "It is broken")
    await client.wait_for(boss, "✏️")
    assert (await house.stats())["cases"]["open"] == 1

    await client.say(ivan, "/new Another one")
    new = await client.wait_for(boss, "Another one")
    await client.say(boss, "/accept 2")
    await client.wait_for(boss, lambda one: "№2" in one.text and "🔧" in one.text)
    await client.say(boss, "/release 2")
    await client.wait_for(boss, lambda one: "№2" in one.text and "📥" in one.text, after=new.id)
    await _says(house, taras, "/me working")
    await client.say(boss, "/assign 2 taras")
    card = await client.wait_for(taras, "Another one")
    await _pressed(house, taras, card, "accept")
    await client.wait_for(ivan, "Taras Bondar")
    said = await client.say(taras, "/note 2 a word inside")
    await client.wait_for(taras, "№2", after=said.id)
    said = await client.say(ivan, "/my")
    await client.wait_for(ivan, WORDS[language]["mine"], after=said.id)

    await _missed_and_digest(house, taras)
    await _when_all_are_away(house, boss, taras, language)
    assert not any("a word inside" in one.text for one in await client.messages(ivan))


async def _missed_and_digest(house: FlowDesk, taras: int) -> None:
    """Let four days pass for a case, and a digest fall due: the clock tells by itself."""
    now = datetime.now(UTC)

    def fall_due(tx: Tx) -> None:
        person = tx.session.scalars(select(Person).where(Person.telegram_id == taras)).one()
        person.hours = {str(day): [["00:00", "23:59"]] for day in range(7)}
        person.zone, person.digest_at = "UTC", time(0, 0)
        tx.session.execute(update(Work).where(Work.id == 2).values(touched_at=now - timedelta(days=4)))
        tx.session.execute(update(Timer).where(Timer.task == DIGEST).values(fired_at=now))
        set_timer(tx, DIGEST, f"{person.id}:{now.date().isoformat()}", now, subject=person.id)
        set_timer(tx, "missed", f"now:{now.isoformat()}", now)

    last = (await house.client.last(taras)).id
    await asyncio.to_thread(house.on_desk, lambda desk: desk.run(fall_due))
    ways = {"answer", "plan", "snooze_ask", "assign_menu"}
    await house.client.wait_for(
        taras,
        lambda one: "🕸" in one.text and "№2" in one.text and ways <= _verbs(one),
        after=last,
        timeout_s=30,
    )
    await house.client.wait_for(taras, "📋", after=last, timeout_s=30)


async def _when_all_are_away(house: FlowDesk, boss: int, taras: int, language: str) -> None:
    """Let a customer write while nobody is there: they are told so, and a manager hears of it."""
    for person in (boss, taras):
        await _says(house, person, "/me away")
    maria = await house.client.person("Maria", language=language)
    await house.client.say(maria, "Is anybody there?")
    await house.client.wait_for(maria, has("№3", WORDS[language]["closed_hours"]))  # type: ignore[arg-type]


async def test_letters_come_in_by_starttls_and_by_lmtp(
    tmp_path: Path, sqlite_url: str, certificate: tuple[Path, Path]
) -> None:
    lmtp = free_port()
    chain, key = certificate
    settings = {"lmtp_listen": f"127.0.0.1:{lmtp}", "smtp_tls_cert": str(chain), "smtp_tls_key": str(key)}
    async with FlowDesk("embedded", tmp_path, sqlite_url, settings=settings) as house:
        olena = await house.join("Olena", Role.ADMINISTRATOR)

        def by_starttls() -> None:
            with smtplib.SMTP("localhost", house.smtp_port, timeout=20) as client:
                client.starttls(context=ssl.create_default_context(cafile=str(chain)))
                client.send_message(letter("a@customer.example", "By TLS", "first"))

        def by_lmtp() -> None:
            with smtplib.LMTP("127.0.0.1", lmtp, timeout=20) as client:
                client.send_message(letter("b@customer.example", "By LMTP", "second"))

        await asyncio.to_thread(by_starttls)
        await asyncio.to_thread(by_lmtp)
        await house.client.wait_for(olena, "By TLS")
        await house.client.wait_for(olena, "By LMTP")
