"""Whom a letter did not reach, where no machine says it for machines: by a library that knows many, or by us."""

from __future__ import annotations

import logging
import re
from email import message_from_bytes

from flufl.bounce import all_failures

from core.intake.letter import Letter
from core.intake.rules.failure_words import DIVIDER

#: It tells of every look it takes, and of what it trips over, with the lines of letters.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

#: Characters of a text that are looked at.
LOOK_AT = 8000

#: What the library is given of a letter: it looks at each line 150 times, and patterns go back and forth in a line.
_BYTES, _LINES, _LINE_BYTES = 48 * 1024, 800, 600

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++@[A-Za-z0-9][A-Za-z0-9.-]{0,250}[A-Za-z0-9]"
)
_TO = re.compile(
    r"^(?:x-[\w-]{0,40}recipient|to|delivered-to)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]+)*)", re.IGNORECASE | re.MULTILINE
)
_AT_THE_BEGINNING = re.compile(
    r"^[\s*<'\"\[(-]*(?:(?:rfc822|smtp|to|rcpt to|recipient|address|for)\s*[:;]\s*)?[<'\"\[(]*$", re.IGNORECASE
)
_NOBODY = re.compile(
    r"^(?:mailer-daemon|po+stmaster|mail-daemon|mdaemon|abuse|support|helpdesk|uucp|root)@", re.IGNORECASE
)

#: What the library does on letters that are none.
_FAULTS = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


def before_the_copy(letter: Letter) -> str:
    """Take the words of a machine, without the letter that it returns below them."""
    text = letter.text[:LOOK_AT]
    found = DIVIDER.search(text)
    # A divider in the first line has nothing before it: there, the words are what follows.
    return text[: found.start()] if found and text[: found.start()].strip() else text


def by_library(letter: Letter, raw: bytes) -> tuple[str, ...]:
    """Ask flufl.bounce, which knows how tens of programs write it; ours and the daemon's addresses are no answer."""
    cut = b"\n".join(line[:_LINE_BYTES] for line in raw[:_BYTES].split(b"\n", _LINES)[:_LINES])
    try:
        later, never = all_failures(message_from_bytes(cut))
    except _FAULTS:
        return ()
    found = sorted(one.decode("ascii", "replace").strip().strip("<>'\".").lower() for one in (*never, *later))
    own = _own(letter)
    return tuple(dict.fromkeys(one for one in found if _ADDRESS.fullmatch(one) and one not in own))


def in_text(letter: Letter, text: str | None = None) -> tuple[str, ...]:
    """Look for them in the text: each that begins a line, else the first there is, else whom the copy was written to.

    Args:
        text: where every address is one of them.
    """
    own = _own(letter)
    if text is not None:
        return tuple(dict.fromkeys(one.lower() for one in _ADDRESS.findall(text)))
    told = before_the_copy(letter)
    begins: list[str] = []
    others: list[str] = []
    for line in told.split("\n"):
        for place, found in enumerate(_ADDRESS.finditer(line)):
            first = place == 0 and _AT_THE_BEGINNING.match(line[: found.start()])
            (begins if first else others).append(found[0].strip("'`").lower())
    for several in (begins, others[:1]):
        kept = tuple(dict.fromkeys(one for one in several if one not in own and not _NOBODY.match(one)))
        if kept:
            return kept
    return _of_copy(letter, own)


def _of_copy(letter: Letter, own: set[str]) -> tuple[str, ...]:
    """Take whom the returned letter was written to."""
    files = (*letter.attachments, *letter.inline)
    copies = [one.content[:LOOK_AT].decode("utf-8", "replace") for one in files if "rfc822" in one.content_type]
    copies += [one.text[:LOOK_AT] for one in letter.reports if "rfc822" in one.content_type]
    copies.append(letter.text[:LOOK_AT])
    for copy in copies:
        head = copy.replace("\r\n", "\n")
        found = [one.lower() for value in _TO.findall(head) for one in _ADDRESS.findall(value)]
        kept = tuple(dict.fromkeys(one for one in found if one not in own))
        if kept:
            return kept[:1]
    return ()


def _own(letter: Letter) -> set[str]:
    return {one.address for one in (*letter.to, *((letter.from_,) if letter.from_ else ()))}
