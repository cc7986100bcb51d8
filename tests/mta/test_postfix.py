"""A real mail server on both sides of the desk: as its relay, before its door, and with letters by the thousand."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.customers.failing import failing_at
from core.people.rules import Role
from tests.flows.house import FlowDesk, cases_and_messages, letter
from tests.mta.post_office import MARIA, PostOffice
from tests.smtp.people import Shelf, noon, until
from workers.smtp_in import Door, DoorLimits, Listen, Seams

#: What `smtp-source` brings, so many at once.
LETTERS, CONNECTIONS, SIZE_BYTES = 1_000, 16, 5_000


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str, post_office: PostOffice) -> AsyncIterator[FlowDesk]:
    """A desk that sends through Postfix, and to which Postfix brings what comes."""
    relay = {"smtp_relay": f"smtp://127.0.0.1:{post_office.port}?tls=none"}
    async with FlowDesk("embedded", tmp_path, sqlite_url, settings=relay, smtp_port=post_office.door) as running:
        yield running


async def test_what_a_customer_answers_comes_back_into_the_same_case(house: FlowDesk, post_office: PostOffice) -> None:
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    await post_office.take(letter(f"Maria Lopez <{MARIA}>", "Cheap invoice", "The total of invoice 17 is wrong."))
    await house.client.wait_for(olena, "invoice 17", timeout_s=20)
    receipt = await post_office.wait_for("№1")
    assert receipt["Return-Path"]
    await house.client.say(olena, "/accept 1")
    await house.client.say(olena, "/reply 1 Ось виправлений рахунок")
    answer = await post_office.wait_for("виправлений рахунок")
    back = letter(MARIA, f"Re: {answer['Subject']}", "Got it, thank you!", to=str(answer["Reply-To"]))
    back["In-Reply-To"] = answer["Message-ID"]
    await post_office.take(back)
    await house.client.wait_for(olena, "Got it, thank you!", timeout_s=20)
    assert await cases_and_messages(house) == (1, 2)


async def test_a_recipient_whom_the_other_side_refuses_comes_back_as_a_bounce_that_is_understood(
    house: FlowDesk, post_office: PostOffice
) -> None:
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    await post_office.take(letter("nobody@customer.example", "Help", "I gave you a wrong address."))
    await house.client.wait_for(olena, "wrong address", timeout_s=20)
    await house.client.say(olena, "/accept 1")
    await house.client.say(olena, "/reply 1 Here is how it works.")
    told = await house.client.wait_for(olena, "there is no such address", timeout_s=40)
    assert "unknown user" in told.text, "the words of the other side"
    failing = house.on_desk(lambda desk: desk.look(failing_at, "nobody@customer.example"))
    assert (failing.why, failing.hard) == ("address", 1)
    assert await cases_and_messages(house) == (1, 1), "a bounce is nobody's word"


async def test_what_the_door_puts_off_is_brought_again_and_kept_once(post_office: PostOffice, tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.broken = {"help@desk.example"}
    door = Door(Listen("127.0.0.1", post_office.door), Seams(shelf.knows, shelf.keep, noon, tmp_path), DoorLimits())
    await door.start()
    try:
        await post_office.take(letter(MARIA, "Hello", "Please keep me."))
        await until(lambda: "451 4.3.0" in post_office.log(), within_s=20)
        assert shelf.kept == []
        shelf.broken = set()
        await until(lambda: shelf.kept, within_s=30)
        await until(lambda: "status=sent (250" in post_office.log(), within_s=10)
    finally:
        await door.stop(1.0)
    assert len(shelf.kept) == 1
    assert b"Please keep me." in shelf.bytes[0]


async def test_what_comes_while_the_desk_is_away_is_brought_when_it_is_back(
    house: FlowDesk, post_office: PostOffice
) -> None:
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    await house.kill("run")
    await post_office.take(letter(MARIA, "Hello", "Are you there?"))
    await until(lambda: "status=deferred" in post_office.log(), within_s=20)
    await house.start("run")
    await house.client.wait_for(olena, "Are you there?", timeout_s=30)
    assert await cases_and_messages(house) == (1, 1)


@pytest.mark.timeout(240)
async def test_each_of_a_thousand_letters_of_smtp_source_is_kept(house: FlowDesk) -> None:
    program = shutil.which("smtp-source", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("there is no smtp-source: it comes with Postfix (`apt-get install postfix`)")
    words = (f"-s{CONNECTIONS}", f"-m{LETTERS}", f"-l{SIZE_BYTES}", "-fload@customer.example", "-thelp@desk.example")
    source = await asyncio.to_thread(
        subprocess.run, [program, *words, f"127.0.0.1:{house.smtp_port}"], capture_output=True, text=True, timeout=180
    )
    assert source.returncode == 0, source.stderr
    assert sum((await house.stats())["letters"].values()) == LETTERS
