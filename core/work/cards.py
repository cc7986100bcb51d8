"""Cards are state: what each chat is shown of an item, and what it should be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from core.desk import Tx
from core.outbox.actions import Message, To, owe
from core.outbox.model import OwedKind
from core.texts.said import Said
from core.work.model import Card, ChatMessage, Work

#: Changes of one item within this time are drawn once.
DEBOUNCE = timedelta(milliseconds=300)


@dataclass(frozen=True, slots=True)
class DueCard:
    """A card to be redrawn: bring the message up to the version `wanted`."""

    id: int
    work: int
    chat_id: int
    person: int
    message_id: int
    wanted: int
    why: dict[str, Any] | None = None


def post(tx: Tx, work: int, to: To, why: Said | None, *, sound: bool = True, passing: bool = False) -> None:
    """Owe a person the card of an item as a new message, under a line that says why.

    That line stands on the card for as long as the item stands where it stood then, open or closed as it was; one that
    is `passing` goes with any change that counts.
    """
    facts: dict[str, Any] = {}
    if why is not None:
        facts = {"why": why.to_json(), "stand": _stand(tx, work, passing=passing), "passing": passing}
    owe(tx, to, Message(OwedKind.CARD, facts, work=work, sound=sound))


def _stand(tx: Tx, work: int, *, passing: bool) -> str:
    """Tell in a word where and how an item stands, to be compared later."""
    row = tx.find(Work, work)
    assert row is not None  # noqa: S101 - cards are posted of what there is
    changed_at = row.touched_at if passing else row.entered_at
    return f"{row.state}:{row.queue_id}:{changed_at.isoformat()}"


def why_still(tx: Tx, work: int, facts: dict[str, Any] | None) -> Said | None:
    """Say why a card came, if the item stands as it did then."""
    if not facts or not facts.get("why"):
        return None
    unchanged = facts.get("stand") == _stand(tx, work, passing=bool(facts.get("passing")))
    return Said.from_json(facts["why"]) if unchanged else None


def changed(tx: Tx, work: int) -> None:
    """Say that an item looks different now: every card of it is wanted anew."""
    tx.session.execute(
        update(Card).where(Card.work_id == work).values(wanted=Card.wanted + 1, due_at=tx.now + DEBOUNCE)
    )


def changed_in(tx: Tx, work: int, chat_id: int) -> None:
    """Say that one chat may be shown what is no more: the card there is wanted anew."""
    tx.session.execute(
        update(Card)
        .where(Card.work_id == work, Card.chat_id == chat_id)
        .values(wanted=Card.wanted + 1, due_at=tx.now + DEBOUNCE)
    )


def posted(
    tx: Tx, work: int, chat_id: int, message_id: int, person: int, why: dict[str, Any] | None = None
) -> int | None:
    """Remember which message is the card now, and why it came; returns the older one it takes the place of, if any."""
    link(tx, work, chat_id, message_id)
    card = tx.session.scalar(select(Card).where(Card.work_id == work, Card.chat_id == chat_id).with_for_update())
    if card is None:
        tx.session.add(
            Card(
                work_id=work,
                chat_id=chat_id,
                person_id=person,
                message_id=message_id,
                wanted=1,
                shown=1,
                due_at=tx.now,
                why=why,
            )
        )
        return None
    older, card.message_id = card.message_id, message_id
    card.person_id, card.why = person, why
    return older if older != message_id else None


def adopt(tx: Tx, work: int, chat_id: int, message_id: int, person: int) -> None:
    """Learn the id of a card whose sending had an unknown outcome, from a press on it."""
    card = tx.session.scalar(select(Card).where(Card.work_id == work, Card.chat_id == chat_id))
    if card is None or card.message_id is None:
        posted(tx, work, chat_id, message_id, person)
    elif card.message_id != message_id:
        link(tx, work, chat_id, message_id)


def due(tx: Tx, limit: int = 50) -> list[DueCard]:
    """List the cards whose message shows less than is wanted."""
    rows = tx.session.scalars(
        select(Card)
        .where(Card.wanted > Card.shown, Card.due_at <= tx.now, Card.message_id.is_not(None))
        .order_by(Card.due_at)
        .limit(limit)
    )
    return [
        DueCard(row.id, row.work_id, row.chat_id, row.person_id, row.message_id, row.wanted, row.why)
        for row in rows
        if row.message_id is not None
    ]


def shown(tx: Tx, card: int, version: int) -> None:
    """Note that a card shows a version now; it may be wanted newer again already."""
    tx.session.execute(update(Card).where(Card.id == card, Card.shown < version).values(shown=version))


def postpone(tx: Tx, card: int, by: timedelta) -> None:
    """Try to redraw a card later."""
    tx.session.execute(update(Card).where(Card.id == card).values(due_at=tx.now + by))


def forget(tx: Tx, card: int) -> None:
    """The message is gone or cannot be edited any more: show the next card as a new message."""
    tx.session.execute(update(Card).where(Card.id == card).values(message_id=None, shown=Card.wanted))


def card_message(tx: Tx, work: int, chat_id: int) -> int | None:
    """Find the message that shows an item in a chat."""
    return tx.session.scalar(select(Card.message_id).where(Card.work_id == work, Card.chat_id == chat_id))


def latest_in(tx: Tx, chat_id: int) -> int | None:
    """Tell which item the latest message in a chat is about that is about any."""
    return tx.session.scalar(
        select(ChatMessage.work_id)
        .where(ChatMessage.chat_id == chat_id)
        .order_by(ChatMessage.message_id.desc())
        .limit(1)
    )


def link(tx: Tx, work: int, chat_id: int, message_id: int, entry: int | None = None) -> None:
    """Remember which item a message in a chat is about."""
    known = tx.session.get(ChatMessage, (chat_id, message_id))
    if known is None:
        tx.session.add(ChatMessage(chat_id=chat_id, message_id=message_id, work_id=work, entry_id=entry))
        tx.session.flush()
    else:
        known.work_id, known.entry_id = work, entry or known.entry_id


def about(tx: Tx, chat_id: int, message_id: int) -> tuple[int, int | None] | None:
    """Find the item, and the message of its case, that a message in a chat is about."""
    row = tx.session.get(ChatMessage, (chat_id, message_id))
    return (row.work_id, row.entry_id) if row else None


def move_chat(tx: Tx, old: int, new: int) -> None:
    """Follow a chat to its new id; its old messages cannot be edited there."""
    tx.session.execute(update(Card).where(Card.chat_id == old).values(chat_id=new, message_id=None))
