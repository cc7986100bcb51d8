"""Keep the words of cases up to date for the search: each change in its own transaction, much of it by the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, select

from core.cases.model import Case, CaseParty, Entry
from core.cases.rules import EntryKind
from core.customers import actions as customers
from core.customers.model import Contact, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.outbox.model import Channel
from core.search import index
from core.search.words import MESSAGE_WORDS, Head, documents
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


def changed(tx: Tx, *numbers: int) -> None:
    """Write the words of cases anew: a message was edited, moved or withdrawn, or a title or a customer is another."""
    tx.session.flush()
    made = {number: documents(head, said) for number, head, said in _read(tx, numbers)}
    index.write_anew(tx, {number: made.get(number, ()) for number in numbers})


def _read(tx: Tx, numbers: Sequence[int]) -> Iterator[tuple[int, Head, list[str]]]:
    """Read what can be found of cases: everything of all of them at once."""
    some = {"numbers": list(numbers)}
    heads = tx.session.execute(_HEADS, some).all()
    addresses: dict[int, list[str]] = {}
    for contact, address in tx.session.execute(_ADDRESSES, {"contacts": [head.contact_id for head in heads]}):
        addresses.setdefault(contact, []).append(address)
    messages: dict[int, list[str]] = {}
    for number, text in tx.session.execute(_MESSAGES, some):
        messages.setdefault(number, []).append(text[:_LOOKED_AT])
    others: dict[int, list[str]] = {}
    for number, address, other in tx.session.execute(_PARTIES, some):
        others.setdefault(number, []).extend(one for one in (other, address) if one)
    for number, title, contact, name in heads:
        known = (name, *addresses.get(contact, ()), *others.get(number, ()))
        yield number, Head(title, known), messages.get(number, [])


def contact_changed(tx: Tx, contact: int) -> None:
    """Write the words of a customer's cases anew: the newest at once, the others soon."""
    tx.session.flush()
    numbers = tx.session.scalars(_CASES_OF, {"contact": contact}).all()
    if numbers:
        changed(tx, *_locked(tx, numbers[:AT_ONCE]))
    index.write_later(tx, numbers[AT_ONCE:])


def step(tx: Tx) -> int:
    """Write some of the cases anew that are due, the newest first; returns how many they were."""
    numbers = index.due(tx, IN_A_STEP)
    if numbers:
        _locked(tx, numbers)
        changed(tx, *numbers)
    return len(numbers)


def _locked(tx: Tx, numbers: Sequence[int]) -> Sequence[int]:
    """Lock the items of cases in the order in which everybody does who locks several."""
    query = select(Work.id).where(Work.id.in_(numbers)).order_by(Work.id).with_for_update()
    return tx.session.scalars(query).all()


def is_complete(tx: Tx) -> bool:
    """Tell whether all cases can be found: after the first start with a search it takes a while."""
    return not index.due(tx, 1)


def _addresses(tx: Tx, contact: int) -> list[str]:
    return [address for _, address in tx.session.execute(_ADDRESSES, {"contacts": [contact]})]


def _mail(address: str) -> tuple[str, ...]:
    """Leave out the number of a chat: nobody knows it, and it would be taken for that of a case."""
    return (address,) if "@" in address else ()


# Put together once: to build a statement anew takes as long as to run it.
_HEADS = (
    select(Work.id, Work.title, Case.contact_id, Contact.name)
    .join(Case, Case.work_id == Work.id)
    .join(Contact, Contact.id == Case.contact_id)
    .where(Work.id.in_(bindparam("numbers", expanding=True)))
)
_MESSAGES = (
    select(Entry.work_id, Entry.text)
    .where(Entry.work_id.in_(bindparam("numbers", expanding=True)), Entry.kind != EntryKind.WITHDRAWN, Entry.text != "")
    .order_by(Entry.id)
)
_PARTIES = (
    select(CaseParty.work_id, CaseParty.address, Contact.name)
    .outerjoin(
        ContactAddress, (ContactAddress.channel == Channel.EMAIL) & (ContactAddress.address == CaseParty.address)
    )
    .outerjoin(Contact, Contact.id == ContactAddress.contact_id)
    .where(CaseParty.work_id.in_(bindparam("numbers", expanding=True)), CaseParty.left_at.is_(None))
    .order_by(CaseParty.added_at, CaseParty.address)
)
_CASES_OF = select(Case.work_id).where(Case.contact_id == bindparam("contact")).order_by(Case.work_id.desc())
_ADDRESSES = (
    select(ContactAddress.contact_id, ContactAddress.address)
    .where(
        ContactAddress.contact_id.in_(bindparam("contacts", expanding=True)), ContactAddress.channel == Channel.EMAIL
    )
    .order_by(ContactAddress.id)
)
