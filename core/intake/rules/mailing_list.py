"""Did it come over a mailing list (RFC 2369, RFC 2919)?"""

from __future__ import annotations

from core.intake.letter import Letter

_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list")


def is_mailing_list(letter: Letter) -> bool:
    """Tell whether a list sent it on."""
    return any(letter.header(name) for name in _HEADERS)
