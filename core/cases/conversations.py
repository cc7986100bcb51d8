"""Find what was said in cases, with its files; read only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, bindparam, select

from core.cases.elsewhere import is_logged
from core.cases.model import Entry, File
from core.cases.on_its_way import delivery_of
from core.cases.rules import EntryKind, FileState
from core.cases.views import EntryView, FileView, WholeView
from core.customers.model import Contact
from core.desk import Tx
from core.errors import NotFound
from core.outbox.model import Channel
from core.people.model import Person
from core.work.model import ChatMessage


def file_view(row: File) -> FileView:
    """Show a file to the outside."""
    return FileView(
        row.id,
        row.entry_id,
        row.kind,
        row.name,
        row.content_type,
        row.size,
        FileState(row.state),
        row.digest,
        row.telegram_id,
    )


def files_of(tx: Tx, entries: Iterable[int]) -> dict[int, tuple[FileView, ...]]:
    """List the files of some messages, by message."""
    found: dict[int, tuple[FileView, ...]] = {}
    for row in tx.session.scalars(select(File).where(File.entry_id.in_(list(entries))).order_by(File.id)):
        found[row.entry_id] = (*found.get(row.entry_id, ()), file_view(row))
    return found


def conversation(
    tx: Tx, number: int, *, before: int | None = None, limit: int = 10, only: EntryKind | None = None
) -> list[EntryView]:
    """List the latest messages of a case, oldest first.

    Args:
        before: the id of a message, to page back.
        only: messages of this kind.
    """
    query = _entries(number).order_by(Entry.id.desc()).limit(limit)
    if only is not None:
        query = query.where(Entry.kind == only)
    if before is not None:
        query = query.where(Entry.id < before)
    return _shown(tx, query)[::-1]


def shown_where(tx: Tx, number: int, which: ColumnElement[bool]) -> list[EntryView]:
    """List the messages of a case of which something holds, oldest first."""
    return _shown(tx, _entries(number).where(which).order_by(Entry.id))


def whole(tx: Tx, number: int, entry: int) -> WholeView:
    """Show one message of a case with all of its words.

    Raises:
        NotFound: `message.unknown`: it is no message of that case.
    """
    found = _shown(tx, _entries(number).where(Entry.id == entry))
    if not found:
        raise NotFound("message.unknown", number=number)
    return WholeView(number, found[0], tx.session.get_one(Entry, entry).full_text)


def _entries(number: int) -> Select[Entry, str, str]:
    return (
        select(Entry, Person.name, Contact.name)
        .outerjoin(Person, Person.id == Entry.person_id)
        .outerjoin(Contact, Contact.id == Entry.contact_id)
        .where(Entry.work_id == number, Entry.kind != EntryKind.WITHDRAWN)
    )


_LAST = (
    select(Entry, Person.name, Contact.name)
    .outerjoin(Person, Person.id == Entry.person_id)
    .outerjoin(Contact, Contact.id == Entry.contact_id)
    .where(Entry.work_id == bindparam("number"), Entry.kind != EntryKind.WITHDRAWN)
    .order_by(Entry.id.desc())
    .limit(bindparam("most"))
)


#: So many things that happened outside the desk are looked past for what was said last.
_LOOK_PAST = 3


def last_said(tx: Tx, number: int, *, files: bool) -> list[EntryView]:
    """Show what was said last; what was only logged hides no message that may still wait for its answer."""
    found = _shown(tx, _LAST, files=files, number=number, most=1)
    if found and is_logged(found[0].flags):
        found = _shown(tx, _LAST, files=files, number=number, most=1 + _LOOK_PAST)
    return [next((one for one in found if not is_logged(one.flags)), found[0])] if found else []


def _shown(tx: Tx, query: Select[Entry, str, str], *, files: bool = True, **facts: int) -> list[EntryView]:
    """Show the messages that a query finds; `files` is False where it is known that they have none."""
    rows = tx.session.execute(query, facts).all()
    ids = [entry.id for entry, _, _ in rows]
    theirs = files_of(tx, ids) if files and ids else {}
    answers = [entry.id for entry, _, _ in rows if entry.kind is EntryKind.ANSWER]
    sent = delivery_of(tx, answers) if answers else {}
    return [
        EntryView(
            id=entry.id,
            kind=EntryKind(entry.kind),
            channel=Channel(entry.channel) if entry.channel else None,
            at=entry.at,
            author=person or contact or "",
            text=entry.text,
            edited_at=entry.edited_at,
            flags=tuple(entry.flags),
            files=theirs.get(entry.id, ()),
            delivery=sent.get(entry.id),
            arrived_at=entry.arrived_at,
            read_at=entry.read_at,
            copied=tuple(entry.copied or ()),
        )
        for entry, person, contact in rows
    ]


def entry_by_chat(tx: Tx, chat_id: int, message_id: int) -> Entry | None:
    """Find the message of a case that a chat message became, or became a part of."""
    first = select(Entry).where(Entry.chat_id == chat_id, Entry.chat_message_id == message_id).limit(1)
    part = select(Entry).join(ChatMessage, ChatMessage.entry_id == Entry.id)
    part = part.where(ChatMessage.chat_id == chat_id, ChatMessage.message_id == message_id)
    return tx.session.scalar(first) or tx.session.scalar(part)


def entries_by_message_ids(tx: Tx, message_ids: Iterable[str]) -> list[tuple[str, int]]:
    """Find the cases that letters with these Message-IDs belong to, as (Message-ID, number)."""
    wanted = list(message_ids)
    if not wanted:
        return []
    rows = tx.session.execute(
        select(Entry.message_id, Entry.work_id).where(Entry.message_id.in_(wanted)).order_by(Entry.id.desc())
    )
    return [(message_id, number) for message_id, number in rows if message_id is not None]


def cases_of_conversation(tx: Tx, conversation: str) -> list[int]:
    """Find the cases that letters of one conversation of Outlook's belong to, the latest first; a few of them."""
    rows = tx.session.scalars(
        select(Entry.work_id).where(Entry.conversation == conversation).order_by(Entry.id.desc()).limit(50)
    )
    return list(dict.fromkeys(rows))


def is_answered(tx: Tx, number: int) -> bool:
    """Tell whether the last words of a case, notes apart, are ours."""
    talk = select(Entry.kind).where(Entry.work_id == number, Entry.kind.in_((EntryKind.CUSTOMER, EntryKind.ANSWER)))
    return tx.session.scalar(talk.order_by(Entry.id.desc()).limit(1)) is EntryKind.ANSWER


def answer_words(tx: Tx, entry: int, chat_id: int) -> tuple[str, int | None]:
    """Tell the words of an answer, and the customer's latest message in that chat that it answers."""
    row = tx.session.get_one(Entry, entry)
    last = tx.session.scalar(
        select(Entry.chat_message_id)
        .where(
            Entry.work_id == row.work_id,
            Entry.kind == EntryKind.CUSTOMER,
            Entry.chat_id == chat_id,
            Entry.id < entry,
        )
        .order_by(Entry.id.desc())
        .limit(1)
    )
    return row.text, last
