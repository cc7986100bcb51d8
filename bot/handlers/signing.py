"""`/signature`: what stands below the letters of whoever writes."""

from __future__ import annotations

import re

from bot.calls import Reply, StaffCall
from bot.render import signatures as render
from core.errors import Misused
from core.people import signatures
from core.people.rules import Right, check

#: What takes a signature away.
_OFF = frozenset({"off", "none", "ні", "немає", "вимкнути"})

#: The language that a signature is for, before its words.
_LANGUAGES = {"en": "en", "англ": "en", "англійською": "en", "uk": "uk", "укр": "uk", "українською": "uk"}
_NAMED = re.compile(rf"({'|'.join(_LANGUAGES)})\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)


def signature(call: StaffCall) -> Reply:
    """`/signature`: show yours; `/signature WORDS`, `/signature uk: WORDS`, `/signature off`: change it."""
    check(call.by.role, Right.ANSWER)
    if not call.words.text.strip():
        return Reply(render.own(call.by))
    words, language = read(call.words.text)
    return Reply(render.own(signatures.set_signature(call.tx, call.by, words, language)))


def read(text: str) -> tuple[str | None, str | None]:
    """Read the words of a signature, None for none, and the language they are for, if it is named.

    Raises:
        Misused: `usage.signature`: a language and nothing else.
    """
    named = _NAMED.fullmatch(text.strip())
    words, language = (named[2].strip(), _LANGUAGES[named[1].casefold()]) if named else (text.strip(), None)
    if not words:
        raise Misused("usage.signature")
    return (None if words.casefold() in _OFF else words), language
