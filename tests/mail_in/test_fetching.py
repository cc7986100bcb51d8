"""Letters are fetched once, are on disk before the mailbox hears of it, and none is lost whatever breaks when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from core.inbox.actions import IN_ROW_BYTES
from core.inbox.model import Letter, MailboxLetter
from core.mailbox import MailboxAddress, read_mailbox
from core.store.files import FileStore
from core.work.queues import keep_addresses
from tests.core.office import Office
from tests.mail_in.mailboxes import USER, ImapServer, imap_server, pop_server
from tests.waiting import until
from tests.workers.letters import letter
from workers.keeping import knower
from workers.mail_in.fetcher import Fetcher
from workers.mail_in.imap import ImapBox
from workers.mail_in.letters import Sorter

#: The largest letter here.
MOST_BYTES = 3_000_000


class Fetching:
    """What fetches from a mailbox into the desk of an office."""

    def __init__(self, office: Office, folder: Path, url: str) -> None:
        self.office, self.where = office, read_mailbox(url)
        office.desk.run(keep_addresses, {USER: "VIP", "vip@desk.example": None})
        self.files = FileStore(folder)
        self.sorter = Sorter(office.desk, self.files, knower(office.desk), USER, "mail.example", MOST_BYTES)

    @contextmanager
    def running(self, opens: Callable[[MailboxAddress], ImapBox] = ImapBox) -> Iterator[None]:
        """Fetch for the block."""
        stop = threading.Event()
        run = Fetcher(self.office.desk, self.where, self.sorter, opens).run
        thread = threading.Thread(target=run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(20)
            assert not thread.is_alive()

    def kept(self) -> list[Letter]:
        return self.office.desk.look(lambda tx: list(tx.session.scalars(select(Letter).order_by(Letter.id))))

    def raw(self, row: Letter) -> bytes:
        return self.office.desk.look(lambda tx: tx.session.get_one(Letter, row.id).raw) or b""

    def wait(self, count: int) -> list[str | None]:
        """Wait until so many letters are kept; their Message-IDs."""
        until(lambda: len(self.kept()) >= count)
        return [row.message_id for row in self.kept()]


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def imap(server: ImapServer) -> ImapServer:
    """The server with an empty INBOX."""
    with server.client() as client:
        client.store("1:*", "+FLAGS", "\\Deleted")
        client.expunge()
    return server


@pytest.fixture
def box(office: Office, tmp_path: Path, imap: ImapServer) -> Fetching:
    return Fetching(office, tmp_path, imap.url)


def number(count: int, text: str = "") -> bytes:
    return letter(text or f"Letter {count}", message_id=f"{count}@x.example")


def ids(*counts: int) -> list[str]:
    return [f"{count}@x.example" for count in counts]


# --- IMAP -------------------------------------------------------------------------------------------


def test_what_is_there_and_what_comes_is_fetched_at_once_and_then_marked(box: Fetching, imap: ImapServer) -> None:
    imap.deliver(number(1), number(2))
    with box.running():
        box.wait(2)
        until(lambda: imap.unread() == 0)
        imap.deliver(number(3))  # while it waits
        begun = monotonic()
        assert box.wait(3) == ids(1, 2, 3)
        assert monotonic() - begun < 5, "it was told of it, and did not look by chance"
        until(lambda: imap.unread() == 0)
    assert {row.recipient for row in box.kept()} == {USER}


def test_what_was_read_before_the_first_visit_stays_where_it_is_and_later_ones_are_fetched(
    box: Fetching, imap: ImapServer
) -> None:
    imap.deliver(number(1), read=True)
    imap.deliver(number(2))
    imap.deliver(number(3), read=True)
    with box.running():
        box.wait(1)
    imap.deliver(number(4), read=True)  # somebody was faster, but it is for the desk
    with box.running():
        assert box.wait(2) == ids(2, 4)


def test_a_letter_is_unread_as_long_as_it_is_not_kept(box: Fetching, imap: ImapServer) -> None:
    imap.deliver(number(1))

    unread: list[int] = []

    def knows(_address: str) -> bool:
        unread.append(imap.unread())
        return True

    box.sorter = replace(box.sorter, knows=knows)
    with box.running():
        box.wait(1)
        until(lambda: imap.unread() == 0)
    assert set(unread) == {1}


def test_who_dies_between_keeping_and_marking_keeps_nothing_twice_and_marks_it_later(
    box: Fetching, imap: ImapServer
) -> None:
    class Dies(ImapBox):
        def mark(self, *_numbers: int) -> None:
            raise SystemExit

    imap.deliver(number(1), letter("No Message-ID", message_id=None))
    stop = threading.Event()
    with pytest.raises(SystemExit):
        Fetcher(box.office.desk, box.where, box.sorter, Dies).run(stop)
    assert (len(box.kept()), imap.unread()) == (2, 2)
    with box.running():
        until(lambda: imap.unread() == 0)
    assert len(box.kept()) == 2


def test_a_server_that_is_away_is_asked_again_and_again(box: Fetching, imap: ImapServer) -> None:
    tries: list[float] = []

    def opens(where: MailboxAddress) -> ImapBox:
        tries.append(monotonic())
        if len(tries) < 3:
            raise ConnectionRefusedError
        return ImapBox(where)

    imap.deliver(number(1))
    with box.running(opens):
        assert box.wait(1) == ids(1)
    assert tries[2] - tries[1] > tries[1] - tries[0] > 0.9, "at longer and longer intervals"


def test_what_a_server_lists_and_never_gives_is_not_asked_for_without_a_pause(box: Fetching, imap: ImapServer) -> None:
    asked: list[int] = []

    class Empty(ImapBox):
        def letter(self, number: int) -> bytes | None:
            asked.append(number)
            return None

    imap.deliver(letter("One"))
    with box.running(Empty):
        until(lambda: bool(asked))
        sleep(1)
    assert len(asked) < 5
    with box.running():
        box.wait(1)


def test_two_that_fetch_at_once_keep_each_letter_once(box: Fetching, imap: ImapServer) -> None:
    imap.deliver(*(number(count) for count in range(20)))
    with box.running(), box.running():
        box.wait(20)
        until(lambda: imap.unread() == 0)
    assert box.wait(20) == ids(*range(20))


def test_when_the_numbers_of_a_mailbox_begin_anew_nothing_is_lost_and_nothing_kept_twice(
    office: Office, tmp_path: Path, imap: ImapServer
) -> None:
    box = Fetching(office, tmp_path, imap.url.replace("INBOX", "Desk"))

    def fill(*letters: bytes) -> None:
        with imap.client() as client:
            client.delete("Desk")
            client.create("Desk")
            for one in letters:
                client.append("Desk", "(\\Seen)" if one == read else "", "", one)  # type: ignore[arg-type] # no date

    read = number(2)
    fill(number(1))
    with box.running():
        box.wait(1)
    fill(number(1), read, number(3))  # as after a restore of the server
    with box.running():
        assert set(box.wait(3)) == set(ids(1, 2, 3))
    assert len(box.kept()) == 3


def test_a_large_letter_is_a_file_and_one_that_is_too_large_a_letter_that_says_so(
    box: Fetching, imap: ImapServer
) -> None:
    large, huge = number(1, "x" * 70 + "\r\n" + "y " * IN_ROW_BYTES), number(2, "z" * (MOST_BYTES + 2**20))
    imap.deliver(large, huge)
    with box.running():
        box.wait(2)
        until(lambda: imap.unread() == 0)
    first, second = box.kept()
    assert box.files.read(first.file or "") == large
    raw = box.raw(second)
    assert second.message_id == "2@x.example"
    assert b"It is in the mailbox at mail.example" in raw
    assert b"zzz" not in raw


# --- POP3 -------------------------------------------------------------------------------------------


def test_by_pop_a_letter_is_deleted_when_it_is_kept(office: Office, tmp_path: Path) -> None:
    with pop_server() as server:
        server.letters = {"a": number(1), "b": number(2, "..dots\r\n.\r\nand " + "long " * 1000)}
        box = Fetching(office, tmp_path, server.url)
        with box.running():
            assert box.wait(2) == ids(1, 2)
            until(lambda: not server.letters)
    assert b"\r\n..dots\r\n.\r\nand long" in box.raw(box.kept()[1])


def test_by_pop_a_visit_that_breaks_off_loses_nothing_and_keeps_nothing_twice(office: Office, tmp_path: Path) -> None:
    with pop_server() as server:
        server.letters = {"a": letter("One", message_id=None), "b": number(2), "c": number(3)}
        server.hangs_up_after = 1
        box = Fetching(office, tmp_path, server.url)
        with box.running():
            box.wait(1)
            until(lambda: server.hung_up)  # or the visit may end as visits do, with what was kept so far
        assert len(server.letters) == 3, "nothing goes before the end of a visit"
        office.clock.advance(timedelta(days=2))  # what has no Message-ID is known by its name in the mailbox
        server.hangs_up_after = None
        with box.running():
            box.wait(3)
            until(lambda: not server.letters)
        assert len(box.kept()) == 3
        with box.running():
            until(lambda: not office.desk.look(lambda tx: tx.session.scalars(select(MailboxLetter)).all()))


def test_by_pop_letters_may_stay_and_those_that_are_too_large_do(office: Office, tmp_path: Path) -> None:
    with pop_server() as server:
        server.letters = {"a": number(1), "huge": number(2, "z" * (MOST_BYTES + 2**20))}
        stays = Fetching(office, tmp_path, f"{server.url}&keep=yes")
        with stays.running():
            stays.wait(2)
        with stays.running():
            sleep(0.5)
        assert (len(stays.kept()), set(server.letters)) == (2, {"a", "huge"})
        goes = Fetching(office, tmp_path, server.url)
        with goes.running():
            until(lambda: set(server.letters) == {"huge"})
        assert len(goes.kept()) == 2


# --- the envelope -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "recipient", "mail_from"),
    [
        ("To: vip@desk.example", "vip@desk.example", "ivan@example.com"),
        ("To: somebody@else.example", USER, "ivan@example.com"),
        ("To: help@desk.example\nCc: vip+c1.abcdefgh@desk.example", "vip+c1.abcdefgh@desk.example", "ivan@example.com"),
        ("Delivered-To: vip@desk.example\nTo: help@desk.example", "vip@desk.example", "ivan@example.com"),
        ("Return-Path: <>\nTo: help@desk.example", USER, ""),
        ("Return-Path: <bounce@far.example>", USER, "bounce@far.example"),
    ],
)
def test_the_headers_tell_for_whom_a_letter_was(
    office: Office, tmp_path: Path, headers: str, recipient: str, mail_from: str
) -> None:
    box = Fetching(office, tmp_path, "imap://help%40desk.example@localhost")
    raw = f"{headers}\nFrom: Ivan <ivan@example.com>\nSubject: x\n\nhello\n".replace("\n", "\r\n").encode()
    made = box.sorter.letter(raw)
    assert (made.recipient, made.mail_from) == (recipient, mail_from)


def test_what_stands_in_for_a_letter_that_is_too_large_is_a_letter_with_its_headers(
    office: Office, tmp_path: Path
) -> None:
    box = Fetching(office, tmp_path, "imap://help%40desk.example@localhost")
    head = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed;\r\n boundary=x\r\nSubject: Film\r\nMIME-Version: 1.0\r\n"
    )
    made = box.sorter.stand_in(head, 90 * 2**20)
    assert made.startswith(b"From: a@b.example\r\nSubject: Film\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n")
    assert b"90 MB" in made
    assert replace(box.sorter, size_bytes=1).stand_in(b"", 2**20).startswith(b"\r\nContent-Type")
