"""What cannot be handled is tried again and then set aside, and what cannot be read is a case all the same."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from core.cases.conversations import files_of
from core.errors import TryLater
from core.history.actions import CLI
from core.inbox.actions import MAX_TRIES, release_letter, waiting_letters
from core.inbox.model import InboxState
from core.intake.tries import MAX_BEGUN, begin_try, failed_try
from core.outbox.model import Channel
from tests.core.intake import hostile
from tests.waiting import until
from tests.workers.letters import Post, letter
from tests.workers.waking import waking
from workers.actors.edge import declare
from workers.actors.understanding import understander
from workers.broker import Workers, make_broker
from workers.reading.readers import Readers


def test_what_cannot_be_handled_is_tried_again_and_then_set_aside(post: Post) -> None:
    row = post.keep(letter())
    for _ in range(MAX_TRIES):
        assert post.row(row).state is InboxState.KEPT
        assert post.office.desk.run(begin_try, row)
        post.office.desk.run(failed_try, row, "ValueError: no")
        assert post.office.desk.look(waiting_letters) == []  # not at once
        post.office.clock.advance(timedelta(minutes=1))
    assert (post.row(row).state, post.row(row).reason) == (InboxState.SET_ASIDE, "ValueError: no")
    assert post.office.desk.look(waiting_letters) == []


def test_what_ends_the_process_is_tried_twenty_times_and_then_set_aside(post: Post) -> None:
    row = post.keep(letter())
    for _ in range(MAX_BEGUN):
        assert post.office.desk.run(begin_try, row)
        post.office.clock.advance(timedelta(minutes=2))
    assert post.office.desk.look(waiting_letters) == [row]
    assert post.understand(row) is None
    assert (post.row(row).state, post.row(row).reason) == (InboxState.SET_ASIDE, "aside.never_ended")
    post.office.desk.run(release_letter, row, CLI)
    assert post.understand(row) == "case"


def test_who_has_begun_with_a_letter_is_left_alone_for_a_while(post: Post) -> None:
    row = post.keep(letter())
    assert post.office.desk.run(begin_try, row)
    assert post.understand(row) is None
    assert post.office.desk.look(waiting_letters) == []
    post.office.clock.advance(timedelta(seconds=6))
    assert post.understand(row) == "case"


def test_a_try_that_nobody_could_begin_with_is_not_counted(post: Post) -> None:
    away = understander(post.office.desk, post.files, Readers(command=("/nonexistent",)))
    row = post.keep(letter())
    for _ in range(MAX_TRIES + 1):
        with pytest.raises(TryLater):
            away(row)
    assert post.row(row).tries == 0
    assert post.understand(row) == "case"


#: A reader for which every letter is too much.
_NEVER = """
import socket
from workers.reading.frames import receive, send
line = socket.socket(fileno=0)
send(line, b"")
while True:
    receive(line), receive(line)
    send(line, b"")
