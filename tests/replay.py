"""Translates the intake's own answer into the words of a scorer of mail cases; it has no rules of its own."""

from __future__ import annotations

import hashlib
from typing import Any

from core.intake.letter import Attachment
from core.intake.parse import parse
from core.intake.rules import classify


def _file(one: Attachment) -> dict[str, Any]:
    return {
        "filename": one.name,
        "content_type": one.content_type,
        "size": len(one.content),
        "sha256": hashlib.sha256(one.content).hexdigest(),
        "md5": hashlib.md5(one.content).hexdigest(),  # noqa: S324 - a fingerprint the cases use
        "content": one.content,
    }


def understand_letter(raw: bytes) -> dict[str, Any]:
    """Understand a raw letter, and say so as the scorer asks."""
    letter = parse(raw)
    kind = classify(letter, mail_from=None)
    return {
        "from_address": letter.from_.address if letter.from_ else "",
        "from_name": letter.from_.name if letter.from_ else "",
        "to": [one.address for one in letter.to],
        "cc": [one.address for one in letter.cc],
        "reply_to": [one.address for one in letter.reply_to],
        "subject": letter.subject,
        "message_id": letter.message_id or "",
        "in_reply_to": list(letter.in_reply_to),
        "references": list(letter.references),
        "date": letter.date.isoformat() if letter.date else None,
        "text": letter.text,
        "html": letter.html or "",
        "attachments": [_file(one) for one in letter.attachments],
        "inline": [_file(one) for one in letter.inline],
        "reply_text": letter.own_words,
        "bounce": kind.bounce,
        "bounce_recipients": list(kind.failed_recipients),
        "auto_reply": kind.auto_reply,
        "automatic": kind.automatic,
        "feedback_report": kind.feedback_report,
    }
