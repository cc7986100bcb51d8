"""A customer in chat shows that a mail address is theirs: by a code that is sent there, and by nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from core.cases import indexing
from core.cases.contacts import merge_contacts
from core.customers import codes
from core.customers.actions import claim
from core.customers.failing import works_again
from core.customers.model import Contact, ContactAddress
from core.customers.rules import is_mail_address
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import DESK, record
from core.outbox.actions import Message, To, owe
from core.outbox.model import Channel, OwedKind
from core.texts.lines import one_line
from core.texts.said import Notice, Said
from core.work.model import MailAddress


class Linked(StrEnum):
    """What came of a code: the address is theirs, the code was wrong, or the address has a chat of its own already."""

    YES = "yes"
    WRONG = "wrong"
    OTHER_CHAT = "other_chat"


#: Characters of what is no address that are said back.
WORDS_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a code; `left` is how often another can be tried."""

    linked: Linked
    address: str = ""
    left: int = 0


def ask_code(tx: Tx, contact: ContactView, address: str) -> str:
    """Owe a code to the address that a customer names; nothing tells whether the desk knows it.

    Returns:
        The address, as it is compared.

    Raises:
        Misused: `usage.customer_link`, or `code.no_address`: it is no address.
        Refused: `code.ours`: it is an address of the desk; `code.yours`: it is theirs already; `code.too_often`.
    """
    if not is_mail_address(address) or one_line(address) != address:
        words = one_line(address)[:WORDS_SHOWN]
        raise Misused("code.no_address", words=words) if words else Misused("usage.customer_link")
    key = address.casefold()
    local, _, domain = key.rpartition("@")
    if tx.session.get(MailAddress, f"{local.partition('+')[0]}@{domain}") is not None:
        raise Refused("code.ours")
    row = _address(tx, key)
    if row is not None and row.contact_id == contact.id and row.last_used_at is not None:
        raise Refused("code.yours", address=key)
    made = codes.new_code(tx, contact.id, key)
    # The code is put into the words when the letter is written, and stands in no row.
    facts = Notice((Said("code.letter", {}),)).to_json() | {"code": made.id}
    owed = owe(tx, To(Channel.EMAIL, key, contact=contact.id), Message(OwedKind.NOTICE, facts))
    owed.expires_at = made.expires_at
    record(tx, "code_asked", contact.actor("telegram"), subject=("contact", contact.id))
    return key


def link(tx: Tx, contact: ContactView, chat_id: int, typed: str) -> Outcome:
    """Take a code; with the right one the address becomes theirs, and the contact it belonged to goes on as them.

    A wrong code is told by what is returned, for it must count.

    Raises:
        NotFound: `code.none`: there is none that could be typed.
    """
    address, left = codes.take_code(tx, contact.id, typed)
    if address is None:
        return Outcome(Linked.WRONG, left=left)
    row = _address(tx, address, lock=True)
    if row is not None and row.contact_id != contact.id:
        if row.last_used_at is None:  # it was only said of somebody, who is not known to be the one it belongs to
            _given_up(tx, row)
            row = None
        elif _has_chat(tx, row.contact_id):
            return Outcome(Linked.OTHER_CHAT, address)
        else:
            merge_contacts(tx, row.contact_id, contact.id, contact.actor("telegram"))
    if row is None:
        row = ContactAddress(contact_id=contact.id, channel=Channel.EMAIL, address=address, heard=0)
        tx.session.add(row)
    row.last_used_at = row.last_used_at or tx.now
    works_again(row)
    _wrote_here(tx, contact.id, chat_id)
    tx.session.flush()
    record(tx, "address_linked", contact.actor("telegram"), subject=("contact", contact.id))
    indexing.contact_changed(tx, contact.id)
    claim(tx, tx.lock_one(Contact, contact.id), Channel.EMAIL, address)  # after the items, as whoever merges does
    return Outcome(Linked.YES, address)


def _address(tx: Tx, address: str, *, lock: bool = False) -> ContactAddress | None:
    known = select(ContactAddress).where(ContactAddress.channel == Channel.EMAIL, ContactAddress.address == address)
    row: ContactAddress | None = tx.session.scalar(known.with_for_update() if lock else known)
    return row


def _given_up(tx: Tx, row: ContactAddress) -> None:
    other = row.contact_id
    record(tx, "address_given_up", DESK, subject=("contact", other))
    tx.session.delete(row)
    tx.session.flush()
    indexing.contact_changed(tx, other)


def _has_chat(tx: Tx, contact: int) -> bool:
    chats = ContactAddress.contact_id == contact, ContactAddress.channel == Channel.TELEGRAM
    return tx.session.scalar(select(ContactAddress.id).where(*chats).limit(1)) is not None


def _wrote_here(tx: Tx, contact: int, chat_id: int) -> None:
    """Let the chat be the way they used last: an address that was just proven is not where they write."""
    here = ContactAddress.channel == Channel.TELEGRAM, ContactAddress.address == str(chat_id)
    row = tx.session.scalar(select(ContactAddress).where(ContactAddress.contact_id == contact, *here))
    if row is not None:
        row.last_used_at = tx.now
