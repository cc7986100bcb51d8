"""What became of a call, written down in one transaction with all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import app
from bot.drawing import Drawn
from bot.sending import Fate, Result
from core.cases import delivery
from core.desk import Tx
from core.outbox import actions as outbox
from core.outbox.actions import Message, To
from core.outbox.model import OwedKind
from core.outbox.queries import died_now, more_in_lane
from core.outbox.views import Parcel
from core.texts.said import Notice, said
from core.work import cards, groups
from core.work.cards import DueCard


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows from a row that is settled.

    Attributes:
        older: the card that a new one took the place of.
        more: whether anything else waits in its lane.
    """

    older: int | None = None
    more: bool = False


def settle(tx: Tx, parcel: Parcel, drawn: Drawn | None, result: Result) -> Settled:
    """Write down what became of a row."""
    older = None
    if drawn is None:
        outbox.settle_sent(tx, parcel)
    else:
        older = _settle(tx, parcel, drawn, result)
    return Settled(older, more_in_lane(tx, parcel.lane))


def _settle(tx: Tx, parcel: Parcel, drawn: Drawn, result: Result) -> int | None:
    if parcel.kind is OwedKind.ANSWER and parcel.work_id is not None:
        cards.changed(tx, parcel.work_id)  # the card tells whether the answer arrived
    older = None
    if result.fate in {Fate.SENT, Fate.GONE}:
        older = _sent(tx, parcel, drawn, result.message_id)
        if result.topic is not None and "group" in parcel.facts:
            groups.topic_made(tx, int(parcel.facts["group"]), drawn.chat_id, result.topic or None)
    elif result.fate is Fate.MIGRATED:
        app.follow(tx, drawn.chat_id, result.new_chat or drawn.chat_id)
        outbox.put_back(tx, parcel, "the chat has a new id", tx.now)
    elif not _again(tx, parcel, result) and died_now(tx, parcel):
        if result.fate is Fate.BLOCKED:
            delivery.blocked(tx, parcel)
            if drawn.chat_id < 0:
                groups.lost(tx, drawn.chat_id)
        delivery.undeliverable(tx, parcel)
    delivery.tell_author(tx, parcel)
    return older


def settle_barely(tx: Tx, parcel: Parcel, result: Result) -> Settled:
    """Write down no more than that a row is sent: what follows from it failed, and it must not go out again for that.

    A row that is not sent is left alone; its lease runs out, and it is tried again.
    """
    if result.fate in {Fate.SENT, Fate.GONE}:
        outbox.settle_sent(tx, parcel, result.message_id)
    return Settled(more=more_in_lane(tx, parcel.lane))


def settle_untried(tx: Tx, parcel: Parcel) -> None:
    """Put back at once what nobody tried to send: the database was away."""
    outbox.put_back(tx, parcel, "the database was away", tx.now)


def settle_undrawn(tx: Tx, parcel: Parcel, reference: str) -> None:
    """Put back what could not be put into words; after a few tries it is dead, and a person is told.

    Args:
        reference: the number under which the log tells why.
    """
    error = f"it could not be put into words ({reference})"
    if not outbox.put_back_undrawn(tx, parcel, error, tx.now + _backoff(parcel)) and died_now(tx, parcel):
        delivery.undeliverable(tx, parcel)
        delivery.unreadable(tx, parcel, reference)
        delivery.tell_author(tx, parcel)


def _again(tx: Tx, parcel: Parcel, result: Result) -> bool:
    """Plan the next try; False when there is none, and the row is dead."""
    at = tx.now + (result.after or _backoff(parcel))
    if result.fate is Fate.NOT_SENT:
        return outbox.put_back(tx, parcel, result.error or "429", at)
    if result.fate is Fate.UNKNOWN:
        return outbox.settle_unknown(tx, parcel, result.error, at)
    outbox.give_up(tx, parcel, result.error)
    return False


def _sent(tx: Tx, parcel: Parcel, drawn: Drawn, message_id: int | None) -> int | None:
    if not outbox.settle_sent(tx, parcel, message_id) or message_id is None:
        return None
    if drawn.unmarked:
        to = To(parcel.channel, parcel.address, parcel.person_id, parcel.contact_id)
        facts = Notice((said("text.repeat"),)).to_json() | {"reply_to": message_id}
        outbox.owe(tx, to, Message(OwedKind.NOTICE, facts, sound=False))
    if parcel.work_id is None:
        return None
    whose = parcel.facts.get("by") if "group" in parcel.facts else parcel.person_id
    if drawn.is_card and whose is not None:
        why = parcel.facts if parcel.facts.get("why") else None
        return cards.posted(tx, parcel.work_id, drawn.chat_id, message_id, whose, why, drawn_as=drawn.looks)
    cards.link(tx, parcel.work_id, drawn.chat_id, message_id, parcel.entry_id)
    return None


def _backoff(parcel: Parcel) -> timedelta:
    """Wait twice as long after each try, from one second up to five minutes."""
    return timedelta(seconds=min(300, 2 ** min(parcel.tries - 1, 9)))


def settle_card(tx: Tx, card: DueCard, result: Result) -> None:
    """Write down what a card shows now, or that it must be tried again or made anew."""
    if result.fate is Fate.SENT:
        cards.shown(tx, card)
    elif result.fate in {Fate.NOT_SENT, Fate.UNKNOWN}:
        cards.postpone(tx, card.id, result.after or timedelta(seconds=2))
    elif result.fate is Fate.MIGRATED and result.new_chat:
        app.follow(tx, card.chat_id, result.new_chat)
    else:
        cards.forget(tx, card)
        if card.chat_id < 0 and result.fate is Fate.BLOCKED:
            groups.lost(tx, card.chat_id)
        elif card.chat_id < 0:
            groups.post_again(tx, card.work, card.chat_id)
