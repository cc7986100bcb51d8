"""An answer by mail is one letter to all who take part: it is owed in a row for the customer, and one for each other.

So each has what became of it for itself: what a relay says of one recipient, or a bounce, is of that one only.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from core.cases.model import CaseParty, Entry
from core.cases.rules import EntryKind
from core.customers.model import Contact, ContactAddress
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record
from core.history.model import Happened
from core.outbox.actions import Message, To, owe, withdraw
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.outbox.views import Parcel
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import cards


def owe_copies(tx: Tx, lead: Owed) -> list[str]:
    """Owe a letter to a customer to everybody else who takes part in its case, too; returns their addresses.

    Left out is to whom nothing is sent: whom letters do not reach, who complained of one, or is banned.
    """
    reached = (
        select(CaseParty.address, Contact.id)
        .join(ContactAddress, and_(*_is_written_to()))
        .join(Contact, Contact.id == ContactAddress.contact_id)
        .where(
            CaseParty.work_id == lead.work_id,
            CaseParty.left_at.is_(None),
            CaseParty.address != lead.address,
            Contact.id != lead.contact_id,
            Contact.banned_at.is_(None),
        )
        .order_by(CaseParty.added_at, CaseParty.address)
    )
    found = tx.session.execute(reached).all()
    for address, contact in found:
        what = Message(OwedKind.COPY, {"of": lead.id}, lead.work_id, lead.entry_id, lead.due_at)
        owe(tx, To(Channel.EMAIL, address, contact=contact), what)
    return [address for address, _ in found]


def _is_written_to() -> tuple[ColumnElement[bool], ...]:
    of_mail = ContactAddress.channel == Channel.EMAIL, ContactAddress.address == CaseParty.address
    return *of_mail, ContactAddress.blocked_at.is_(None), ContactAddress.complained_at.is_(None)


def leave_out(tx: Tx, entry: int, by: Representative) -> int:
    """Let an answer that has not gone out yet go to the customer only; returns the number of the case.

    Raises:
        Refused: `right.missing`; `answer.gone`: it is on its way already.
        NotFound: `answer.unknown`: it is not an answer of yours.
    """
    check(by.role, Right.ANSWER)
    row = tx.lock(Entry, entry)
    if row is None or row.person_id != by.id or row.kind is not EntryKind.ANSWER:
        raise NotFound("answer.unknown")
    rows = tx.session.scalars(select(Owed).where(*_of_entry(entry)).order_by(Owed.id)).all()
    left = [one for one in rows if one.state is not OwedState.WITHDRAWN]
    lead = tx.lock(Owed, int(left[0].facts["of"])) if left else None
    untouched = lead is None or (lead.state is OwedState.OWED and lead.lease_until is None)
    if not untouched or not all(withdraw(tx, one.id) for one in left):
        raise Refused("answer.gone")
    if left:
        record(tx, "copies_left_out", by.actor, work=row.work_id, entry=entry)
        cards.changed(tx, row.work_id)
    return row.work_id


def letter_of(tx: Tx, parcel: Parcel) -> Owed | Parcel:
    """Find the row of the letter that a row is of: of a copy that to the customer, otherwise its own.

    Raises:
        NoResultFound: there is none any more.
    """
    return tx.session.get_one(Owed, int(parcel.facts["of"])) if parcel.kind is OwedKind.COPY else parcel


def copies_of(tx: Tx, lead: Owed | Parcel, *, lock: bool = False) -> list[Owed]:
    """List the rows by which a letter goes to others than its customer, in their order."""
    if lead.entry_id is None or lead.kind is not OwedKind.ANSWER:
        return []
    mine = select(Owed).where(*_of_entry(lead.entry_id), Owed.state != OwedState.WITHDRAWN).order_by(Owed.id)
    rows = tx.session.scalars(mine.with_for_update().execution_options(populate_existing=True) if lock else mine)
    return [row for row in rows if row.facts.get("of") == lead.id]


def _of_entry(entry: int) -> tuple[ColumnElement[bool], ...]:
    return Owed.entry_id == entry, Owed.kind == OwedKind.COPY


def all_there_since(tx: Tx, lead: Owed | Parcel, copies: list[Owed]) -> datetime:
    """Tell since when everybody to whom a letter goes takes part; what was said before is not for all of them.

    They take part since the last merging at the earliest: what it brought was said where others took part, or nobody.
    """
    here = CaseParty.work_id == lead.work_id, CaseParty.left_at.is_(None)
    mine = select(func.count(), func.max(CaseParty.added_at)).where(
        *here, CaseParty.address.in_([one.address for one in copies])
    )
    count, since = tx.session.execute(mine).one()
    if count != len(copies):
        return lead.created_at
    merged = select(func.max(Happened.at)).where(Happened.work_id == lead.work_id, Happened.verb == "merged_here")
    return max(since, tx.session.scalar(merged) or since)
