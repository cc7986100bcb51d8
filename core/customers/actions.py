"""Know customers by their addresses; ban and unban."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from core.customers import rules
from core.customers.accounts import claimed_by, look_up_domains
from core.customers.addresses import contact_behind
from core.customers.failing import try_again, works_again
from core.customers.model import Contact, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import DESK, record
from core.outbox.actions import To
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.lines import one_line

#: Characters of a customer's name.
NAME_LENGTH = 120

#: When an address was last used is kept as exactly as this: it only tells which of several is in use.
USED_ANEW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who wrote to us: by which channel, from which address, under which name, in which language.

    Attributes:
        otherwise: the language of one whom we meet now and who wrote in none that can be told.
        counts: whether it counts for how fast they write; not when it was written long before.
    """

    channel: Channel
    address: str
    name: str
    locale: str | None = None
    otherwise: str | None = None
    counts: bool = True


def search_key(text: str) -> str:
    """Fold a text for comparison: NFC, casefolded."""
    return unicodedata.normalize("NFC", text).casefold()


def view(row: Contact) -> ContactView:
    """Show a customer to the outside."""
    return ContactView(row.id, row.name, row.locale, row.zone, row.banned_at is not None)


def recognise(tx: Tx, caller: Caller) -> ContactView:
    """Find the contact behind an address, or make one; a write from an address proves that it can be reached."""
    tx.memo["has written", caller.channel, caller.address] = True
    key = ("address", caller.channel, caller.address)
    address: ContactAddress | None = tx.memo[key] if key in tx.memo else _address(tx, caller.channel, caller.address)
    contact = tx.find(Contact, address.contact_id) if address is not None else None
    if address is not None and contact is not None:
        if caller.locale and not contact.locale_chosen and contact.locale != caller.locale:
            contact.locale = caller.locale
        if address.last_used_at is None:  # it was only said of them until now
            claim(tx, contact, caller.channel, caller.address)
        fails = address.blocked_at is not None or address.failing_since is not None
        if fails or address.last_used_at is None or tx.now - address.last_used_at > USED_ANEW:
            address.last_used_at = tx.now
        if fails:
            works_again(address)
        complained = address.complained_at is not None
        return replace(view(contact), pace=_pace(tx, address, caller), complained=complained)
    name = one_line(caller.name)[:NAME_LENGTH] or caller.address
    account = claimed_by(tx, caller.channel, caller.address)
    contact = Contact(
        name=name,
        search_key=search_key(name),
        locale=caller.locale or caller.otherwise or tx.house.locale,
        created_at=tx.now,
        account_id=account,
    )
    tx.add(contact)
    address = ContactAddress(
        contact_id=contact.id, channel=caller.channel, address=caller.address, last_used_at=tx.now, heard=0
    )
    tx.memo[key] = address
    pace = _pace(tx, address, caller)
    tx.add(address)
    tx.memo["met", contact.id] = True
    record(tx, "contact_met", view(contact).actor(str(caller.channel)), subject=("contact", contact.id))
    if account is not None:
        record(tx, "account_joined", DESK, subject=("contact", contact.id), account=account)
    return replace(view(contact), pace=pace)


def claim(tx: Tx, contact: Contact, channel: Channel, address: str) -> None:
    """Let a customer whose address was just shown to be theirs belong to the account of its domain, if to none yet."""
    account = claimed_by(tx, channel, address) if contact.account_id is None else None
    if account is not None:
        contact.account_id = account
        record(tx, "account_joined", DESK, subject=("contact", contact.id), account=account)


def _pace(tx: Tx, address: ContactAddress, caller: Caller) -> rules.Pace:
    """Count a message of an address, and tell how fast it writes; of two at the same moment one may go uncounted."""
    mail = address.channel is Channel.EMAIL
    limit = tx.house.mail_per_hour if mail else tx.house.chat_per_minute
    if not limit or not caller.counts:
        return rules.Pace.USUAL
    span = rules.MAIL_SPAN if mail else rules.CHAT_SPAN
    address.heard_since, address.heard = rules.counted(address.heard_since, address.heard, tx.now, span)
    return rules.pace(address.heard, limit)


