"""Find cases, and whose they are; read only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from core.activities import queries as activities
from core.activities.views import ActivityView
from core.cases.conversations import last_said
from core.cases.fields import CaseType, Origin, Reason, Severity
from core.cases.model import Case, CaseLink, CaseParty, Category, Entry, File
from core.cases.parties import parties_of
from core.cases.related import children, linked
from core.cases.rules import STILL_ABOUT, CaseStatus, EntryKind
from core.cases.views import CaseView, FieldsView, OwnCaseView, Related
from core.customers import actions as customers
from core.customers.accounts import AccountName
from core.customers.failing import failing
from core.customers.model import Account, Contact, ContactAddress
from core.desk import Tx
from core.errors import NotFound
from core.outbox.model import Channel
from core.work import history
from core.work import queries as work
from core.work.model import Work
from core.work.rules import WorkState
from core.work.views import ItemView


def case(tx: Tx, number: int) -> CaseView:
    """Show one case, open or closed.

    Raises:
        NotFound: `item.unknown`, or `case.is_task` when the number is an activity's.
    """
    shown = showing(tx, number)
    if isinstance(shown, ActivityView):
        raise NotFound("case.is_task", number=number)
    return shown


def showing(tx: Tx, number: int, *, last: bool = True) -> CaseView | ActivityView:
    """Show an item as what it is: a case, or an activity.

    Args:
        last: with what was said last, which is left out where the conversation is shown anyway.

    Raises:
        NotFound: `item.unknown`.
    """
    found = tx.session.execute(_WHOLE_CASE, {"number": number}).first()
    if found is None:
        raise NotFound("item.unknown", number=number)
    item = work.item_view(*found[:3])
    row: Case | None = found[3]
    return activities.activity(tx, item) if row is None else _view(tx, item, row, _Around(*found[4:]), last=last)


class _Around(NamedTuple):
    """What stands around a case: its customer, how much was said, and whether anything is planned for it."""

    contact: Contact
    messages: int
    files: int
    planned: bool
    category: str | None
    children: int
    links: int
    account: str | None
    parties: int
    way: ContactAddress | None


_Child = aliased(Case)

# Put together once: to build a statement anew takes as long as to run it.
_WHOLE_CASE: Select[Any] = (
    work.items_query()
    .outerjoin(Case, Case.work_id == Work.id)
    .outerjoin(Contact, Contact.id == Case.contact_id)
    .outerjoin(Category, Category.id == Case.category_id)
    .outerjoin(Account, Account.id == Contact.account_id)
    .add_columns(
        Case,
        Contact,
        select(func.count())
        .select_from(Entry)
        .where(Entry.work_id == Work.id, Entry.kind != EntryKind.WITHDRAWN)
        .correlate(Work)
        .scalar_subquery(),
        select(func.count())
        .select_from(File)
        .join(Entry, Entry.id == File.entry_id)
        .where(Entry.work_id == Work.id)
        .correlate(Work)
        .scalar_subquery(),
        activities.any_open_of(Work.id),
        Category.path,
        select(func.count()).where(_Child.parent_id == Work.id).correlate(Work).scalar_subquery(),
        select(func.count())
        .select_from(CaseLink)
        .where(or_(CaseLink.first_id == Work.id, CaseLink.second_id == Work.id))
        .correlate(Work)
        .scalar_subquery(),
        Account.name,
        select(func.count())
        .select_from(CaseParty)
        .where(CaseParty.work_id == Work.id, CaseParty.left_at.is_(None))
        .correlate(Work)
        .scalar_subquery(),
        ContactAddress,
    )
    .outerjoin(
        ContactAddress,
        (ContactAddress.channel == Case.reply_channel) & (ContactAddress.address == Case.reply_address),
    )
    .where(Work.id == bindparam("number"))
)


def _view(tx: Tx, item: ItemView, row: Case, around: _Around, *, last: bool) -> CaseView:
    spoken = last_said(tx, item.number, files=around.files > 0) if last else []
    return CaseView(
        item=item,
        contact=customers.view(around.contact),
        status=CaseStatus(row.status),
        origin=Origin(row.origin),
        fields=_fields(row, around.category),
        reply_channel=Channel(row.reply_channel) if row.reply_address else None,
        reply_address=row.reply_address or None,
        answer_by=Channel(row.answer_by) if row.answer_by else None,
        resolution=row.resolution,
        resolved_at=row.resolved_at,
        billable_minutes=row.billable_minutes or 0,
        satisfaction=row.satisfaction,
        satisfaction_words=row.satisfaction_words,
        last=spoken[-1] if spoken else None,
        messages=around.messages,
        files=around.files,
        related=_related(tx, row, around),
        planned=tuple(activities.open_of(tx, item.number)) if around.planned and item.open else (),
        snoozed_for=history.snooze_reason(tx, item.number) if item.snoozed_until else "",
        account=AccountName(around.contact.account_id, around.account)
        if around.contact.account_id is not None and around.account is not None
        else None,
        failing=failing(around.way),
        parties=tuple(parties_of(tx, item.number)) if around.parties else (),
    )


def _related(tx: Tx, row: Case, around: _Around) -> Related | None:
    if row.parent_id is None and not around.children and not around.links:
        return None
    below = children(tx, row.work_id) if around.children else []
    return Related(
        parent=row.parent_id,
        children=tuple(one.number for one in below),
        open_children=tuple(one.number for one in below if one.open),
        linked=tuple(one.number for one in linked(tx, row.work_id)) if around.links else (),
    )


def _fields(row: Case, category: str | None) -> FieldsView:
    return FieldsView(
        category=category,
        product=row.product,
        severity=Severity(row.severity) if row.severity else None,
        type=CaseType(row.type) if row.type else None,
        reason=Reason(row.status_reason) if row.status_reason else None,
    )


def open_cases_of(tx: Tx, contact: int) -> list[int]:
    """List the numbers of a customer's open cases, the one with the latest message first."""
    return list(tx.session.scalars(_OPEN_CASES, {"contact": contact}))


