"""What stands below letters: the words of whoever wrote, one for every language or one for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.desk import Tx
from core.errors import Misused
from core.history.actions import record
from core.people import queries
from core.people.model import Person
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.lines import one_line
from core.texts.say import LANGUAGES

#: Characters and lines of a signature.
SIGNATURE_LENGTH, SIGNATURE_LINES = 500, 8

#: Under which the words for every language are kept.
ANY = ""


def check_signature(words: str) -> str:
    """Take the words of a signature as they will stand below a letter: line by line, no control characters.

    Raises:
        Misused: `signature.too_long`; `signature.empty`.
    """
    lines = [one_line(line) for line in re.split(r"\r\n|\r|\n", words.strip())]
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    # A line of two hyphens begins a signature: the desk puts it there by itself.
    clean = clean.removeprefix("--").lstrip() if clean.startswith(("-- ", "--\n")) else clean
    if not clean or clean == "--":
        raise Misused("signature.empty")
    if len(clean) > SIGNATURE_LENGTH or clean.count("\n") >= SIGNATURE_LINES:
        raise Misused("signature.too_long", limit=SIGNATURE_LENGTH, lines=SIGNATURE_LINES)
    return clean


def with_signature(kept: Mapping[str, Any] | None, words: str | None, language: str | None) -> dict[str, Any] | None:
    """Put the words of one language among those that are kept, or take them away; None is no signature at all.

    Args:
        words: None takes away, of every language where none is named.
        language: None for all that have none of their own.

    Raises:
        Misused: as `check_signature`; `usage.signature`: there is no such language.
    """
    if language is not None and language not in LANGUAGES:
        raise Misused("usage.signature")
    if words is None and language is None:
        return None
    changed = {key: text for key, text in (kept or {}).items() if key != (language or ANY)}
    if words is not None:
        changed[language or ANY] = check_signature(words)
    return changed or None


def signature_in(kept: Mapping[str, Any] | None, locale: str) -> str:
    """Choose the words for who reads a language; empty where there are none."""
    found = kept or {}
    return str(found.get(locale) or found.get(ANY) or "")


def set_signature(tx: Tx, by: Representative, words: str | None, language: str | None) -> Representative:
    """Say what stands below your letters; None takes it away.

    Raises:
        Refused: `right.missing`.
        Misused: as `with_signature`.
    """
    check(by.role, Right.ANSWER)
    person = tx.lock_one(Person, by.id)
    person.signatures = with_signature(person.signatures, words, language)
    record(tx, "signature", by.actor, subject=("person", by.id), signatures=person.signatures)
    return queries.view(tx, person)


def of_person(tx: Tx, person: int, locale: str) -> str:
    """Choose what stands below the letters of somebody who works or worked here."""
    row = tx.find(Person, person)
    return signature_in(row.signatures, locale) if row is not None else ""
