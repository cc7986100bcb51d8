"""Claim rows of the outbox, to send them: of one lane only the first, and each by one courier at a time.

Chats are served by the bot's courier, which claims what is due or, while it is written, what a transaction owes; mail
by calls that name a row, and by going on with the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.desk import Tx
from core.outbox import pauses
from core.outbox.model import PENDING, Channel, Owed, OwedKind, OwedState
from core.outbox.queries import NOW, more_in_lane
from core.outbox.views import Parcel
from core.store.base import is_written

#: How many leases a try takes at most: a relay may be slow at each of its steps.
_LEASES = {Channel.TELEGRAM: 1, Channel.EMAIL: 4}


def _claimable(channel: Channel) -> list[ColumnElement[bool]]:
    """What a row fulfils that may be claimed `now`."""
    earlier = aliased(Owed)
    # What its time ran out for is dead as soon as the clock gets to it, and keeps nobody waiting until then.
    may_go_out = or_(earlier.expires_at > NOW, earlier.lease_until > NOW)
    # Nor is one claimed beside one that is on its way, though that was written later: its number may be the greater.
    before = or_(earlier.id < Owed.id, and_(earlier.id != Owed.id, earlier.lease_until > NOW))
    blocked = exists().where(earlier.lane == Owed.lane, before, is_written(earlier.state, *PENDING), may_go_out)
    return [
        Owed.channel == channel,
        is_written(Owed.state, *PENDING),
        Owed.due_at <= NOW,
        Owed.expires_at > NOW,
        or_(Owed.lease_until.is_(None), Owed.lease_until <= NOW),
        ~blocked,
        *([~pauses.is_paused(NOW)] if channel is Channel.EMAIL else []),
    ]


def _first_due(channel: Channel) -> Select[Owed]:
    due = select(Owed).where(*_claimable(channel)).order_by(Owed.due_at, Owed.id)
    return due.with_for_update(skip_locked=True, of=Owed)


# Put together once: to build a statement anew takes as long as to run it.
_TRY_LANE = select(func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("lane"), 0)))
_CLAIM_DUE = {channel: _first_due(channel) for channel in Channel}
_DUE_ROWS = {channel: select(Owed.id).where(*_claimable(channel)).order_by(Owed.due_at, Owed.id) for channel in Channel}
_CLAIM_MAIL = (
    select(Owed, pauses.has_pause())
    .where(Owed.id == bindparam("row"), *_claimable(Channel.EMAIL))
    .with_for_update(skip_locked=True, of=Owed)
)
_CLAIM_NEXT_MAIL = _first_due(Channel.EMAIL).where(~pauses.has_pause()).limit(1)


@dataclass(slots=True)
class Hands:
    """Whoever sends what a transaction owes as soon as it is committed: they claim rows as they are written.

    Attributes:
        room: so many they can take.
        not_lanes: those that must wait, such as chats at their rate limit.
        parcels: what they have claimed. As with any claim, should they end before it is settled, its lease runs out.
        left: whether something is due at once that they have not claimed.
    """

    channel: Channel
    room: int
    not_lanes: Collection[str] = ()
    parcels: list[Parcel] = field(default_factory=list)
    left: bool = False

    def wait(self, tx: Tx) -> None:
        """Claim what the rest of this transaction owes."""
        tx.memo[Hands] = self

    def may_claim(self, tx: Tx, row: Owed) -> bool:
        """Tell whether a row that is about to be written can be theirs: due now, and first in its lane."""
        if row.channel is not self.channel or row.due_at > tx.now:
            return False
        can = len(self.parcels) < self.room and row.lane not in self.not_lanes
        can = can and _nobody_else_owes(tx, row.lane) and not more_in_lane(tx, row.lane)
        self.left = self.left or not can
        return can


def _nobody_else_owes(tx: Tx, lane: str) -> bool:
    """Tell whether no transaction under way may be claiming a row of the same lane: two would go out side by side.

    On SQLite there is only one that writes. The lock ends with the transaction; it is never waited for.
    """
    if tx.session.get_bind().dialect.name == "sqlite":
        return True
    return bool(tx.session.scalar(_TRY_LANE, {"lane": lane}))


def write(tx: Tx, row: Owed) -> bool:
    """Write a new row, claimed by whoever waits for what this transaction owes, if they can take it.

    Returns:
        Whether it is claimed.
    """
    hands: Hands | None = tx.memo.get(Hands)
    if hands is None or not hands.may_claim(tx, row):
        tx.add(row)
        return False
    row.state, row.version, row.tries, row.undrawn, row.repeats = OwedState.OWED, 1, 1, 0, 0
    row.lease_until = _lease_until(tx, row)
    tx.add(row)
    hands.parcels.append(_parcel(row, repeat=False))
    tx.taken_back.append(hands.parcels.pop)  # or it would be sent though its row is not there
    return True


def claim_due(tx: Tx, channel: Channel, limit: int, *, not_lanes: Sequence[str] = ()) -> list[Parcel]:
    """Claim rows that are due, at most one a lane and only the first of it, oldest first.

    Args:
        not_lanes: lanes that must wait, such as chats at their rate limit.
    """
    query = _CLAIM_DUE[channel].limit(limit)
    if not_lanes:
        query = query.where(Owed.lane.not_in(not_lanes))
    return [_lease(tx, row) for row in tx.session.scalars(query, {"now": tx.now})]


def due_rows(tx: Tx, channel: Channel, limit: int = 500) -> list[int]:
    """List the ids of rows that could be claimed now, for the sweep that wakes workers."""
    return list(tx.session.scalars(_DUE_ROWS[channel].limit(limit), {"now": tx.now}))


def claim_mail(tx: Tx, row_id: int) -> Parcel | None:
    """Claim one row of mail, as a wake-up call names it; None when it is not due, not first in its lane, or claimed.

    To a domain that did not take letters one row goes at a time: see `core.outbox.pauses`.
    """
    found = tx.session.execute(_CLAIM_MAIL, {"now": tx.now, "row": row_id}).first()
    row, tries_domain = found or (None, False)
    if row is None or (tries_domain and not pauses.begin_try(tx, row, _lease_until(tx, row))):
        return None
    return replace(_lease(tx, row), tries_domain=tries_domain)


def claim_next_mail(tx: Tx) -> Parcel | None:
    """Claim the mail that has been due for longest, if any may go out; it may be in the transaction of the one before.

    Never any to a domain that did not take letters: to begin that try it might have to wait for somebody who waits for
    this transaction.
    """
    row = tx.session.scalars(_CLAIM_NEXT_MAIL, {"now": tx.now}).first()
    return None if row is None else _lease(tx, row)


def _lease(tx: Tx, row: Owed) -> Parcel:
    # A row claimed anew after its lease ran out may have been sent by whoever held it: nobody knows, until it is
    # sent for certain, even should this try not get out.
    if row.lease_until is not None:
        row.state = OwedState.UNKNOWN
    repeat = row.state is OwedState.UNKNOWN
    row.version += 1
    row.tries += 1
    row.repeats += int(repeat)
    row.lease_until = _lease_until(tx, row)
    return _parcel(row, repeat=repeat)


def _lease_until(tx: Tx, row: Owed) -> datetime:
    return tx.now + tx.house.send_lease * _LEASES[Channel(row.channel)]


def _parcel(row: Owed, *, repeat: bool) -> Parcel:
    return Parcel(
        row.id,
        row.version,
        Channel(row.channel),
        row.address,
        row.lane,
        OwedKind(row.kind),
        row.facts,
        row.person_id,
        row.contact_id,
        row.work_id,
        row.entry_id,
        row.sound,
        row.tries,
        row.undrawn,
        repeat,
        row.created_at,
        row.expires_at,
    )
