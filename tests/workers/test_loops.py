"""Desks and machines that write to each other for an hour: each says at most three things, and no word is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.inbox.model import InboxState
from core.outbox.actions import settle_sent
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, OwedState
from core.store.engine import open_engines
from core.store.files import FileStore
from tests.core.databases import newest_sqlite
from tests.core.office import Office
from tests.workers.letters import Post, letter
from workers.mail_out.compose import compose
from workers.mail_out.post import write

#: How a letter may be changed on its way.
Way = Callable[[bytes], bytes]


def _as_it_is(raw: bytes) -> bytes:
    return raw


def _without_marks(raw: bytes) -> bytes:
    """Take every sign of a machine off a letter, as bad gateways do; and what it refers to."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lost = (
        b"auto-submitted",
        b"x-auto-response",
        b"precedence",
        b"in-reply-to",
        b"references",
        b"x-cherha",
        b"reply-to",
    )
    lines = head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(lost)) + b"\r\n\r\n" + body


def _a_desk(office: Office, name: str, folder: Path) -> Post:
    office.desk.house = replace(office.desk.house, domain=name, reply_address=f"help@{name}")
    office.join("Olena")
    return Post(office, folder / name)


@pytest.fixture
def one(office: Office, tmp_path: Path) -> Post:
    return _a_desk(office, "one.example", tmp_path)


@pytest.fixture
def other(tmp_path: Path) -> Post:
    engines = open_engines(f"sqlite:///{newest_sqlite(tmp_path / 'other.sqlite3')}")
    return _a_desk(Office(engines), "other.example", tmp_path)


def _letters_of(post: Post, folder: Path) -> list[tuple[str, str, bytes]]:
    """Send what a desk owes by mail: envelope and bytes of each."""
    sent = []
    for row in post.office.owed(channel=Channel.EMAIL, state=OwedState.OWED):
        parcel = post.office.desk.run(claim_mail, row.id)
        if parcel is None:
            continue  # an answer that can still be taken back
        outgoing, sender = write(post.office.desk, FileStore(folder), parcel)
        post.office.desk.run(settle_sent, parcel)
        sent.append((sender, outgoing.to, compose(outgoing)))
    return sent


def _an_hour(one: Post, other: Post, folder: Path, way: Way, *, keep_sender: bool = True) -> dict[str, int]:
    """Let two desks hand letters over to each other for an hour, every ten seconds; how many each wrote."""
    count = {"one": 0, "other": 0}
    for _ in range(360):
        for name, here, there in (("one", one, other), ("other", other, one)):
            for sender, to, raw in _letters_of(here, folder):
                count[name] += 1
                envelope = sender if keep_sender else here.office.desk.house.reply_address
                there.bring(way(raw), to=to, mail_from=envelope)
            here.office.clock.advance(timedelta(seconds=10))
    return count


@pytest.mark.parametrize("way", [_as_it_is, pytest.param(_without_marks, marks=pytest.mark.long)])
def test_two_desks_write_to_each_other_at_most_three_letters_each(
    one: Post, other: Post, tmp_path: Path, way: Way
) -> None:
    begun = letter(sender="Help <help@other.example>", subject="A question")
    one.bring(begun, mail_from="help@other.example")
    count = _an_hour(one, other, tmp_path / "files", way, keep_sender=way is _as_it_is)
    assert 1 <= count["one"] <= 3
    assert count["other"] <= 3
    assert one.cases()


@pytest.mark.long
def test_a_machine_that_answers_everything_without_a_sign_of_it_is_answered_at_most_three_times(
    one: Post, tmp_path: Path
) -> None:
    """It takes our words for those of a stranger each time: its letters are new ones, and all are kept."""
    one.bring(letter(sender="Shop <shop@bot.example>", subject="Thank you"), mail_from="shop@bot.example")
    answers = 0
    for minute in range(60):
        for _ in _letters_of(one, tmp_path / "files"):
            answers += 1
        again = letter(f"Thank you, number {minute}!", sender="Shop <shop@bot.example>", subject="Thank you")
        one.bring(again, mail_from="shop@bot.example")
        one.office.clock.advance(timedelta(minutes=1))
    assert answers <= 3
    assert one.states().count(InboxState.DONE) == 61
    assert sum(len(one.entries(case.work_id)) for case in one.cases()) == 61


def test_answers_of_a_machine_to_our_receipts_find_their_case_and_are_not_answered(one: Post, tmp_path: Path) -> None:
    one.bring(letter(sender="Shop <shop@bot.example>", subject="Thank you"), mail_from="shop@bot.example")
    answers = 0
    for minute in range(60):
        for _, _, raw in _letters_of(one, tmp_path / "files"):
            answers += 1
            subject = next(line for line in raw.decode().split("\r\n") if line.startswith("Subject: "))[9:]
            again = letter(f"Got it, {minute}", sender="Shop <shop@bot.example>", subject=f"Re: {subject}")
            one.bring(again, mail_from="shop@bot.example")
        one.office.clock.advance(timedelta(minutes=1))
    assert answers <= 3
