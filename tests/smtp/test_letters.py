"""What comes through the door, and what is refused."""

from __future__ import annotations

import asyncio
import smtplib
from pathlib import Path

import pytest

from tests.smtp.conftest import Open
from tests.smtp.people import LETTER, NOON, Client, Shelf, until
from workers.smtp_in import Door


async def test_keeps_a_letter_before_it_answers_250(door: Door, shelf: Shelf) -> None:
    client = await Client.come(door.port)
    assert (await client.send()).startswith("250 2.0.0")
    letter = shelf.kept[0]
    assert (letter.recipient, letter.mail_from, letter.peer) == ("help@desk.example", "a@example.com", "127.0.0.1")
    assert (letter.received_at, letter.size, letter.raw) == (NOON, len(LETTER), LETTER)


@pytest.mark.parametrize("greeting", ["EHLO mx.example.com", "HELO mx.example.com"])
async def test_keeps_how_a_client_named_itself(door: Door, shelf: Shelf, greeting: str) -> None:
    client = await Client.come(door.port)
    await client.say(greeting)
    await client.send()
    assert shelf.kept[0].helo == "mx.example.com"


async def test_takes_what_the_standard_library_sends(door: Door, shelf: Shelf) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", door.port) as server:
            server.sendmail("a@example.com", ["help@desk.example", "info@desk.example"], "Subject: x\n\n.dot\n..\nend")

    await asyncio.to_thread(send)
    assert [letter.recipient for letter in shelf.kept] == ["help@desk.example", "info@desk.example"]
    assert shelf.bytes == [b"Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n"] * 2


async def test_keeps_a_large_letter_by_way_of_a_file_and_leaves_none_behind(
    door: Door, shelf: Shelf, tmp_path: Path
) -> None:
    body = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 300_000
    client = await Client.come(door.port)
    assert (await client.send(body)).startswith("250")
    assert shelf.kept[0].raw is None
    assert shelf.bytes == [body]
    await until(lambda: not list(tmp_path.iterdir()))


async def test_does_not_let_in_letters_for_others(door: Door) -> None:
    client = await Client.come(door.port)
    assert (await client.address("stranger@elsewhere.example")).startswith("550 5.1.1")
    assert (await client.say("DATA")).startswith("503")
    assert (await client.say("RCPT TO:<help@desk.example>")).startswith("250")


@pytest.mark.parametrize("said", ["VRFY help", "EXPN help", "AUTH PLAIN AGEAYg=="])
async def test_does_not_offer(door: Door, said: str) -> None:
    client = await Client.come(door.port, "")
    offers = await client.say("EHLO x")
    assert said.split(maxsplit=1)[0] not in offers
    assert (await client.say(said)).startswith("502")


async def test_offers_size_8bitmime_smtputf8_and_pipelining(door: Door) -> None:
    client = await Client.come(door.port, "")
    offers = await client.say("EHLO x")
    assert {"250-SIZE 26214400", "250-8BITMIME", "250-SMTPUTF8", "250-PIPELINING"} <= set(offers.split("\n"))


async def test_takes_the_null_sender(door: Door, shelf: Shelf) -> None:
    client = await Client.come(door.port)
    await client.address(sender="")
    await client.say("DATA")
    assert (await client.say(LETTER + b".\r\n")).startswith("250")
    assert shelf.kept[0].mail_from == ""


async def test_takes_utf8_addresses_and_8bit_bodies(door: Door, shelf: Shelf) -> None:
    client = await Client.come(door.port)
    await client.say("MAIL FROM:<олена@приклад.укр> SMTPUTF8 BODY=8BITMIME SIZE=100")
    assert (await client.say("RCPT TO:<черга@desk.example>")).startswith("250")
    await client.say("DATA")
    assert (await client.say("Subject: Привіт\r\n\r\nДобрий день\r\n.\r\n".encode())).startswith("250")
    assert (shelf.kept[0].recipient, shelf.kept[0].smtputf8) == ("черга@desk.example", True)


@pytest.mark.parametrize("address", [b"<a\x00b@desk.example>", b"<\xff\xfe@desk.example>", b"<a b@>", b'<"@x>', b"<@>"])
async def test_refuses_an_address_that_is_none_for_good(door: Door, address: bytes) -> None:
    client = await Client.come(door.port)
    await client.say("MAIL FROM:<a@example.com>")
    assert (await client.say(b"RCPT TO:" + address + b"\r\n")).startswith("5")
    assert (await client.say("NOOP")).startswith("250")


async def test_refuses_a_letter_over_the_size_limit_and_takes_the_next(open_door: Open, shelf: Shelf) -> None:
    client = await Client.come((await open_door(size_bytes=1000)).port)
    assert (await client.say("MAIL FROM:<a@example.com> SIZE=1001")).startswith("552 5.3.4")
    assert (await client.send(b"Subject: x\r\n\r\n" + b"line\r\n" * 200)).startswith("552 5.3.4")
    assert (await client.send()).startswith("250")
    assert len(shelf.kept) == 1


async def test_takes_long_lines_that_mail_programs_write(door: Door) -> None:
    client = await Client.come(door.port)
    assert (await client.send(b"Subject: x\r\n\r\n" + b"x" * 60_000 + b"\r\n")).startswith("250")
    assert (await client.send(b"Subject: x\r\n\r\n" + b"x" * 70_000 + b"\r\n")).startswith("451 4.6.0")


async def test_refuses_an_endless_header(door: Door) -> None:
    client = await Client.come(door.port)
    assert (await client.send(b"X-Flood: yes\r\n" * 10_000 + b"\r\nhello\r\n")).startswith("552 5.3.4")


@pytest.mark.parametrize(
    "body",
    [
        b"a\n.\r\nb\r\n",
        b"a\r\n.\nb\r\n",
        b"a\n.\nb\r\n",
        b"a\r.\rb\r\n",
        b"a\r\r\n",
        b"a\nb\r\n",
        b"a\rb\r\n",
        b"\n\r\n",
    ],
)
async def test_refuses_bare_line_ends_and_takes_nothing_in_them_for_a_command(
    door: Door, shelf: Shelf, body: bytes
) -> None:
    client = await Client.come(door.port)
    smuggled = body + b"MAIL FROM:<evil@example.com>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n"
    assert (await client.send(smuggled)).startswith("550 5.6.0")
    assert (await client.say("NOOP")).startswith("250")
    assert not shelf.kept


async def test_answers_commands_that_were_sent_ahead_in_order(door: Door, shelf: Shelf) -> None:
    client = await Client.come(door.port)
    one = b"MAIL FROM:<a@example.com>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n" + LETTER + b".\r\n"
    answers = [(await client.say(one + one + b"QUIT\r\n"))[:3]] + [(await client.hear())[:3] for _ in range(8)]
    assert answers == ["250", "250", "354", "250"] * 2 + ["221"]
    assert len(shelf.kept) == 2


async def test_takes_a_letter_that_trickles_in(door: Door, shelf: Shelf) -> None:
    client = await Client.come(door.port)
    await client.address()
    await client.say("DATA")
    for byte in LETTER + b"..\r\n.\r":
        client.writer.write(bytes([byte]))
        await asyncio.sleep(0.001)
    assert (await client.say(b"\n")).startswith("250")
    assert shelf.bytes == [LETTER + b".\r\n"]
