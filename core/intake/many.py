"""Understand many letters in one transaction: what each would ask the database is asked for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.cases import indexing
from core.customers.actions import look_up
from core.customers.senders import look_for_verdicts
from core.desk import Tx
from core.inbox.actions import lock_letters
from core.inbox.model import InboxState, Letter
from core.intake import actions
from core.intake.actions import Content
from core.intake.parse.headers import speakable
from core.intake.reading import Understood
from core.intake.rules.conversation import continues_one
from core.intake.tags import untagged
from core.outbox.model import Channel
from core.work.loads import candidates


@dataclass(frozen=True, slots=True)
class Read:
    """A letter that was read outside the transaction, by the number of its row."""

    id: int
    recipient: str
    understood: Understood
    content: Content

    @property
    def plain(self) -> bool:
        """Whether it can only become a case of its own, or a repeat: no other row is locked for it."""
        letter, kind = self.understood.letter, self.understood.kind
        names_a_case = letter.in_reply_to or letter.references or "[#" in letter.subject or continues_one(letter)
        special = kind.automatic or kind.bounce is not None or kind.auto_reply or kind.receipt or kind.mailing_list
        tagged = untagged(self.recipient) != self.recipient.strip().lower()
        special = special or letter.forwarded is not None
        special = special or len({one.address for one in (*letter.to, *letter.cc)}) > 1  # whom else it may bring in
        return not (names_a_case or special or kind.feedback_report or tagged or self.content.files)


def in_runs(letters: Sequence[Read]) -> Iterator[list[Read]]:
    """Part letters, in their order, into plain ones that follow each other, and each of the others by itself.

    What may belong to a case locks it; whoever locked several, in the order in which letters come, would wait in a
    circle with another who does.
    """
    for plain, run in groupby(letters, key=lambda one: one.plain):
        if plain:
            yield list(run)
        else:
            yield from ([one] for one in run)


def understand_many(tx: Tx, letters: Sequence[Read]) -> list[str | None]:
    """Do with each plain letter, in their order, as `actions.understand`; all of them or none.

    Returns:
        For each what it became; None when it was settled before.
    """
    rows = lock_letters(tx, [one.id for one in letters])
    left = [one for one in letters if one.id in rows]
    if not left:
        return [None] * len(letters)
    _ask_ahead(tx, rows, left)
    with tx.writing_together(len(left)):
        became = {one.id: _settle(tx, rows[one.id], one) for one in left}
    return [became.get(one.id) for one in letters]


def _ask_ahead(tx: Tx, rows: dict[int, Letter], letters: Sequence[Read]) -> None:
    tx.take_turns([one.understood.letter.message_id or one.content.digest for one in letters])
    actions.look_for_twins(tx, {one.content.digest for one in letters})
    actions.look_for_message_ids(tx, {one.understood.letter.message_id or "" for one in letters} - {""})
    senders = {speakable(actions.sender_of(rows[one.id], one.understood.letter)) for one in letters}
    look_for_verdicts(tx, senders)
    for contact in look_up(tx, Channel.EMAIL, senders):
        indexing.contact_changed(tx, contact)
    candidates(tx)  # counted while everything is written


def _settle(tx: Tx, row: Letter, one: Read) -> str:
    row.state, row.reason, row.settled_at = InboxState.DONE, None, tx.now
    return actions.become(tx, row, one.understood, one.content)
