"""Find service levels, and which one a case is held to; read only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from core.calendars.queries import house_calendar
from core.calendars.rules import Calendar
from core.calendars.week import from_kept, to_keep
from core.customers.account_tree import upwards
from core.customers.accounts import account_of
from core.customers.model import Account, Contact
from core.desk import Tx
from core.errors import NotFound, Refused
from core.sla.model import LevelUse, Scope, ServiceLevel
from core.sla.rules import ClockKind, Rung, Terms, Whom
from core.sla.views import LevelView, UseView
from core.work.model import Queue

_MINUTE = timedelta(minutes=1)
_IN_USE = "levels in use"

# Put together once: every letter that opens a case asks for it.
_USES = select(LevelUse.scope, LevelUse.subject_id, LevelUse.level_id)
_LEVELS = select(ServiceLevel).where(ServiceLevel.name_key.is_not(None)).order_by(ServiceLevel.name_key)


@dataclass(frozen=True, slots=True)
class Held:
    """The level that a case is held to, and whether it is its customer's own, or that of their account."""

    level: int
    own: bool


def uses(tx: Tx) -> dict[tuple[Scope, int], int]:
    """List which level is for what; one look a transaction, and nothing in it at a desk without levels."""
    if _IN_USE not in tx.memo:
        tx.memo[_IN_USE] = {(Scope(scope), subject): level for scope, subject, level in tx.session.execute(_USES)}
    found: dict[tuple[Scope, int], int] = tx.memo[_IN_USE]
    return found


def forget_uses(tx: Tx) -> None:
    """Let it be read anew for what levels are: this transaction has changed it."""
    tx.memo.pop(_IN_USE, None)


def applies(tx: Tx, queue: int | None, contact: int | None) -> Held | None:
    """Tell which level a case is held to: its customer's own, their account's, the public queue's, or the default."""
    known = uses(tx)
    if contact is not None and (own := _own(tx, known, contact)) is not None:
        return Held(own, own=True)
    level = known.get((Scope.QUEUE, queue)) if queue is not None else None
    level = level if level is not None else known.get((Scope.DEFAULT, 0))
    return Held(level, own=False) if level is not None else None


def _own(tx: Tx, known: dict[tuple[Scope, int], int], contact: int) -> int | None:
    """Tell the level of a customer or of their account, which is looked for only where an account has one."""
    own = known.get((Scope.CONTACT, contact))
    if own is not None or not any(scope is Scope.ACCOUNT for scope, _ in known):
        return own
    account = account_of(tx, contact)
    return level_above(tx, account)[0] if account is not None else None


def level_above(tx: Tx, account: int) -> tuple[int | None, int]:
    """Tell the level of an account, its own or that of the nearest it is a part of, and which of them has it."""
    known = uses(tx)
    for here in upwards(tx, account):
        if (level := known.get((Scope.ACCOUNT, here))) is not None:
            return level, here
    return None, account


def terms(tx: Tx, level: int) -> Terms | None:
    """Tell what a level asks for; None when it was given up."""
    row = tx.find(ServiceLevel, level)
    return terms_of(row) if row is not None and row.closed_at is None else None


def name_of(tx: Tx, level: int) -> str:
    """Tell the name of a level, given up or not."""
    row = tx.find(ServiceLevel, level)
    return row.name if row is not None else ""


def calendar(tx: Tx, asked: Terms) -> Calendar:
    """Show the hours that a level counts."""
    return house_calendar(tx, asked.week, closed=asked.closures)


def terms_of(row: ServiceLevel) -> Terms:
    """Read what a level asks for from its row."""
    return Terms(
        targets={
            ClockKind(kind): {int(priority): minutes * _MINUTE for priority, minutes in by_priority.items()}
            for kind, by_priority in row.targets.items()
        },
        pauses=row.pauses,
        warn_percent=row.warn_percent,
        warn_before=row.warn_before_minutes * _MINUTE if row.warn_before_minutes is not None else None,
        ladder=tuple(Rung(minutes * _MINUTE, Whom(whom)) for minutes, whom in row.ladder),
        week=from_kept(row.hours) if row.hours is not None else None,
        closures=row.closures,
    )


def to_row(asked: Terms) -> dict[str, Any]:
    """Make of what a level asks for the columns of its row."""
    return {
        "targets": {
            str(kind): {str(priority): span // _MINUTE for priority, span in by_priority.items()}
            for kind, by_priority in asked.targets.items()
        },
        "pauses": asked.pauses,
        "warn_percent": asked.warn_percent,
        "warn_before_minutes": asked.warn_before // _MINUTE if asked.warn_before is not None else None,
        "ladder": [[one.after // _MINUTE, str(one.whom)] for one in asked.ladder],
        "hours": to_keep(asked.week) if asked.week is not None else None,
        "closures": asked.closures,
    }


def levels(tx: Tx) -> list[LevelView]:
    """List the service levels, by name, with what each is for."""
    found: dict[int, list[UseView]] = {}
    rows = tx.session.execute(
        select(LevelUse, func.coalesce(Queue.name, Account.name, Contact.name, ""))
        .outerjoin(Queue, (LevelUse.scope == Scope.QUEUE) & (Queue.id == LevelUse.subject_id))
        .outerjoin(Account, (LevelUse.scope == Scope.ACCOUNT) & (Account.id == LevelUse.subject_id))
        .outerjoin(Contact, (LevelUse.scope == Scope.CONTACT) & (Contact.id == LevelUse.subject_id))
        # That of a queue which was merged holds again when the merge is undone, and for nothing until then.
        .where(Queue.closed_at.is_(None))
        .order_by(LevelUse.scope, Queue.name, Account.name, Contact.name)
    )
    for use, name in rows:
        found.setdefault(use.level_id, []).append(UseView(Scope(use.scope), name))
    return [
        LevelView(row.id, row.name, terms_of(row), tuple(found.get(row.id, ()))) for row in tx.session.scalars(_LEVELS)
    ]


def level(tx: Tx, number: int) -> LevelView:
    """Show one service level.

    Raises:
        NotFound: `level.unknown`, with those there are; `level.none`.
    """
    everything = levels(tx)
    found = next((one for one in everything if one.id == number), None)
    if found is None:
        raise unknown("", everything)
    return found


def find(tx: Tx, words: str) -> tuple[LevelView, str]:
    """Find the service level that some words begin with, by its name or the beginning of it; and the words after it.

    Raises:
        NotFound: `level.unknown`, with those there are; `level.none`.
        Refused: `level.ambiguous`, with those it could be.
    """
    split, everything = words.split(), levels(tx)
    for length in range(len(split), 0, -1):
        wanted = " ".join(split[:length]).casefold()
        exact = [one for one in everything if one.name.casefold() == wanted]
        near = exact or [one for one in everything if length == 1 and one.name.casefold().startswith(wanted)]
        if len(near) > 1:
            raise Refused("level.ambiguous", word=split[0], known=_names(near))
        if near:
            return near[0], " ".join(split[length:])
    raise unknown(split[0] if split else "", everything)


def unknown(word: str, everything: Sequence[LevelView]) -> NotFound:
    """Say that there is no such service level: those there are, or how the first is made."""
    return NotFound("level.unknown", word=word, known=_names(everything)) if everything else NotFound("level.none")


def _names(those: Iterable[LevelView]) -> list[str]:
    return [one.name for one in those]
