"""Was it written by a machine? Then it gets no automatic answer (RFC 3834, section 2)."""

from __future__ import annotations

import re

from core.intake.letter import Letter

_MACHINES = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|no-?reply|do-?not-?reply|donotreply|bounces?|auto-?reply|root|daemon)"
    r"(?:[+._-].*)?@",
    re.IGNORECASE,
)
_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}


def is_automatic(letter: Letter, mail_from: str | None) -> bool:
    """Tell whether a machine wrote it, or it went to a list."""
    submitted = re.split(r"[;(\s]", letter.header("auto-submitted").strip(), maxsplit=1)[0].lower()
    if submitted and submitted != "no":
        return True
    if mail_from is not None and mail_from.strip("<> ") == "":
        return True
    if letter.header("return-path").strip() == "<>":
        return True
    if letter.header("precedence").strip().lower() in _PRECEDENCE:
        return True
    if any(letter.header(name) for name in ("x-auto-response-suppress", "x-autoreply", "x-autorespond", "feedback-id")):
        return True
    return letter.from_ is not None and _MACHINES.match(letter.from_.address) is not None
