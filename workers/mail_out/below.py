"""What stands below an answer by mail: a signature, and what was said before where the queue wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from core.cases.model import Entry
from core.cases.rules import CAME_SEALED, EntryKind
from core.customers import actions as customers
from core.desk import Tx
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.people import queries as people
from core.people import signatures
from core.texts.said import said
from core.texts.say import Reader, say_plain
from core.work.mailing import Below
from core.work.mailing import below as of_queue
from workers.mail_out.markup import SIGNATURE_LINE

#: So many messages are quoted, and so many characters of each.
QUOTED, QUOTED_LENGTH = 3, 2000


@dataclass(frozen=True, slots=True)
class Among:
    """Who else reads a letter than the customer: their addresses, and since when the last of them takes part."""

    addresses: frozenset[str]
    since: datetime


def below_answer(tx: Tx, entry: Entry, contact: int, reader: Reader, among: Among | None = None) -> str:
    """Write what follows the words of an answer, with the blank lines before it; empty where nothing does.

    Args:
        among: nothing is quoted that is not for all of them; None where the customer alone reads it.
    """
    queue = of_queue(tx, entry.work_id, reader.locale)
    parts = [_signed(tx, entry, queue, reader), _quoted(tx, entry, contact, reader, among) if queue.quotes else ""]
    return "".join(f"\n\n{part}" for part in parts if part)


def said_to_each_other(contact: int) -> ColumnElement[bool]:
    """Tell, in a statement, whether a message is of this customer, or an answer to them.

    A case may hold what others said, strangers or customers of cases that were merged into it: that is not theirs to
    read, and neither is what the desk answered them.
    """
    theirs = exists().where(Owed.entry_id == Entry.id, Owed.kind == OwedKind.ANSWER, Owed.contact_id == contact)
    return or_(
        (Entry.kind == EntryKind.CUSTOMER) & (Entry.contact_id == contact), (Entry.kind == EntryKind.ANSWER) & theirs
    )


def _signed(tx: Tx, entry: Entry, queue: Below, reader: Reader) -> str:
    """Put what whoever wrote says of themselves before what their queue says (RFC 3676, section 4.3)."""
    own = signatures.of_person(tx, entry.person_id, reader.locale) if entry.person_id is not None else ""
    words = "\n".join(one for one in (own, queue.signature) if one)
    return f"{SIGNATURE_LINE}\n{words}" if words else ""


def _quoted(tx: Tx, entry: Entry, contact: int, reader: Reader, among: Among | None) -> str:
    """Quote the latest that was said between this customer and the desk, the newest first.

    What came sealed is not sent back in the clear.
    """
    query = (
        select(Entry)
        .where(Entry.work_id == entry.work_id, Entry.id < entry.id, Entry.text != "", said_to_each_other(contact))
        .order_by(Entry.id.desc())
        .limit(QUOTED)
    )
    if among is not None:
        query = query.where(Entry.at >= among.since)
    rows = [row for row in tx.session.scalars(query) if CAME_SEALED not in row.flags]
    return "\n\n".join(_one(tx, row, reader) for row in rows if among is None or _is_for_all(tx, row, contact, among))


def _is_for_all(tx: Tx, row: Entry, contact: int, among: Among) -> bool:
    """Tell whether those in copy may read a message: what was answered to the customer only, or in chat, stays there.

    So does what the customer wrote after such an answer: it speaks of it.
    """
    if row.channel is not Channel.EMAIL:
        return False
    answers = select(Entry.id).where(
        Entry.work_id == row.work_id,
        Entry.kind == EntryKind.ANSWER,
        Entry.id <= row.id,
        Entry.at >= among.since,
        said_to_each_other(contact),
    )
    last = tx.session.scalar(answers.order_by(Entry.id.desc()).limit(1))
    if last is None:
        return True
    went_to = select(Owed.address).where(
        Owed.entry_id == last, Owed.kind == OwedKind.COPY, Owed.state != OwedState.WITHDRAWN
    )
    return among.addresses <= set(tx.session.scalars(went_to))


def _one(tx: Tx, row: Entry, reader: Reader) -> str:
    person = row.person_id is not None
    name = people.get(tx, row.person_id).name if row.person_id is not None else ""
    name = name if person else customers.get(tx, row.contact_id).name if row.contact_id is not None else ""
    head = say_plain(said("post.quoted", name=name, at=row.at), reader)
    words = row.text if len(row.text) <= QUOTED_LENGTH else f"{row.text[:QUOTED_LENGTH].rstrip()} …"
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join([head, *(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)])
