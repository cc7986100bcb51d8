"""Who takes part in a case, by hand: brought in, taken off, or let in with a letter that was set beside or aside."""

from __future__ import annotations

from sqlalchemy import select

from core.cases import indexing, letters, merging, parties
from core.cases.editing import lock_editable
from core.cases.model import Case
from core.customers.addresses import contact_behind
from core.customers.failing import failing
from core.customers.model import Contact, ContactAddress
from core.customers.rules import is_mail_address
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.inbox import queries as waiting
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.lines import one_line
from core.work import cards
from core.work.actions import touch
from core.work.model import MailAddress, Work


def copy(tx: Tx, number: int, words: str, by: Representative) -> str:
    """Let whoever has a mail address take part in an open case: answers by mail go there too, and theirs join it.

    Returns:
        The address, as it is compared.

    Raises:
        As `core.cases.editing.lock_editable`.
        Misused: `usage.copy`: it is no address.
        Refused: `right.missing`; `party.ours`, `party.is_customer`, `party.already`, `party.too_many`; `party.banned`,
            `party.fails` and `party.complained`: nothing is sent there.
    """
    check(by.role, Right.ANSWER)
    row, work = lock_editable(tx, number, by)
    address = _address(tx, words)
    if contact_behind(tx, Channel.EMAIL, address) == row.contact_id:
        raise Refused("party.is_customer", number=number, address=address)
    _bring_in(tx, work, address, by)
    return address


def _address(tx: Tx, words: str) -> str:
    clean = words.strip().strip("<>").casefold()
    if not is_mail_address(clean) or one_line(clean) != clean or not clean.isprintable():
        raise Misused("usage.copy")
    local, _, domain = clean.rpartition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    if bare == tx.house.reply_address.casefold() or tx.session.get(MailAddress, bare) is not None:
        raise Refused("party.ours", address=clean)
    return clean


def _bring_in(tx: Tx, work: Work, address: str, by: Representative) -> None:
    """Bring in the owner of an address, where there is room and letters go there."""
    _check_written_to(tx, address)
    if parties.known_here(tx, work.id).get(address):
        raise Refused("party.already", number=work.id, address=address)
    if parties.count(tx, work.id) >= parties.MOST:
        raise Refused("party.too_many", number=work.id, most=parties.MOST)
    parties.bring_in(tx, work.id, address, "", by.actor)
    _changed(tx, work)


def _check_written_to(tx: Tx, address: str) -> None:
    known = select(ContactAddress).where(ContactAddress.channel == Channel.EMAIL, ContactAddress.address == address)
    row = tx.session.scalar(known)
    if row is not None and tx.session.get_one(Contact, row.contact_id).banned_at is not None:
        raise Refused("party.banned", address=address)
    fails = failing(row)
    if fails is not None and fails.given_up:
        raise Refused("party.fails", address=address, since=fails.since, why=fails.reason)
    if row is not None and row.complained_at is not None:
        raise Refused("party.complained", address=address, at=row.complained_at)


def _changed(tx: Tx, work: Work) -> None:
    touch(work, tx)
    tx.session.flush()
    indexing.changed(tx, work.id)
    cards.changed(tx, work.id)


def uncopy(tx: Tx, number: int, words: str, by: Representative) -> str:
    """Let somebody take part in an open case no more; no letter brings them in again. The only one need not be named.

    Returns:
        The address.

    Raises:
        As `core.cases.editing.lock_editable`.
        Misused: `usage.uncopy`: several take part, and none is named.
        NotFound: `party.unknown`, with those who take part; `party.nobody`.
        Refused: `right.missing`.
    """
    check(by.role, Right.ANSWER)
    _, work = lock_editable(tx, number, by)
    here = [one.address for one in parties.parties_of(tx, number)]
    if not here:
        raise NotFound("party.nobody", number=number)
    named = words.strip().strip("<>").casefold()
    if not named and len(here) > 1:
        raise Misused("usage.uncopy")
    address = named or here[0]
    if not parties.let_go(tx, number, address, by.actor):
        raise NotFound("party.unknown", number=number, address=one_line(address)[:80], known=here)
    _changed(tx, work)
    return address


def join(tx: Tx, number: int, into: int, by: Representative) -> int:
    """Let in somebody who answered a case they were not on: their case is merged into it, and they take part.

    Returns:
        The number of the case that goes on.

    Raises:
        As `core.cases.merging.merge` of one case.
        Refused: `right.missing`; `party.no_mail`: they did not write by mail; `party.too_many`, `party.banned`,
            `party.fails`, `party.complained`.
    """
    check(by.role, Right.ANSWER)
    theirs = tx.session.get(Case, number)
    address = theirs.reply_address if theirs is not None and theirs.reply_channel is Channel.EMAIL else ""
    contact = theirs.contact_id if theirs is not None else None
    goes_on = merging.merge(tx, [number], into, by, confirmed=True)
    if not address:
        raise Refused("party.no_mail", number=number)
    if contact != tx.session.get_one(Case, goes_on).contact_id and not parties.known_here(tx, goes_on).get(address):
        _bring_in(tx, tx.session.get_one(Work, goes_on), address, by)
    return goes_on


def join_letter(tx: Tx, letter: int, by: Representative) -> int:
    """Let in the sender of a letter that was set aside, and the letter through: they take part in the case it names.

    Returns:
        The number of the case.

    Raises:
        As `core.cases.editing.lock_editable`, of the case.
        NotFound: `letter.unknown`: no such letter is set aside, or it names no case.
        Refused: `right.missing`; `party.ours`, `party.too_many`, `party.banned`, `party.fails` or `party.complained`.
        Misused: `usage.copy`: it has no sender.
    """
    check(by.role, Right.RELEASE_LETTERS)
    row = letters.lock_aside(tx, letter)
    number = waiting.case_of(row)
    if number is None:
        raise NotFound("letter.unknown", number=letter)
    case, work = lock_editable(tx, number, by)
    address = _address(tx, waiting.sender_of(row))
    own = contact_behind(tx, Channel.EMAIL, address) == case.contact_id
    if not own and not parties.known_here(tx, number).get(address):
        _bring_in(tx, work, address, by)
    letters.release(tx, letter, by)
    return number
