"""What has become of answers: owed, taken, tried again and again, or dead."""

from __future__ import annotations

from collections.abc import Iterable

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
        .where(Owed.entry_id.in_(wanted), Owed.kind == OwedKind.ANSWER)
        .order_by(Owed.id)
    )
    worst: dict[int, Delivery] = {}
    for row, domain_error in found:
        one, entry = _of(row, domain_error), row.entry_id or 0
        known = worst.get(entry)
        if known is None or _WORST_FIRST.index(one.state) < _WORST_FIRST.index(known.state):
            worst[entry] = one
    return worst


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
    )
