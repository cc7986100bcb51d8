"""Is it the same letter by another way? Identity of content, and the fast look at the door."""

from __future__ import annotations

import hashlib
import re
from operator import itemgetter

from core.intake.parse.headers import block_of, fields, identifiers, speakable

#: Headers that tell of the way of a letter, not of its content.
_TRACE = frozenset(
    {b"received", b"return-path", b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-to",
     b"dkim-signature", b"authentication-results", b"received-spf", b"x-received", b"x-spam-status", b"x-spam-score",
     b"x-spam-level"}
)  # fmt: skip


def content_hash(raw: bytes) -> str:
    """Hash what a letter says without how it came: equal for one letter to two addresses of ours, or sent again.

    It takes no longer than reading the bytes once, whatever they are.
    """
    block = block_of(raw)
    digest = hashlib.sha256()
    for name, value in sorted(fields(block), key=itemgetter(0)):
        if name not in _TRACE and not name.startswith((b"arc-", b"x-google-", b"x-ms-exchange-")):
            digest.update(b"%s:%s\n" % (name, value))
    digest.update(raw[len(block) :].replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip())
    return digest.hexdigest()


def message_id_of(raw: bytes) -> str | None:
    """Find the Message-ID in a header block without understanding the letter."""
    found = re.search(
        rb"^message-id[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", block_of(raw), re.IGNORECASE | re.MULTILINE
    )
    if found is None:
        return None
    return next(iter(identifiers((speakable(found[1].decode("utf-8", "replace")),))), None)
