"""Letters that were set aside, for those who may decide on them."""

from __future__ import annotations

from dataclasses import replace

from core.customers.rules import is_mail_address
from core.customers.senders import SenderView, Verdict, say_of_sender
from core.desk import Tx
from core.errors import Misused, NotFound
from core.inbox import actions as inbox
from core.inbox import queries as waiting
from core.inbox.model import InboxState, Letter
from core.inbox.queries import AsideView
from core.people.rules import Right, check
from core.people.views import Representative
from core.work.model import Work
from core.work.privacy import sees


def set_aside(tx: Tx, by: Representative, *, offset: int = 0, limit: int = 8) -> list[AsideView]:
    """List a page of the letters that a person should decide on, the latest first.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.RELEASE_LETTERS)
    return [_seen(tx, one, by) for one in waiting.set_aside_letters(tx, limit, offset=offset)]


def _seen(tx: Tx, one: AsideView, by: Representative) -> AsideView:
    """Leave out which case a letter names, where somebody does not see that."""
    work = tx.find(Work, one.case) if one.case is not None else None
    return one if work is None or sees(tx, work, by) else replace(one, case=None)


def count_set_aside(tx: Tx, by: Representative) -> int:
    """Count the letters that a person should decide on.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.RELEASE_LETTERS)
    return waiting.count_set_aside(tx)


def block_sender(tx: Tx, letter: int, by: Representative) -> SenderView:
    """Hear the sender of a letter that was set aside no more; the letter is settled, and kept.

    Raises:
        Refused: `right.missing`.
        NotFound: `letter.unknown`.
        Misused: `letters.no_sender`.
    """
    row = _aside(tx, letter, by)
    told = _say(tx, row, Verdict.BLOCK, by)
    row.state, row.reason, row.settled_at = InboxState.DONE, "aside.blocked", tx.now
    tx.session.flush()
    return told


def always_accept(tx: Tx, letter: int, by: Representative) -> SenderView:
    """Let a letter that was set aside through, and every one that its sender writes from now on.

    Raises:
        As `block_sender`.
    """
    row = _aside(tx, letter, by)
    told = _say(tx, row, Verdict.ACCEPT, by)
    inbox.release_letter(tx, letter, by.actor)
    return told


def _aside(tx: Tx, letter: int, by: Representative) -> Letter:
    check(by.role, Right.KEEP_SENDERS)
    return lock_aside(tx, letter)


def lock_aside(tx: Tx, letter: int) -> Letter:
    """Lock a letter that was set aside; whoever asks has the right to decide on it.

    Raises:
        NotFound: `letter.unknown`: no such letter is set aside.
    """
    row = tx.lock(Letter, letter)
    if row is None or row.state is not InboxState.SET_ASIDE:
        raise NotFound("letter.unknown", number=letter)
    return row


def _say(tx: Tx, row: Letter, verdict: Verdict, by: Representative) -> SenderView:
    sender = waiting.sender_of(row)
    if not is_mail_address(sender):
        raise Misused("letters.no_sender", number=row.id)
    return say_of_sender(tx, sender, verdict, by)


def release(tx: Tx, letter: int, by: Representative) -> None:
    """Send a letter that was set aside on its way, whatever it was set aside for.

    Raises:
        Refused: `right.missing`.
        NotFound: `letter.unknown`: no such letter is set aside.
    """
    check(by.role, Right.RELEASE_LETTERS)
    inbox.release_letter(tx, letter, by.actor)