def _address(tx: Tx, channel: Channel, address: str) -> ContactAddress | None:
    found = tx.session.execute(_KNOWN, {"channel": channel, "address": address}).first()
    return found[0] if found else None


#: With the contact, which is then in the session.
_KNOWN = (
    select(ContactAddress, Contact)
    .join(Contact, Contact.id == ContactAddress.contact_id)
    .where(ContactAddress.channel == bindparam("channel"), ContactAddress.address == bindparam("address"))
)


def look_up(tx: Tx, channel: Channel, addresses: Collection[str]) -> list[int]:
    """Ask for the contacts behind many addresses at once; `recognise` asks no more for them in this transaction.

    What comes from them proves nothing: those that were only said of a contact are given up.

    Returns:
        The contacts that lost an address so.
    """
    found = select(ContactAddress, Contact).join(Contact, Contact.id == ContactAddress.contact_id)
    here = ContactAddress.channel == channel, ContactAddress.address.in_(addresses)
    known = {row.address: row for row, _ in tx.session.execute(found.where(*here))}
    lost = [one for one in known.values() if one.last_used_at is None]
    for row in lost:
        _give_up(tx, known.pop(row.address))
    for address in addresses:
        tx.memo["address", channel, address] = known.get(address)
    if channel is Channel.EMAIL:
        look_up_domains(tx, [one for one in addresses if one not in known])
    return [row.contact_id for row in lost]


def give_up_unproven(tx: Tx, channel: Channel, address: str, proven: Callable[[int], bool]) -> int | None:
    """Take an address off a contact of whom it was only said, before its true owner is taken for them.

    Args:
        proven: tells of a contact whether what comes from the address shows that it is theirs.

    Returns:
        The contact that lost it; None where nobody did.
    """
    key = ("address", channel, address)
    if key in tx.memo:
        return None
    lost = None
    row = _address(tx, channel, address)
    if row is not None and row.last_used_at is None and not proven(row.contact_id):
        lost = row.contact_id
        _give_up(tx, row)
        row = None
    tx.memo[key] = row
    return lost


def _give_up(tx: Tx, row: ContactAddress) -> None:
    record(tx, "address_given_up", DESK, subject=("contact", row.contact_id))
    tx.session.delete(row)
    tx.session.flush()


def is_known(tx: Tx, channel: Channel, address: str) -> bool:
    """Tell whether somebody has written from an address before."""
    key = ("address", channel, address)
    row: ContactAddress | None = tx.memo[key] if key in tx.memo else _address(tx, channel, address)
    return row is not None and row.last_used_at is not None


def has_just_written(tx: Tx, channel: Channel, address: str) -> bool:
    """Tell whether somebody wrote from an address in this transaction, and so can be reached there."""
    return ("has written", channel, address) in tx.memo


def has_just_been_met(tx: Tx, contact: int) -> bool:
    """Tell whether a contact was made in this transaction."""
    return ("met", contact) in tx.memo


def get(tx: Tx, contact: int) -> ContactView:
    """Show one customer.

    Raises:
        NotFound: `contact.unknown`.
    """
    row = tx.find(Contact, contact)
    if row is None:
        raise NotFound("contact.unknown")
    return view(row)


def survivor(tx: Tx, contact: int) -> int:
    """Tell which contact goes on for one, should it have been merged."""
    row = tx.find(Contact, contact)
    return row.merged_into_id or contact if row is not None else contact


def way_by(tx: Tx, contact: int, channel: Channel) -> To | None:
    """Find the way to a contact by a channel, the one used last; None where there is none."""
    other = next(one for one in Channel if one is not channel)
    return other_way(tx, contact, other)


