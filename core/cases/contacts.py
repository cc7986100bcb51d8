"""Merge contacts that are one person: cases, addresses and what is planned go on under one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import CompoundSelect, select, union, update

from core.activities import regarding
from core.cases import indexing, parties, queries
from core.cases.model import Case, Entry
from core.customers import finding
from core.customers.actions import get
from core.customers.codes import drop_codes
from core.customers.finding import WayView
from core.customers.model import Contact, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import Actor, record, record_all
from core.outbox.actions import read_instead
from core.people.rules import Right, check
from core.people.views import Representative
from core.search import index
from core.sla import clocks
from core.sla.actions import hold_instead
from core.sla.model import Scope
from core.timers.actions import set_timer
from core.work import cards
from core.work.model import Work
from core.work.rules import WorkState

#: The timer that lets go over what came for a merged contact in the very moment of the merge.
LATE = "contact_late"

_LATE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A contact as is shown before it is merged, exported or erased."""

    contact: ContactView
    ways: tuple[WayView, ...]
    cases: int


def card(tx: Tx, contact: int, by: Representative) -> ContactCard:
    """Show a contact to who keeps contacts.

    Raises:
        Refused: `right.missing`.
        NotFound: `contact.unknown`.
    """
    check(by.role, Right.KEEP_CONTACTS)
    shown = get(tx, contact)
    return ContactCard(shown, tuple(finding.ways(tx, contact, by)), queries.count_cases_of(tx, contact))


def may_keep(by: Representative) -> None:
    """Insist that somebody may keep contacts, before it is said how they are kept.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.KEEP_CONTACTS)


def check_apart(contact: int, into: int) -> None:
    """Insist that two contacts are not one already.

    Raises:
        Refused: `contact.same`.
    """
    if contact == into:
        raise Refused("contact.same")


def merge_by_hand(tx: Tx, contact: int, into: int, by: Representative) -> ContactView:
    """Merge a contact into another, as a manager knows that they are one person; it cannot be undone.

    Raises:
        Refused: `right.missing`, or as `merge_contacts`.
        NotFound: `contact.unknown`.
    """
    check(by.role, Right.KEEP_CONTACTS)
    return merge_contacts(tx, contact, into, by.actor)


def merge_contacts(tx: Tx, contact: int, into: int, by: Actor) -> ContactView:
    """Let a contact go on as another; whoever asks has made sure that they are one person.

    The items are locked first, as everybody does, and then the contacts: who opens a case meanwhile waits.

    Raises:
        Refused: `contact.same`; `contact.merged` when either was merged before; `contact.erased` when either was
            erased, for nothing could be erased of who goes on as nobody.
        NotFound: `contact.unknown`.
    """
    check_apart(contact, into)
    _lock_items(tx, contact)
    rows = {one: tx.lock(Contact, one) for one in sorted((contact, into))}
    gone, stays = rows[contact], rows[into]
    if gone is None or stays is None:
        raise NotFound("contact.unknown")
    if gone.merged_into_id is not None or stays.merged_into_id is not None:
        raise Refused("contact.merged")
    if gone.erased_at is not None or stays.erased_at is not None:
        raise Refused("contact.erased")
    gone.merged_into_id = into
    stays.zone = stays.zone or gone.zone
    belongs = _belong(tx, gone, stays, by)
    # A ban is of a person: whoever is not heard by one way is not heard by the other.
    stays.banned_at = min((at for at in (stays.banned_at, gone.banned_at) if at is not None), default=None)
    tx.session.flush()
    tx.session.execute(update(Contact).where(Contact.merged_into_id == contact).values(merged_into_id=into))
    drop_codes(tx, contact)
    _go_over(tx, contact, into, by)
    if belongs:
        theirs = select(Case.work_id).join(Work, Work.id == Case.work_id).where(Case.contact_id == into)
        cards.changed_all(tx, tx.session.scalars(theirs.where(Work.state == WorkState.OPEN)).all())
    record(tx, "contact_merged", by, subject=("contact", into), other=contact)
    set_timer(tx, LATE, str(contact), tx.now + _LATE_AFTER, subject=contact)
    return get(tx, into)


def _belong(tx: Tx, gone: Contact, stays: Contact, by: Actor) -> bool:
    """Let who goes on belong to the account of the other, if to none yet; tells whether they came to one by it."""
    account, gone.account_id = gone.account_id, None
    if account is None:
        return False
    record(tx, "account_left", by, subject=("contact", gone.id), account=account)
    if stays.account_id is not None:
        return False
    stays.account_id = account
    record(tx, "account_joined", by, subject=("contact", stays.id), account=account, before=None)
    return True


def gather_late(tx: Tx, contact: int) -> None:
    """Let go over what came for a contact while it was being merged: a letter that was read a moment too early."""
    row = tx.session.get(Contact, contact)
    if row is None or row.merged_into_id is None:
        return
    _lock_items(tx, contact)
    _go_over(tx, contact, row.merged_into_id, Actor("contact", contact, "clock"))


def _lock_items(tx: Tx, contact: int) -> None:
    """Lock the items of a contact's cases in the order in which everybody does who locks several."""
    mine = select(Case.work_id).where(Case.contact_id == contact)
    tx.session.scalars(select(Work.id).where(Work.id.in_(mine)).order_by(Work.id).with_for_update()).all()


def _go_over(tx: Tx, contact: int, into: int, by: Actor) -> None:
    cases = select(Case.work_id, Work.state).join(Work, Work.id == Case.work_id).where(Case.contact_id == contact)
    found = tx.session.execute(cases.order_by(Case.work_id)).all()
    mine = select(Case.work_id).where(Case.contact_id == contact)
    others = select(Work.merged_into_id).where(Work.id.in_(mine), Work.merged_into_id.is_not(None))
    in_copy = parties.cases_with(tx, tx.session.scalars(parties.addresses_of(contact)).all())
    # One list of cases: of three that are one or the other PostgreSQL makes a look at every message there is.
    here: CompoundSelect[tuple[int | None]] = union(mine, others, select(Work.id).where(Work.id.in_(in_copy)))
    said = Entry.contact_id == contact, Entry.work_id.in_(here)
    tx.session.execute(update(Entry).where(*said).values(contact_id=into), execution_options=_UNREAD)
    tx.session.execute(update(Case).where(Case.contact_id == contact).values(contact_id=into))
    addresses = update(ContactAddress).where(ContactAddress.contact_id == contact)
    tx.session.execute(addresses.values(contact_id=into))
    parties.drop_own(tx, into)
    regarding.be_with_instead(tx, contact, into)
    hold_instead(tx, Scope.CONTACT, contact, into)
    read_instead(tx, contact, into)
    record_all(tx, "customer_merged", by, [number for number, _ in found])
    indexing.contact_changed(tx, into)
    index.write_later(tx, in_copy)  # whoever takes part there is found by another name
    for number, state in found:
        if state is WorkState.OPEN:
            clocks.of_another(tx, number, into)
            cards.changed(tx, number)


#: Messages are not at hand in this transaction, or not needed any more.
_UNREAD = {"synchronize_session": False}
