"""Where a mailbox is, read from one address; its password is shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.mailbox import read_mailbox
from core.settings import read_settings


@pytest.mark.parametrize(
    ("url", "protocol", "port", "tls", "folder", "queue"),
    [
        ("imaps://a:b@mail.example", "imap", 993, "implicit", "INBOX", None),
        ("imaps://a:b@mail.example/Desk?queue=VIP", "imap", 993, "implicit", "Desk", "VIP"),
        ("imap://a:b@mail.example/INBOX", "imap", 143, "starttls", "INBOX", None),
        ("imap://a:b@localhost:1143?tls=none", "imap", 1143, "none", "INBOX", None),
        ("pop3s://a:b@mail.example?queue=%D0%9F%D0%BE%D1%88%D1%82%D0%B0", "pop3", 995, "implicit", "INBOX", "Пошта"),
        ("pop3://a:b@127.0.0.1", "pop3", 110, "none", "INBOX", None),
    ],
)
def test_a_mailbox_is_written_as_one_address(
    url: str, protocol: str, port: int, tls: str, folder: str, queue: str | None
) -> None:
    read = read_mailbox(url)
    assert (read.protocol, read.port, read.tls, read.folder, read.queue) == (protocol, port, tls, folder, queue)


def test_user_and_password_may_have_anything_in_them_and_are_not_shown() -> None:
    read = read_mailbox("imaps://help%40desk.example:p%40ss%2Fw%3Frd@mail.example/INBOX")
    assert (read.user, read.password) == ("help@desk.example", "p@ss/w?rd")
    assert "p@ss" not in f"{read!r} {read.name}"
    assert read.letters_to("other.example") == "help@desk.example"
    assert read_mailbox("imaps://Help:x@mail.example").letters_to("desk.example") == "help@desk.example"


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://a:s3cret@mail.example", "imaps://mail.example", "imaps://a:s3cret@", "imaps://a:s3cret@h:x",
            "imaps://a:s3@cret@mail.example/a@b", "imap://a:s3cret@h?tls=perhaps"]
)  # fmt: skip
def test_what_is_no_mailbox_is_told_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"a mailbox is written|tls is one|written as") as told:
        read_mailbox(url)
    assert "s3" not in str(told.value)
    if url:
        with pytest.raises(Misconfigured) as faults:
            read_settings(data=tmp_path, mailbox=url)
        assert "CHERHA_MAILBOX" in str(faults.value.faults)
        assert "s3" not in str(faults.value.faults)


def test_the_address_of_the_mailbox_is_one_of_ours_with_its_queue(tmp_path: Path) -> None:
    given = {"data": tmp_path, "mail_domain": "desk.example", "mailbox": "imaps://help:x@mail.example?queue=VIP"}
    assert read_settings(**given).addresses == {"desk@desk.example": None, "help@desk.example": "VIP"}
    named = read_settings(**given, mail_addresses="help=Gold,info").addresses
    assert named == {"help@desk.example": "Gold", "info@desk.example": None}
    assert "x@mail" not in repr(read_settings(**given))
