"""Letters that were set aside, for those who may decide on them."""

from __future__ import annotations

from core.desk import Tx
from core.inbox import actions as inbox
from core.inbox import queries as waiting
from core.inbox.queries import AsideView
from core.people.rules import Right, check
from core.people.views import Representative


def set_aside(tx: Tx, by: Representative, *, offset: int = 0, limit: int = 8) -> list[AsideView]:
    """List a page of the letters that a person should decide on, the latest first.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.RELEASE_LETTERS)
    return waiting.set_aside_letters(tx, limit, offset=offset)


def count_set_aside(tx: Tx, by: Representative) -> int:
    """Count the letters that a person should decide on.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.RELEASE_LETTERS)
    return waiting.count_set_aside(tx)


def release(tx: Tx, letter: int, by: Representative) -> None:
    """Send a letter that was set aside on its way, whatever it was set aside for.

    Raises:
        Refused: `right.missing`.
        NotFound: `letter.unknown`: no such letter is set aside.
    """
    check(by.role, Right.RELEASE_LETTERS)
    inbox.release_letter(tx, letter, by.actor)
