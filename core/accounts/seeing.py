"""What a member of staff may look at of accounts: the right is asked here, and only cases that they see are told."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from core.accounts import actions, queries
from core.accounts.aliases import aliases
from core.accounts.views import AccountCard, AccountLine, Inherited, Tree
from core.cases.model import Case
from core.cases.rules import CaseStatus
from core.customers import finding
from core.customers.account_tree import levels_below
from core.customers.accounts import account_of, holds, key_of, name_of, owner_above
from core.customers.model import Account, AccountAlias, Contact
from core.desk import Tx
from core.errors import NotFound
from core.people import queries as people
from core.people.rules import Right, check
from core.people.views import Representative
from core.sla.queries import level_above, uses
from core.sla.queries import name_of as level_name
from core.work import queries as work
from core.work.model import Queue, Work
from core.work.rules import WorkState
from core.work.seeing import visible
from core.work.views import ItemView

#: So many customers of an account are named on its card, and so many of the cases that were resolved last.
CONTACTS, RESOLVED = 10, 3


def accounts(
    tx: Tx, words: str, by: Representative, *, offset: int = 0, limit: int = 8
) -> tuple[list[AccountLine], int]:
    """List a page of the open accounts by name, those with all of some words in one of their names, and count them.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    parts = key_of(words).split()
    by_alias = select(AccountAlias.account_id).where(*(holds(tx, AccountAlias.key, one) for one in parts))
    by_name = and_(*(holds(tx, Account.name_key, one) for one in parts)) if parts else true()
    named = [Account.name_key.is_not(None), or_(by_name, Account.id.in_(by_alias))]
    contacts = select(func.count()).where(Contact.account_id == Account.id, Contact.merged_into_id.is_(None))
    open_ones = _count(Contact.account_id == Account.id, Work.state == WorkState.OPEN, visible(tx, by))
    page = select(
        Account.id,
        Account.name,
        contacts.correlate(Account).scalar_subquery(),
        open_ones.correlate(Account).scalar_subquery(),
    )
    found = tx.session.execute(page.where(*named).order_by(Account.name_key).offset(offset).limit(limit))
    total = tx.session.scalar(select(func.count()).select_from(Account).where(*named)) or 0
    return [AccountLine(*row) for row in found], total


def _cases(*which: ColumnElement[bool]) -> Select[Work, Queue, str]:
    theirs = work.items_query().join(Case, Case.work_id == Work.id).join(Contact, Contact.id == Case.contact_id)
    return theirs.where(*which)


def _count(*which: ColumnElement[bool]) -> Select[int]:
    counted = select(func.count()).select_from(Work).join(Case, Case.work_id == Work.id)
    return counted.join(Contact, Contact.id == Case.contact_id).where(*which)


def account_of_case(tx: Tx, number: int, contact: int, by: Representative) -> int:
    """Tell the account that the customer of a case belongs to.

    Raises:
        Refused: `right.missing`.
        NotFound: `account.none_of_case`.
    """
    check(by.role, Right.SEE_WORK)
    account = account_of(tx, contact)
    if account is None:
        raise NotFound("account.none_of_case", number=number)
    return account


def card(tx: Tx, account: int, by: Representative, *, offset: int = 0, limit: int = 8) -> AccountCard:
    """Show an account with its customers and a page of their open cases, as far as somebody sees those.

    Raises:
        Refused: `right.missing`.
        NotFound: `account.gone`.
    """
    check(by.role, Right.SEE_WORK)
    row = tx.session.get(Account, account)
    if row is None or row.closed_at is not None:
        raise NotFound("account.gone")
    belonging = select(Contact.id).where(*queries.belonging(account)).order_by(Contact.search_key, Contact.id)
    level, level_of = level_above(tx, account) if uses(tx) else (None, account)
    owner, owner_at = owner_above(tx, account)
    theirs = Contact.account_id == account, visible(tx, by)
    return AccountCard(
        account,
        row.name,
        people.get(tx, row.owner_id).name if row.owner_id is not None else None,
        level_name(tx, level) if level is not None and level_of == account else None,
        actions.domains(tx, account),
        row.note,
        tuple(finding.found_all(tx, tx.session.scalars(belonging.limit(CONTACTS)).all(), by)),
        queries.count_contacts(tx, account),
        _page(tx, theirs, offset, limit),
        tx.session.scalar(_count(*theirs, Work.state == WorkState.OPEN)) or 0,
        _resolved(tx, theirs),
        Inherited(people.get(tx, owner).name, name_of(tx, owner_at))
        if owner is not None and owner_at != account
        else None,
        Inherited(level_name(tx, level), name_of(tx, level_of)) if level is not None and level_of != account else None,
        aliases(tx, account),
        _tree(tx, row, by),
    )


def _tree(tx: Tx, row: Account, by: Representative) -> Tree | None:
    """Show where an account stands among others, and count what is in it and its parts."""
    below = levels_below(tx, row.id)
    if row.parent_id is None and not below:
        return None
    everything = [row.id, *(one for level in below for one in level)]
    contacts = select(func.count()).select_from(Contact)
    contacts = contacts.where(Contact.account_id.in_(everything), Contact.merged_into_id.is_(None))
    theirs = Contact.account_id.in_(everything), visible(tx, by), Work.state == WorkState.OPEN
    return Tree(
        (row.parent_id, name_of(tx, row.parent_id)) if row.parent_id is not None else None,
        tuple((one, name_of(tx, one)) for one in (below[0] if below else ())),
        tx.session.scalar(contacts) or 0,
        tx.session.scalar(_count(*theirs)) or 0,
    )


def _page(tx: Tx, theirs: tuple[ColumnElement[bool], ...], offset: int, limit: int) -> tuple[ItemView, ...]:
    query = _cases(*theirs, Work.state == WorkState.OPEN).order_by(
        Work.priority, Work.answered, Work.created_at, Work.id
    )
    return tuple(work.item_view(*row) for row in tx.session.execute(query.offset(offset).limit(limit)))


def _resolved(tx: Tx, theirs: tuple[ColumnElement[bool], ...]) -> tuple[ItemView, ...]:
    query = _cases(*theirs, Case.status == CaseStatus.RESOLVED).order_by(Case.resolved_at.desc(), Work.id.desc())
    return tuple(work.item_view(*row) for row in tx.session.execute(query.limit(RESOLVED)))
