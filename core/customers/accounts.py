"""Which account a customer belongs to: found by its name, and claimed by the domains of its people's mail."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from core.customers.account_tree import upwards
from core.customers.model import Account, AccountAlias, AccountDomain, Contact
from core.customers.public_mail import is_public
from core.desk import Tx
from core.errors import NotFound, Refused
from core.outbox.model import Channel
from core.people.model import Person
from core.people.rules import Right, check
from core.people.views import Representative

#: What may stand before a word of a name.
_BEFORE_WORDS = " «“„\"'’(-–/."

#: What stands around a name that is quoted, by some and not by others.
_QUOTES = "«»“”„\"'’"

#: So many accounts are named where words could mean several, or none.
NAMED = 5


@dataclass(frozen=True, slots=True)
class AccountName:
    """An account as it is named; `words` are those that followed its name."""

    id: int
    name: str
    words: str = ""


def key_of(words: str) -> str:
    """Bring a name to the form in which names are compared."""
    return unicodedata.normalize("NFC", " ".join(words.split())).casefold()


def find(tx: Tx, words: str, by: Representative) -> AccountName:
    """Find the one open account that words mean: by a name of it, by how only that begins, or only words within it.

    Raises:
        Refused: `right.missing`, or `account.ambiguous`, with those it could be.
        NotFound: `account.unknown`.
    """
    check(by.role, Right.SEE_WORK)
    key = key_of(words)
    found = _near(tx, [func.substr(_NAMES.c.key, 1, len(key)) == key]) if key else []
    bare = [word for one in key.split() if (word := one.strip(_QUOTES))]
    if bare and not found:  # names begin with what kind of organisation it is, and nobody calls it so: ТОВ «Ромашка»
        found = _near(tx, [_within(tx, word) for word in bare])
    if len(found) > 1 and found[0].key != key:  # a whole name comes before those that go on after it
        raise Refused("account.ambiguous", words=words, known=[one.name for one in found[:NAMED]])
    if not found:
        raise NotFound("account.unknown", words=" ".join(words.split()))
    return AccountName(found[0].id, found[0].name)


#: What open accounts are called, by their own names and by others.
_NAMES = union_all(
    select(Account.id, Account.name, Account.name_key.label("key")).where(Account.name_key.is_not(None)),
    select(Account.id, Account.name, AccountAlias.key).join(AccountAlias, AccountAlias.account_id == Account.id),
).subquery("account_names")


def _near(tx: Tx, which: Iterable[ColumnElement[bool]]) -> Sequence[Row[Any]]:
    """List accounts whose names are so, each once, by the name that comes first."""
    near = select(_NAMES).where(*which).order_by(_NAMES.c.key).limit(NAMED * 4)
    found = {row.id: row for row in reversed(tx.session.execute(near).all())}
    return sorted(found.values(), key=lambda row: row.key)


def _within(tx: Tx, word: str) -> ColumnElement[bool]:
    """Say of a name that one of its words begins with another."""
    return or_(
        func.substr(_NAMES.c.key, 1, len(word)) == word,
        *(holds(tx, _NAMES.c.key, f"{before}{word}") for before in _BEFORE_WORDS),
    )


def holds(tx: Tx, column: InstrumentedAttribute[Any] | ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Say of a text that it holds words, letter by letter: what LIKE means differs from one database to the other."""
    postgres = tx.session.get_bind().dialect.name == "postgresql"
    return (func.strpos if postgres else func.instr)(column, words) > 0


def find_before(tx: Tx, words: str, by: Representative, stops: Collection[str]) -> AccountName:
    """Find the account that words begin with: by the longest whole name there, else by what stands before a word.

    Args:
        stops: the words, casefolded, that may follow a name.

    Raises:
        As `find`.
    """
    check(by.role, Right.SEE_WORK)
    written = words.split()
    keys = {key_of(" ".join(written[:end])): end for end in range(1, len(written) + 1)}
    whole = select(_NAMES).where(_NAMES.c.key.in_(keys))
    longest = max(tx.session.execute(whole).all(), key=lambda one: keys[one.key], default=None)
    if longest is not None:
        return AccountName(longest.id, longest.name, " ".join(written[keys[longest.key] :]))
    folded = [one.casefold().rstrip(":") for one in written]
    end = next((place for place in range(1, len(written)) if folded[place] in stops), len(written))
    found = find(tx, " ".join(written[:end]), by)
    return AccountName(found.id, found.name, " ".join(written[end:]))


def account_of(tx: Tx, contact: int) -> int | None:
    """Tell which account a customer belongs to."""
    row = tx.find(Contact, contact)
    return row.account_id if row is not None else None


def name_of(tx: Tx, account: int) -> str:
    """Tell the name of an account, closed or not."""
    row = tx.find(Account, account)
    return row.name if row is not None else ""


def owner_of(tx: Tx, contact: int) -> int | None:
    """Tell in whose care the account of a customer is: the nearest that has somebody, who still works here."""
    account = account_of(tx, contact)
    return owner_above(tx, account)[0] if account is not None else None


def owner_above(tx: Tx, account: int) -> tuple[int | None, int]:
    """Tell in whose care an account is, by itself or as a part of others, and which of them says so."""
    for here in upwards(tx, account):
        row = tx.find(Account, here)
        person = tx.find(Person, row.owner_id) if row is not None and row.owner_id is not None else None
        if person is not None and person.dismissed_at is None:
            return person.id, here
    return None, account


def claimed_by(tx: Tx, channel: Channel, address: str) -> int | None:
    """Tell which account claims whoever writes from an address, by its domain; asked for once a transaction."""
    if channel is not Channel.EMAIL:
        return None
    domain = domain_of(address)
    if ("claimed", domain) not in tx.memo:
        look_up_domains(tx, [address])
    found: int | None = tx.memo["claimed", domain]
    return found


def look_up_domains(tx: Tx, addresses: Iterable[str]) -> None:
    """Ask at once which accounts claim many addresses; `claimed_by` asks no more for them in this transaction."""
    asked = {domain_of(one) for one in addresses}
    domains = {one for one in asked if not is_public(one)}  # those are nobody's
    known = select(AccountDomain.domain, AccountDomain.account_id).where(AccountDomain.domain.in_(domains))
    # Locked, or somebody could come to belong to an account that is closed or merged at this moment.
    known = known.join(Account, Account.id == AccountDomain.account_id).where(Account.closed_at.is_(None))
    known = known.with_for_update(of=Account, read=True, key_share=True)
    found = {row.domain: row.account_id for row in tx.session.execute(known)} if domains else {}
    for domain in asked:
        tx.memo["claimed", domain] = found.get(domain)


def domain_of(address: str) -> str:
    """Tell the domain of a mail address, as domains are compared."""
    return address.rpartition("@")[2].casefold()
