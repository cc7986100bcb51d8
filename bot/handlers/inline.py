"""Search from any chat: `@bot words`, for who works here."""

from __future__ import annotations

from bot.calls import Offers, StaffCall
from bot.render import inline as render
from core.cases import seeing as cases

#: Cases at a time; more are asked for as somebody scrolls. A search has no page further down than this.
PAGE, FURTHEST = 10, 500


def find(call: StaffCall, offset: int) -> Offers:
    """Find cases as `/find` does, a page at a time; without words there is nothing to find.

    Raises:
        Refused, NotFound, Misused: as `core.cases.seeing.find`.
    """
    words = " ".join(call.words.text.split())
    if not words:
        return Offers()
    found = cases.find(call.tx, words, call.by, offset=offset, limit=PAGE)
    more = offset + PAGE < min(found.total, FURTHEST)
    return Offers(render.offers(found), offset + PAGE if more else None)
