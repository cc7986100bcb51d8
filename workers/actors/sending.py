"""The actor that sends mail: claim the row, send it outside any transaction, settle it by the lease."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic

import structlog
from dramatiq import Broker
from sqlalchemy import bindparam, select

from core.cases import delivery
from core.cases.model import Entry
from core.desk import Desk, Tx
from core.errors import TryLater
from core.outbox import actions as outbox
from core.outbox import claims, pauses
from core.outbox.model import PENDING, Owed, OwedKind
from core.outbox.pauses import Fault
from core.outbox.queries import NOW, died_now
from core.outbox.views import Parcel
from core.store.base import is_written
from core.work import cards
from workers.actors.edge import declare

log = structlog.get_logger(__name__)


class Fate(StrEnum):
    """What became of a try to send a letter.

    `unknown`: the relay had all of it, and its answer was lost. `refused`: the address will never take a letter.
    `hopeless`: this letter will never be taken, which says nothing of the address. `not_made`: it cannot even be made.
    """

    SENT = "sent"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    HOPELESS = "hopeless"
    NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a try.

    Attributes:
        error: why it failed; `fault` is where the reason lies.
        message_id: of the letter, without brackets.
        answer: what the relay said when it took it.
    """

    fate: Fate
    error: str = ""
    message_id: str | None = None
    answer: str = ""
    fault: Fault = Fault.RELAY


#: For so many seconds one call goes on with other letters that are due: a call for each row costs more than its letter.
GO_ON_S = 1.0

# Put together once: to build a statement anew takes as long as to run it.
_FOLLOWING = (
    select(Owed.id)
    .where(
        Owed.lane == bindparam("lane"),
        is_written(Owed.state, *PENDING),
        Owed.id > bindparam("row"),
        Owed.due_at <= NOW,
    )
    .order_by(Owed.id)
    .limit(1)
)

#: After these the server of the address has answered, whatever it said.
_ANSWERED = frozenset({Fate.SENT, Fate.REFUSED})

#: Makes a parcel into a letter and hands it to the relay; waits, and does not raise for what a relay may say.
Post = Callable[[Parcel], Result]


def declare_sending(broker: Broker, desk: Desk, post: Post | None) -> None:
    """Make the actor `send_mail` known to a broker; without a relay it does nothing, and mail waits."""
    declare(broker, "send_mail", (lambda _row: None) if post is None else sender(desk, post), lambda _row, _why: None)


def sender(desk: Desk, post: Post, go_on_s: float = GO_ON_S) -> Callable[[int], str | None]:
    """Make what sends the mail of a row, and says what became of it; None when it is not due or somebody has it.

    As long as the relay takes letters it goes on with others that are due, for so many seconds: each is claimed in
    the transaction that settles the one before.
    """

    def do(row: int) -> str | None:
        over_s = monotonic() + go_on_s
        parcel, fate = desk.run(claims.claim_mail, row), None
        while parcel is not None:
            result = _posted(post, parcel)
            goes_on = result.fate is Fate.SENT and monotonic() < over_s
            following = desk.run(_settle, parcel, result, goes_on=goes_on)
            if fate is not None:
                log.info("job", actor="send_mail", row=parcel.id, outcome=str(result.fate))
            fate, parcel = fate or str(result.fate), following
        return fate

    return do


def _posted(post: Post, parcel: Parcel) -> Result:
    """Send a letter, and tell what became of it whatever was raised."""
    try:
        return post(parcel)
    except TryLater as away:
        return Result(Fate.NOT_SENT, away.key)
    except OSError as error:  # such as a disk that is away: no fault of the letter's
        log.warning("letter_not_made", row=parcel.id, error=type(error).__name__)
        return Result(Fate.NOT_SENT, type(error).__name__)
    except Exception as error:
        # A letter that cannot even be made keeps all behind it waiting: after a few tries it never will be.
        log.exception("letter_not_made", row=parcel.id)
        return Result(Fate.NOT_MADE, f"it could not be made ({type(error).__name__})")


def _settle(tx: Tx, parcel: Parcel, result: Result, *, goes_on: bool) -> Parcel | None:
    """Write down what became of a row and, to go on, claim the next that may go out."""
    settle(tx, parcel, result)
    following = claims.claim_next_mail(tx) if goes_on else None
    if following is None or following.lane != parcel.lane:
        _wake_next(tx, parcel)
    return following


def settle(tx: Tx, parcel: Parcel, result: Result) -> None:
    """Write down what became of a row; what is dead goes another way, or a person is told."""
    if result.fate in _ANSWERED or result.fault is Fault.MAILBOX:
        pauses.answered(tx, parcel)
    if result.fate is Fate.SENT:
        sent = outbox.settle_sent(tx, parcel, answer=result.answer)
        if sent and parcel.entry_id and parcel.kind is OwedKind.ANSWER:
            tx.session.get_one(Entry, parcel.entry_id).message_id = result.message_id
    elif not _again(tx, parcel, result) and died_now(tx, parcel):
        if result.fate is Fate.REFUSED:
            delivery.blocked(tx, parcel, result.error)
        delivery.undeliverable(tx, parcel)
    delivery.tell_author(tx, parcel)
    if parcel.kind in {OwedKind.ANSWER, OwedKind.COPY} and parcel.work_id is not None:
        cards.changed(tx, parcel.work_id)  # the card tells what became of the answer


def _again(tx: Tx, parcel: Parcel, result: Result) -> bool:
    """Plan the next try; False when there is none, and the row is dead."""
    of_domain = result.fault is Fault.DOMAIN
    at = pauses.failed(tx, parcel, result.error) if of_domain else tx.now + pauses.pause_after(parcel.tries)
    if result.fate is Fate.UNKNOWN:
        return outbox.settle_unknown(tx, parcel, result.error, at)
    if result.fate is Fate.NOT_SENT:
        return outbox.put_back(tx, parcel, result.error, at)
    if result.fate is Fate.NOT_MADE:
        return outbox.put_back_undrawn(tx, parcel, result.error, at)
    outbox.give_up(tx, parcel, result.error)
    return False


def _wake_next(tx: Tx, parcel: Parcel) -> None:
    """Call for the next letter to the same address: they go out one after the other."""
    following = tx.session.scalar(_FOLLOWING, {"lane": parcel.lane, "row": parcel.id, "now": tx.now})
    if following is not None:
        tx.wake("send_mail", following)
