"""Find the customer that a representative means, by name or address, or make one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from core.customers.actions import NAME_LENGTH, get, search_key, view
from core.customers.addresses import contact_behind
from core.customers.failing import Failing, failing
from core.customers.model import Contact, ContactAddress
from core.customers.rules import is_mail_address
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import Actor, record
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.lines import one_line

#: What no character comes after, in the order of bytes.
_LAST = "\U0010ffff"

#: So many customers are named where words could mean several.
NAMED = 5


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A customer who may be meant, with the way to them that was used last, if there is one."""

    id: int
    name: str
    channel: Channel | None
    address: str | None


@dataclass(frozen=True, slots=True)
class WayView:
    """A way to a customer; one that was only said of them was never used."""

    channel: Channel
    address: str
    used_at: datetime | None
    blocked: bool
    failing: Failing | None = None
    complained_at: datetime | None = None


def find(tx: Tx, words: str, by: Representative, *, limit: int = 8) -> list[FoundContact]:
    """Find customers by a mail address, or by how their name begins; an address that is known tells the one.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    name, address = parted(words)
    if address is not None:
        one = contact_behind(tx, Channel.EMAIL, address)
        return _found(tx, [one]) if one is not None else []
    begins = (
        select(Contact.id)
        .where(_begins_with(tx, search_key(name)), Contact.merged_into_id.is_(None))
        .order_by(Contact.search_key, Contact.id)
    )
    return _found(tx, tx.session.scalars(begins.limit(limit)).all()) if name else []


def the_one(tx: Tx, words: str, by: Representative) -> FoundContact:
    """Find the one customer that words mean: by a mail address, by their whole name or by how only theirs begins.

    Raises:
        NotFound: `contact.nobody`.
        Refused: `right.missing`, or `contact.ambiguous`, with those it could be.
    """
    found = find(tx, words, by, limit=NAMED + 1)
    if not found:
        raise NotFound("contact.nobody", words=words)
    whole = [one for one in found if search_key(one.name) == search_key(one_line(words))]
    if len(found) > 1 and len(whole) != 1:
        raise Refused("contact.ambiguous", words=words, known=[one.name for one in found[:NAMED]])
    return whole[0] if len(found) > 1 else found[0]


def _begins_with(tx: Tx, key: str) -> ColumnElement[bool]:
    """Compare by bytes, as the index does; for that PostgreSQL has operators of its own."""
    if tx.session.get_bind().dialect.name == "postgresql":
        return and_(Contact.search_key.bool_op("~>=~")(key), Contact.search_key.bool_op("~<~")(key + _LAST))
    return and_(Contact.search_key >= key, Contact.search_key < key + _LAST)


def _found(tx: Tx, ids: Sequence[int]) -> list[FoundContact]:
    """Show customers in the order given, each with the address that was used last."""
    rows = tx.session.scalars(
        select(ContactAddress)
        .where(ContactAddress.contact_id.in_(ids), ContactAddress.blocked_at.is_(None))
        .order_by(ContactAddress.last_used_at.is_not(None), ContactAddress.last_used_at, ContactAddress.id.desc())
    )
    ways = {row.contact_id: row for row in rows}
    names = {one: get(tx, one).name for one in ids}
    return [
        FoundContact(one, names[one], Channel(ways[one].channel), ways[one].address)
        if one in ways
        else FoundContact(one, names[one], None, None)
        for one in ids
    ]


def found(tx: Tx, contact: int, by: Representative) -> FoundContact:
    """Show one customer with the way to them.

    Raises:
        Refused: `right.missing`.
        NotFound: `contact.unknown`.
    """
    check(by.role, Right.SEE_WORK)
    return _found(tx, [contact])[0]


def found_all(tx: Tx, contacts: Sequence[int], by: Representative) -> list[FoundContact]:
    """Show some customers in the order given, each with the way to them.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return _found(tx, contacts)


def ways(tx: Tx, contact: int, by: Representative) -> list[WayView]:
    """List the ways to a customer, the one used last first.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    rows = tx.session.scalars(
        select(ContactAddress)
        .where(ContactAddress.contact_id == contact)
        .order_by(ContactAddress.last_used_at.is_(None), ContactAddress.last_used_at.desc(), ContactAddress.id)
    )
    return [_way(row) for row in rows]


def _way(row: ContactAddress) -> WayView:
    blocked = row.blocked_at is not None
    return WayView(Channel(row.channel), row.address, row.last_used_at, blocked, failing(row), row.complained_at)


def parted(words: str) -> tuple[str, str | None]:
    """Part `Ivan Petrenko ivan@example.com` into a name and a mail address; either may be missing."""
    clean = one_line(words)
    name, _, last = clean.rpartition(" ")
    bare = last.strip("<>()")
    if not is_mail_address(bare):
        return clean, None
    return name.strip(), bare.casefold()


def make(tx: Tx, words: str, locale: str, by: Representative) -> ContactView:
    """Make a customer of a name, a mail address, or both; that the address is theirs is only said, not proven.

    Raises:
        Refused: `right.missing`.
        Misused: `contact.no_name`.
    """
    check(by.role, Right.ANSWER)
    name, address = parted(words)
    name = (name or address or "")[:NAME_LENGTH]
    if not name:
        raise Misused("contact.no_name")
    return _made(tx, name, address, locale, by.actor)


def introduce(tx: Tx, name: str, address: str, locale: str, by: Actor) -> ContactView:
    """Find the customer behind a mail address, casefolded, or make one of it; that it is theirs is only said."""
    known = contact_behind(tx, Channel.EMAIL, address)
    if known is not None:
        return get(tx, known)
    return _made(tx, one_line(name)[:NAME_LENGTH] or address, address, locale, by)


def _made(tx: Tx, name: str, address: str | None, locale: str, by: Actor) -> ContactView:
    row = Contact(name=name, search_key=search_key(name), locale=locale, created_at=tx.now)
    tx.add(row)
    if address is not None:
        tx.add(ContactAddress(contact_id=row.id, channel=Channel.EMAIL, address=address, heard=0))
    record(tx, "contact_made", by, subject=("contact", row.id))
    return view(row)
