"""Half-filled dialogues, one a chat, kept so that a restart forgets nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from core.desk import Tx
from core.work.model import Draft

#: A question that nobody answered for so long is over: the next words are meant for something else.
DRAFT_LIFE = timedelta(minutes=15)

#: Not so what harms nobody: words kept until a button says which case or customer is meant, and a next request.
_LONGER = {"which": timedelta(hours=12), "new_whom": timedelta(hours=12), "new": timedelta(hours=12)} | {
    "select": timedelta(hours=1)
}


_DRAFT = select(Draft.form, Draft.state, Draft.updated_at).where(Draft.chat_id == bindparam("chat"))


def keep_draft(tx: Tx, chat_id: int, form: str, state: dict[str, Any]) -> None:
    """Begin or go on with a dialogue; it takes the place of another one in this chat."""
    row = tx.session.get(Draft, chat_id)
    if row is None:
        tx.session.add(Draft(chat_id=chat_id, form=form, state=state, updated_at=tx.now))
    else:
        row.form, row.state, row.updated_at = form, state, tx.now


def draft_of(tx: Tx, chat_id: int) -> tuple[str, dict[str, Any]] | None:
    """Find the dialogue of a chat, as (form, state); None when there is none, or it is over."""
    row = tx.session.execute(_DRAFT, {"chat": chat_id}).first()
    if row is None or tx.now - row.updated_at > _LONGER.get(row.form, DRAFT_LIFE):
        return None
    return row.form, row.state


def drop_draft(tx: Tx, chat_id: int) -> bool:
    """End the dialogue of a chat; returns whether there was one that was not over."""
    was = draft_of(tx, chat_id) is not None
    row = tx.session.get(Draft, chat_id)
    if row is not None:
        tx.session.delete(row)
        tx.session.flush()  # or another dialogue, begun in this transaction, would be deleted in its place
    return was
