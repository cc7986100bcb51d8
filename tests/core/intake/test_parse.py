from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.letter import Address, Letter
from core.intake.parse import parse
from core.intake.parse.charsets import codec, decode, guessing
from core.intake.parse.headers import addresses, decoded, identifiers, read_date, read_headers
from core.intake.rules import classify
from core.intake.rules.identity import content_hash, message_id_of
from tests.workers.letters import letter

_WHOLE = b"\r\n".join(
    (
        b"From: =?utf-8?B?0IbQstCw0L0=?= <Ivan@Example.com>", b'To: desk@localhost, "B, C" <b@c.example>',
        b"Message-ID: <1@example.com>", b"References: <x@y> <z@y>", b"In-Reply-To: <z@y>",
        b"Date: Wed, 25 Nov 2026 18:11:00 +0200", b"Subject: =?koi8-u?Q?=F0=D2=C9=D7=A6=D4?= there",
        b'Content-Type: multipart/mixed; boundary="b"', b"",
        b"--b", b'Content-Type: multipart/alternative; boundary="a"', b"",
        b"--a", b"Content-Type: text/plain; charset=windows-1251", b"Content-Transfer-Encoding: quoted-printable", b"",
        b"=CF=F0=E8=E2=B3=F2", b"--a", b"Content-Type: text/html", b"", b"<p>Hi</p>", b"--a--",
        b"--b", b'Content-Type: image/png; name="p.png"', b"Content-ID: <p1>", b"Content-Disposition: inline",
        b"Content-Transfer-Encoding: base64", b"", b"iVBORw0=",
        b"--b", b"Content-Type: text/plain", b"Content-Disposition: attachment; filename*=utf-8''%D1%84.txt",
        b"", b"file",
        b"--b--", b"",
    )
)  # fmt: skip


def _strings(one: object) -> list[str]:
    if isinstance(one, str):
        return [one]
    if isinstance(one, dict):
        return [text for pair in one.items() for part in pair for text in _strings(part)]
    if isinstance(one, tuple | list):
        return [text for part in one for text in _strings(part)]
    return [text for name in getattr(one, "__slots__", ()) for text in _strings(getattr(one, name))]


def _assert_sound(found: Letter) -> None:
    """Whatever it was made of, a letter holds nothing that a database refuses, and can be asked what it is."""
    classify(found, "", b"")
    for text in _strings(found):
        assert "\x00" not in text
        text.encode()
    assert len(found.subject) <= 500


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    _assert_sound(parse(raw))
    message_id_of(raw)
    assert content_hash(raw) == content_hash(raw)


@given(st.lists(st.tuples(st.integers(0, len(_WHOLE)), st.binary(max_size=6), st.integers(0, 40)), max_size=6))
def test_any_damage_to_a_letter_leaves_a_letter(damage: list[tuple[int, bytes, int]]) -> None:
    raw = _WHOLE
    for at, instead, length in damage:
        raw = raw[:at] + instead + raw[at + length :]
    _assert_sound(parse(raw))


def test_a_letter_is_taken_apart() -> None:
    found = parse(_WHOLE)
    assert found.from_ == Address("Іван", "ivan@example.com")
    assert found.to == (Address("", "desk@localhost"), Address("B, C", "b@c.example"))
    assert (found.subject, found.text, found.message_id) == ("Привіт there", "Привіт", "1@example.com")
    assert (found.references, found.in_reply_to) == (("x@y", "z@y"), ("z@y",))
    assert found.date is not None
    assert found.date.isoformat() == "2026-11-25T16:11:00+00:00"
    assert [(one.name, one.content) for one in found.attachments] == [("ф.txt", b"file")]
    assert [(one.name, one.content_id) for one in found.inline] == [("p.png", "p1")]
    assert found.flags == ()


def test_several_senders_are_told() -> None:
    assert parse(b"From: a@b.c, d@e.f\r\n\r\nhello").flags == ("flag.many_from",)