_OPEN_CASES = (
    select(Case.work_id)
    .join(Work, Work.id == Case.work_id)
    .where(Case.contact_id == bindparam("contact"), Work.state == WorkState.OPEN)
    .order_by(Case.last_entry_at.desc(), Case.work_id.desc())
)


def just_resolved(tx: Tx, number: int, contact: int) -> bool:
    """Tell whether a case of a contact was resolved so lately that what they write next is about it."""
    at = tx.session.scalar(
        select(Case.resolved_at).where(
            Case.work_id == number, Case.contact_id == contact, Case.status == CaseStatus.RESOLVED
        )
    )
    return at is not None and tx.now - at <= STILL_ABOUT


def cases_of(tx: Tx, contact: int, *, offset: int = 0, limit: int = 8) -> list[OwnCaseView]:
    """List a page of a customer's cases, open ones first, then the latest."""
    rows = tx.session.execute(
        work.items_query()
        .add_columns(Case.status)
        .join(Case, Case.work_id == Work.id)
        .where(Case.contact_id == contact)
        .order_by(Work.state.desc(), Case.last_entry_at.desc(), Case.work_id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [OwnCaseView(work.item_view(*row[:3]), CaseStatus(row[3])) for row in rows]


def count_cases_of(tx: Tx, contact: int) -> int:
    """Count a customer's cases, open and closed."""
    return tx.session.scalar(select(func.count()).select_from(Case).where(Case.contact_id == contact)) or 0


def which_are_of(tx: Tx, numbers: Sequence[int], contact: int) -> list[int]:
    """Tell which of these cases are a contact's."""
    return list(tx.session.scalars(select(Case.work_id).where(Case.work_id.in_(numbers), Case.contact_id == contact)))


def is_on_case(tx: Tx, number: int, contact: int) -> bool:
    """Tell whether a case is a contact's own."""
    return tx.session.scalar(_ON_CASE, {"number": number, "contact": contact}) is not None


def may_add_to(tx: Tx, number: int, contact: int) -> bool:
    """Tell whether a contact's words may join a case: it is theirs, or one of theirs was merged into it."""
    return tx.session.scalar(_ADDS_TO, {"number": number, "contact": contact}) is not None


_ADDS_TO = (
    select(Case.work_id)
    .join(Work, Work.id == Case.work_id)
    .where(
        Case.contact_id == bindparam("contact"),
        or_(Case.work_id == bindparam("number"), Work.merged_into_id == bindparam("number")),
    )
    .limit(1)
)
_ON_CASE = select(Case.work_id).where(Case.work_id == bindparam("number"), Case.contact_id == bindparam("contact"))
