"""A letter's parts, found by their boundaries in linear time, each with its bytes as they came (RFC 2046)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.intake.parse.headers import BLOCK_BYTES, FIELD_CHARACTERS, as_text, block_of, fields, speakable
from core.intake.parse.parameters import Value, read_value
from core.intake.parse.transfer import transferred

#: Bounds of a letter's structure; of what is beyond them the letter itself is kept as a file.
NESTING, PARTS = 30, 500

#: Lines that begin like a boundary and are none, of all of a letter.
FALSE_BOUNDARIES = 10_000

#: Bytes of a boundary: RFC 2046 allows 70 characters, and some write more.
_BOUNDARY_BYTES = 500

_TYPE = re.compile(r"[^\s/;]+/[^\s/;]+")
_LINE_ENDS = (b"\r\n", b"\n", b"\r")
_FIRST_LINE = re.compile(rb"\s*--(\S[^\r\n]{0,200}?)[ \t]{0,200}\r?\n")
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")


@dataclass(slots=True)
class Budget:
    """What may still be spent on one letter; what was beyond it is told."""

    parts: int = PARTS
    false: int = FALSE_BOUNDARIES
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A part that holds no others.

    Attributes:
        kind: its type, in lower case; `text/plain` where none can be read.
        disposition: `inline`, `attachment` or whatever it says; empty for nothing.
        body: its bytes as they came.
        alternative: whether it is one of several ways to say the same.
    """

    headers: Mapping[str, str]
    kind: str
    parameters: Mapping[str, str]
    disposition: Value
    body: bytes
    alternative: bool = False

    def content(self) -> bytes:
        """Decode the body as its transfer encoding says."""
        return transferred(self.body, self.headers.get("content-transfer-encoding", "").strip().lower().split(";")[0])


def entities(raw: bytes, budget: Budget) -> Iterator[Entity]:
    """Walk the parts of a letter that are no containers, in their order; a letter within it is one part."""
    block = block_of(raw)
    body = _without_line_end(_without_line_end(raw[len(block) :]))  # that of the last field, and the empty line
    yield from _walk(_headers(block), body, budget, "text/plain")


def outermost(raw: bytes) -> tuple[Entity, list[bytes]]:
    """Read what the whole of a letter is, and cut it into its parts, if it has any, each with its own headers."""
    block = block_of(raw)
    whole = _entity(block, _without_line_end(_without_line_end(raw[len(block) :])))
    boundary = whole.parameters.get("boundary", "")
    return whole, _parts(whole.body, boundary, Budget()) if "multipart/" in whole.kind else []


def entity_of(part: bytes) -> Entity:
    """Read a part of a letter, with its own headers, as one that holds no others."""
    return _entity(*_split(part))


def _entity(lines: bytes, body: bytes) -> Entity:
    headers = _headers(lines)
    declared = read_value(headers.get("content-type", "") or "text/plain")
    disposition = read_value(headers.get("content-disposition", ""))
    return Entity(headers, declared.value, declared.parameters, disposition, body)


def with_content(raw: bytes, part: bytes) -> bytes:
    """Put a part in the place of a letter's content; of the part's headers only those on its content are taken."""
    lines, body = _split(part)
    outer = ((name, value) for name, value in fields(block_of(raw)) if not _is_of_content(name))
    inner = ((name, value) for name, value in fields(lines) if _is_of_content(name))
    head = b"".join(b"%s: %s\r\n" % field for field in (*outer, *inner))
    return head + b"\r\n" + body


def _is_of_content(name: bytes) -> bool:
    return name.startswith(b"content-")


def _walk(
    headers: Mapping[str, str], body: bytes, budget: Budget, default: str, depth: int = 0, *, alternative: bool = False
) -> Iterator[Entity]:
    declared = read_value(headers.get("content-type", "") or default)
    kind = declared.value if _TYPE.fullmatch(declared.value) else "text/plain"
    is_container = kind.startswith("multipart/")
    parts = _parts(body, declared.parameters.get("boundary", ""), budget) if is_container else []
    if parts and depth < NESTING:
        inside = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for part in parts:
            lines, rest = _split(part)
            ways = kind == "multipart/alternative"
            yield from _walk(_headers(lines), rest, budget, inside, depth + 1, alternative=ways)
        return
    if budget.parts <= 0 or parts:  # or nested deeper than is looked at
        budget.spent = True
        return
    budget.parts -= 1
    disposition = read_value(headers.get("content-disposition", ""))
    kind = "text/plain" if is_container and not parts else kind
    yield Entity(headers, kind, declared.parameters, disposition, body, alternative)


def _headers(block: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in fields(block):
        found.setdefault(name.decode("ascii"), as_text(value)[:FIELD_CHARACTERS])
    return found


def _without_line_end(body: bytes) -> bytes:
    return next((body[len(end) :] for end in _LINE_ENDS if body.startswith(end)), body)


def _split(part: bytes) -> tuple[bytes, bytes]:
    """Cut a part into its header lines and its body: headers end at an empty line, or where a line is none."""
    at, line_end = 0, b"\n" if b"\n" in part else b"\r"
    while at < min(len(part), BLOCK_BYTES):
        end = part.find(line_end, at)
        end = len(part) if end < 0 else end + 1
        line = part[at:end]
        if not line.strip():
            return part[:at], part[end:]
        if _HEADER_LINE.match(line) is None and not (at and line[:1] in {b" ", b"\t"}):
            return part[:at], part[at:]
        at = end
    return part[:at], part[at:]


def _parts(body: bytes, boundary: str, budget: Budget) -> list[bytes]:
    """Cut a body at the lines of its boundary; what stands before the first and after the last is nobody's."""
    mark = speakable(boundary).rstrip().encode()[:_BOUNDARY_BYTES]
    if not mark or b"--" + mark not in body:
        first = _FIRST_LINE.match(body)  # declared wrongly or not at all: the first line is one, or there is none
        mark = first[1] if first else b""
    if not mark:
        return []
    found: list[bytes] = []
    start: int | None = None
    for at, after, is_last in _boundaries(body, b"--" + mark, budget):
        if start is not None:
            found.append(_without_last_line_end(body[start:at]))
        start = None if is_last else after
        if is_last or len(found) >= PARTS:
            break
    if start is not None and len(found) < PARTS:  # never closed
        found.append(body[start:])
    budget.spent = budget.spent or len(found) >= PARTS
    return found


def _boundaries(body: bytes, mark: bytes, budget: Budget) -> Iterator[tuple[int, int, bool]]:
    """Find the lines of a boundary: where each begins, where the next line does, and whether it is the closing one."""
    line_end = b"\n" if b"\n" in body else b"\r"
    at = 0 if body.startswith(mark) else body.find(line_end + mark) + 1
    while at > 0 or (at == 0 and body.startswith(mark)):
        end = body.find(line_end, at)
        end = len(body) if end < 0 else end
        tail = body[at + len(mark) : min(end, at + len(mark) + 200)].rstrip()
        if tail in {b"", b"--"}:
            yield at, min(end + 1, len(body)), tail == b"--"
        else:
            budget.false -= 1
            if budget.false < 0:
                budget.spent = True
                return
        at = body.find(line_end + mark, end) + 1
        if at == 0:
            return


def _without_last_line_end(part: bytes) -> bytes:
    """Take off the line end that belongs to the boundary."""
    for end in _LINE_ENDS:
        if part.endswith(end):
            return part[: -len(end)]
    return part
