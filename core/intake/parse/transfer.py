"""What a part's bytes were before they were made fit for transport (RFC 2045, section 6); nothing is ever refused."""

from __future__ import annotations

import binascii
import re

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(one for one in range(256) if one not in _ALPHABET)
_UU_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]+(?P<name>[^\r\n]*)\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_UU_LINES = re.compile(rb"(?:[ -`]{1,90}[ \t]*\r?\n)+\Z")

#: Places of one text at which a file may begin.
_UU_FILES = 20


def transferred(body: bytes, encoding: str) -> bytes:
    """Decode a part by the name of its encoding; what cannot be decoded is left as it is."""
    match encoding:
        case "base64":
            return _base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _uu(body)
        case _:
            return body


def taken_out(body: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """Take out of a text the files that an old program wrote into it (uuencode, POSIX), each with its name.

    What begins so and is none stays where it is.
    """
    left, files, at = bytearray(), list[tuple[str, bytes]](), 0
    for _ in range(_UU_FILES):
        begin = _UU_BEGIN.search(body, at)
        end = _UU_END.search(body, begin.end()) if begin else None
        if begin is None or end is None:
            break
        is_file = _UU_LINES.fullmatch(body, begin.end(), end.start()) is not None
        if is_file:
            files.append((begin["name"].decode("utf-8", "replace"), _uu(body[begin.start() : end.end()])))
        left += body[at : begin.start() if is_file else begin.end()]
        at = end.end() if is_file else begin.end()
    return bytes(left + body[at:]), files


def _base64(body: bytes) -> bytes:
    """Decode to the first padding, whatever stands between; a last group of one character says nothing."""
    clean = body.translate(None, _NOT_BASE64)
    end = clean.find(b"=")
    clean = clean if end < 0 else clean[:end]
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    if not clean and body.strip():
        return body
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def _uu(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    if begin is None:
        return body
    found = bytearray()
    for line in body[begin.end() :].split(b"\n"):
        line = line.rstrip(b"\r")  # noqa: PLW2901 - the same line
        if line in {b"end", b"`", b""}:
            break
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            # Some writers count more than they write.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                found += binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
    return bytes(found)
