from __future__ import annotations

import base64
import binascii
from email.message import EmailMessage
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.parse import parse
from core.intake.parse.charsets import decode
from core.intake.parse.mime import Budget, entities
from core.intake.parse.parameters import read_value
from core.intake.parse.transfer import transferred

_HEAD = b"From: a@b.example\r\nMIME-Version: 1.0\r\n"


def _bodies(raw: bytes) -> list[tuple[str, bytes]]:
    return [(one.kind, one.content()) for one in entities(raw, Budget())]


def _multipart(*parts: bytes, boundary: bytes = b"b", kind: bytes = b"mixed", close: bytes = b"--b--\r\n") -> bytes:
    head = _HEAD + b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\nfor old readers\r\n'
    return head + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + close


_name = st.text("abcXYZ їЇ日é'();=\"%*._-", min_size=1, max_size=40).map(str.strip).filter(bool)


@given(
    st.lists(st.tuples(_name, st.binary(max_size=300)), max_size=4),
    st.sampled_from(["base64", "quoted-printable"]),
    st.booleans(),
)
def test_what_a_library_composes_is_found_byte_for_byte(
    files: list[tuple[str, bytes]], encoding: str, html: bool
) -> None:
    letter = EmailMessage()
    letter.set_content("Words of theirs\n", cte=encoding)
    if html:
        letter.add_alternative("<p>Words of theirs</p>", "html")
    for name, content in files:
        letter.add_attachment(content, "application", "x-thing", filename=name)
    read = parse(letter.as_bytes())
    assert read.text == "Words of theirs"
    assert [one.content for one in read.attachments] == [content for _, content in files]


def test_a_letter_within_a_letter_keeps_its_bytes() -> None:
    inner = b"From: c@d.example\nSubject:  odd   spacing\n\nDo not\ttouch \nthis\n"
    raw = _multipart(b"\r\nsee below", b"Content-Type: message/rfc822\r\n\r\n" + inner)
    assert _bodies(raw) == [("text/plain", b"see below"), ("message/rfc822", inner)]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (_multipart(b"\r\none", b"\r\ntwo", close=b""), [b"one", b"two\r\n"]),
        (_multipart(b"\r\none", boundary=b"x y", close=b"--x y--  \r\nnobody's"), [b"one"]),
        (_multipart(b"\r\none\r\n--bee\r\nis no boundary"), [b"one\r\n--bee\r\nis no boundary"]),
        (_multipart(b"no header lines\r\n\r\nat all"), [b"no header lines\r\n\r\nat all"]),
        (_HEAD + b"Content-Type: multipart/mixed; boundary=never\r\n\r\nall of it", [b"all of it"]),
        (_HEAD + b"Content-Type: multipart/mixed\r\n\r\n--found\r\n\r\none\r\n--found--\r\n", [b"one"]),
        (_HEAD + b"Content-Type: text\r\n\r\nwords", [b"words"]),
        (_HEAD.replace(b"\r\n", b"\n") + b"\nwith bare line feeds\n", [b"with bare line feeds\n"]),
        (_multipart(b"\r\none", b"\r\ntwo").replace(b"\r\n", b"\r"), [b"one", b"two"]),
        (_HEAD, [b""]),
        (b"", [b""]),
    ],
)
def test_parts_are_found_however_they_were_cut(raw: bytes, found: list[bytes]) -> None:
    assert [content for _, content in _bodies(raw)] == found


def test_the_parts_of_a_digest_are_letters() -> None:
    assert _bodies(_multipart(b"\r\nSubject: one\r\n\r\nhi", kind=b"digest"))[0][0] == "message/rfc822"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('attachment; filename="a b.txt"', "filename", "a b.txt"),
        ("attachment; filename=a b.txt; size=3", "filename", "a b.txt"),
        (r'attachment; filename="a \"b\".txt"', "filename", 'a "b".txt'),
        ('attachment; filename="never closed', "filename", "never closed"),
        ("attachment; filename*=UTF-8''%D0%B0.txt; filename=a.txt", "filename", "а.txt"),
        ("attachment; filename*0*=windows-1251''%E0; filename*1=b.txt", "filename", "аb.txt"),
        ("attachment; filename*1=b.txt; filename*0=a", "filename", "ab.txt"),
        ("attachment; filename*=%D0%B0.txt", "filename", "а.txt"),
        ("text/plain; CHARSET = koi8-u", "charset", "koi8-u"),
        ("text/plain; charset=a; charset=b", "charset", "a"),
        ("text/plain;;; charset=a", "charset", "a"),
        ("text/plain; =; charset=a", "charset", "a"),
    ],
)
def test_parameters_are_read_as_they_were_meant(text: str, name: str, value: str) -> None:
    assert read_value(text).parameters.get(name, "") == value


