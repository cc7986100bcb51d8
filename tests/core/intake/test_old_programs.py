"""What old and odd programs do to letters: flowed text, files within text, winmail.dat."""

from __future__ import annotations

import binascii
import struct
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.intake.parse import parse
from core.intake.parse.flowed import unflowed
from core.intake.parse.tnef import unpacked
from core.intake.parse.transfer import taken_out

_HEAD = b"From: a@b.example\r\nMIME-Version: 1.0\r\n"
_words = st.text("abc їж.,", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(st.lists(_words, min_size=1, max_size=30), min_size=1, max_size=5), st.integers(0, 3))
def test_what_was_broken_for_transport_is_joined_again(paragraphs: list[list[str]], depth: int) -> None:
    mark = ">" * depth
    sent = "\n".join(" \n".join(f"{mark} {word}" if depth else word for word in words) for words in paragraphs)
    meant = "\n".join((f"{mark} " if depth else "") + " ".join(words) for words in paragraphs)
    assert unflowed(sent, delete_space=False) == meant


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("two \nlines", "two lines"),
        ("> two \n> lines\nmine", "> two lines\nmine"),
        ("> quoted \nmine", "> quoted \nmine"),
        (" From here", "From here"),
        (" > no quote", "> no quote"),
        ("words \n-- \nname", "words \n-- \nname"),
        ("fixed\nlines\n\nstay", "fixed\nlines\n\nstay"),
        ("  indented code", " indented code"),
    ],
)
def test_flowed_text_is_read_as_its_rules_say(sent: str, meant: str) -> None:
    assert unflowed(sent, delete_space=False) == meant


def test_a_flowed_letter_reads_as_it_was_written() -> None:
    head = _HEAD + b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    assert parse(head + "日本 \r\n語です。\r\n次".encode()).text == "日本語です。\n次"


def _uuencoded(name: bytes, content: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return b"begin 644 " + name + b"\n" + lines + b"`\nend\n"


@given(st.binary(max_size=300))
def test_a_file_within_a_text_is_a_file(content: bytes) -> None:
    body = b"See:\n" + _uuencoded(b"a b.bin", content) + b"Bye"
    assert taken_out(body) == (b"See:\n\nBye", [("a b.bin", content)])


@pytest.mark.parametrize(
    "words",
    [
        b"begin 644 the work\nand it will\nend\nsometime",
        b"begin 644 x\n",
        b"we begin 644 a\nend",
        b"end\nbegin 644 a\n",
    ],
)
def test_words_that_only_begin_like_a_file_are_kept(words: bytes) -> None:
    assert taken_out(words) == (words, [])


def test_a_letter_with_a_file_in_its_text_has_both() -> None:
    letter = parse(_HEAD + b"\r\nThe list is below.\n" + _uuencoded("список.txt".encode(), b"one\n"))
    assert letter.own_words == "The list is below."
    assert [(one.name, one.content_type, one.content) for one in letter.attachments] == [
        ("список.txt", "text/plain", b"one\n")
    ]


def _object(level: int, name: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def _winmail(*files: tuple[str, bytes], body: str = "") -> bytes:
    """Pack files away as Outlook does (MS-OXTNEF, section 2.1)."""
    packed = b"\x78\x9f\x3e\x22\x01\x00" + _object(1, 0x00089006, struct.pack("<I", 0x10000))
    packed += _object(1, 0x00069007, struct.pack("<II", 1251, 0))
    if body:
        packed += _object(1, 0x0002800C, body.encode() + b"\0")
    for name, content in files:
        packed += _object(2, 0x00069002, b"\0" * 14) + _object(2, 0x00018010, name.encode("cp1251") + b"\0")
        packed += _object(2, 0x0006800F, content)
    return packed


def _with_winmail(packed: bytes, words: bytes) -> bytes:
    return (
        _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + words + b"\r\n--b\r\n"
        b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + binascii.b2a_base64(packed)
        + b"--b--\r\n"
    )


def test_what_outlook_packed_away_is_unpacked() -> None:
    letter = parse(_with_winmail(_winmail(("звіт.txt", b"words"), ("b.bin", b"\x00\x01")), b"See the files."))
    assert letter.own_words == "See the files."
    assert [(one.name, one.content_type, one.content) for one in letter.attachments] == [
        ("звіт.txt", "text/plain", b"words"),
        ("b.bin", "application/octet-stream", b"\x00\x01"),
    ]


def test_words_that_only_stand_in_what_outlook_packed_away_are_read() -> None:
    packed = _winmail(body="Принтер не друкує.")
    assert parse(_with_winmail(packed, b"")).own_words == "Принтер не друкує."
    assert parse(_with_winmail(packed, b"The same, otherwise.")).own_words == "The same, otherwise."


@given(st.binary(max_size=200), st.integers(0, 200))
@example(bytes(12), 41)
def test_what_cannot_be_unpacked_stays_a_file(noise: bytes, cut: int) -> None:
    unpacked(_winmail(("a.txt", b"words"))[:cut] + noise)
    letter = parse(_with_winmail(b"no such thing" + noise, b"See the files."))
    assert [one.name for one in letter.attachments] == ["winmail.dat"]


def _properties(count: int, *more: int) -> bytes:
    return struct.pack("<I", count) + b"".join(struct.pack("<HHI", 0x1003, 0x3003, values) for values in more)


@pytest.mark.parametrize("object_", [(1, 0x00069003), (2, 0x00069005)], ids=["letter", "file"])
@pytest.mark.parametrize(
    "properties", [_properties(2**32 - 1), _properties(1, 2**32 - 1)], ids=["properties", "values of one"]
)
def test_a_winmail_that_tells_of_more_than_it_has_takes_no_time(object_: tuple[int, int], properties: bytes) -> None:
    packed = _winmail(("a.txt", b"words")) + _object(*object_, properties)
    began = process_time()
    letter = parse(_with_winmail(packed, b"See the files."))
    assert process_time() - began < 0.5
    assert letter.attachments


def test_a_hostile_winmail_takes_no_time() -> None:
    packed = _winmail() + _object(1, 0x0002800C, b"") * 400_000
    began = process_time()
    assert unpacked(packed) is None
    assert process_time() - began < 0.5
