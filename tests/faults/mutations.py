"""Letters that nobody wrote: real ones, changed at random; each is made from its number, again and again the same."""

from __future__ import annotations

import email.message
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

from tests.core.intake import hostile

#: Real letters of others; they are not a part of this repository, and where they are absent ours have to do.
PUBLIC = Path(__file__).parents[3] / "shared" / "cases" / "mail" / "cases"

#: Bytes of a letter that is changed; what is larger has tests of its own.
_LARGEST_BYTES = 100_000

#: What letters are made of, and what breaks those who read them.
_TOKENS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"\x00", b"\xff", b"\xf0\x9f", b"\xe2\x80\xae", b" " * 80, b"\t",
    b"--", b"--b\r\n", b"--b--\r\n", b"boundary=b", b'boundary="', b"Content-Type: ", b"multipart/mixed; ",
    b"multipart/alternative", b"message/rfc822", b"message/delivery-status", b"text/html",
    b"text/plain; format=flowed", b"application/ms-tnef", b'x\x9f>"', b"charset=", b"utf-7", b"utf-16", b"x-unknown",
    b"hz-gb-2312", b"idna", b"unicode_escape", b"Content-Transfer-Encoding: base64\r\n", b"quoted-printable",
    b"x-uuencode", b"begin 644 a\n", b"\nend\n", b"`\n", b"=", b"==", b"=3D", b"=?utf-8?b?", b"=?utf-8?q?", b"?=",
    b"=?x?x?x?=", b"filename*0*=", b"filename*=utf-8''%", b"''", b'"', b"\\", b"(", b")", b"<", b">", b"<>", b"@",
    b",", b";", b":", b"[]", b"<[]>", b"From: ", b"Message-ID: <[", b"References: ", b"Date: ", b"Subject: ",
    b"Auto-Submitted: auto-replied", b"> ", b">" * 60, b"On 1.1.2026 10:00, a <a@b.c> wrote:\n",
    b"From: a@b.c\nSent: x\nSubject: y\n", b"-- \n", b"____________\n", b"wrote:", b"<div>", b"</div>",
    b"<blockquote>", b"<table><tr><td>", b"<!--", b"-->", b"<style>", b"<script", b"&#x", b"&amp;", b"&#1114112;",
    b"Final-Recipient: rfc822; ", b"Action: failed", b"Status: 5.1.1", b"Reporting-MTA: ", b"a@b.example",
    b"99999999999999999999", b"-1", b"BEGIN:VCALENDAR\r\n", b"begin:", b"DTSTART:", b"END:VCALENDAR",
)  # fmt: skip


@cache
def corpus() -> tuple[bytes, ...]:
    """Read what is changed: our own hostile letters, cut short; one of each shape; and those of others."""
    ours = [make()[:20_000] for _, make in sorted(hostile.LETTERS.items())]
    found = sorted(PUBLIC.glob("*.eml")) if PUBLIC.exists() else []
    public = [one.read_bytes() for one in found if one.stat().st_size <= _LARGEST_BYTES]
    return (*ours, *_shapes(), *public)


def _shapes() -> list[bytes]:
    """Compose one letter of each usual shape."""
    plain = email.message.EmailMessage()
    plain["From"], plain["To"], plain["Subject"] = "Олена <olena@demo.example>", "desk@demo.example", "Принтер"
    plain["Message-ID"], plain["References"] = "<1@demo.example>", "<0@demo.example>"
    plain.set_content("Не друкує.\n\nOn 25/11/2026 18:11, Desk wrote:\n> What?\n-- \nOlena\n")
    both = email.message.EmailMessage()
    both["From"] = "a@demo.example"
    both.set_content("Plain words")
    both.add_alternative("<p>Words <b>bold</b></p><blockquote>quoted</blockquote>", "html")
    both.add_attachment(b"\x00\x01", "application", "octet-stream", filename="звіт.bin")
    both.add_attachment(plain)
    return [plain.as_bytes(), both.as_bytes()]


def mutated(number: int, letters: Sequence[bytes]) -> bytes:
    """Change a letter in one to eight places, as the number says."""
    random = Random(number)
    raw = bytearray(random.choice(letters))
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(raw) + 1)
        to = min(len(raw), at + random.choice((1, 4, 40, 400, 4000)))
        match random.randrange(7):
            case 0:
                raw[at:at] = random.choice(_TOKENS) * random.choice((1, 1, 1, 3, 50))
            case 1:
                del raw[at:to]
            case 2:
                raw[at:at] = raw[at:to] * random.choice((1, 2, 10))
            case 3:
                other = random.choice(letters)
                begin = random.randrange(len(other) + 1)
                raw[at:to] = other[begin : begin + random.choice((10, 200, 4000))]
            case 4:
                raw[at:to] = random.randbytes(min(to - at, 40))
            case 5:
                raw[at:to] = raw[at:to].swapcase()
            case _:
                del raw[to:]
        del raw[_LARGEST_BYTES:]
    return bytes(raw)
