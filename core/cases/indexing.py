"""Keep the words of cases up to date for the search: each change in its own transaction, much of it by the clock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from core.cases.locking import lock_case
from core.cases.model import Case, Entry
from core.cases.rules import EntryKind
from core.customers import actions as customers
from core.customers.model import Contact, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound
from core.outbox.model import Channel
from core.search import index
from core.search.words import MESSAGE_WORDS, Head
from core.work.model import Work

#: Cases of a customer that are written anew in the transaction that changes a name or an address; the others follow.
AT_ONCE = 20

#: Cases that the clock writes anew in one transaction.
IN_A_STEP = 50

#: Characters of a message that are looked at: more than its words can have.
_LOOKED_AT = MESSAGE_WORDS * 20


def opened(tx: Tx, work: Work, contact: ContactView, address: str, text: str) -> None:
    """Make a new case findable, with its first message.

    Args:
        address: where it came from; that of a contact met before is known already.
    """
    known = _mail(address) if customers.has_just_been_met(tx, contact.id) else _addresses(tx, contact.id)
    index.write_new(tx, work.id, Head(work.title, (contact.name, *known)), [text[:_LOOKED_AT]])


def said(tx: Tx, number: int, text: str) -> None:
    """Make a new message or note of a case findable; the case is locked."""
    if text and not index.add_message(tx, number, text[:_LOOKED_AT]):
        changed(tx, number)


def changed(tx: Tx, number: int) -> None:
    """Write the words of a case anew: a message was edited, moved or withdrawn, or its title is another."""
    tx.session.flush()
    head = tx.session.execute(_HEAD, {"number": number}).first()
    if head is None:
        index.drop(tx, number)
        return
    title, contact, name = head
    messages = (text[:_LOOKED_AT] for text in tx.session.scalars(_MESSAGES, {"number": number}))
    index.write_anew(tx, number, Head(title, (name, *_addresses(tx, contact))), messages)


def contact_changed(tx: Tx, contact: int) -> None:
    """Write the words of a customer's cases anew: the newest at once, the others soon."""
    tx.session.flush()
    numbers = tx.session.scalars(_CASES_OF, {"contact": contact}).all()
    for number in numbers[:AT_ONCE]:
        changed(tx, number)
    index.write_later(tx, numbers[AT_ONCE:])


def step(tx: Tx) -> int:
    """Write some of the cases anew that are due, the newest first; returns how many they were."""
    numbers = index.due(tx, IN_A_STEP)
    for number in sorted(numbers):  # in the order in which everybody locks several
        try:
            lock_case(tx, number)
        except NotFound:
            index.drop(tx, number)
        else:
            changed(tx, number)
    return len(numbers)


def is_complete(tx: Tx) -> bool:
    """Tell whether all cases can be found: after the first start with a search it takes a while."""
    return not index.due(tx, 1)


def _addresses(tx: Tx, contact: int) -> Sequence[str]:
    return tx.session.scalars(_ADDRESSES, {"contact": contact}).all()


def _mail(address: str) -> tuple[str, ...]:
    """Leave out the number of a chat: nobody knows it, and it would be taken for that of a case."""
    return (address,) if "@" in address else ()


_HEAD = (
    select(Work.title, Case.contact_id, Contact.name)
    .join(Case, Case.work_id == Work.id)
    .join(Contact, Contact.id == Case.contact_id)
    .where(Work.id == bindparam("number"))
)
_MESSAGES = (
    select(Entry.text)
    .where(Entry.work_id == bindparam("number"), Entry.kind != EntryKind.WITHDRAWN, Entry.text != "")
    .order_by(Entry.id)
)
_CASES_OF = select(Case.work_id).where(Case.contact_id == bindparam("contact")).order_by(Case.work_id.desc())
_ADDRESSES = (
    select(ContactAddress.address)
    .where(ContactAddress.contact_id == bindparam("contact"), ContactAddress.channel == Channel.EMAIL)
    .order_by(ContactAddress.id)
)
