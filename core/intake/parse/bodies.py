"""The body, within bounds: what is text, what are files, what is for machines (RFC 2045, 2046, 2183, 2231)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any

from core.intake.letter import Attachment, Part
from core.intake.parse.charsets import decode
from core.intake.parse.headers import FIELD_CHARACTERS, decoded, speakable

#: Bounds of a letter's structure; of what is beyond them the letter itself is kept as a file.
NESTING, PARTS, TEXT_CHARACTERS = 30, 500, 1024 * 1024

#: Bounds of what is handed to the parser at all: it takes 40 bytes for a line, and looks at every line once for each
#: multipart around it, which takes 0.2 μs.
LINES, LOOKS = 1_000_000, 15_000_000

#: Types that machines write for machines.
REPORTS = {
    "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "text/rfc822-headers", "message/global-delivery-status",
}  # fmt: skip

#: What declares a multipart: more of them than nesting allows are never handed to the recursive parser.
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MULTIPARTS = 100


@dataclass(slots=True)
class Body:
    """What was found in a body."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inline: list[Attachment] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    cut: bool = False


def read_body(raw: bytes) -> Body:
    """Take a letter's body apart.

    Raises:
        ValueError: it is beyond the bounds of what the parser may be given.
        RecursionError: it is nested deeper than the parser goes.
    """
    lines, multiparts = raw.count(b"\n"), len(_BOUNDARY.findall(raw))
    if lines > LINES or multiparts > _MULTIPARTS or lines * (multiparts + 1) > LOOKS:
        msg = "too many lines or multiparts"
        raise ValueError(msg)
    body = Body()
    for count, (part, inside) in enumerate(_leaves(message_from_bytes(raw))):
        if count >= PARTS:
            body.cut = True
            break
        _sort(part, inside, body)
    return body


def _leaves(message: Message[Any, Any], depth: int = 0, *, alternative: bool = False) -> Iterator[tuple[Any, bool]]:
    """Walk the parts that are no containers; the text of a letter within the letter is a file, not our text."""
    kind = message.get_content_type()
    if kind == "message/rfc822" or (kind.startswith("message/") and kind not in REPORTS) or depth >= NESTING:
        yield message, alternative
        return
    payload = message.get_payload()
    if kind.startswith("multipart/") and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1, alternative=kind == "multipart/alternative")
        return
    yield message, alternative


def _sort(part: Message[Any, Any], alternative: bool, body: Body) -> None:
    kind = speakable(part.get_content_type())
    disposition = str(part.get("Content-Disposition", "")).split(";")[0].strip().lower()
    name = file_name(part)
    if kind in REPORTS:
        body.reports.append(Part(kind, _report(part)))
    elif kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
        text = decode(_content(part), part.get_content_charset() if part.get_param("charset") else None)
        body.cut = body.cut or len(text) > TEXT_CHARACTERS
        (body.texts if kind == "text/plain" else body.htmls).append(text[:TEXT_CHARACTERS])
    else:
        content_id = speakable(str(part.get("Content-ID", ""))).strip().strip("<>") or None
        file = Attachment(name or _default_name(kind), kind, _content(part), content_id)
        shown = disposition == "inline" or (content_id and disposition != "attachment" and kind.startswith("image/"))
        (body.inline if shown and not alternative else body.attachments).append(file)


def _report(part: Message[Any, Any]) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):  # a delivery status is read as a list of header blocks
        return "\n".join(
            "\n".join(f"{key}: {value}" for key, value in one.items()) + "\n"
            for one in payload
            if isinstance(one, Message)
        )
    return decode(_content(part), part.get_content_charset())


def _content(part: Message[Any, Any]) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        try:
            return b"".join(one.as_bytes() for one in payload if isinstance(one, Message))
        except (UnicodeError, ValueError, LookupError, TypeError, AttributeError):
            return b""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = None
    if isinstance(content, bytes):
        return content
    return str(payload or "").encode("utf-8", "surrogateescape")


def file_name(part: Message[Any, Any]) -> str:
    """Read a file's name as its sender meant it, without any path: continued, encoded in whichever way, or neither."""
    raw: Any = None
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            raw = part.get_param(parameter, header=header)
        except (ValueError, IndexError, TypeError, LookupError):
            raw = None
        if raw:
            break
    if not raw:
        return ""
    try:
        text = collapse_rfc2231_value(raw)
    except (ValueError, LookupError, TypeError):
        text = str(raw)
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if _has_surrogates(text) else text
    clean = decoded(text[:FIELD_CHARACTERS]).replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[\x00-\x1f]", "", clean).strip().strip('"')[:200]


def _has_surrogates(text: str) -> bool:
    return any("\udc80" <= one <= "\udcff" for one in text)


def _default_name(kind: str) -> str:
    ending = {"message/rfc822": "eml", "text/calendar": "ics", "text/plain": "txt", "text/html": "html"}.get(kind)
    return f"attachment.{ending or kind.rsplit('/', 1)[-1][:8]}"
