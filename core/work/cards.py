"""Cards are state: what each chat is shown of an item, and what it should be shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.desk import Tx
from core.outbox.actions import Message, To, owe
from core.outbox.model import OwedKind
from core.people.news import tell
from core.people.quiet import News
from core.store.rows import in_parts, table_of
from core.texts.said import Said
from core.work.model import Card, ChatMessage, Work
from core.work.rules import URGENT

#: Changes of one item within this time are drawn once.
DEBOUNCE = timedelta(milliseconds=300)


# Put together once: to build a statement anew takes as long as to run it.
_Card = table_of(Card)
_CARD = select(Card).where(Card.work_id == bindparam("work"), Card.chat_id == bindparam("chat"))
_CARD_MESSAGE = select(Card.message_id).where(Card.work_id == bindparam("work"), Card.chat_id == bindparam("chat"))
_CHANGED = (
    update(_Card).where(_Card.c.work_id == bindparam("work")).values(wanted=_Card.c.wanted + 1, due_at=bindparam("due"))
)
_CHANGED_ALL = (
    update(_Card)
    .where(_Card.c.work_id.in_(bindparam("works", expanding=True)))
    .values(wanted=_Card.c.wanted + 1, due_at=bindparam("due"))
)
_SHOWN = (
    update(_Card)
    .where(
        _Card.c.id == bindparam("card"),
        _Card.c.message_id == bindparam("message"),
        _Card.c.shown < bindparam("version"),
    )
    .values(shown=bindparam("version"))
)
_DUE = (
    select(Card.id, Card.work_id, Card.chat_id, Card.person_id, Card.message_id, Card.wanted, Card.why)
    .where(Card.wanted > Card.shown, Card.due_at <= bindparam("now"), Card.message_id.is_not(None))
    .order_by(Card.due_at)
    .limit(bindparam("most"))
)
_LATEST = (
    select(ChatMessage.work_id)
    .where(ChatMessage.chat_id == bindparam("chat"))
    .order_by(ChatMessage.message_id.desc())
    .limit(1)
)
_Linked = table_of(ChatMessage)


def _link(insert: Any) -> Executable:
    """Write which item a message is about; where that was known otherwise, it is about this one now."""
    new = insert(_Linked)
    changed = {"work_id": new.excluded.work_id, "entry_id": func.coalesce(new.excluded.entry_id, _Linked.c.entry_id)}
    made: Executable = new.on_conflict_do_update(index_elements=["chat_id", "message_id"], set_=changed)
    return made


_LINK = {"sqlite": _link(sqlite.insert), "postgresql": _link(postgresql.insert)}


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


def show(tx: Tx, work: int, to: To) -> None:
    """Owe a person the card of an item, as they asked for."""
    owe(tx, to, Message(OwedKind.CARD, {}, work=work, sound=False))


def post(  # noqa: PLR0913 - what a message is, and how it is told
    tx: Tx,
    work: int,
    to: To,
    why: Said,
    news: News = News.ASSIGNED,
    *,
    sound: bool = True,
    passing: bool = False,
    queue: int | None = None,
) -> None:
    """Owe a person the card of an item as a new message, under a line that says why, as far as they are told of it.

    That line stands on the card for as long as the item stands where it stood then, open or closed as it was; one that
    is `passing` goes with any change that counts.

    Args:
        news: of what kind it is, and `queue` the public queue in which it is new: see `core.people.news.tell`.
    """
    facts = {"why": why.to_json(), "stand": _stand(tx, work, passing=passing), "passing": passing}
    what = Message(OwedKind.CARD, facts, work=work, sound=sound)
    tell(tx, to, what, news, queue=queue, urgent=is_urgent(tx, work))


def is_urgent(tx: Tx, work: int) -> bool:
    """Tell whether an item is urgent: then it is told of in quiet hours, too."""
    row = tx.find(Work, work)
    return row is not None and row.priority == URGENT


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
    """Say that an item looks different now: every card of it is wanted anew, once in a transaction."""
    if _wanted_anew(work) not in tx.memo:
        tx.write(_CHANGED, work=work, due=tx.now + DEBOUNCE)
        tx.memo[_wanted_anew(work)] = True


def _wanted_anew(work: int) -> tuple[str, int]:
    """Name what a transaction remembers: that every card of an item is wanted anew already."""
    return "cards wanted anew", work


def changed_all(tx: Tx, works: Sequence[int]) -> None:
    """Say that many items look different now: every card of each is wanted anew."""
    for some in in_parts(works):
        tx.write(_CHANGED_ALL, works=some, due=tx.now + DEBOUNCE)


def changed_in(tx: Tx, work: int, chat_id: int) -> None:
    """Say that one chat may be shown what is no more: the card there is wanted anew."""
    tx.session.execute(
        update(Card)
        .where(Card.work_id == work, Card.chat_id == chat_id)
        .values(wanted=Card.wanted + 1, due_at=tx.now + DEBOUNCE)
    )


def looks(tx: Tx, work: int) -> str | None:
    """Tell how an item looks, in a word to be compared later with `posted`; None when there is none."""
    row = tx.find(Work, work)
    if row is None:
        return None
    parts = row.state, row.queue_id, row.touched_at, row.entered_at, row.priority, row.answered, row.next_planned_at
    return ":".join(map(str, (*parts, row.snoozed_until, row.title)))


def posted(  # noqa: PLR0913 - what a message is, and as what it was drawn
    tx: Tx,
    work: int,
    chat_id: int,
    message_id: int,
    person: int,
    why: dict[str, Any] | None = None,
    *,
    drawn_as: str | None = None,
) -> int | None:
    """Remember which message is the card now, and why it came; returns the older one it takes the place of, if any.

    Args:
        drawn_as: how the item looked when it was drawn; where it looks different now, the card is wanted anew.
    """
    link(tx, work, chat_id, message_id)
    card = tx.session.scalar(_CARD.with_for_update(), {"work": work, "chat": chat_id})
    older = card.message_id if card is not None else None
    if card is None:
        card = Card(work_id=work, chat_id=chat_id, wanted=1, shown=1, due_at=tx.now)
        tx.session.add(card)
        tx.memo.pop(_wanted_anew(work), None)  # this one is not, and may have to be
    card.person_id, card.message_id, card.why = person, message_id, why
    if drawn_as is not None and drawn_as != looks(tx, work):
        card.wanted, card.due_at = card.wanted + 1, tx.now
    return older if older != message_id else None


def adopt(tx: Tx, work: int, chat_id: int, message_id: int, person: int) -> None:
    """Learn the id of a card whose sending had an unknown outcome, from a press on it."""
    card = tx.session.scalar(_CARD, {"work": work, "chat": chat_id})
    if card is None or card.message_id is None:
        posted(tx, work, chat_id, message_id, person)
    elif card.message_id != message_id:
        link(tx, work, chat_id, message_id)


def due(tx: Tx, limit: int = 50, *, not_chats: Collection[int] = ()) -> list[DueCard]:
    """List the cards whose message shows less than is wanted.

    Args:
        not_chats: those that must wait, such as chats at their rate limit: theirs would keep the others waiting.
    """
    query = _DUE.where(Card.chat_id.not_in(not_chats)) if not_chats else _DUE
    rows = tx.session.execute(query, {"now": tx.now, "most": limit})
    return [
        DueCard(number, work, chat, person, message, wanted, why)
        for number, work, chat, person, message, wanted, why in rows
        if message is not None
    ]


def shown(tx: Tx, card: DueCard) -> None:
    """Note that a card shows what it was drawn for; it may be wanted newer again, or be another message, already."""
    tx.write(_SHOWN, card=card.id, message=card.message_id, version=card.wanted)


def postpone(tx: Tx, card: int, by: timedelta) -> None:
    """Try to redraw a card later."""
    tx.session.execute(update(Card).where(Card.id == card).values(due_at=tx.now + by))


def forget(tx: Tx, card: DueCard) -> None:
    """The message is gone or cannot be edited any more: show the next card as a new message."""
    gone = update(Card).where(Card.id == card.id, Card.message_id == card.message_id)
    tx.session.execute(gone.values(message_id=None, shown=Card.wanted))


def card_message(tx: Tx, work: int, chat_id: int) -> int | None:
    """Find the message that shows an item in a chat."""
    return tx.session.scalar(_CARD_MESSAGE, {"work": work, "chat": chat_id})


def latest_in(tx: Tx, chat_id: int) -> int | None:
    """Tell which item the latest message in a chat is about that is about any."""
    return tx.session.scalar(_LATEST, {"chat": chat_id})


def link(tx: Tx, work: int, chat_id: int, message_id: int, entry: int | None = None) -> None:
    """Remember which item a message in a chat is about."""
    link_it = _LINK[tx.session.get_bind().dialect.name]
    tx.write(link_it, chat_id=chat_id, message_id=message_id, work_id=work, entry_id=entry)


def about(tx: Tx, chat_id: int, message_id: int) -> tuple[int, int | None] | None:
    """Find the item, and the message of its case, that a message in a chat is about."""
    row = tx.session.get(ChatMessage, (chat_id, message_id))
    return (row.work_id, row.entry_id) if row else None


def move_chat(tx: Tx, old: int, new: int) -> None:
    """Follow a chat to its new id; its old messages cannot be edited there."""
    tx.session.execute(update(Card).where(Card.chat_id == old).values(chat_id=new, message_id=None))
