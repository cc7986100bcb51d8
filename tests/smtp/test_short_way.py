"""The short way for plain commands and the long way through the library say the same and keep the same."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.smtp.conftest import Open
from tests.smtp.people import LETTER, Client, Shelf, noon
from workers.smtp_in import Door, DoorLimits, Listen, Seams
from workers.smtp_in.plain import PlainCommands

COMMANDS = [
    "MAIL FROM:<a@example.com>",
    "mail from:<a.b+c=d@example.com> size=100",
    "MAIL FROM:<a@example.com> BODY=8BITMIME",
    "MAIL FROM:<a@example.com> SIZE=5000",
    "MAIL FROM:<>",
    "MAIL FROM:<a@b@c>",
    "RCPT TO:<help@desk.example>",
    "rcpt to:<info+tag@desk.example>",
    "RCPT TO:<stranger@elsewhere.example>",
    "RCPT TO:<help@desk.example> NOTIFY=NEVER",
    "DATA",
    "DATA now",
    "RSET",
    "NOOP",
    "EHLO again",
    "HELO again",
    "NONSENSE",
]


async def _dialogue(port: int, commands: list[str], *, at_once: bool) -> list[str]:
    """Say commands, each in one piece or in two, with a letter wherever one is asked for; tell the answers."""
    client = await Client.come(port)
    answers = []
    for command in commands:
        line = command.encode() + b"\r\n"
        if not at_once:
            client.writer.write(line[:-1])
            await client.writer.drain()
            await asyncio.sleep(0.001)
            line = line[-1:]
        answers.append(await client.say(line))
        if answers[-1].startswith("354"):
            answers.append(await client.say(LETTER + b".\r\n"))
    await client.leave()
    return answers


@given(commands=st.lists(st.sampled_from(COMMANDS), max_size=12))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_both_ways_say_the_same_and_keep_the_same(commands: list[str]) -> None:
    found = []
    for at_once in (True, False):
        shelf = Shelf()
        door = Door(
            Listen("127.0.0.1", 0), Seams(shelf.knows, shelf.keep, noon), DoorLimits(size_bytes=4000, recipients=2)
        )

        async def visit(door: Door, *, at_once: bool) -> list[str]:
            await door.start()
            try:
                # Whose address was asked for lately is known: only then is there a short way.
                await _dialogue(door.port, ["MAIL FROM:<a@example.com>", "RCPT TO:<help@desk.example>"], at_once=False)
                return await _dialogue(door.port, commands, at_once=at_once)
            finally:
                await door.stop(1.0)

        answers = asyncio.run(visit(door, at_once=at_once))
        found.append((answers, [(one.recipient, one.mail_from, one.smtputf8, one.raw) for one in shelf.kept]))
    assert found[0] == found[1]


async def test_plain_letters_do_go_the_short_way(
    open_door: Open, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bytes] = []
    agree = PlainCommands.agree

    def noted(self: PlainCommands, command: bytes, *more: object) -> bytes | None:
        answer = agree(self, command, *more)  # type: ignore[arg-type] # handed on as they are
        said.append(command if answer else b"")
        return answer

    monkeypatch.setattr(PlainCommands, "agree", noted)
    client = await Client.come((await open_door()).port)
    for _ in range(2):
        assert (await client.send()).startswith("250")
    assert said[-3:] == [b"MAIL FROM:<a@example.com>", b"RCPT TO:<help@desk.example>", b"DATA"]
    assert len(shelf.kept) == 2


async def test_letters_that_are_sent_without_waiting_are_answered_in_order(open_door: Open, shelf: Shelf) -> None:
    shelf.takes_s = 0.01
    client = await Client.come((await open_door()).port)
    assert (await client.send()).startswith("250")
    one = b"MAIL FROM:<a@example.com>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n" + LETTER + b".\r\n"
    bad = one.replace(b"Good day", b"Good\nday")
    client.writer.write((one + bad) * 30)
    answers = [(await client.hear())[:3] for _ in range(4 * 60)]
    assert answers == (["250", "250", "354", "250", "250", "250", "354", "550"]) * 30
    assert len(shelf.kept) == 31


@pytest.mark.long
async def test_a_client_that_sends_far_ahead_is_made_to_wait_and_loses_nothing(open_door: Open, shelf: Shelf) -> None:
    client = await Client.come((await open_door()).port)
    assert (await client.send()).startswith("250")
    shelf.open.clear()
    one = b"MAIL FROM:<a@example.com>\r\nRCPT TO:<help@desk.example>\r\nDATA\r\n" + LETTER + b".\r\n"
    client.writer.write(one * 2000)
    await asyncio.sleep(0.1)
    shelf.open.set()
    answers = [(await client.hear())[:3] for _ in range(4 * 2000)]
    assert answers == ["250", "250", "354", "250"] * 2000
    assert len(shelf.kept) == 2001


async def test_who_closes_one_side_after_the_final_dot_is_still_answered(open_door: Open, shelf: Shelf) -> None:
    shelf.takes_s = 0.2
    client = await Client.come((await open_door()).port)
    await client.address()
    await client.say("DATA")
    client.writer.write(LETTER + b".\r\n")
    client.writer.write_eof()
    assert (await client.hear()).startswith("250")
    assert await client.hear() == ""
    assert len(shelf.kept) == 1


async def test_a_sender_of_sixty_thousand_characters_is_refused(open_door: Open, shelf: Shelf) -> None:
    client = await Client.come((await open_door()).port)
    client.writer.write(b"MAIL FROM:<" + b"a" * 15_000 + b"@example.com>\r\n")
    assert (await client.hear()).startswith("500")
    assert (await client.send()).startswith("250")
    assert len(shelf.kept) == 1


async def test_the_rest_of_a_line_that_is_too_long_is_no_command(open_door: Open) -> None:
    client = await Client.come((await open_door()).port)
    client.writer.write(b"X" * 20_000)
    await client.writer.drain()
    await asyncio.sleep(0.1)
    client.writer.write(b"MAIL FROM:<a@example.com>\r\n")
    assert (await client.hear()).startswith("500")
    assert (await client.say("RCPT TO:<help@desk.example>")).startswith("503")


async def test_what_is_refused_for_its_sender_is_not_counted_for_who_brings_it(open_door: Open) -> None:
    door = await open_door(sender_letters_per_minute=1, letters_per_minute=3, exempt_loopback=False)
    client = await Client.come(door.port)
    assert (await client.send()).startswith("250")
    for _ in range(5):
        assert (await client.say("MAIL FROM:<a@example.com>")).startswith("450")
    for other in ("b@example.com", "c@example.com"):
        assert (await client.say(f"MAIL FROM:<{other}>")).startswith("250")
        assert (await client.say("RSET")).startswith("250")
    assert (await client.say("MAIL FROM:<d@example.com>")).startswith("450")
