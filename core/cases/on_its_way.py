"""What has become of answers: owed, taken, tried again and again, or dead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from core.cases.views import Delivery
from core.desk import Tx
from core.outbox.model import Channel, DomainPause, Owed, OwedKind, OwedState

#: What is told of an answer that went out in parts: the worst that became of any.
_WORST_FIRST = (OwedState.DEAD, OwedState.UNKNOWN, OwedState.OWED, OwedState.SENT, OwedState.WITHDRAWN)


def delivery_of(tx: Tx, entries: Iterable[int]) -> dict[int, Delivery]:
    """Tell what became of answers; notices that tell the desk of a customer's message are not its delivery."""
    wanted = list(entries)
    if not wanted:
        return {}
    found = tx.session.execute(
        select(Owed, DomainPause.error)
        .outerjoin(DomainPause, DomainPause.domain == Owed.domain)
        .where(Owed.entry_id.in_(wanted), Owed.kind.in_((OwedKind.ANSWER, OwedKind.COPY)))
        .order_by(Owed.id)
    )
    worst: dict[int, Delivery] = {}
    copies: dict[int, list[Delivery]] = {}
    for row, domain_error in found:
        one, entry = _of(row, domain_error), row.entry_id or 0
        if row.kind is OwedKind.COPY:
            copies.setdefault(entry, []).append(one)
            continue
        known = worst.get(entry)
        if known is None or _WORST_FIRST.index(one.state) < _WORST_FIRST.index(known.state):
            worst[entry] = one
    return {entry: replace(one, copies=_going(copies.get(entry, ()))) for entry, one in worst.items()}


def _going(copies: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Leave out the copies that were taken back."""
    return tuple(one for one in copies if one.state is not OwedState.WITHDRAWN)


def _of(row: Owed, domain_error: str | None) -> Delivery:
    return Delivery(
        OwedState(row.state),
        Channel(row.channel),
        settled_at=row.settled_at,
        told=row.answer or "",
        tries=row.tries,
        failing_since=row.failing_since,
        error=row.error or "",
        next_at=row.due_at,
        domain_error=domain_error,
        address=row.address,
    )
