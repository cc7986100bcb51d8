"""Files of messages on their way from Telegram into the desk's own keeping."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from core.cases.conversations import file_view
from core.cases.model import Entry, File
from core.cases.rules import EntryKind, FileState
from core.cases.views import FileView, NumberedFile
from core.customers.model import Contact
from core.desk import Tx
from core.people.model import Person
from core.store.base import is_written

#: A file that could not be fetched so often is called lost; it can still be looked at in the chat it came from.
MAX_TRIES = 8


def waiting_files(tx: Tx, limit: int = 8) -> list[FileView]:
    """List files that are to be fetched now."""
    return [file_view(row) for row in tx.session.scalars(_WAITING, {"now": tx.now, "most": limit})]


_WAITING = (
    select(File)
    .where(is_written(File.state, FileState.WAITING), File.due_at <= bindparam("now"))
    .order_by(File.due_at)
    .limit(bindparam("most"))
)


def file_kept(tx: Tx, file: int, digest: str, size: int) -> None:
    """Note that a file is kept under its digest; `size` in bytes."""
    row = tx.lock_one(File, file)
    row.state, row.digest, row.size, row.due_at = FileState.KEPT, digest, size, None


def file_failed(tx: Tx, file: int, *, final: FileState | None = None) -> None:
    """Note that fetching failed: for good, or to be tried again later and later."""
    row = tx.lock_one(File, file)
    row.tries += 1
    if final or row.tries >= MAX_TRIES:
        row.state, row.due_at = final or FileState.LOST, None
    else:
        row.due_at = tx.now + timedelta(seconds=2**row.tries)


def files_of_case(tx: Tx, number: int, limit: int = 20) -> list[FileView]:
    """List the latest files of a case, oldest first."""
    rows = tx.session.scalars(
        select(File)
        .join(Entry, Entry.id == File.entry_id)
        .where(Entry.work_id == number)
        .order_by(File.id.desc())
        .limit(limit)
    ).all()
    return [file_view(row) for row in rows[::-1]]


def _of_case(number: int) -> ColumnElement[bool]:
    return and_(Entry.work_id == number, Entry.kind != EntryKind.WITHDRAWN)


def numbered(tx: Tx, number: int, *, offset: int = 0, limit: int = 8) -> list[NumberedFile]:
    """List a page of the files of a case, in the order in which they came, each with its number from 1 on."""
    rows = tx.session.execute(
        select(File, Person.name, Contact.name, Entry.at)
        .join(Entry, Entry.id == File.entry_id)
        .outerjoin(Person, Person.id == Entry.person_id)
        .outerjoin(Contact, Contact.id == Entry.contact_id)
        .where(_of_case(number))
        .order_by(Entry.at, File.id)
        .offset(offset)
        .limit(limit)
    )
    return [
        NumberedFile(place, file_view(file), person or contact or "", at)
        for place, (file, person, contact, at) in enumerate(rows, offset + 1)
    ]


def count(tx: Tx, number: int) -> int:
    """Count the files of a case."""
    found = select(func.count()).select_from(File).join(Entry, Entry.id == File.entry_id)
    return tx.session.scalar(found.where(_of_case(number))) or 0


def get_file(tx: Tx, file: int) -> FileView:
    """Show one file; it must exist."""
    return file_view(tx.session.get_one(File, file))
