"""Make accounts, and change what is said of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.accounts import queries
from core.customers.accounts import key_of, name_of
from core.customers.model import Account, AccountAlias, AccountDomain
from core.customers.public_mail import is_public
from core.customers.rules import is_mail_address
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people import queries as people
from core.people.rules import Right, check
from core.people.views import Representative
from core.work import cards
from core.work.model import MailAddress

#: Characters of the name of an account, and of its note.
NAME_LENGTH, NOTE_LENGTH = 80, 1000

#: The most domains of one account.
MOST_DOMAINS = 20


def may_keep(by: Representative) -> None:
    """Insist that somebody may keep accounts, before it is said how they are kept.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.KEEP_ACCOUNTS)


def new_account(tx: Tx, name: str, by: Representative) -> int:
    """Make an account, to which nobody belongs yet; returns its id.

    Raises:
        Refused: `right.missing`; `account.exists`, or `account.is_alias`.
        Misused: `account.name`: empty, too long, or only digits, which would read as the number of a case.
    """
    may_keep(by)
    clean = free_name(tx, name)
    row = Account(name=clean, name_key=key_of(clean), created_at=tx.now)
    tx.add(row)
    record(tx, "account_made", by.actor, subject=("account", row.id), name=clean)
    return row.id


def free_name(tx: Tx, name: str, *, but: int | None = None) -> str:
    """Bring a name into the form in which it is kept; that an account is called so that it is for is no matter.

    Raises:
        Refused: `account.exists`, or `account.is_alias`: another account is found by it.
        Misused: `account.name`.
    """
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LENGTH or clean.lstrip("№#").strip().isdigit():
        raise Misused("account.name", limit=NAME_LENGTH)
    known = tx.session.scalar(select(Account.id).where(Account.name_key == key_of(clean)))
    if known is not None and known != but:
        raise Refused("account.exists", name=clean)
    alias = tx.session.get(AccountAlias, key_of(clean))
    if alias is not None and alias.account_id != but:
        raise Refused("account.is_alias", alias=alias.name, name=name_of(tx, alias.account_id))
    if alias is not None:  # it is called so from now on
        tx.session.delete(alias)
    return clean


def lock_kept(tx: Tx, account: int, by: Representative) -> Account:
    """Lock an open account that somebody may change.

    Raises:
        Refused: `right.missing`.
        NotFound: `account.gone`: there is none, or it was closed or merged meanwhile.
    """
    may_keep(by)
    row = tx.lock(Account, account)
    if row is None or row.closed_at is not None:
        raise NotFound("account.gone")
    return row


def edited(tx: Tx, row: Account, by: Representative, field: str, **facts: Any) -> None:
    """Write down what was changed of an account."""
    tx.session.flush()
    record(tx, "account_edited", by.actor, subject=("account", row.id), field=field, **facts)


def rename(tx: Tx, account: int, name: str, by: Representative) -> None:
    """Give an account another name, which stands on the cards of its open cases from now on.

    Raises:
        As `new_account`; NotFound: `account.gone`.
    """
    row = lock_kept(tx, account, by)
    before, row.name = row.name, free_name(tx, name, but=account)
    row.name_key = key_of(row.name)
    edited(tx, row, by, "name", before=before, after=row.name)
    cards.changed_all(tx, tx.session.scalars(queries.open_cases(account)).all())


def set_owner(tx: Tx, account: int, person: int | None, by: Representative) -> None:
    """Put an account into somebody's care, or into nobody's.

    Raises:
        Refused: `right.missing`.
        NotFound: `account.gone`; `person.unknown`: they do not work here.
    """
    row = lock_kept(tx, account, by)
    if person is not None and not people.works_here(tx, person):
        raise NotFound("person.unknown", word=str(person), known=[one.handle for one in people.staff(tx)])
    before, row.owner_id = row.owner_id, person
    edited(tx, row, by, "owner", before=before, after=person)


def set_note(tx: Tx, account: int, words: str, by: Representative) -> None:
    """Say what staff should know of an account; no words take that away.

    Raises:
        Refused: `right.missing`.
        Misused: `account.note_long`.
        NotFound: `account.gone`.
    """
    row, clean = lock_kept(tx, account, by), " ".join(words.split())
    if len(clean) > NOTE_LENGTH:
        raise Misused("account.note_long", limit=NOTE_LENGTH, length=len(clean))
    row.note = clean or None
    edited(tx, row, by, "note", after=clean)


def add_domain(tx: Tx, account: int, domain: str, by: Representative) -> None:
    """Let whoever is met writing from a mail domain belong to an account; who is known already is asked to by hand.

    Raises:
        Refused: `right.missing`; `account.domain_public`: anybody may have an address there; `account.domain_ours`;
            `account.domain_taken`, with the account that has it; `account.domains_many`.
        Misused: `account.domain`: it is none.
        NotFound: `account.gone`.
    """
    row, clean = lock_kept(tx, account, by), domain.strip().casefold().lstrip("@")
    if "." not in clean or not is_mail_address(f"somebody@{clean}"):
        raise Misused("account.domain")
    if is_public(clean):
        raise Refused("account.domain_public", domain=clean)
    if clean in _ours(tx):
        raise Refused("account.domain_ours", domain=clean)
    known = tx.session.get(AccountDomain, clean)
    if known is not None and known.account_id != account:
        raise Refused("account.domain_taken", domain=clean, name=name_of(tx, known.account_id))
    if known is not None:
        return
    if len(domains(tx, account)) >= MOST_DOMAINS:
        raise Refused("account.domains_many", limit=MOST_DOMAINS)
    tx.add(AccountDomain(domain=clean, account_id=account))
    edited(tx, row, by, "domain", added=clean)


def _ours(tx: Tx) -> set[str]:
    return {
        tx.house.domain.casefold(),
        *(one.rpartition("@")[2] for one in tx.session.scalars(select(MailAddress.address))),
    }


def remove_domain(tx: Tx, account: int, domain: str, by: Representative) -> None:
    """Let a mail domain claim nobody any more; who belongs to the account by it stays.

    Raises:
        Refused: `right.missing`.
        NotFound: `account.gone`; `account.not_its_domain`.
    """
    row, clean = lock_kept(tx, account, by), domain.strip().casefold().lstrip("@")
    known = tx.session.get(AccountDomain, clean)
    if known is None or known.account_id != account:
        raise NotFound("account.not_its_domain", domain=clean, name=row.name)
    tx.session.delete(known)
    edited(tx, row, by, "domain", removed=clean)


def domains(tx: Tx, account: int) -> tuple[str, ...]:
    """List the mail domains of an account."""
    found = select(AccountDomain.domain).where(AccountDomain.account_id == account).order_by(AccountDomain.domain)
    return tuple(tx.session.scalars(found))
