"""Who is mentioned in a note, as `@olena`, and that they are told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.cases.telling import excerpt
from core.desk import Tx
from core.people import queries as people
from core.people.names import folded, romanised
from core.people.quiet import News
from core.people.rules import Right, may
from core.people.views import Representative
from core.texts.said import said
from core.work import cards
from core.work.model import Work
from core.work.privacy import sees

#: A handle after an @ that no word and no address stands before; it may hold an apostrophe, not end in one.
_MENTION = re.compile(r"(?<![\w@.+-])@([^\W_](?:[\w'’ʼ-]*[^\W_])?)")

#: Characters of a note in the line that says why its card came.
NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Who is mentioned in a text, each once, and the words after an @ that name nobody who works here."""

    people: tuple[Representative, ...]
    unknown: tuple[str, ...]


def mentioned(tx: Tx, text: str) -> Mentioned:
    """Find who is mentioned in a text, by their handles in either alphabet."""
    words = dict.fromkeys(_MENTION.findall(text))
    if not words:
        return Mentioned((), ())
    everybody = [one for one in people.staff(tx) if may(one.role, Right.SEE_WORK)]
    found = {word: _by_handle(word, everybody) for word in words}
    known = {one.id: one for one in found.values() if one is not None}
    return Mentioned(tuple(known.values()), tuple(word for word, one in found.items() if one is None))


def _by_handle(word: str, everybody: list[Representative]) -> Representative | None:
    for spelt in (folded, romanised):
        for one in everybody:
            if spelt(one.handle) == spelt(word):
                return one
    return None


def tell_mentioned(tx: Tx, number: int, text: str, by: Representative, *, before: str = "") -> None:
    """Owe the card of a case to each who is mentioned in a note of it, with the note above; nobody hears of their own.

    Args:
        before: what the note said before it was changed: who was mentioned there knows of it.
    """
    known = {one.id for one in mentioned(tx, before).people} | {by.id}
    work = tx.session.get_one(Work, number)
    for one in mentioned(tx, text).people:
        if one.id not in known and one.to and sees(tx, work, one):
            why = said("card.why.mentioned", name=by.name, text=excerpt(text, NOTE_LENGTH))
            cards.post(tx, number, one.to, why, News.MENTIONS)
