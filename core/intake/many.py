"""Understand many letters in one transaction: what each would ask the database is asked for all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from core.customers.actions import look_up
from core.desk import Tx
from core.inbox.actions import lock_letters
from core.inbox.model import InboxState, Letter
from core.intake import actions
from core.intake.actions import Content
from core.intake.parse.headers import speakable
from core.intake.reading import Understood
from core.intake.tags import untagged
from core.outbox.model import Channel


@dataclass(frozen=True, slots=True)
class Read:
    """A letter that was read outside the transaction, by the number of its row."""

    id: int
    understood: Understood
    content: Content


def understand_many(tx: Tx, letters: Sequence[Read]) -> list[str | None]:
    """Do with each letter, in their order, as `actions.understand`; all of them or none.

    What plain letters become is written together. One that may belong to a case, or that a machine wrote, looks at
    what the desk knows, so what was made of those before it is written first.

    Returns:
        For each what it became; None when it was settled before.
    """
    rows = lock_letters(tx, [one.id for one in letters])
    left = [one for one in letters if one.id in rows]
    _ask_ahead(tx, rows, left)
    became: dict[int, str] = {}
    while left:
        plain = list(takewhile(lambda one: _is_plain(rows[one.id], one), left))
        if plain:
            with tx.writing_together(len(plain)):
                became |= {one.id: _settle(tx, rows[one.id], one) for one in plain}
        else:
            became[left[0].id] = _settle(tx, rows[left[0].id], left[0])
        left = left[len(plain) or 1 :]
    return [became.get(one.id) for one in letters]


def _ask_ahead(tx: Tx, rows: dict[int, Letter], letters: Sequence[Read]) -> None:
    if not letters:
        return
    actions.lock_copies(tx, [one.understood.letter.message_id or one.content.digest for one in letters])
    actions.look_for_twins(tx, {one.content.digest for one in letters})
    actions.look_for_message_ids(tx, {one.understood.letter.message_id or "" for one in letters} - {""})
    senders = {speakable(actions.sender_of(rows[one.id], one.understood.letter)) for one in letters}
    look_up(tx, Channel.EMAIL, senders)


def _settle(tx: Tx, row: Letter, one: Read) -> str:
    row.state, row.reason, row.settled_at = InboxState.DONE, None, tx.now
    return actions.become(tx, row, one.understood, one.content)


def _is_plain(row: Letter, one: Read) -> bool:
    """Tell whether a letter can only become a case of its own, or a repeat."""
    letter, kind = one.understood.letter, one.understood.kind
    names_a_case = letter.in_reply_to or letter.references or "[#" in letter.subject
    special = kind.automatic or kind.bounce or kind.auto_reply or kind.receipt or kind.mailing_list
    tagged = untagged(row.recipient) != row.recipient.strip().lower()
    return not (names_a_case or special or kind.feedback_report or tagged or one.content.files)
