"""Erase a customer: their name, addresses and words go, wherever they stand; that they were there, and counts, stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from sqlalchemy import delete, func, or_, select, update

from core.activities.model import Activity
from core.cases.erasing import empty_letters, empty_owed, erase_activities, erase_party, erase_words, index_anew
from core.cases.model import Case
from core.cases.parties import cases_with
from core.customers.actions import search_key
from core.customers.codes import drop_codes
from core.customers.model import AddressCode, Contact, ContactAddress, SenderRule
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import record, record_all
from core.history.model import Happened
from core.inbox.model import InboxState, Letter, Update
from core.outbox.model import Channel, Owed, OwedKind
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.said import said
from core.texts.say import Reader, say_plain
from core.work.model import ChatMessage, Draft, Work
from core.work.rules import WorkState

#: So many of the open cases that keep a customer from being erased are named.
NAMED = 10

#: A name of so many characters is looked for in all of its cases: by how words begin.
LONG_NAME = 4

#: What the history tells of where a customer worked.
_OF_ACCOUNTS = ("account_joined", "account_left")

_UNREAD = {"synchronize_session": False}


def check_erasable(tx: Tx, contact: int, by: Representative) -> None:
    """Insist that a customer can be erased: nothing of theirs is open.

    Raises:
        Refused: `right.missing`; `contact.has_open`, with the numbers.
    """
    check(by.role, Right.KEEP_CONTACTS)
    theirs = select(Case.work_id).join(Work, Work.id == Case.work_id)
    theirs = theirs.where(Case.contact_id == contact, Work.state == WorkState.OPEN).order_by(Case.work_id)
    found = list(tx.session.scalars(theirs.limit(NAMED)))
    if found:
        raise Refused("contact.has_open", count=len(found), numbers=[f"№{number}" for number in found])


def erase_contact(tx: Tx, contact: int, by: Representative) -> None:
    """Erase a customer; it cannot be undone. Files leave the disk after a while.

    Raises:
        Refused: as `check_erasable`; `contact.erased`; `contact.merged`: it goes on as another meanwhile.
        NotFound: `contact.unknown`.
    """
    check_erasable(tx, contact, by)
    mine = select(Case.work_id).where(Case.contact_id == contact)
    in_copy = cases_with(tx, _addresses(tx, contact)[Channel.EMAIL])
    locked = select(Work).where(or_(Work.id.in_(mine), Work.id.in_(in_copy))).order_by(Work.id).with_for_update()
    own = set(tx.session.scalars(mine))
    items = [item for item in tx.session.scalars(locked).all() if item.id in own]
    row = tx.lock(Contact, contact)
    if row is None:
        raise NotFound("contact.unknown")
    if row.merged_into_id is not None:
        raise Refused("contact.merged")
    if row.erased_at is not None:
        raise Refused("contact.erased")
    check_erasable(tx, contact, by)  # nothing was opened before all of it was locked
    numbers = [item.id for item in items]
    others = sorted({*in_copy, *(item.merged_into_id for item in items if item.merged_into_id)} - set(numbers))
    names = _names_of(tx, contact)
    addresses = _addresses(tx, contact)
    erase_words(tx, numbers, contact=contact, elsewhere=others)
    alone = select(Activity.work_id).where(Activity.contact_id == contact)
    erase_activities(tx, tx.session.scalars(alone).all())
    _erase_letters(tx, addresses[Channel.EMAIL])
    taken_part = erase_party(tx, addresses[Channel.EMAIL])
    _erase_chats(tx, addresses)
    _erase_drafts(tx, [*names, *addresses[Channel.EMAIL]], numbers)
    _erase_owed(tx, contact)
    _erase_rows(tx, contact)
    index_anew(tx, sorted({*numbers, *taken_part}))  # once more: now they are found by no name and no address
    record(tx, "contact_erased", by.actor, subject=("contact", contact))
    record_all(tx, "words_erased", by.actor, numbers)


def _names_of(tx: Tx, contact: int) -> list[str]:
    same = select(Contact.name).where(or_(Contact.id == contact, Contact.merged_into_id == contact))
    return list(tx.session.scalars(same))


def _addresses(tx: Tx, contact: int) -> dict[Channel, list[str]]:
    found: dict[Channel, list[str]] = {channel: [] for channel in Channel}
    rows = tx.session.execute(
        select(ContactAddress.channel, ContactAddress.address).where(ContactAddress.contact_id == contact)
    )
    for channel, address in rows:
        found[Channel(channel)].append(address)
    return found


def _erase_letters(tx: Tx, addresses: Sequence[str]) -> None:
    """Erase the letters of a sender that became no message: those that were set aside, refused or are repeats."""
    written = [form for one in addresses for form in (one, f"<{one}>")]
    # What nobody has understood yet is not lost: whoever wrote it is met anew by it.
    sent = func.lower(Letter.mail_from).in_(written), Letter.state != InboxState.KEPT
    found = set(tx.session.scalars(select(Letter.id).where(*sent))) if written else set()
    # Of a large one nothing else tells, nor of one that was dropped where its envelope names another.
    named = Letter.facts["from"].as_string().in_(addresses), Letter.work_id.is_(None), Letter.state != InboxState.KEPT
    found |= set(tx.session.scalars(select(Letter.id).where(*named))) if addresses else set()
    aside = select(Letter.id, Letter.raw).where(Letter.state == InboxState.SET_ASIDE)
    for row, raw in tx.session.execute(aside) if addresses else ():
        sender = _sender_of(raw) if raw is not None else ""
        if any(_is_named(one, sender) for one in addresses):
            found.add(row)
    empty_letters(tx, sorted(found))
    tx.session.execute(delete(SenderRule).where(SenderRule.pattern.in_(addresses)))


def _sender_of(raw: bytes) -> str:
    """Read of a letter what its head says of whom it is from (RFC 5322, 3.6.2); in others they may only be named."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0].decode("utf-8", "replace")
    lines = re.sub(r"\r?\n[ \t]+", " ", head).lower().splitlines()
    return "\n".join(line for line in lines if line.startswith(("from:", "sender:")))


