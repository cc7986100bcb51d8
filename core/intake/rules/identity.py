"""Is it the same letter by another way? Identity of content, and the fast look at the door."""

from __future__ import annotations

import hashlib
import re

from core.intake.parse.headers import block_of, identifiers, read_headers

#: Headers that tell of the way of a letter, not of its content.
_TRACE = frozenset(
    {"received", "return-path", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "dkim-signature",
     "authentication-results", "received-spf", "x-received", "x-spam-status", "x-spam-score", "x-spam-level"}
)  # fmt: skip


def content_hash(raw: bytes) -> str:
    """Hash what a letter says without how it came: equal for one letter to two addresses of ours, or sent again."""
    headers = read_headers(raw)
    digest = hashlib.sha256()
    for name in sorted(headers):
        if name not in _TRACE and not name.startswith(("arc-", "x-google-", "x-ms-exchange-")):
            digest.update(f"{name}:{'|'.join(headers[name])}\n".encode("utf-8", "surrogatepass"))
    body = raw[len(block_of(raw)) :]
    digest.update(re.sub(rb"\r\n?", b"\n", body).strip())
    return digest.hexdigest()


def message_id_of(raw: bytes) -> str | None:
    """Find the Message-ID in a header block without understanding the letter."""
    found = re.search(
        rb"^message-id[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", block_of(raw), re.IGNORECASE | re.MULTILINE
    )
    if found is None:
        return None
    return next(iter(identifiers((found[1].decode("utf-8", "replace"),))), None)
