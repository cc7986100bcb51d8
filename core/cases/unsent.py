"""Answers that wait for their writers to say so: kept until they are sent or thrown away, over restarts too."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from core.cases.model import Unsent
from core.cases.related import survivor
from core.cases.views import NewFile
from core.desk import Tx
from core.errors import NotFound
from core.people.rules import Right, check
from core.people.views import Representative


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that was not sent.

    Attributes:
        number: the case it is for, or the one that goes on under its number.
        chat: the chat and the message of its writer that it was; None for one out of a template.
        seen: the last message of the case that they were shown with it.
    """

    id: int
    number: int
    text: str
    files: tuple[NewFile, ...]
    chat: tuple[int, int] | None
    seen: int


def keep(tx: Tx, number: int, words: Waiting, by: Representative) -> Waiting:
    """Keep an answer until its writer decides; returns it with its id, which `words` need not know."""
    row = Unsent(
        work_id=number, person_id=by.id, text=words.text, files=[asdict(one) for one in words.files],
        chat_id=words.chat[0] if words.chat else None, chat_message_id=words.chat[1] if words.chat else None,
        seen_id=words.seen, written_at=tx.now,
    )  # fmt: skip
    tx.add(row)
    return replace(words, id=row.id)


def mine(tx: Tx, unsent: int, by: Representative) -> Waiting:
    """Show an answer of one's own that was not sent.

    Raises:
        Refused: `right.missing`.
        NotFound: `unsent.gone`: it was sent or thrown away, or is another's.
    """
    check(by.role, Right.ANSWER)
    row = _own(tx, unsent, by)
    chat = None if row.chat_id is None or row.chat_message_id is None else (row.chat_id, row.chat_message_id)
    files = tuple(NewFile(**one) for one in row.files)
    return Waiting(row.id, survivor(tx, row.work_id), row.text, files, chat, row.seen_id)


def _own(tx: Tx, unsent: int, by: Representative) -> Unsent:
    row = tx.lock(Unsent, unsent)
    if row is None or row.person_id != by.id:
        raise NotFound("unsent.gone")
    return row


def now_seen(tx: Tx, unsent: int, entry: int, by: Representative) -> None:
    """Note which message of the case the writer is shown now.

    Raises:
        NotFound: as `mine`.
    """
    row = _own(tx, unsent, by)
    row.seen_id, row.written_at = entry, tx.now


def drop(tx: Tx, unsent: int, by: Representative) -> None:
    """Forget an answer that was sent, or that its writer throws away.

    Raises:
        NotFound: as `mine`.
    """
    tx.session.delete(_own(tx, unsent, by))
    tx.session.flush()


def edit(tx: Tx, chat: tuple[int, int], text: str, by: Representative) -> int | None:
    """Take over the edit of a message that was held back; returns the number of its case, None when it was not."""
    found = select(Unsent).where(
        Unsent.person_id == by.id, Unsent.chat_id == chat[0], Unsent.chat_message_id == chat[1]
    )
    row = tx.session.scalar(found.with_for_update().limit(1))
    if row is None:
        return None
    row.text = text
    return row.work_id


def forget(tx: Tx, before: datetime) -> None:
    """Forget the answers that nobody has decided on since then."""
    tx.session.execute(delete(Unsent).where(Unsent.written_at < before))