def _erase_chats(tx: Tx, addresses: dict[Channel, list[str]]) -> None:
    """Erase what came from their chats, raw, and which messages there were about what."""
    chats = [int(one) for one in addresses[Channel.TELEGRAM] if one.lstrip("-").isdigit()]
    for chat in chats:
        raws = select(Update).where(Update.raw.contains(str(chat)), Update.state != InboxState.KEPT)
        for row in tx.session.scalars(raws):
            if _is_of(row.raw, chat):
                row.raw, row.reason = "{}", None
    for address in addresses[Channel.EMAIL]:
        written = json.dumps(address)[1:-1]
        named = func.lower(Update.raw).contains(written, autoescape=True), Update.state != InboxState.KEPT
        for row in tx.session.scalars(select(Update).where(*named)):
            if any(_is_named(address, one.lower()) for one in _strings(_read(row.raw))):
                row.raw = "{}"
    tx.session.flush()
    for table, column in ((ChatMessage, ChatMessage.chat_id), (Draft, Draft.chat_id)):
        tx.session.execute(delete(table).where(column.in_(chats)), execution_options=_UNREAD)


def _is_named(address: str, text: str) -> bool:
    """Tell whether an address stands in a text, and not only as a part of another's."""
    return re.search(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", text) is not None


def _strings(what: object) -> Iterator[str]:
    """List all that is written in what was read of JSON."""
    if isinstance(what, str):
        yield what
    elif isinstance(what, dict | list):
        for one in what.values() if isinstance(what, dict) else what:
            yield from _strings(one)


def _read(raw: str) -> object:
    """Read JSON; what cannot be read, and was set aside for that, as the text it is."""
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _is_of(raw: str, chat: int) -> bool:
    """Tell whether a raw update names a chat by its id."""

    def named(what: object) -> bool:
        if isinstance(what, dict):
            return what.get("id") == chat or any(named(one) for one in what.values())
        return isinstance(what, list) and any(named(one) for one in what)

    try:
        return named(json.loads(raw))
    except ValueError:  # it was set aside, for it cannot be read; the number of the chat stands in it
        return True


def _erase_drafts(tx: Tx, words: Sequence[str], numbers: Sequence[int]) -> None:
    """Drop what representatives have begun to write about them."""
    keys, known = [_as_written(search_key(one)) for one in words if one], set(numbers)
    for row in tx.session.scalars(select(Draft)):
        held = [search_key(one) for one in _strings(row.state)]
        if row.state.get("number") in known or any(key.search(one) for key in keys for one in held):
            tx.session.delete(row)
    tx.session.flush()


def _as_written(key: str) -> re.Pattern[str]:
    """Find a name or an address where a word begins; a short one only as a whole word, for others have it in them."""
    return re.compile(rf"(?<!\w){re.escape(key)}" + (r"" if len(key) >= LONG_NAME else r"(?!\w)"))


def _erase_owed(tx: Tx, contact: int) -> None:
    """Empty what was said to them; and what was said to the staff of several things at once, which may name them."""
    same = select(Contact.id).where(or_(Contact.id == contact, Contact.merged_into_id == contact))
    empty_owed(tx, Owed.contact_id.in_(same))
    gone = update(Owed).where(Owed.contact_id.in_(same)).values(address="", lane="", domain=None)
    tx.session.execute(gone, execution_options=_UNREAD)
    empty_owed(
        tx,
        Owed.person_id.is_not(None) & Owed.work_id.is_(None) & (Owed.kind == OwedKind.NOTICE),
        settled_only=True,
    )


def _erase_rows(tx: Tx, contact: int) -> None:
    drop_codes(tx, contact)
    name = say_plain(said("erased.name"), Reader(tx.house.locale, tx.house.zone, tx.now))
    same = or_(Contact.id == contact, Contact.merged_into_id == contact)
    tx.session.execute(
        update(AddressCode).where(AddressCode.contact_id.in_(select(Contact.id).where(same))).values(address=""),
        execution_options=_UNREAD,
    )
    tx.session.execute(delete(ContactAddress).where(ContactAddress.contact_id == contact), execution_options=_UNREAD)
    gone = {"name": name, "search_key": "", "zone": None, "locale_chosen": False, "erased_at": tx.now}
    gone["account_id"] = None  # where somebody works is known of nobody
    tx.session.execute(update(Contact).where(same).values(**gone), execution_options=_UNREAD)
    tx.forget(Contact, contact)
    known = Happened.subject_id.in_(select(Contact.id).where(same))
    theirs = Happened.subject == "contact", known, Happened.verb.in_(_OF_ACCOUNTS)
    tx.session.execute(update(Happened).where(*theirs).values(facts={}), execution_options=_UNREAD)