def test_the_text_of_a_letter_within_the_letter_is_a_file() -> None:
    head = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    found = parse(
        head
        + b"--b\r\n\r\nown\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        + b"Subject: old\r\n\r\nquoted\r\n--b--\r\n"
    )
    assert found.text == "own"
    assert [one.name for one in found.attachments] == ["attachment.eml"]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Ivan <ivan@example.com>", [("Ivan", "ivan@example.com")]),
        ("ivan@example.com (Ivan)", [("Ivan", "ivan@example.com")]),
        ('"a, b" <c@d.e>; f@g.h', [("a, b", "c@d.e"), ("", "f@g.h")]),
        ("Group: a@b.c, d@e.f;", [("", "a@b.c"), ("", "d@e.f")]),
        ("<>", []),
        ("nobody", []),
    ],
)
def test_addresses_are_read(value: str, read: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in addresses((value,))] == read


@given(st.text(max_size=300))
def test_headers_are_read_whatever_they_hold(value: str) -> None:
    decoded(value)
    addresses((value,))
    identifiers((value,))
    read_date(value)


@given(
    st.lists(
        st.sampled_from([b"A: b\r\n", b" folded\r\n", b"\xff: x\r\n", b"To: \xd0\xd1\r\n", b"x\n", b":\r"]),
        max_size=3000,
    )
)
def test_headers_are_bounded(lines: list[bytes]) -> None:
    found = read_headers(b"".join(lines) * 20)
    assert sum(map(len, found.values())) <= 1000
    assert all(len(value) <= 16 * 1024 for values in found.values() for value in values)


def test_identifiers_are_told_once_each_and_bounded() -> None:
    assert identifiers(("<a@b> <c@d>", "<a@b>", "e@f")) == ("a@b", "c@d", "e@f")
    assert len(identifiers(tuple(f"<{number}@x>" for number in range(5000)))) == 1000
    assert all(len(one) <= 500 for one in identifiers(("x" * 10_000 + "@y",)))


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        ("Привіт".encode("cp1251"), "windows-1251", "Привіт"),
        ("Привіт".encode(), "us-ascii", "Привіт"),
        (b"caf\xe9 \x93x\x94", "iso-8859-1", "café “x”"),
        ("漢字㐂".encode("gb18030"), "gb2312", "漢字㐂"),
        (b"abc", "no-such-charset", "abc"),
        (b"\xff", None, "ÿ"),
        (b"x", "base64", "x"),
    ],
)
def test_bytes_are_decoded_whatever_they_are_called(raw: bytes, declared: str | None, text: str) -> None:
    assert decode(raw, declared) == text


@given(st.binary(max_size=60), st.text(max_size=20) | st.none())
def test_nothing_refuses_to_be_decoded(raw: bytes, declared: str | None) -> None:
    with guessing():
        decode(raw, declared)
    codec(declared)


def test_a_charset_is_guessed_in_a_letter_only() -> None:
    raw = ("Привіт, як справи? Принтер мовчить." * 5).encode("cp1251")
    assert decode(raw, None) != raw.decode("cp1251")
    with guessing():
        assert decode(raw, None) == raw.decode("cp1251")


def test_the_way_of_a_letter_is_no_part_of_its_identity_and_its_words_are() -> None:
    raw = letter("one")
    assert content_hash(b"Received: from a\r\n" + raw) == content_hash(
        b"Received: from b\r\nDKIM-Signature: x\r\n" + raw
    )
    assert content_hash(raw) == content_hash(raw.replace(b"\r\n", b"\n"))
    assert content_hash(raw) != content_hash(raw.replace(b"one", b"two"))
    assert content_hash(raw) != content_hash(raw.replace(b"Subject: P", b"Subject: p"))


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"Message-Id:\r\n <a@b>\r\n\r\n", "a@b"),
        (b"X: 1\r\nMESSAGE-ID: <a\x00b@c>\r\n\r\n", "ab@c"),
        (b"X: 1\r\n\r\nMessage-ID: <a@b>", None),
    ],
)
def test_the_door_finds_a_message_id(raw: bytes, read: str | None) -> None:
    assert message_id_of(raw) == read
