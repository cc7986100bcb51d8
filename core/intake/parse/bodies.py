"""The body, within bounds: what is text, what are files, what is for machines (RFC 2045, 2046, 2183, 2231)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from mimetypes import guess_type

from core.intake.letter import Attachment, Part
from core.intake.parse import tnef
from core.intake.parse.charsets import decode
from core.intake.parse.flowed import unflowed
from core.intake.parse.headers import FIELD_CHARACTERS, decoded, speakable
from core.intake.parse.mime import Budget, Entity, entities
from core.intake.parse.transfer import taken_out

#: Characters of text that are read; the letter itself is kept as a file where there is more.
TEXT_CHARACTERS = 1024 * 1024

#: Types that machines write for machines.
REPORTS = {
    "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "text/rfc822-headers", "message/global-delivery-status",
}  # fmt: skip


@dataclass(slots=True)
class Body:
    """What was found in a body; `packed` is what only stands in a file of Outlook's own kind."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    inline: list[Attachment] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    packed_texts: list[str] = field(default_factory=list)
    packed_htmls: list[str] = field(default_factory=list)
    cut: bool = False


def read_body(raw: bytes) -> Body:
    """Take a letter's body apart, in time that is in proportion to its length."""
    body, budget = Body(), Budget()
    for entity in entities(raw, budget):
        _sort(entity, body)
    if not any(text.strip() for text in (*body.texts, *body.htmls)):
        body.texts, body.htmls = body.packed_texts, body.packed_htmls
    body.cut = body.cut or budget.spent
    return body


def _sort(part: Entity, body: Body) -> None:
    kind = speakable(part.kind)
    name = file_name(part)
    disposition = part.disposition.value
    if kind in REPORTS:
        body.reports.append(Part(kind, decode(part.content(), part.parameters.get("charset"))))
    elif kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
        _text(part, kind, body)
    elif kind in tnef.TYPES and _unpack(part, body):
        return
    else:
        content_id = speakable(part.headers.get("content-id", "")).strip().strip("<>") or None
        file = Attachment(name or _default_name(kind), kind, part.content(), content_id)
        shown = disposition == "inline" or (content_id and disposition != "attachment" and kind.startswith("image/"))
        (body.inline if shown and not part.alternative else body.attachments).append(file)


def _text(part: Entity, kind: str, body: Body) -> None:
    content, files = taken_out(part.content()) if kind == "text/plain" else (part.content(), [])
    body.attachments += [_unnamed(name, inside) for name, inside in files]
    text = decode(content, part.parameters.get("charset"))
    body.cut = body.cut or len(text) > TEXT_CHARACTERS
    text = text[:TEXT_CHARACTERS]
    if kind == "text/html":
        body.htmls.append(text)
    elif part.parameters.get("format", "").lower() == "flowed":
        body.texts.append(unflowed(text, delete_space=part.parameters.get("delsp", "").lower() == "yes"))
    else:
        body.texts.append(text)


def _unpack(part: Entity, body: Body) -> bool:
    """Put what is in a winmail.dat where it belongs; false if it cannot be read, or has what nobody else can show."""
    found = tnef.unpacked(part.content())
    if found is None or not (found.files or found.text or found.html):
        return False
    body.attachments += [_unnamed(name, inside) for name, inside in found.files]
    body.packed_texts += [found.text] if found.text.strip() else []
    body.packed_htmls += [found.html] if found.html.strip() else []
    return True


def _unnamed(name: str, content: bytes) -> Attachment:
    """Make a file of one that comes without a type: its name tells it."""
    clean = _clean_name(name) or "attachment.bin"
    return Attachment(clean, guess_type(clean)[0] or "application/octet-stream", content)


def file_name(part: Entity) -> str:
    """Read a file's name as its sender meant it, without any path: continued, encoded in whichever way, or neither."""
    raw = part.disposition.parameters.get("filename") or part.parameters.get("name") or ""
    return _clean_name(decoded(raw[:FIELD_CHARACTERS]))


def _clean_name(name: str) -> str:
    clean = name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[\x00-\x1f]", "", clean).strip().strip('"')[:200]


def _default_name(kind: str) -> str:
    ending = {"message/rfc822": "eml", "text/calendar": "ics", "text/plain": "txt", "text/html": "html"}.get(kind)
    return f"attachment.{ending or kind.rsplit('/', 1)[-1][:8]}"
