from __future__ import annotations

import pytest

from core.intake.parse import parse

_WORDS = "Добрий день! Принтер не друкує.\n\nIvan"

BLOCKS = {
    "Gmail": "---------- Forwarded message ---------\nFrom: Ivan Petrenko <ivan@example.com>\n"
    "Date: Wed, Nov 25, 2026 at 6:11 PM\nSubject: Printer\nTo: <olena@desk.example>\n\n\n",
    "Gmail in Ukrainian": "---------- Пересланий лист ---------\nВід: Ivan Petrenko <ivan@example.com>\n"
    "Дата: ср, 25 лист. 2026 р. о 18:11\nТема: Printer\nКому: <olena@desk.example>\n\n",
    "Outlook": "________________________________\nFrom: Ivan Petrenko <ivan@example.com>\n"
    "Sent: Wednesday, November 25, 2026 6:11 PM\nTo: Olena <olena@desk.example>\nSubject: Printer\n\n",
    "Apple": "Begin forwarded message:\n\nFrom: Ivan Petrenko <ivan@example.com>\nSubject: Printer\n"
    "Date: 25 November 2026 at 18:11:00 EET\nTo: olena@desk.example\n\n",
    "Thunderbird": "-------- Forwarded Message --------\nSubject: \tPrinter\nDate: \tWed, 25 Nov 2026 18:11:00 +0200\n"
    "From: \tIvan Petrenko <ivan@example.com>\nTo: \tolena@desk.example\n\n",
}


def _letter(text: str, subject: str = "Fwd: Printer", kind: str = "text/plain") -> bytes:
    head = f"From: Olena <olena@desk.example>\r\nSubject: {subject}\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n"
    return (head + text).encode()


@pytest.mark.parametrize("program", BLOCKS)
@pytest.mark.parametrize("said", ["", "Please look at this today."])
@pytest.mark.parametrize("mark", ["", "> "])
def test_who_wrote_what_was_forwarded_is_read(program: str, said: str, mark: str) -> None:
    below = "\n".join(f"{mark}{line}" for line in (BLOCKS[program] + _WORDS).split("\n"))
    found = parse(_letter(f"{said}\n\n{below}")).forwarded
    assert found is not None
    assert (found.from_.name, found.from_.address) == ("Ivan Petrenko", "ivan@example.com")
    assert (found.subject, found.own_words, found.said) == ("Printer", _WORDS, said)


def test_what_was_forwarded_as_a_file_is_read() -> None:
    inner = "From: Ivan Petrenko <ivan@example.com>\r\nSubject: Printer\r\nReferences: <a@b>\r\n\r\nIt is silent.\r\n"
    parts = f"--b\r\n\r\nSee below.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    found = parse(_letter(parts, kind="multipart/mixed; boundary=b")).forwarded
    assert found is not None
    assert (found.from_.address, found.subject) == ("ivan@example.com", "Printer")
    assert (found.own_words, found.said, found.references) == ("It is silent.", "See below.", ("a@b",))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (f"Look\n\n{BLOCKS['Outlook']}{_WORDS}", "RE: Printer"),
        ("Look at this.", "Fwd: Printer"),
        ("From: the second floor\nTo: me\nDate: today\nSubject: none", "Fwd: Printer"),
        ("", "Fwd:"),
    ],
)
def test_what_forwards_nothing_is_no_forward(text: str, subject: str) -> None:
    assert parse(_letter(text, subject)).forwarded is None
