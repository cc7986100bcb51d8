from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import select

from core.inbox.model import Letter
from core.store.files import FileStore
from core.work.queues import keep_addresses
from tests.core.office import Office
from workers.keeping import is_ours, keeper, knower
from workers.smtp_in.letters import Envelope, Kept


class CountingFiles(FileStore):
    """Counts how often something is written."""

    written = 0

    def keep(self, content: bytes | Iterable[bytes]) -> str:
        self.written += 1
        return super().keep(content)


def envelope(office: Office, content: bytes, recipient: str = "desk@localhost", file: Path | None = None) -> Envelope:
    return Envelope(
        recipient=recipient,
        mail_from="ivan@example.com",
        peer="127.0.0.1",
        received_at=office.clock.at,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        raw=None if file else content,
        file=file,
    )


def kept_rows(office: Office) -> list[Letter]:
    return office.desk.look(lambda tx: list(tx.session.scalars(select(Letter).order_by(Letter.id))))


def test_letters_are_kept_in_one_go_and_told_in_their_order(office: Office, tmp_path: Path) -> None:
    keep = keeper(office.desk, FileStore(tmp_path))
    told = keep([envelope(office, b"Message-ID: <%d@x>\r\n\r\nhello" % number) for number in range(5)])
    rows = kept_rows(office)
    assert told == [Kept(row.id) for row in rows]
    assert [row.message_id for row in rows] == [f"{number}@x" for number in range(5)]
    assert office.woken == [("understand", rows[0].id)], "who begins with the first begins with the others"


def test_the_same_letter_again_is_the_same_row(office: Office, tmp_path: Path) -> None:
    keep = keeper(office.desk, FileStore(tmp_path))
    letter = envelope(office, b"Message-ID: <1@x>\r\n\r\nhello")
    assert keep([letter]) == keep([letter])


def test_a_large_letter_is_in_a_file_before_its_row_is(office: Office, tmp_path: Path) -> None:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(b"Subject: large\r\n\r\n" + b"x" * 100)
    files = FileStore(tmp_path / "files")
    keeper(office.desk, files)([envelope(office, spooled.read_bytes(), file=spooled)])
    (row,) = kept_rows(office)
    assert files.read(row.file or "") == spooled.read_bytes()


def test_a_large_letter_to_many_recipients_is_written_once(office: Office, tmp_path: Path) -> None:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(b"Message-ID: <1@x>\r\n\r\n" + b"x" * 100)
    files = CountingFiles(tmp_path / "files")
    to = [f"desk+{number}@localhost" for number in range(50)]
    told = keeper(office.desk, files)([envelope(office, spooled.read_bytes(), one, spooled) for one in to])
    assert len({one.letter for one in told if isinstance(one, Kept)}) == 50
    assert files.written == 1
    assert len({row.file for row in kept_rows(office)}) == 1


def test_a_message_id_that_no_database_keeps_is_cleaned(office: Office, tmp_path: Path) -> None:
    told = keeper(office.desk, FileStore(tmp_path))([envelope(office, b"Message-ID: <a\x00\xffb@x>\r\n\r\nhello")])
    assert isinstance(told[0], Kept)
    assert [row.message_id for row in kept_rows(office)] == ["a\ufffdb@x"]


def test_a_letter_that_cannot_be_kept_takes_no_other_with_it(office: Office, tmp_path: Path) -> None:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(b"large")
    full = tmp_path / "full"
    full.write_text("no folder")
    keep = keeper(office.desk, FileStore(full))
    good, bad = envelope(office, b"good"), envelope(office, b"large", file=spooled)
    told = keep([bad, good, bad])
    assert [type(one) for one in told] == [FileExistsError, Kept, FileExistsError]
    assert stat.S_ISREG(full.stat().st_mode)


def test_what_no_database_keeps_as_text_is_taken_out_of_the_envelope(office: Office, tmp_path: Path) -> None:
    odd = envelope(office, b"hello")
    odd = Envelope(
        **{name: getattr(odd, name) for name in odd.__slots__}
        | {"mail_from": "a\x00b\udcff@example.com", "helo": "m\x00x"}
    )
    keeper(office.desk, FileStore(tmp_path))([odd])
    assert [row.mail_from for row in kept_rows(office)] == ["ab@example.com"]


@pytest.mark.parametrize(
    ("recipient", "ours"),
    [
        ("desk@example.com", True),
        ("DESK@Example.COM", True),
        ("desk+c12.abcdefgh@example.com", True),
        ("postmaster@example.com", True),
        ("Postmaster@elsewhere.com", False),
        ("desk@elsewhere.com", False),
        ("deskx@example.com", False),
        ("desk", False),
        ("", False),
        ("+tag@example.com", False),
    ],
)
def test_our_addresses_are_known_in_any_case_and_with_a_tag(office: Office, recipient: str, *, ours: bool) -> None:
    office.desk.run(keep_addresses, {"desk@example.com": None})
    assert office.desk.look(is_ours, recipient) is ours
    assert knower(office.desk)(recipient) is ours
