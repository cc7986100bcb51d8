"""A customer's letter that a member of staff forwarded: it becomes the customer's case, what was said of it a note."""

from __future__ import annotations

from sqlalchemy import select

from core.cases import answering, incoming
from core.cases.model import Entry
from core.cases.rules import language_of
from core.cases.views import Incoming, NewFile
from core.customers import actions as customers
from core.customers import finding
from core.customers.addresses import contact_behind
from core.customers.views import ContactView
from core.desk import Tx
from core.inbox import model as inbox
from core.intake import threads
from core.intake.letter import Forwarded, Letter
from core.intake.parse.headers import speakable
from core.intake.rules.authenticity import FORGED
from core.intake.tags import untagged
from core.outbox.model import Channel
from core.people.views import Representative
from core.work.mailboxes import by_mailbox
from core.work.model import MailAddress
from core.work.queues import queue_of_address


def forwarded_by(tx: Tx, letter: Letter) -> Representative | None:
    """Tell which member of staff forwarded somebody else's letter; None if it is no such letter."""
    sent = letter.forwarded
    if sent is None or letter.from_ is None or sent.from_.address == letter.from_.address:
        return None
    if FORGED & set(letter.flags):
        return None
    by = by_mailbox(tx, letter.from_.address)
    if by is None or _is_staffs_or_ours(tx, sent.from_.address):
        return None
    return by


def _is_staffs_or_ours(tx: Tx, address: str) -> bool:
    ours = select(MailAddress.address).where(MailAddress.address == untagged(address))
    return tx.session.scalar(ours) is not None or by_mailbox(tx, address) is not None


def take(
    tx: Tx, row: inbox.Letter, letter: Letter, sent: Forwarded, by: Representative, files: tuple[NewFile, ...]
) -> Entry:
    """Make of a forwarded letter a message of its writer's case, or a case of theirs.

    That it is theirs only its forwarder says: nothing is sent to them automatically before somebody answers.
    """
    contact = _contact(tx, sent, by)
    what = Incoming(
        channel=Channel.EMAIL,
        address=speakable(sent.from_.address),
        text=speakable(sent.own_words or letter.text),
        full_text=speakable(letter.text),
        subject=speakable(threads.bare_subject(sent.subject)),
        message_id=letter.message_id,
        content_hash=row.content_hash,  # by it the letter goes with these words, wherever they are moved
        files=files,
        flags=(*letter.flags, "flag.forwarded"),
        automatic=True,
    )
    mine = threads.case_of(tx, threads.named_cases(tx, row.recipient, letter), contact.id)
    if mine is not None:
        entry = incoming.add_to(tx, mine, contact, what)
    else:
        entry = incoming.open_with(tx, contact, what, queue=queue_of_address(tx, untagged(row.recipient)))
    tx.session.flush()
    if sent.said.strip():
        answering.note_along(tx, entry.work_id, speakable(sent.said), by)
    return entry


def _contact(tx: Tx, sent: Forwarded, by: Representative) -> ContactView:
    address = speakable(sent.from_.address)
    known = contact_behind(tx, Channel.EMAIL, address)
    if known is not None:
        return customers.get(tx, known)
    locale = language_of(sent.own_words) or tx.house.locale
    return finding.make(tx, f"{speakable(sent.from_.name)} {address}", locale, by)
