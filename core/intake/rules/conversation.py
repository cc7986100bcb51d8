"""Which conversation of Outlook's is it (MS-OXOMSG, section 2.2.1.3)? Exchange drops references and keeps this."""

from __future__ import annotations

import base64
import binascii

from core.intake.letter import Letter

#: Bytes of the index of a conversation's first letter: one, five of its time, and what names the conversation.
_FIRST_BYTES, _NAME_FROM = 22, 6


def conversation_of(letter: Letter) -> str | None:
    """Read what names the conversation, as 32 hexadecimal digits; None where there is no such thing."""
    index = _index(letter)
    return index[_NAME_FROM:_FIRST_BYTES].hex() if len(index) >= _FIRST_BYTES else None


def continues_one(letter: Letter) -> bool:
    """Tell whether it is not the first of its conversation."""
    return len(_index(letter)) > _FIRST_BYTES


def _index(letter: Letter) -> bytes:
    try:
        return base64.b64decode(letter.header("thread-index").strip().encode("ascii"), validate=True)
    except (binascii.Error, UnicodeError, ValueError):
        return b""
