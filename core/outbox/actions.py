"""Owe and settle: the life of a row of the outbox, which is claimed (`core.outbox.claims`) to be sent.

owed ──claim──► owed (leased) ──► sent
  ▲                 │  ├───────► unknown ──claim──► … (sent again, marked as a repeat)
  │                 │  └───────► dead (a person is told)
  └──put back───────┘            withdrawn (taken back before it went out)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from core.desk import Tx
from core.outbox import claims, pauses
from core.outbox.model import PENDING, Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.store.base import is_written
from core.store.rows import table_of
from core.texts.said import Notice

#: How long each channel is tried before a person is told.
PATIENCE = {Channel.TELEGRAM: timedelta(hours=24), Channel.EMAIL: timedelta(days=2)}

#: What cannot even be put into words is tried so often, lest it keeps all behind it waiting, and is dead then.
TRIES_TO_DRAW = 5

_Owed = table_of(Owed)
# Put together once: to build a statement anew takes as long as to run it.
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
    claimed = claims.write(tx, row)
    if not claimed and to.channel is Channel.EMAIL and row.due_at <= tx.now:
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
