"""What the door does about clients that are too many, too slow, too busy or too long."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.smtp.conftest import Open
from tests.smtp.people import LETTER, Client, Shelf, until
from workers.smtp_in import DoorLimits, Listen
from workers.smtp_in.counting import Guests, Known, client_of


async def test_turns_away_connections_past_the_cap_and_lets_in_when_one_leaves(open_door: Open) -> None:
    door = await open_door(connections=2)
    here = [await Client.come(door.port) for _ in range(2)]
    late = await Client.knock(door.port)
    assert (await late.hear()).startswith("421 4.7.0")
    assert await late.hear() == ""
    await here[0].leave()
    await asyncio.sleep(0.05)
    assert (await (await Client.come(door.port)).say("NOOP")).startswith("250")


async def test_caps_the_connections_of_one_address(open_door: Open) -> None:
    door = await open_door(connections_each=1, exempt_loopback=False)
    await Client.come(door.port)
    second = await Client.knock(door.port)
    assert (await second.hear()).startswith("421")


async def test_caps_the_letters_of_one_client_by_the_minute(open_door: Open) -> None:
    door = await open_door(letters_per_minute=1, exempt_loopback=False)
    client = await Client.come(door.port)
    assert (await client.send()).startswith("250")
    assert (await client.say("MAIL FROM:<a@example.com>")).startswith("450 4.7.1")


async def test_caps_recipients_for_the_client_to_send_the_rest_again(open_door: Open, shelf: Shelf) -> None:
    door = await open_door(recipients=2)
    client = await Client.come(door.port)
    names = [f"{number}@desk.example" for number in range(3)]
    assert (await client.address(*names)).startswith("452 4.5.3")
    await client.say("DATA")
    assert (await client.say(LETTER + b".\r\n")).startswith("250")
    assert len(shelf.kept) == 2


async def test_hangs_up_on_silence(open_door: Open) -> None:
    client = await Client.come((await open_door(idle_s=0.2)).port)
    assert await client.hear() == ""


async def test_hangs_up_on_a_letter_that_stops_coming(open_door: Open, shelf: Shelf, tmp_path: Path) -> None:
    client = await Client.come((await open_door(idle_s=0.2, memory_bytes=10)).port)
    await client.address()
    await client.say("DATA")
    assert await client.say(b"Subject: never ending\r\n") == ""
    await until(lambda: not list(tmp_path.iterdir()))
    assert not shelf.kept


async def test_ends_a_session_that_lasts_too_long(open_door: Open) -> None:
    client = await Client.come((await open_door(session_s=0.3)).port)
    assert (await client.hear()).startswith("421 4.4.2")


async def test_ends_a_session_of_endless_small_talk(open_door: Open) -> None:
    client = await Client.come((await open_door(commands=5)).port)
    answers = [await client.say("NOOP") for _ in range(6)]
    assert answers[-1].startswith("421")


async def test_carries_many_letters_over_one_connection(open_door: Open, shelf: Shelf) -> None:
    client = await Client.come((await open_door(commands=5)).port)
    for _ in range(30):
        assert (await client.send()).startswith("250")
    assert len(shelf.kept) == 30


async def test_stops_with_the_letter_in_hand_kept_and_answered(open_door: Open, shelf: Shelf) -> None:
    shelf.takes_s = 0.3
    door = await open_door()
    port = door.port
    idle, busy = await Client.come(port), await Client.come(port)
    await busy.address()
    await busy.say("DATA")
    busy.writer.write(LETTER + b".\r\n")
    await until(lambda: shelf.batches)
    stopping = asyncio.create_task(door.stop(5.0))
    assert (await idle.hear()).startswith("421 4.3.2")
    assert (await busy.hear()).startswith("250")
    assert (await busy.hear()).startswith("421 4.3.2")
    await asyncio.wait_for(stopping, 2.0)
    with pytest.raises(OSError, match="onnect"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_stops_in_time_though_a_client_does_not_finish(open_door: Open) -> None:
    door = await open_door()
    client = await Client.come(door.port)
    await client.address()
    await client.say("DATA")
    await asyncio.wait_for(door.stop(0.2), 2.0)


async def test_speaks_lmtp_with_an_answer_for_every_recipient(open_door: Open, shelf: Shelf) -> None:
    shelf.broken.add("bad@desk.example")
    door = await open_door(listen=Listen("127.0.0.1", 0, lmtp=True))
    client = await Client.come(door.port, "")
    assert (await client.say("EHLO x")).startswith("500")
    assert (await client.say("LHLO x")).startswith("250")
    first = await client.send(LETTER, "a@desk.example", "bad@desk.example", "b@desk.example")
    answers = [first, await client.hear(), await client.hear()]
    assert [answer[:3] for answer in answers] == ["250", "451", "250"]
    first = await client.send(b"a\nb\r\n", "a@desk.example", "b@desk.example")
    assert [first[:3], (await client.hear())[:3]] == ["550", "550"]
    assert (await client.say("NOOP")).startswith("250")


def test_a_minute_later_a_client_may_bring_letters_again() -> None:
    now = 100.0
    guests = Guests(DoorLimits(letters_per_minute=1), lambda: now)
    assert [guests.may_bring("192.0.2.1"), guests.may_bring("192.0.2.1"), guests.may_bring("192.0.2.2")] == [
        True,
        False,
        True,
    ]
    now += 60
    assert guests.may_bring("192.0.2.1")


def test_an_ipv6_network_is_one_client_and_this_machine_is_none() -> None:
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:192.0.2.1") == "192.0.2.1"
    guests = Guests(DoorLimits(letters_per_minute=0), lambda: 0.0)
    assert guests.may_bring("::1")
    assert not guests.may_bring(client_of("2001:db8::1"))


def test_forgets_who_is_ours_after_a_while() -> None:
    now = 0.0
    known = Known(lambda: now, lasts_s=10.0)
    known.remember("a@desk.example", known=True)
    assert known.recall("a@desk.example") is True
    now = 11.0
    assert known.recall("a@desk.example") is None