@given(st.text(max_size=300))
def test_no_parameter_is_refused(text: str) -> None:
    read_value(text)
    read_value("a; " + text)


@given(st.binary(max_size=500), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "8bit", "", "odd"]))
def test_no_encoding_is_refused(body: bytes, encoding: str) -> None:
    transferred(body, encoding)


@given(st.binary(min_size=1, max_size=500), st.integers(0, 3), st.binary(max_size=3))
def test_base64_is_read_whatever_stands_between_its_lines(content: bytes, cut: int, odd: bytes) -> None:
    noise = bytes(one for one in odd if not chr(one).isalnum() and one not in b"+/=")
    lines = base64.encodebytes(content).replace(b"\n", b"\r\n" + noise + b"\r\n")
    assert transferred(lines, "base64") == content
    assert content.startswith(transferred(lines.rstrip()[: len(lines.rstrip()) - cut], "base64")[:-3])


def test_what_was_written_by_uuencode_is_read() -> None:
    content = bytes(range(200))
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, 200, 45))
    assert transferred(b"begin 644 a.bin\n" + lines + b"`\nend\n", "x-uuencode") == content


def test_a_name_in_raw_bytes_is_read() -> None:
    part = 'Content-Type: image/png\r\nContent-Disposition: attachment; filename="Аркуш ї.png"\r\n\r\nx'.encode()
    assert parse(_multipart(b"\r\nhi", part)).attachments[0].name == "Аркуш ї.png"


def test_utf_8_with_a_few_broken_places_is_not_taken_for_another_charset() -> None:
    assert decode("Привіт, друже".encode()[:-1], "utf-8") == "Привіт, друж\ufffd"
    assert decode(b"hello\xf0", "utf-8") == "hello\ufffd"
    assert decode("Привіт ".encode() + b"\xff" + " друже".encode(), None) == "Привіт \ufffd друже"
    assert decode("Grüße aus Köln".encode("cp1252"), "utf-8") == "Grüße aus Köln"


@pytest.mark.parametrize(
    "raw",
    [
        _multipart(b"\r\nhi", boundary=b"-", close=b"-\r\n" * 2_000_000),
        _multipart(b"\r\nhi", boundary=b"b", close=b"--bb\r\n" * 1_000_000),
        _multipart(b"\r\nhi", close=b"--b\r\n" * 1_000_000),
        _multipart(b"X" * 5_000_000),
        _multipart(b"X: y\r\n" * 500_000),
        _HEAD + b"Content-Type: multipart/mixed; boundary=" + b";=" * 8000 + b"\r\n\r\n" + b"--" * 1_000_000,
    ],
    ids=["dashes", "nearly boundaries", "boundaries", "one long line", "only headers", "parameters"],
)
def test_floods_of_boundaries_take_no_time(raw: bytes) -> None:
    began = process_time()
    parse(raw)
    assert process_time() - began < 1


@pytest.mark.parametrize("name", ["utf-7''+2AA-", "unicode_escape''%5Cud800", "utf-7''+2AA-x"])
def test_half_a_character_in_a_boundary_is_none_of_it(name: str) -> None:
    head = _HEAD + f"Content-Type: multipart/mixed; boundary*={name}\r\n\r\n".encode()
    assert parse(head + b"--x\r\n\r\nhello\r\n--x--\r\n").own_words == "hello"


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])
def test_what_python_knows_besides_charsets_is_none(name: str) -> None:
    began = process_time()
    words = b"path C:\\new\\u0041-" + b"ab9zk" * 50_000
    assert decode(words, name) == words.decode()
    assert process_time() - began < 1
