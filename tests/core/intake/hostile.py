"""Letters that somebody wrote to hold up the desk, made by code."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

_HEAD = b"From: Eve <eve@example.com>\r\nTo: desk@localhost\r\nSubject: Hostile\r\nMessage-ID: <1@example.com>\r\n"

KB, MB = 1024, 1024 * 1024


def plain(body: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body


def html(body: bytes) -> bytes:
    return _HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + body


def flood(unit: str, size: int = MB) -> bytes:
    """Repeat a unit until it is so large."""
    return unit.encode() * (size // len(unit.encode()))


def nested_multiparts(depth: int, lines: int = 10) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (one, one) for one in range(depth)
    )
    return _HEAD + opened + b"Content-Type: text/plain\r\n\r\n" + b"x\r\n" * lines


def many_parts(count: int) -> bytes:
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\npart %d\r\n" % one for one in range(count))
    return _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts + b"--b--\r\n"


def headers(field: bytes, count: int) -> bytes:
    return _HEAD + field * count + b"\r\nhello"


def zip_like() -> bytes:
    """Write fifty megabytes of nothing as an archive, in base64 lines."""
    packed = zlib.compress(b"\x00" * 50 * MB) * 20
    return (
        _HEAD
        + b'Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(packed)
    )


#: By what they do; each is made when it is needed.
LETTERS: dict[str, Callable[[], bytes]] = {
    "scripts that never end": lambda: html(flood("<script ")),
    "scripts opened": lambda: html(flood("<script>")),
    "lists in lists": lambda: html(flood("<ul><li>x")),
    "quotes in one long line": lambda: html(b"x" * 9 * MB + b"<blockquote></blockquote>" * 19_000),
    "quotes in quotes": lambda: html(flood("<blockquote>x")),
    "tables in tables": lambda: html(flood("<table><tr><td>x")),
    "comments that never end": lambda: html(flood("<!-- x ")),
    "tags that never end": lambda: html(flood('<a href="x ')),
    "odd quotes in tags": lambda: html(flood("<a '>x")),
    "bare brackets": lambda: html(flood("< ")),
    "long numbers of characters": lambda: html(b"&#" + b"9" * 100_000 + b";" + flood("&#x110000;", 256 * KB)),
    "multiparts in multiparts": lambda: nested_multiparts(1000),
    "multiparts in multiparts with many lines": lambda: nested_multiparts(90, 300_000),
    "a first line of tabs that may be a boundary": lambda: (
        _HEAD + b"Content-Type: multipart/mixed\r\n\r\n--x" + b"\t" * 5 * MB
    ),
    "a thousand parts": lambda: many_parts(1000),
    "parts in an unknown charset": lambda: (
        many_parts(400).replace(b"text/plain\r\n", b"text/plain\r\n\xff").replace(b"part", b"\x81\x8d\xd0")
    ),
    "a flood of headers": lambda: headers(b"X-Flood: 1\r\n", 500_000),
    "headers in no charset": lambda: headers(b"X-Flood: \x81\x8d\xd0\xff\xfe" * 1 + b"\r\n", 900),
    "a flood of references": lambda: headers(b"References: " + b"<a@b>" * 200 + b"\r\n", 95),
    "a flood of addresses": lambda: headers(b"To: " + b"a" * 16_000 + b"\r\n", 6),
    "encoded words in no charset": lambda: headers(b"Subject: " + b"=?x?q?=81=8D=D0?= " * 800 + b"\r\n", 1),
    "empty lines": lambda: plain(b"\r\n" * 2_000_000),
    "one long line": lambda: plain(b"x" * 20 * MB),
    "one long line of spaces": lambda: plain(b" " * MB + b"x"),
    "lines that begin like attributions": lambda: plain(flood("On 1/1/26 1:11 a:\n")),
    "attributions and answers": lambda: plain(flood("On 1/1/26 1:11 A <a@b.c> wrote:\n> q\nown\n")),
    "signatures": lambda: plain(flood("--\n")),
    "bare colons": lambda: plain(flood(":\n")),
    "a delivery status of spaces": lambda: (
        _HEAD
        + b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
        + (b"Final-Recipient:" + b" " * 900 + b"\r\n") * 300
        + b"--b--\r\n"
    ),
    "zip-like base64": zip_like,
}
