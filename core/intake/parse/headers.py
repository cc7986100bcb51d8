"""The header block, within bounds: fields, encoded words, addresses, dates, identifiers (RFC 5322, 2047, 6532)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.intake.letter import Address
from core.intake.parse.charsets import decode

#: Bounds of what is read of a header block; what is beyond them is not looked at.
BLOCK_BYTES, LINES, FIELD_CHARACTERS, ADDRESSES, IDENTIFIERS = 100 * 1024, 1000, 16 * 1024, 200, 1000

_DATE_CHARACTERS = 200

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_ENCODED = re.compile(r"=\?([^?\s*]+)(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(=\?[^?\s]+\?[bBqQ]\?)")
#: Characters of an address: 64, an @ and 255 (RFC 5321, section 4.5.3.1). What is longer is none; no index takes it.
ADDRESS_LENGTH = 320

_IDENTIFIER = re.compile(r"<([^<>\s]{1,500})>")
_MAILBOX = re.compile(r"(?<![^\s<>,;:\"()\[\]@])[^\s<>,;:\"()\[\]@]++@[^\s<>,;:\"()]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

#: What no database keeps as text: NUL, and halves of characters.
_UNSPEAKABLE = re.compile(r"[\x00\ud800-\udfff]")

Headers = Mapping[str, tuple[str, ...]]


def block_of(raw: bytes) -> bytes:
    """Cut out the header block."""
    head = raw[:BLOCK_BYTES]
    ends = [at for at in (head.find(b"\r\n\r\n"), head.find(b"\n\n"), head.find(b"\r\r")) if at >= 0]
    return head[: min(ends)] if ends else head


def is_flooded(raw: bytes) -> bool:
    """Tell whether there is more of a header block than is read of it."""
    block = block_of(raw)
    return len(block) >= BLOCK_BYTES or block.count(b"\n") >= LINES


def read_headers(raw: bytes) -> dict[str, tuple[str, ...]]:
    """Read the fields of a letter: unfolded, by lower-case name, 8-bit bytes decoded."""
    found: dict[str, list[str]] = {}
    for name, value in fields(block_of(raw)):
        found.setdefault(name.decode("ascii"), []).append(as_text(value)[:FIELD_CHARACTERS])
    return {name: tuple(values) for name, values in found.items()}


def fields(block: bytes) -> list[tuple[bytes, bytes]]:
    """Cut a header block into its fields, unfolded, as (lower-case name, value)."""
    unfolded: list[bytearray] = []
    for line in re.split(rb"\r\n|\n|\r", block)[:LINES]:
        if line[:1] in {b" ", b"\t"} and unfolded:
            unfolded[-1] += b" " + line.strip()
        elif line:
            unfolded.append(bytearray(line))
    matched = (_FIELD.fullmatch(field) for field in unfolded)
    return [(bytes(one[1]).lower(), bytes(one[2]).strip()) for one in matched if one]


def as_text(value: bytes) -> str:
    """Decode a field, which may have bytes beyond ASCII in it, as UTF-8 or as it looks (RFC 6532)."""
    return speakable(value.decode("ascii") if value.isascii() else decode(value, "utf-8"))


def speakable(text: str) -> str:
    """Take out what no database keeps as text."""
    return _UNSPEAKABLE.sub("", text)


def decoded(value: str) -> str:
    """Decode encoded words (RFC 2047), forgivingly, and take out what could not be seen."""
    joined = _BETWEEN.sub(r"\1\2", value)
    # Neighbours of one charset are joined before they are decoded: some senders cut a character in two.
    parts: list[tuple[str | None, bytes | str]] = []
    at = 0
    for word in _ENCODED.finditer(joined):
        if word.start() > at:
            parts.append((None, joined[at : word.start()]))
        charset, content = word[1].lower(), _word(word[2], word[3])
        if parts and parts[-1][0] == charset and word.start() == at:
            parts[-1] = (charset, bytes(parts[-1][1]) + content)  # type: ignore[arg-type] # bytes where there is a charset
        else:
            parts.append((charset, content))
        at = word.end()
    parts.append((None, joined[at:]))
    text = "".join(decode(part, charset) if isinstance(part, bytes) else part for charset, part in parts)
    return re.sub(r"[\t\r\n ]+", " ", _CONTROL.sub("", speakable(text))).strip()


def _word(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b"_", b" "), header=False)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw


def addresses(values: tuple[str, ...]) -> tuple[Address, ...]:
    """Read the mailboxes of address fields, groups flattened, in linear time (RFC 5322, section 3.4)."""
    found: list[Address] = []
    for value in values:
        for one in _split(value):
            address = _mailbox(one)
            if address is not None:
                found.append(address)
            if len(found) >= ADDRESSES:
                return tuple(found)
    return tuple(found)


def _split(value: str) -> list[str]:  # noqa: C901 - one small automaton; in pieces it would be harder to read
    """Cut at commas and semicolons outside of quotes, comments and angle brackets."""
    parts, depth, quoted, angle, start, escaped = [], 0, False, False, 0, False
    for at, one in enumerate(value):
        if escaped:
            escaped = False
        elif one == "\\":
            escaped = True
        elif one == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif one == "(":
            depth += 1
        elif one == ")":
            depth = max(0, depth - 1)
        elif one in "<>":
            angle = one == "<"
        elif one in ",;" and not depth and not angle:
            parts.append(value[start:at])
            start = at + 1
    parts.append(value[start:])
    return [part for part in parts if part.strip()]


def _mailbox(text: str) -> Address | None:
    angle = re.search(r"<([^<>]*)>[^<>]*$", text)
    if angle:
        name, spec = text[: angle.start()], angle[1]
    else:
        bare = _MAILBOX.search(_without_encoded(text))
        if bare is None:
            return None
        comment = re.search(r"\(([^()]*)\)", text)
        name, spec = (comment[1] if comment else ""), bare[0]
    spec = re.sub(r"\s+", "", spec.rsplit(":", 1)[-1] if spec.startswith("@") else spec).strip("'\"")
    if not spec or len(spec) > ADDRESS_LENGTH:
        return None
    return Address(_name(name), spec.lower().rstrip("."))


def _without_encoded(text: str) -> str:
    return _ENCODED.sub(" ", text)


def _name(text: str) -> str:
    name = re.sub(r"^[^:\"<>=?]{1,80}:(?=\s)", "", text.strip()).strip()
    unquoted = re.sub(r"\\(.)", r"\1", name)
    if len(unquoted) > 1 and unquoted[0] == unquoted[-1] == '"':
        unquoted = unquoted[1:-1]
    return decoded(unquoted.replace('"', "") if unquoted.count('"') > 1 else unquoted).strip("\"' ")


def identifiers(values: tuple[str, ...]) -> tuple[str, ...]:
    """Read message identifiers, without their brackets, in order and once each (RFC 5322, section 3.6.4)."""
    found: dict[str, None] = {}
    for value in values:
        words = _IDENTIFIER.findall(value) or [word.strip("<>")[:500] for word in value.split() if "@" in word]
        found |= dict.fromkeys(words)
    return tuple(found)[:IDENTIFIERS]


def read_date(value: str) -> datetime | None:
    """Read a date, in UTC; None when it is none. It orders nothing: only the time of receipt does."""
    try:
        read = parsedate_to_datetime(value[:_DATE_CHARACTERS])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
