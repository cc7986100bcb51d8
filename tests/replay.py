"""Translates the desk's own answers into the words of scorers of cases; it has no rules of its own."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

from core.intake.letter import Attachment
from core.intake.parse import parse
from core.intake.rules import classify
from tests.replaying import replay


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
    kind = classify(letter, None, raw)
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
        "attachments": [
            *(_file(one) for one in letter.attachments),
            *({"content_type": one.content_type} for one in letter.reports),
        ],
        "inline": [_file(one) for one in letter.inline],
        "reply_text": letter.own_words,
        "bounce": kind.bounce is not None,
        "bounce_recipients": list(kind.bounce.recipients) if kind.bounce else [],
        "bounce_status": [kind.bounce.code] if kind.bounce else [],
        "auto_reply": kind.auto_reply,
        "automatic": kind.automatic,
        "feedback_report": kind.feedback_report,
    }


def main(arguments: list[str]) -> int:
    """Replay cases: `python -m tests.replay scheduling DIR`; returns 1 when the desk disagrees with any."""
    if len(arguments) != 2 or arguments[0] != "scheduling" or not Path(arguments[1]).is_dir():
        print("python -m tests.replay scheduling DIR", file=sys.stderr)  # noqa: T201 - it is a command
        return 2
    result = replay(Path(arguments[1]))
    print(f"{result.passed} passed, {len(result.disagreements)} failed")  # noqa: T201 - its answer
    for name, expected, got in result.disagreements:
        print(f"{name}: expected {expected!r}, got {got!r}")  # noqa: T201 - likewise
    for kind, count in sorted(result.skipped.items()):
        print(f"skipped: {count} of kind {kind}, which is not answered yet")  # noqa: T201 - likewise
    return 1 if result.disagreements else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
