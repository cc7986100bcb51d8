"""What a member of staff may look at of those who work here: the right is asked here, at every look of theirs."""

from __future__ import annotations

from core.desk import Tx
from core.errors import NotFound
from core.people import queries
from core.people.rules import Right, check
from core.people.views import OpenInvitation, Representative


def colleagues(tx: Tx, by: Representative) -> list[Representative]:
    """List everybody who works here, by name.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return queries.staff(tx)


def colleague(tx: Tx, person: int, by: Representative) -> Representative:
    """Show one who works here: whoever left since a button was drawn does not.

    Raises:
        Refused: `right.missing`.
        NotFound: `person.unknown`, with who there is.
    """
    everybody = colleagues(tx, by)
    found = next((one for one in everybody if one.id == person), None)
    if found is None:
        raise NotFound("person.unknown", word=str(person), known=[one.handle for one in everybody])
    return found


def find(tx: Tx, word: str, by: Representative) -> Representative:
    """Find one who works here by handle or name, as `queries.find`.

    Raises:
        Refused: `right.missing`, or `person.ambiguous`, with those it could be.
        NotFound: `person.unknown`, with who there is.
    """
    check(by.role, Right.SEE_WORK)
    return queries.find(tx, word)


def open_invitations(tx: Tx, by: Representative, *, offset: int = 0, limit: int | None = None) -> list[OpenInvitation]:
    """List a page of the invitations that can still be used, the latest first.

    Raises:
        Refused: `right.missing`.
    """
    return queries.open_invitations(tx, by, offset=offset, limit=limit)


def count_open_invitations(tx: Tx, by: Representative) -> int:
    """Count the invitations that can still be used.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.INVITE)
    return queries.count_open_invitations(tx)