def other_way(tx: Tx, contact: int, not_by: Channel | None = None) -> To | None:
    """Find a way to reach a contact, another than a channel that failed; None where there is none."""
    found = (
        select(ContactAddress)
        .where(ContactAddress.contact_id == contact, ContactAddress.blocked_at.is_(None))
        .order_by(ContactAddress.last_used_at.is_(None), ContactAddress.last_used_at.desc(), ContactAddress.id)
        .limit(1)
    )
    row = tx.session.scalar(found.where(ContactAddress.channel != not_by) if not_by else found)
    return To(Channel(row.channel), row.address, contact=contact) if row else None


def add_address(tx: Tx, contact: int, address: str, by: Representative, *, work: int | None = None) -> ContactView:
    """Note a mail address of a contact, as a representative knows it: another way when the chat is closed.

    It is where they can be written to, and no proof of who writes from there (see `give_up_unproven`). One that
    is known and fails is tried again.

    Args:
        work: the case it was said for, whose history tells it.

    Raises:
        Refused: `right.missing`, `contact.address_taken` when it is somebody else's.
        NotFound: `contact.unknown`.
    """
    check(by.role, Right.ANSWER)
    row = tx.session.get(Contact, contact)
    if row is None:
        raise NotFound("contact.unknown")
    key = address.casefold()
    known = contact_behind(tx, Channel.EMAIL, key)
    if known not in {None, contact}:
        raise Refused("contact.address_taken", address=key)
    if known is None:
        tx.session.add(ContactAddress(contact_id=contact, channel=Channel.EMAIL, address=key))
        tx.session.flush()
        record(tx, "address_added", by.actor, work=work, subject=("contact", contact))
    else:
        try_again(tx, contact, key, by, work=work)
    return view(row)


def block_address(tx: Tx, channel: Channel, address: str) -> None:
    """Note that nothing can be delivered to an address; a message from there ends it."""
    tx.memo.pop(("has written", channel, address), None)
    tx.session.execute(
        update(ContactAddress)
        .where(
            ContactAddress.channel == channel, ContactAddress.address == address, ContactAddress.blocked_at.is_(None)
        )
        .values(blocked_at=tx.now)
    )


def unblock_address(tx: Tx, channel: Channel, address: str) -> None:
    """Note that an address can be written to again."""
    tx.session.execute(
        update(ContactAddress)
        .where(ContactAddress.channel == channel, ContactAddress.address == address)
        .values(blocked_at=None)
    )


def move_address(tx: Tx, channel: Channel, old: str, new: str) -> None:
    """Follow a chat to its new id."""
    tx.session.execute(
        update(ContactAddress)
        .where(ContactAddress.channel == channel, ContactAddress.address == old)
        .values(address=new)
    )


def choose_locale(tx: Tx, contact: int, locale: str) -> ContactView:
    """Keep the language a customer chose; it is not guessed any more."""
    row = tx.session.get_one(Contact, contact)
    row.locale, row.locale_chosen = locale, True
    return view(row)


def ban(tx: Tx, contact: int, by: Representative, *, work: int | None = None) -> ContactView:
    """Hear a contact no more: their messages are kept, set aside, and open no case.

    Args:
        work: the case it was said for, whose history tells it.

    Raises:
        Refused: `right.missing`.
        NotFound: `contact.unknown`.
    """
    row = _lock(tx, contact, by)
    if row.banned_at is None:
        row.banned_at = tx.now
        record(tx, "banned", by.actor, work=work, subject=("contact", row.id))
    return view(row)


def unban(tx: Tx, contact: int, by: Representative, *, work: int | None = None) -> ContactView:
    """Hear a contact again.

    Args:
        work: the case it was said for, whose history tells it.

    Raises:
        Refused: `right.missing`; `contact.not_banned`.
        NotFound: `contact.unknown`.
    """
    row = _lock(tx, contact, by)
    if row.banned_at is None:
        raise Refused("contact.not_banned", name=row.name)
    row.banned_at = None
    record(tx, "unbanned", by.actor, work=work, subject=("contact", row.id))
    return view(row)


def _lock(tx: Tx, contact: int, by: Representative) -> Contact:
    check(by.role, Right.BAN)
    row = tx.lock(Contact, contact)
    if row is None:
        raise NotFound("contact.unknown")
    return row
