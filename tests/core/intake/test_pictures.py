"""A picture in a letter is a file of it, and is named where it stands."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from time import process_time

import pytest

from core.intake.letter import Letter
from core.intake.parse import parse
from core.intake.parse.html import to_text

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def letter(html: str, plain: str = "", *, name: str | None = "screen.png", cid: str = "<part1.x@y>") -> Letter:
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"] = "ivan@example.com", "Printer"
    if plain:
        made.set_content(plain)
        made.add_alternative(html, subtype="html")
    else:
        made.set_content(html, subtype="html")
    page = made.get_body(("html",))
    assert page is not None
    page.add_related(PNG, "image", "png", cid=cid, filename=name, disposition="inline")  # type: ignore[attr-defined] # of EmailMessage
    return parse(made.as_bytes())


@pytest.mark.parametrize(
    "image",
    [
        '<img src="cid:part1.x@y">',
        "<IMG alt='' SRC='CID:part1.x@y'/>",
        "<img width=3 src=cid:part1.x@y>",
        '<img src="cid:part1.x%40y" alt="Logo">',
    ],
)
def test_a_picture_is_named_in_its_place_and_is_a_file(image: str) -> None:
    read = letter(f"<p>It shows this:</p><p>{image}</p><p>What now?</p>")
    assert read.own_words == "It shows this:\n\n[picture: screen.png]\n\nWhat now?"
    assert read.text == "It shows this:\n\nWhat now?"
    assert [(one.name, one.content) for one in (*read.inline, *read.attachments)] == [("screen.png", PNG)]


def test_a_picture_alone_is_what_a_letter_says() -> None:
    assert letter('<img src="cid:part1.x@y">').own_words == "[picture: screen.png]"


def test_a_picture_without_a_name_has_the_one_of_its_file() -> None:
    read = letter('a <img src="cid:part1.x@y"> b', name=None)
    assert read.own_words == f"a [picture: {(*read.inline, *read.attachments)[0].name}] b"


def test_in_plain_words_a_reference_becomes_the_name() -> None:
    read = letter('<p>See <img src="cid:part1.x@y"></p>', plain="See [cid:part1.x@y] and [cid:other@y]")
    assert read.own_words == "See [picture: screen.png] and [cid:other@y]"


@pytest.mark.parametrize(
    "image",
    ['<img src="https://evil.example/pixel.png">', '<img src="cid:nothing">', '<img alt="src=cid:part1.x@y">', "<img>"],
)
def test_what_did_not_come_with_the_letter_leaves_nothing(image: str) -> None:
    assert letter(f"a{image}b").own_words == "ab"


def test_a_flood_of_pictures_takes_no_time() -> None:
    begun = process_time()
    to_text('<img src="cid:a">' * 10_000 + "<img src='cid:" * 1_000, {"a": "x.png"})
    assert process_time() - begun < 2


SHOT = '<p>It shows this:</p><img src="cid:part1.x@y">'


@pytest.mark.parametrize(
    ("html", "beside"),
    [
        (SHOT, False),
        (f"{SHOT}<p>-- <br>Ivan</p>", False),
        ('<p>Hello</p><p>-- <br>Ivan<br><img src="cid:part1.x@y"></p>', True),
        (f'<p>No</p><div>On 3 May 2026, Olena wrote:</div><blockquote type="cite">{SHOT}</blockquote>', True),
        (f'{SHOT}<div>On 3 May 2026, Olena wrote:</div><blockquote type="cite">{SHOT}</blockquote>', False),
        ("<p>Nobody shows it</p>", False),
    ],
)
@pytest.mark.parametrize("plain", ["", "Hello\n"])
def test_pictures_of_signatures_and_quotes_are_told_from_the_letters_own(html: str, plain: str, beside: bool) -> None:
    read = letter(html, plain)
    assert [one.beside for one in (*read.inline, *read.attachments)] == [beside]
