"""The body, within bounds: what is text, what are files, what is for machines (RFC 2045, 2046, 2183, 2231)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.intake.letter import Attachment, Part
from core.intake.parse.charsets import decode
from core.intake.parse.headers import FIELD_CHARACTERS, decoded, speakable
from core.intake.parse.mime import Budget, Entity, entities

#: Characters of text that are read; the letter itself is kept as a file where there is more.
TEXT_CHARACTERS = 1024 * 1024

#: Types that machines write for machines.
REPORTS = {
    "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "text/rfc822-headers", "message/global-delivery-status",
}  # fmt: skip


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
    """Take a letter's body apart, in time that is in proportion to its length."""
    body, budget = Body(), Budget()
    for entity in entities(raw, budget):
        _sort(entity, body)
    body.cut = body.cut or budget.spent
    return body


def _sort(part: Entity, body: Body) -> None:
    kind = speakable(part.kind)
    name = file_name(part)
    disposition = part.disposition.value
    if kind in REPORTS:
        body.reports.append(Part(kind, decode(part.content(), part.parameters.get("charset"))))
    elif kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
        text = decode(part.content(), part.parameters.get("charset"))
        body.cut = body.cut or len(text) > TEXT_CHARACTERS
        (body.texts if kind == "text/plain" else body.htmls).append(text[:TEXT_CHARACTERS])
    else:
        content_id = speakable(part.headers.get("content-id", "")).strip().strip("<>") or None
        file = Attachment(name or _default_name(kind), kind, part.content(), content_id)
        shown = disposition == "inline" or (content_id and disposition != "attachment" and kind.startswith("image/"))
        (body.inline if shown and not part.alternative else body.attachments).append(file)


def file_name(part: Entity) -> str:
    """Read a file's name as its sender meant it, without any path: continued, encoded in whichever way, or neither."""
    raw = part.disposition.parameters.get("filename") or part.parameters.get("name") or ""
    clean = decoded(raw[:FIELD_CHARACTERS]).replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[\x00-\x1f]", "", clean).strip().strip('"')[:200]


def _default_name(kind: str) -> str:
    ending = {"message/rfc822": "eml", "text/calendar": "ics", "text/plain": "txt", "text/html": "html"}.get(kind)
    return f"attachment.{ending or kind.rsplit('/', 1)[-1][:8]}"