"""


@pytest.mark.parametrize(("headers", "told"), [((), 1), (("Auto-Submitted: auto-generated",), 0)])
def test_what_cannot_be_read_is_a_case_with_the_letter_as_a_file(
    post: Post, headers: tuple[str, ...], told: int
) -> None:
    readers = Readers(command=(sys.executable, "-c", _NEVER))
    raw = letter("Please help", headers=headers)
    row = post.keep(raw)
    assert understander(post.office.desk, post.files, readers)(row) == "case"
    readers.close()
    kept = post.row(row)
    (entry,) = post.entries(kept.work_id)
    assert (entry.text, entry.subject, entry.flags) == ("Please help", "Printer", ["flag.unreadable"])
    (file,) = post.office.desk.look(files_of, [entry.id])[entry.id]
    assert (file.name, file.content_type) == ("original.eml", "message/rfc822")
    assert post.files.read(file.digest or "") == raw
    assert len(post.office.owed(channel=Channel.EMAIL)) == told


@pytest.mark.parametrize(
    "name", ["multiparts in multiparts", "empty lines", "a thousand parts", "scripts that never end"]
)
def test_a_hostile_letter_is_a_case_and_nobody_waits_for_another_try(post: Post, name: str) -> None:
    row = post.keep(hostile.LETTERS[name](), mail_from="eve@example.com")
    assert post.understand(row) == "case"


@pytest.mark.long
def test_others_are_understood_while_a_hostile_letter_is_being_read(post: Post) -> None:
    busy = Readers(command=(sys.executable, "-c", _SLOW), wall_s=6.0)
    broker = make_broker()
    done: list[int] = []
    do = understander(post.office.desk, post.files, busy)

    def noted(row: int) -> str | None:
        told = do(row)
        done.append(row)
        return told

    declare(broker, "understand", noted, lambda _row, _why: None)
    slow = post.keep(letter("hostile"))
    others = [post.keep(letter(f"words {number}")) for number in range(20)]
    worker = Workers(broker, 4)
    worker.start()
    try:
        with waking(broker) as waker:
            post.office.desk.wake = waker
            waker([("understand", row) for row in [slow, slow, slow, *others]])
            until(lambda: set(others) <= set(done), 30)
            assert post.row(slow).state is InboxState.KEPT
            until(lambda: post.row(slow).state is InboxState.DONE, 30)
    finally:
        worker.stop(10_000)
        busy.close()
    # With others, and then by itself; by itself at once if other calls have begun with all the others.
    assert post.row(slow).tries in {1, 2}
    assert post.states() == [InboxState.DONE] * 21


#: A reader as it is, but for one letter that takes for ever.
_SLOW = """
import socket, time
import workers.reading.child as child
read = child.read
def slow(raw, mail_from, flags=()):
    if b"hostile" in raw:
        time.sleep(60)
    return read(raw, mail_from, flags)
child.read = slow
child.main(socket.socket(fileno=0))
"""


def test_copies_of_a_large_letter_are_not_read_again(post: Post) -> None:
    raw = letter("x" * 100_000)
    first = post.bring(raw)
    nobody = understander(post.office.desk, post.files, Readers(command=("/nonexistent",)))
    rows = [post.keep(b"Received: from %d\r\n" % way + raw, to=f"desk+{way}@localhost") for way in range(5)]
    assert [nobody(row) for row in rows] == ["repeated"] * 5
    assert {(post.row(row).state, post.row(row).work_id) for row in rows} == {(InboxState.REPEATED, first.work_id)}


def test_characters_that_no_database_keeps_are_taken_out_wherever_they_are(post: Post) -> None:
    raw = letter("a\x00b", subject="c\x00d", headers=("In-Reply-To: <x\x00y@example.com>", "References: <\x00@z>"))
    raw = raw.replace(b"Message-ID: <", b"Message-ID: <m\x00")
    odd = b"\r\n".join(
        (
            b"--b",
            b"Content-Type: text/plain",
            b"",
            b"Hello \x00",
            b"--b",
            b'Content-Type: application/x\x00y; name="f\x00\xff.bin"',
            b"Content-ID: <i\x00d>",
            b"Content-Disposition: attachment",
            b"",
            b"1",
            b"--b--",
        )
    )
    mixed = raw.replace(b"Content-Type: text/plain; charset=utf-8", b'Content-Type: multipart/mixed; boundary="b"')
    mixed = mixed.replace(b"a\x00b", odd).replace(b"Message-ID: <m", b"Message-ID: <n")
    for one in (raw, mixed):
        row = post.bring(one)
        assert row.state is InboxState.DONE
        assert "\x00" not in (row.message_id or "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"From: \x00\xff <a\x00b@c>\r\nSubject: \xed\xa0\x80\r\n\r\n\x00\xff",
        b"\x00" * 100,
    ],
)
def test_bytes_that_are_no_letter_are_settled_all_the_same(post: Post, raw: bytes) -> None:
    row = post.bring(raw, mail_from="eve@example.com")
    assert row.state in {InboxState.DONE, InboxState.SET_ASIDE}
    if row.state is InboxState.SET_ASIDE:
        post.office.desk.run(release_letter, row.id, CLI)
        post.understand(row.id)
        assert post.row(row.id).state is InboxState.DONE
