"""A letter that somebody forwarded within their own words: who wrote it, and what."""

from __future__ import annotations

import re

from core.intake.letter import Forwarded
from core.intake.parse.attributions import HEADER, ORIGINAL, RULE
from core.intake.parse.headers import addresses
from core.intake.parse.quotes import own_words
from core.intake.parse.starts import Page

_SUBJECT = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|vb|pd|doorst|пересл\w*|пер|пересланий лист|转发|轉寄|転送)\s*[:：]\s*", re.IGNORECASE
)
_QUOTED = re.compile(r"^[ \t]{0,3}>[ ]?", re.MULTILINE)

#: Lines of what is said of a forwarded letter above it.
_WORDS_LINES = 200


def is_forward(subject: str) -> bool:
    """Tell by the subject whether a program forwarded a letter."""
    return _SUBJECT.match(subject) is not None


def bare(subject: str) -> str:
    """Take off what says that it is forwarded."""
    return _SUBJECT.sub("", subject, count=1).strip()


def below(text: str, subject: str) -> Forwarded | None:
    """Read the letter that stands below what its forwarder says; None where there is none."""
    return _parted(text, subject) or (_parted(_QUOTED.sub("", text), subject) if ">" in text else None)


def _parted(text: str, subject: str) -> Forwarded | None:
    lines = text.split("\n")
    page = Page(lines)
    for at in range(min(len(lines), _WORDS_LINES)):
        if not page.is_own(at):
            continue
        is_mark = ORIGINAL.match(page.heads[at]) or RULE.match(page.heads[at])
        head = page.next_words(at + 1) if is_mark else at
        block = page.block(head) if head < len(lines) else None
        if block is None:
            continue
        end, found = block
        writers = addresses((HEADER.sub("", found.get("who", ""), count=1),))
        if not writers:
            return None
        about = HEADER.sub("", found.get("what", ""), count=1).strip() or bare(subject)
        said, words = "\n".join(lines[:at]).strip(), own_words("\n".join(lines[end:]))
        return Forwarded(writers[0], about, words, said)
    return None
