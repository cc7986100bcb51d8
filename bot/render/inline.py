"""What was found, to be put into any chat by who works here: number and title, and nothing else of a case."""

from __future__ import annotations

from bot.calls import Offer
from bot.render.finding import state_of
from bot.render.lists import short
from core.cases.found import FoundPage
from core.texts.said import said

#: Characters of a title.
TITLE_LENGTH = 80


def offers(what: FoundPage) -> tuple[Offer, ...]:
    """Offer each of what was found: who looks sees where it stands, who reads what is sent does not."""
    return tuple(
        Offer(
            one.item.number,
            said("inline.item", number=one.item.number, title=short(one.item.title, TITLE_LENGTH)),
            state_of(one),
        )
        for one in what.page
    )
