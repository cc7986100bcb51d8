"""Owe, claim, settle: the life of a row of the outbox.

owed ──claim──► owed (leased) ──► sent
  ▲                 │  ├───────► unknown ──claim──► … (sent again, marked as a repeat)
  │                 │  └───────► dead (a person is told)
  └──put back───────┘            withdrawn (taken back before it went out)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from core.desk import Tx
from core.outbox import pauses
from core.outbox.model import PENDING, Channel, Owed, OwedKind, OwedState
from core.outbox.queries import NOW
from core.outbox.views import Parcel
from core.store.base import is_written
from core.store.rows import table_of
from core.texts.said import Notice

#: How many leases a try takes at most: a relay may be slow at each of its steps.
_LEASES = {Channel.TELEGRAM: 1, Channel.EMAIL: 4}

#: How long each channel is tried before a person is told.
PATIENCE = {Channel.TELEGRAM: timedelta(hours=24), Channel.EMAIL: timedelta(days=2)}

#: What cannot even be put into words is tried so often, lest it keeps all behind it waiting, and is dead then.
TRIES_TO_DRAW = 5

# Put together once: to build a statement anew takes as long as to run it.
_Owed = table_of(Owed)
_PENDING_IN = select(Owed.id).where(Owed.lane == bindparam("lane"), is_written(Owed.state, *PENDING)).limit(1)
_TRY_LANE = select(func.pg_try_advisory_xact_lock(func.hashtextextended(bindparam("lane"), 0)))
_SETTLE_SENT = (
    update(_Owed)
    .where(
        _Owed.c.id == bindparam("row"),
        _Owed.c.version == bindparam("lease"),
        is_written(_Owed.c.state, *PENDING),
        _Owed.c.lease_until.is_not(None),
    )
    .values(
        state=OwedState.SENT,
        settled_at=bindparam("at"),
        lease_until=None,
        remote_id=bindparam("remote"),
        error=None,
        answer=bindparam("told"),
    )
)


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


_CLAIM = {
    channel: select(Owed, pauses.has_pause())
    .where(Owed.id == bindparam("row"), *_claimable(channel))
    .with_for_update(skip_locked=True, of=Owed)
    for channel in Channel
}
_CLAIM_DUE = {channel: _first_due(channel) for channel in Channel}
_DUE_ROWS = {channel: select(Owed.id).where(*_claimable(channel)).order_by(Owed.due_at, Owed.id) for channel in Channel}
_CLAIM_NEXT = {channel: _first_due(channel).where(~pauses.has_pause()).limit(1) for channel in Channel}


@dataclass(frozen=True, slots=True)
class To:
    """Whom a message is for: the channel and address, and the person or contact who will read it."""

    channel: Channel
    address: str
    person: int | None = None
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What is owed, before it is a row.

    Attributes:
        work: the item it is about.
        entry: the message of a case that it delivers.
        due_at: not before this instant; None is at once.
        sound: whether the phone may ring.
        news: of which kind it is, where it tells somebody on the staff of something unasked.
    """

    kind: OwedKind
    facts: dict[str, Any]
    work: int | None = None
    entry: int | None = None
    due_at: datetime | None = None
    sound: bool = True
    news: str | None = None


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


def owe(tx: Tx, to: To, what: Message) -> Owed:
    """Write down that a message is owed; it goes out after the commit, or never if the transaction fails."""
    row = Owed(
        channel=to.channel,
        address=to.address,
        domain=pauses.domain_of(to.address) if to.channel is Channel.EMAIL else None,
        lane=f"{to.channel}:{to.address}",
        kind=what.kind,
        facts=what.facts,
        person_id=to.person,
        contact_id=to.contact,
        work_id=what.work,
        entry_id=what.entry,
        sound=what.sound,
        news=what.news,
        created_at=tx.now,
        due_at=what.due_at or tx.now,
        expires_at=tx.now + PATIENCE[to.channel],
    )
    hands: Hands | None = tx.memo.get(Hands)
    if hands is not None and hands.may_claim(tx, row):
        row.state, row.version, row.tries, row.undrawn, row.repeats = OwedState.OWED, 1, 1, 0, 0
        row.lease_until = _lease_until(tx, row)
        tx.add(row)
        hands.parcels.append(_parcel(row, repeat=False))
        tx.taken_back.append(hands.parcels.pop)  # or it would be sent though its row is not there
        return row
    tx.add(row)
    if to.channel is Channel.EMAIL and row.due_at <= tx.now:
        tx.wake("send_mail", row.id)
    return row


def owe_notice(  # noqa: PLR0913 - the parts of a message, each of which may be left out
    tx: Tx,
    to: To,
    what: Notice,
    *,
    work: int | None = None,
    entry: int | None = None,
    due_at: datetime | None = None,
    sound: bool = True,
) -> Owed:
    """Owe a notice in words."""
    return owe(tx, to, Message(OwedKind.NOTICE, what.to_json(), work, entry, due_at, sound=sound))


def claim_due(tx: Tx, channel: Channel, limit: int, *, not_lanes: Sequence[str] = ()) -> list[Parcel]:
    """Claim rows that are due, at most one a lane and only the first of it, oldest first.

    Args:
        not_lanes: lanes that must wait, such as chats at their rate limit.
    """
    query = _CLAIM_DUE[channel].limit(limit)
    if not_lanes:
        query = query.where(Owed.lane.not_in(not_lanes))
    return [_lease(tx, row) for row in tx.session.scalars(query, {"now": tx.now})]


