"""A fault of ours is temporary, tells nothing, and harms no other letter."""

from __future__ import annotations

import asyncio
import logging

import pytest

from core.errors import TryLater
from tests.smtp.conftest import Open
from tests.smtp.people import LETTER, Client, Shelf, noon, until
from workers.smtp_in import Door, Listen, Seams


async def test_answers_451_without_details_when_keeping_fails_and_goes_on(door: Door, shelf: Shelf) -> None:
    shelf.broken.add("help@desk.example")
    client = await Client.come(door.port)
    assert await client.send() == "451 4.3.0 Try again later"
    assert (await client.send(LETTER, "info@desk.example")).startswith("250")


async def test_answers_451_when_it_cannot_tell_whether_a_recipient_is_ours(door: Door) -> None:
    client = await Client.come(door.port)
    assert await client.address("fault@desk.example") == "451 4.3.0 Try again later"
    assert (await client.say("NOOP")).startswith("250")


async def test_answers_451_when_the_letter_finds_no_room_on_the_disk(shelf: Shelf) -> None:
    from pathlib import Path

    door = Door(Listen("127.0.0.1", 0), Seams(shelf.knows, shelf.keep, noon, Path("/nonexistent")))
    await door.start()
    client = await Client.come(door.port)
    body = b"Subject: x\r\n\r\n" + b"QUIT\r\n" * 300_000
    assert (await client.send(body)).startswith("451 4.3.0")
    assert (await client.send()).startswith("250")
    await door.stop(1.0)


async def test_a_bad_letter_in_a_batch_takes_no_other_with_it(door: Door, shelf: Shelf) -> None:
    shelf.broken.add("bad@desk.example")
    shelf.open.clear()
    names = ["first", "good", "bad", "fine"]
    clients = [await Client.come(door.port) for _ in names]
    sending = [
        asyncio.create_task(client.send(LETTER, f"{name}@desk.example"))
        for client, name in zip(clients, names, strict=True)
    ]
    await asyncio.sleep(0.2)
    shelf.open.set()
    answers = [answer[:3] for answer in await asyncio.gather(*sending)]
    assert answers == ["250", "250", "451", "250"]
    assert max(shelf.batches) > 1


async def test_does_not_ask_letter_by_letter_when_the_database_is_away(shelf: Shelf) -> None:
    calls = []

    def away(letters: object) -> list[Exception]:
        calls.append(letters)
        raise TryLater("error.database_away")

    door = Door(Listen("127.0.0.1", 0), Seams(shelf.knows, away, noon))
    await door.start()
    client = await Client.come(door.port)
    assert (await client.send(LETTER, "a@desk.example", "b@desk.example")).startswith("451")
    assert len(calls) == 1
    await door.stop(1.0)


async def test_keeps_letters_that_wait_together_in_one_batch(door: Door, shelf: Shelf) -> None:
    shelf.takes_s = 0.05
    clients = [await Client.come(door.port) for _ in range(16)]
    for client in clients:
        await client.address()
        await client.say("DATA")
    answers = await asyncio.gather(*(client.say(LETTER + b".\r\n") for client in clients))
    assert all(answer.startswith("250") for answer in answers)
    assert sum(shelf.batches) == 16
    assert len(shelf.batches) <= 4


async def test_keeps_a_letter_whose_client_hung_up_after_the_final_dot(door: Door, shelf: Shelf) -> None:
    shelf.open.clear()
    client = await Client.come(door.port)
    await client.address()
    await client.say("DATA")
    client.writer.write(LETTER + b".\r\n")
    await client.writer.drain()
    await until(lambda: shelf.batches)
    client.writer.transport.abort()
    await asyncio.sleep(0.1)
    shelf.open.set()
    await until(lambda: shelf.kept)
    assert len(shelf.kept) == 1


async def test_the_idle_timeout_does_not_cut_a_letter_that_is_being_kept(open_door: Open, shelf: Shelf) -> None:
    shelf.takes_s = 0.5
    door = await open_door(idle_s=0.2)
    client = await Client.come(door.port)
    assert (await client.send()).startswith("250")
    assert await client.hear() == ""


async def test_tells_the_client_to_come_again_when_keeping_takes_too_long(open_door: Open, shelf: Shelf) -> None:
    shelf.takes_s = 0.4
    client = await Client.come((await open_door(keep_s=0.1)).port)
    assert (await client.send()).startswith("451")
    await until(lambda: shelf.kept)


async def test_logs_no_addresses_and_no_bodies_at_info(
    door: Door, shelf: Shelf, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO):
        client = await Client.come(door.port)
        await client.send(b"Subject: Secret\r\n\r\nSecret words\r\n")
        shelf.broken.add("help@desk.example")
        await client.send(b"Subject: Secret\r\n\r\nSecret words\r\n")
        await client.address("fault@desk.example")
    told = caplog.text + "".join(capsys.readouterr())
    assert not any(word in told for word in ("Secret", "desk.example", "example.com", "hunter2"))
