"""Look at what came in: whether anything waits, and what a person should decide on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from core.desk import Tx
from core.inbox.model import InboxState, Letter
from core.store.base import is_written
from core.texts.said import Said, said
from core.texts.say import LANGUAGES, has

#: Word for word as the partial index has it, so that it is used; put together once.
_LETTER_DUE = (
    select(Letter.id)
    .where(is_written(Letter.state, InboxState.KEPT), or_(Letter.due_at <= bindparam("now"), Letter.tries == 0))
    .limit(1)
)


def any_letter_waits(tx: Tx) -> bool:
    """Tell whether any letter waits to be understood, or to be tried again now."""
    return tx.session.scalar(_LETTER_DUE, {"now": tx.now}) is not None


@dataclass(frozen=True, slots=True)
class AsideView:
    """A letter that a person should decide on.

    Attributes:
        why: the rule that set it aside, or that it was not understood.
        cause: the header that the rule went by, if it was one.
        case: the number of the case that it names, where its sender is nobody whom it knows.
    """

    id: int
    sender: str
    recipient: str
    received_at: datetime
    why: Said
    cause: str = ""
    case: int | None = None


def set_aside_letters(tx: Tx, limit: int = 20, *, offset: int = 0) -> list[AsideView]:
    """List a page of the letters that a person should decide on, the latest first."""
    rows = tx.session.scalars(
        select(Letter)
        .where(is_written(Letter.state, InboxState.SET_ASIDE))
        .order_by(Letter.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [_view(row) for row in rows]


def _view(row: Letter) -> AsideView:
    cause, why = row.facts.get("cause", ""), _why(row.reason)
    return AsideView(row.id, sender_of(row), row.recipient, row.received_at, why, cause, case_of(row))


def case_of(row: Letter) -> int | None:
    """Tell which case a letter names that was set aside because nobody knows its sender."""
    number = row.facts.get("case")
    return int(number) if number is not None else None


def sender_of(row: Letter) -> str:
    """Tell who seems to have written a letter that was set aside: by its header, else by the envelope."""
    return str(row.facts.get("from") or row.mail_from.strip("<> "))


def _why(reason: str | None) -> Said:
    """Make a sentence of a reason: the key of one, or the words of an error, which are a fact and never a template."""
    return said(reason) if reason and has(reason, LANGUAGES[0]) else said("aside.error", error=reason or "–")


def count_set_aside(tx: Tx) -> int:
    """Count the letters that a person should decide on."""
    return tx.session.scalar(select(func.count()).where(is_written(Letter.state, InboxState.SET_ASIDE))) or 0
