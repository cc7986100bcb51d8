"""Who takes part in a case by mail besides its customer: an address each, and whoever it belongs to is the one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, bindparam, delete, func, or_, select

from core.cases.model import Case, CaseParty
from core.cases.views import PartyView
from core.customers import finding
from core.customers.model import Contact, ContactAddress
from core.desk import Tx
from core.history.actions import Actor, record
from core.outbox.model import Channel
from core.people.model import Person
from core.work.model import Work

#: So many take part in one case at most.
MOST = 10

#: What histories tell of who takes part, by `address`.
OF_PARTIES = ("party_in", "party_out", "copy_bounced", "copy_complained", "copy_undeliverable")


def parties_of(tx: Tx, number: int) -> list[PartyView]:
    """List who takes part in a case besides its customer, the first first."""
    rows = tx.session.execute(_PARTIES, {"number": number})
    return [PartyView(address, name or address, since, by) for address, since, name, by in rows]


def takes_part(tx: Tx, number: int, contact: int) -> bool:
    """Tell whether a contact takes part in a case, or in one that was merged into it.

    They do who have written from the address that was brought in: that it is theirs may only be said of them.
    """
    return tx.session.scalar(_TAKES_PART, {"number": number, "contact": contact}) is not None


def was_brought(tx: Tx, number: int, address: str) -> bool:
    """Tell whether an address takes part in a case, or in one that was merged into it, whosever it is."""
    return tx.session.scalar(_WAS_BROUGHT, {"number": number, "address": address}) is not None


def is_nothing_else(tx: Tx, contact: int) -> bool:
    """Tell whether all that is known of a contact is one address, and that nobody ever wrote from there."""
    row = tx.find(Contact, contact)
    if row is None or row.account_id is not None:
        return False
    known = select(ContactAddress.last_used_at).where(ContactAddress.contact_id == contact).limit(2)
    cases = select(Case.work_id).where(Case.contact_id == contact).limit(1)
    return list(tx.session.scalars(known)) == [None] and tx.session.scalar(cases) is None


def bring_in(tx: Tx, number: int, address: str, name: str, by: Actor) -> bool:
    """Let the owner of an address take part in a case, which is locked or new; nobody is told of it.

    Args:
        address: casefolded.
        name: of the owner, where nobody is known there.
        by: who says so: a member of staff, or the customer whose letter also went there.

    Returns:
        Whether they took no part before.
    """
    row = tx.session.get(CaseParty, (number, address))
    if row is not None and row.left_at is None:
        return False
    finding.introduce(tx, name, address, tx.session.get_one(Case, number).locale, by)
    if row is None:
        row = CaseParty(work_id=number, address=address, added_at=tx.now)
        tx.session.add(row)
    row.added_at, row.left_at, row.added_by_id = tx.now, None, by.id if by.kind == "person" else None
    tx.session.flush()
    record(tx, "party_in", by, work=number, address=address)
    return True


def let_go(tx: Tx, number: int, address: str, by: Actor) -> bool:
    """Let the owner of an address take part in a case no more; no letter brings them in again.

    Returns:
        Whether they took part.
    """
    row = tx.session.get(CaseParty, (number, address))
    if row is None or row.left_at is not None:
        return False
    row.left_at = tx.now
    tx.session.flush()
    record(tx, "party_out", by, work=number, address=address)
    return True


def known_here(tx: Tx, number: int) -> dict[str, bool]:
    """Tell of each address that was ever brought into a case whether it takes part still."""
    rows = tx.session.execute(select(CaseParty.address, CaseParty.left_at).where(CaseParty.work_id == number))
    return {address: left_at is None for address, left_at in rows}


def count(tx: Tx, number: int) -> int:
    """Count who takes part in a case besides its customer."""
    here = CaseParty.work_id == number, CaseParty.left_at.is_(None)
    return tx.session.scalar(select(func.count()).select_from(CaseParty).where(*here)) or 0


def gather(tx: Tx, losers: Collection[int], into: int) -> None:
    """Let who takes part in cases that are merged take part in the one that goes on; who left that stays away."""
    here = tx.session.scalars(select(CaseParty).where(CaseParty.work_id == into)).all()
    known, room = {row.address for row in here}, MOST - sum(row.left_at is None for row in here)
    moving = select(CaseParty).where(CaseParty.work_id.in_(losers)).order_by(CaseParty.added_at, CaseParty.address)
    for row in tx.session.scalars(moving).all():
        tx.session.delete(row)
        if row.address in known:
            continue
        known.add(row.address)
        moved = _like(row, into)
        if moved.left_at is None and room <= 0:
            moved.left_at = tx.now
        room -= moved.left_at is None
        tx.session.add(moved)
    tx.session.flush()


def share(tx: Tx, number: int, other: int) -> None:
    """Let who takes part in a case take part in one that was split off it as well."""
    for row in tx.session.scalars(select(CaseParty).where(CaseParty.work_id == number)).all():
        tx.session.add(_like(row, other))
    tx.session.flush()


def _like(row: CaseParty, number: int) -> CaseParty:
    return CaseParty(
        work_id=number,
        address=row.address,
        added_at=row.added_at,
        added_by_id=row.added_by_id,
        left_at=row.left_at,
    )


def drop_own(tx: Tx, contact: int) -> None:
    """Let a customer be no party to a case of their own: another who was one goes on as them."""
    mine, cases = addresses_of(contact), select(Case.work_id).where(Case.contact_id == contact)
    gone = delete(CaseParty).where(CaseParty.address.in_(mine), CaseParty.work_id.in_(cases))
    tx.session.execute(gone, execution_options={"synchronize_session": "fetch"})


def addresses_of(contact: int) -> Select[str]:
    """Select the mail addresses of a contact, as a part of a statement."""
    mine = ContactAddress.contact_id == contact, ContactAddress.channel == Channel.EMAIL
    return select(ContactAddress.address).where(*mine)


def cases_with(tx: Tx, addresses: Sequence[str]) -> list[int]:
    """List the cases in which the owner of one of these addresses takes part, or once did, as they go on."""
    if not addresses:
        return []
    here = select(Work.id, Work.merged_into_id).join(CaseParty, CaseParty.work_id == Work.id)
    found = tx.session.execute(here.where(CaseParty.address.in_(addresses))).all()
    return sorted({into or number for number, into in found})


# Put together once: to build a statement anew takes as long as to run it.
_PARTIES = (
    select(CaseParty.address, CaseParty.added_at, Contact.name, Person.name)
    .outerjoin(
        ContactAddress, (ContactAddress.channel == Channel.EMAIL) & (ContactAddress.address == CaseParty.address)
    )
    .outerjoin(Contact, Contact.id == ContactAddress.contact_id)
    .outerjoin(Person, Person.id == CaseParty.added_by_id)
    .where(CaseParty.work_id == bindparam("number"), CaseParty.left_at.is_(None))
    .order_by(CaseParty.added_at, CaseParty.address)
)
_HERE = (
    select(CaseParty.work_id)
    .join(Work, Work.id == CaseParty.work_id)
    .where(
        CaseParty.left_at.is_(None),
        or_(CaseParty.work_id == bindparam("number"), Work.merged_into_id == bindparam("number")),
    )
    .limit(1)
)
_WAS_BROUGHT = _HERE.where(CaseParty.address == bindparam("address"))
_TAKES_PART = _HERE.where(
    CaseParty.address.in_(
        select(ContactAddress.address).where(
            ContactAddress.contact_id == bindparam("contact"),
            ContactAddress.channel == Channel.EMAIL,
            ContactAddress.last_used_at.is_not(None),
        )
    )
)
