"""Whom a letter also went to: told with it, and brought into its case where the policy of the queue says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from core.cases import indexing, parties
from core.cases.model import Case
from core.customers.model import Contact, ContactAddress
from core.customers.public_mail import is_public
from core.customers.rules import is_mail_address
from core.customers.senders import Verdict, verdict_on
from core.customers.views import ContactView
from core.desk import Tx
from core.inbox import model as inbox
from core.intake.letter import Address, Letter
from core.intake.parse.headers import ADDRESS_LENGTH, speakable
from core.intake.rules.authenticity import FORGED
from core.intake.rules.automatic import is_of_machine
from core.intake.rules.senders import is_of_service
from core.intake.tags import untagged
from core.outbox.model import Channel
from core.people.model import Person
from core.work import cards
from core.work.mailing import copied_in
from core.work.model import MailAddress
from core.work.rules import Copied

#: Addresses of To and Cc that are looked at, and of these so many are told with a letter.
LOOKED_AT, TOLD = 50, 20

#: Headers in which mail servers write where they delivered a letter, which is to us (RFC 9228).
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")


def others_of(tx: Tx, row: inbox.Letter, letter: Letter) -> tuple[Address, ...]:
    """List whom a letter also went to by To and Cc: neither us nor its sender, each once, as they stand there."""
    key = "others of a letter", row.id
    if key not in tx.memo:
        found: dict[str, Address] = {}
        for one in (*letter.to, *letter.cc)[:LOOKED_AT]:
            found.setdefault(one.address, one)
        found.pop(letter.from_.address if letter.from_ else "", None)
        ours = {untagged(row.recipient), untagged(tx.house.reply_address)}
        left = [one for one in found.values() if _is_whole(one.address) and untagged(one.address) not in ours]
        ours = _ours(tx, left) if left else ours
        tx.memo[key] = tuple(one for one in left if untagged(one.address) not in ours)
    others: tuple[Address, ...] = tx.memo[key]
    return others


def _ours(tx: Tx, some: Sequence[Address]) -> set[str]:
    bare = {untagged(one.address) for one in some}
    return set(tx.session.scalars(select(MailAddress.address).where(MailAddress.address.in_(bare))))


def _is_whole(address: str) -> bool:
    """Tell whether an address is one, to the last character: it goes into the head of letters."""
    plain = address.isprintable() and speakable(address) == address and address == address.casefold()
    return plain and len(address) <= ADDRESS_LENGTH and is_mail_address(address)


def bring(tx: Tx, number: int, contact: ContactView, letter: Letter, others: Sequence[Address]) -> None:
    """Bring into a case, which is locked or new, whom a letter that is in it also went to, as its queue says.

    Only the customer of the case brings in others, or who takes part in it already; and nobody does by a letter that
    may be in their name only. Who was taken off the case by hand is not brought in again.
    """
    if not others or letter.from_ is None or FORGED & set(letter.flags):
        return
    policy = copied_in(tx, number)
    row = tx.session.get_one(Case, number)
    known = parties.known_here(tx, number) if policy is not Copied.IGNORE else {}
    if policy is Copied.IGNORE or not (row.contact_id == contact.id or known.get(letter.from_.address)):
        return
    room = parties.MOST - sum(known.values())
    may = _may_be_brought(tx, row.contact_id, policy, [one.address for one in others if one.address not in known])
    may -= {untagged(one.strip("<> ")) for name in _DELIVERED for one in letter.headers.get(name, ())}
    chosen = [one for one in others if one.address in may][: max(0, room)]
    for one in chosen:
        parties.bring_in(tx, number, one.address, speakable(one.name), contact.actor("email"))
    if chosen:
        indexing.changed(tx, number)
        cards.changed(tx, number)


def _may_be_brought(tx: Tx, customer: int, policy: Copied, addresses: Collection[str]) -> set[str]:
    """Choose the addresses that a policy lets in: no machine's, no member of staff's, none that is written to no more.

    A member of staff who has written as a customer is one.
    """
    left = {one for one in addresses if not is_of_machine(one) and not is_of_service(one)}
    left = {one for one in left if verdict_on(tx, one) is not Verdict.BLOCK}
    if not left:
        return set()
    owned = select(ContactAddress, Contact).join(Contact, Contact.id == ContactAddress.contact_id)
    owned = owned.where(ContactAddress.channel == Channel.EMAIL, ContactAddress.address.in_(left))
    owners = {way.address: (way, who) for way, who in tx.session.execute(owned)}
    staff = select(Person.mailbox).where(Person.mailbox.in_(left), Person.dismissed_at.is_(None))
    left -= {one for one in tx.session.scalars(staff) if one is not None and not _has_written(owners.get(one))}
    left -= {one for one, owner in owners.items() if _is_left_alone(owner, customer)}
    return left if policy is Copied.ALL else _known_to(tx, customer, left, owners)


def _has_written(owner: tuple[ContactAddress, Contact] | None) -> bool:
    return owner is not None and owner[0].last_used_at is not None


def _is_left_alone(owner: tuple[ContactAddress, Contact], customer: int) -> bool:
    way, who = owner
    written_to_no_more = way.blocked_at is not None or way.complained_at is not None or who.banned_at is not None
    return written_to_no_more or who.id == customer


def _known_to(
    tx: Tx, customer: int, addresses: set[str], owners: dict[str, tuple[ContactAddress, Contact]]
) -> set[str]:
    """Choose those that belong to the customer's account, or wrote to us before from a domain of the customer's own."""
    account = tx.session.get_one(Contact, customer).account_id
    proven = select(ContactAddress.address).where(
        ContactAddress.contact_id == customer,
        ContactAddress.channel == Channel.EMAIL,
        ContactAddress.last_used_at.is_not(None),
    )
    domains = {one.rpartition("@")[2] for one in tx.session.scalars(proven)}
    own = {one for one in domains if not is_public(one)}
    return {
        address
        for address in addresses & owners.keys()
        if (account is not None and owners[address][1].account_id == account)
        or (_has_written(owners[address]) and address.rpartition("@")[2] in own)
    }