def claim(tx: Tx, row_id: int, channel: Channel) -> Parcel | None:
    """Claim one row, as a wake-up call names it; None when it is not due, not first in its lane, or claimed.

    To a domain that did not take letters one row goes at a time: see `core.outbox.pauses`.
    """
    found = tx.session.execute(_CLAIM[channel], {"now": tx.now, "row": row_id}).first()
    row, tries_domain = found or (None, False)
    if row is None or (tries_domain and not pauses.begin_try(tx, row, _lease_until(tx, row))):
        return None
    return replace(_lease(tx, row), tries_domain=tries_domain)


def claim_next(tx: Tx, channel: Channel) -> Parcel | None:
    """Claim the row that has been due for longest, if any may go out; it may be in the transaction of the one before.

    Never one to a domain that did not take letters: to begin that try it might have to wait for somebody who waits for
    this transaction.
    """
    row = tx.session.scalars(_CLAIM_NEXT[channel], {"now": tx.now}).first()
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


def _held(tx: Tx, parcel: Parcel) -> Owed | None:
    """Find the row of a parcel and lock it, if its lease is still this one, run out or not."""
    return tx.session.scalar(
        select(Owed)
        .where(
            Owed.id == parcel.id,
            Owed.version == parcel.version,
            is_written(Owed.state, *PENDING),
            Owed.lease_until.is_not(None),
        )
        .with_for_update()
    )


def settle_sent(tx: Tx, parcel: Parcel, remote_id: int | None = None, answer: str | None = None) -> bool:
    """Mark it sent; False when the lease was lost and somebody else has it.

    Args:
        answer: what whoever took it said.
    """
    tx.session.flush()  # it may have been claimed in this transaction
    told = answer[:500] if answer else None
    settled = tx.write(_SETTLE_SENT, row=parcel.id, lease=parcel.version, at=tx.now, remote=remote_id, told=told)
    tx.forget(Owed, parcel.id)
    return bool(settled.rowcount)


def more_in_lane(tx: Tx, lane: str) -> bool:
    """Tell whether anything else is pending in a lane."""
    return tx.session.scalar(_PENDING_IN, {"lane": lane}) is not None


def settle_unknown(tx: Tx, parcel: Parcel, error: str, retry_at: datetime) -> bool:
    """It went out and the answer was lost: to be sent again, marked, until its time is up.

    Returns:
        Whether it will be tried again; False when its time is up and it is dead, or the lease was lost.
    """
    return _later(tx, parcel, OwedState.UNKNOWN, error, retry_at)


def put_back(tx: Tx, parcel: Parcel, error: str, retry_at: datetime) -> bool:
    """It certainly did not go out: to be tried again later.

    Returns:
        Whether it will be tried again; False when its time is up and it is dead, or the lease was lost.
    """
    row = _held(tx, parcel)
    state = OwedState(row.state) if row else OwedState.OWED
    return _later(tx, parcel, state, error, retry_at)


def put_back_undrawn(tx: Tx, parcel: Parcel, error: str, retry_at: datetime) -> bool:
    """It cannot even be put into words: to be tried again, but so often only, for it keeps those behind it waiting.

    Returns:
        Whether it will be tried again; False when it was tried often enough and is dead, or the lease was lost.
    """
    row = _held(tx, parcel)
    if row is None:
        return False
    row.undrawn += 1
    if row.undrawn >= TRIES_TO_DRAW:
        give_up(tx, parcel, error)
        return False
    return _later(tx, parcel, OwedState(row.state), error, retry_at)


def _later(tx: Tx, parcel: Parcel, state: OwedState, error: str, retry_at: datetime) -> bool:
    row = _held(tx, parcel)
    if row is None:
        return False
    row.lease_until, row.error = None, error[:500]
    row.failing_since = row.failing_since or tx.now
    if retry_at >= row.expires_at:
        row.state, row.settled_at = OwedState.DEAD, tx.now
        return False
    row.state, row.due_at = state, retry_at
    return True


def give_up(tx: Tx, parcel: Parcel, error: str) -> bool:
    """It can never be delivered there; whoever calls this tells a person. False when the lease was lost."""
    row = _held(tx, parcel)
    if row is None:
        return False
    row.state, row.settled_at, row.lease_until, row.error = OwedState.DEAD, tx.now, None, error[:500]
    return True


def withdraw(tx: Tx, row_id: int) -> bool:
    """Take back what has certainly not gone out; False when it is too late, or nobody can tell."""
    row = tx.session.scalar(select(Owed).where(Owed.id == row_id).with_for_update())
    if row is None or row.state is not OwedState.OWED or row.lease_until is not None:
        return False
    row.state, row.settled_at = OwedState.WITHDRAWN, tx.now
    return True


def redirect(tx: Tx, old: To, address: str) -> None:
    """Send what is still owed to an address to another one instead: a group became a supergroup."""
    tx.session.execute(
        update(Owed)
        .where(Owed.lane == f"{old.channel}:{old.address}", is_written(Owed.state, *PENDING))
        .values(address=address, lane=f"{old.channel}:{address}")
    )


def read_instead(tx: Tx, contact: int, instead: int) -> None:
    """Let what is still owed to a contact be read by another: they are the same person."""
    mine = Owed.contact_id == contact, is_written(Owed.state, *PENDING)
    tx.session.execute(update(Owed).where(*mine).values(contact_id=instead))


def due_rows(tx: Tx, channel: Channel, limit: int = 500) -> list[int]:
    """List the ids of rows that could be claimed now, for the sweep that wakes workers."""
    return list(tx.session.scalars(_DUE_ROWS[channel].limit(limit), {"now": tx.now}))
