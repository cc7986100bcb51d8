"""Texts → words as they are compared, and what is kept of a case to be searched: pure, the same on both databases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

#: Characters of a word that are compared; what follows them makes no difference.
WORD_LENGTH = 40

#: Words of one message that can be found: what is longer is a log or a table.
MESSAGE_WORDS = 10_000

#: A document that has so many words takes in no further message: the next one begins another document.
DOCUMENT_WORDS = 1000

#: What stands before a word of the title or the customer, and before one of the customer. No word begins with them.
HEAD, CUSTOMER = "§", "¤"

#: What stands between what was written apart, so that no phrase reaches over it.
APART = "|"

#: Apostrophes, which are left out as often as written, and what cannot be seen: stress marks, soft hyphens, marks of
#: direction and joining.
_LEFT_OUT = re.compile("['’ʼ‘‛`´′ʹ＇\u0300-\u036f\u00ad\u2060\ufeff\u200b-\u200f\u202a-\u202e]")

#: A byte of UTF-8 as it is; what is neither a letter nor a digit of ASCII becomes a space.
_BYTES = bytes(byte if byte > 127 or chr(byte).isalnum() else 32 for byte in range(256))  # noqa: PLR2004 - of ASCII

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"\S+")


def words(text: str, limit: int = MESSAGE_WORDS) -> list[str]:
    """Part a text into the words that are compared: letters and digits, casefolded; `№5` is `5`, an address three."""
    # Bytes first: to look for words with a regular expression takes five times as long, and this is done of all mail.
    pieces = _folded(text).encode(errors="replace").translate(_BYTES).decode().split()[:limit]
    found: list[str] = []
    for piece in pieces:
        if piece.isalnum() and len(piece) <= WORD_LENGTH:
            found.append(piece)
        else:
            found += [word[:WORD_LENGTH] for word in _WORD.findall(piece)]
    return found[:limit]


def _folded(text: str) -> str:
    """Make one of what is written in several ways: case, composed and decomposed letters, ё and е, ґ and г."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return _LEFT_OUT.sub("", composed).replace("ё", "е").replace("ґ", "г")


class Place(NamedTuple):
    """Where words stand in a text: a stretch without white space, and its words."""

    start: int
    end: int
    words: list[str]


def places(text: str) -> Iterator[Place]:
    """Tell where the words of a text stand, so that they can be shown as they were written."""
    for found in _PIECE.finditer(text):
        if inside := words(found[0]):
            yield Place(found.start(), found.end(), inside)


class Head(NamedTuple):
    """What a case is known by: its title, and the names and addresses of its customer."""

    title: str
    customer: Sequence[str]


def documents(head: Head, messages: Iterable[str]) -> list[str]:
    """Put a case into documents, each with its head and some of its messages, in their order."""
    start = _start(head)
    made = [start]
    for message in messages:
        longer = with_message(made[-1], message)
        if longer is None:
            made.append(_longer(start, message))
        else:
            made[-1] = longer
    return made


def with_message(document: str, message: str) -> str | None:
    """Add a message to the last document of a case; None when it is full, and the case needs another."""
    return None if document.count(" ") >= DOCUMENT_WORDS else _longer(document, message)


def _longer(document: str, message: str) -> str:
    said = words(message)
    return f"{document}{APART} {' '.join(said)} " if said else document


def _start(head: Head) -> str:
    title, customer = words(head.title), [words(one) for one in head.customer]
    known = [title, *customer]
    tagged = [[HEAD + word for word in one] for one in known]
    sections = [*known, *tagged, *([CUSTOMER + word for word in one] for one in customer)]
    return f" {f' {APART} '.join(' '.join(one) for one in sections if one)} "
