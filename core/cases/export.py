"""All that is kept of a customer, as one archive: a JSON file that tells it, and the files beside it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import inspect, or_, select

from core.activities.model import Activity
from core.cases.model import Case, CaseParty, Entry, File
from core.cases.names import file_name
from core.cases.parties import OF_PARTIES, cases_with
from core.customers.accounts import account_of, name_of
from core.customers.actions import get
from core.customers.model import AddressCode, Contact, ContactAddress
from core.desk import Tx
from core.history.actions import record
from core.history.model import Happened
from core.inbox.model import Letter
from core.outbox.actions import Message, owe, owe_notice
from core.outbox.model import Channel, OwedKind
from core.people.rules import Right, check, may
from core.people.views import Representative
from core.store.base import Base
from core.store.files import FileStore
from core.texts.said import notice
from core.work.model import Work

#: Bytes of files that go into one archive: a bot sends no more than 50 MB (core.telegram.org/bots/api#senddocument).
FILES_BYTES = 45 * 1024 * 1024

#: So soon it is sent: not in the transaction in which it is asked for, for it takes a while to put together.
_SOON = timedelta(seconds=1)

#: Columns that are of the desk's own working, and say nothing of anybody.
_OURS = {"search_key", "nonce", "raw", "told_of_id", "lease_until"}

#: The instant at which the date of every file in an archive stands, so that equal ones are equal.
_DATED = (1980, 1, 1, 0, 0, 0)


def send_export(tx: Tx, contact: int, by: Representative) -> None:
    """Owe whoever asks all that is kept of a customer; it is put together when it is sent, and kept nowhere.

    That it comes is owed here too, for what is owed to a chat goes out in order: said later, it would come below it.

    Raises:
        Refused: `right.missing`.
        NotFound: `contact.unknown`.
    """
    check(by.role, Right.KEEP_CONTACTS)
    name = get(tx, contact).name
    record(tx, "contact_exported", by.actor, subject=("contact", contact))
    if by.to:
        owe_notice(tx, by.to, notice("export.soon", name=name), sound=False)
        facts = notice("export.here", name=name).to_json() | {"export": contact}
        owe(tx, by.to, Message(OwedKind.NOTICE, facts, due_at=tx.now + _SOON))


def make_export(tx: Tx, contact: int, by: Representative) -> bytes | None:
    """Put together all that is kept of a customer; None where the reader may not have it any more."""
    if not may(by.role, Right.KEEP_CONTACTS):
        return None
    store = FileStore(tx.house.files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        files = _Files(archive, store)
        told = _told(tx, contact, files)
        _put(archive, "everything.json", json.dumps(told, ensure_ascii=False, indent=2, default=_plain).encode())
    return made.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DATED), content, zipfile.ZIP_DEFLATED)


class _Files:
    """Puts kept files into an archive, as long as there is room."""

    def __init__(self, archive: zipfile.ZipFile, store: FileStore) -> None:
        self._archive = archive
        self._store = store
        self._room = FILES_BYTES

    def put(self, name: str, digest: str | None, content: bytes | None = None) -> str | None:
        """Put a file in; returns where it is, None where there is no room or it is not kept."""
        if content is None:
            try:
                path = self._store.path(digest or "-")
                content = path.read_bytes() if digest and path.stat().st_size <= self._room else None
            except FileNotFoundError:
                content = None
        if content is None or len(content) > self._room:
            return None
        self._room -= len(content)
        _put(self._archive, name, content)
        return name


def _told(tx: Tx, contact: int, files: _Files) -> dict[str, Any]:
    same = list(
        tx.session.scalars(select(Contact.id).where(or_(Contact.id == contact, Contact.merged_into_id == contact)))
    )
    cases = tx.session.scalars(select(Case).where(Case.contact_id.in_(same)).order_by(Case.work_id)).all()
    numbers = [row.work_id for row in cases]
    elsewhere = select(Work.merged_into_id).where(Work.id.in_(numbers), Work.merged_into_id.is_not(None))
    others = sorted({number for number in tx.session.scalars(elsewhere) if number is not None} - set(numbers))
    addresses = _mail_of(tx, same)
    copied = [number for number in cases_with(tx, addresses) if number not in {*numbers, *others}]
    activities = select(Activity).where(or_(Activity.regarding_id.in_(numbers), Activity.contact_id.in_(same)))
    happened = select(Happened).where(Happened.subject == "contact", Happened.subject_id.in_(same))
    return {
        "contact": [_row(tx.session.get_one(Contact, one)) for one in same],
        "account": name_of(tx, account) if (account := account_of(tx, contact)) is not None else None,
        "addresses": _rows(tx, select(ContactAddress).where(ContactAddress.contact_id.in_(same))),
        "codes": _rows(tx, select(AddressCode).where(AddressCode.contact_id.in_(same))),
        "cases": [_case(tx, row, same, files) for row in cases],
        "in_copy_of": _rows(tx, select(CaseParty).where(CaseParty.address.in_(addresses))),
        "messages_in_copy": [one for number in copied for one in _entries(tx, number, same, files, own=False)],
        "messages_elsewhere": [one for number in others for one in _entries(tx, number, same, files, own=False)],
        "activities": [_row(row) | {"title": _title(tx, row.work_id)} for row in tx.session.scalars(activities)],
        "letters": list(_letters(tx, numbers, [*others, *copied], same, files)),
        "history": _rows(tx, happened.order_by(Happened.id)),
    }


def _mail_of(tx: Tx, same: Sequence[int]) -> list[str]:
    mail = ContactAddress.contact_id.in_(same), ContactAddress.channel == Channel.EMAIL
    return list(tx.session.scalars(select(ContactAddress.address).where(*mail)))


def _case(tx: Tx, row: Case, same: Sequence[int], files: _Files) -> dict[str, Any]:
    item = tx.session.get_one(Work, row.work_id)
    happened = select(Happened).where(Happened.work_id == row.work_id, Happened.verb.not_in(OF_PARTIES))
    happened = happened.order_by(Happened.id)
    foreign = select(Entry.id).where(Entry.work_id == row.work_id, Entry.contact_id.not_in(same))
    others = set(tx.session.scalars(foreign))
    return _row(row) | {
        "title": item.title,
        "state": str(item.state),
        "priority": item.priority,
        "created_at": item.created_at,
        "closed_at": item.closed_at,
        "merged_into": item.merged_into_id,
        "messages": list(_entries(tx, row.work_id, same, files, own=True)),
        "history": [_row(one) for one in tx.session.scalars(happened) if one.facts.get("entry") not in others],
    }


def _entries(tx: Tx, number: int, same: Sequence[int], files: _Files, *, own: bool) -> Iterator[dict[str, Any]]:
    """Tell the messages of a case: theirs, in their own case those of the staff too, and nobody else's."""
    theirs = Entry.contact_id.in_(same)
    found = select(Entry).where(Entry.work_id == number, or_(theirs, Entry.contact_id.is_(None)) if own else theirs)
    for entry in tx.session.scalars(found.order_by(Entry.id)).all():
        kept = tx.session.scalars(select(File).where(File.entry_id == entry.id).order_by(File.id)).all()
        told = [
            _row(one) | {"in_archive": files.put(f"files/{one.id}-{file_name(one.name)}", one.digest)} for one in kept
        ]
        yield _row(entry) | {"files": told}


def _letters(
    tx: Tx, numbers: Sequence[int], others: Sequence[int], same: Sequence[int], files: _Files
) -> Iterator[dict[str, Any]]:
    """Tell the letters that became messages of theirs, with the bytes of each as it came.

    One that became no message, such as a rating, is of whoever has the case: in those of others it is not theirs.
    """
    found = select(Letter).outerjoin(Entry, Entry.id == Letter.entry_id).where(Letter.work_id.in_([*numbers, *others]))
    theirs = or_(Letter.entry_id.is_(None) & Letter.work_id.in_(numbers), Entry.contact_id.in_(same))
    for row in tx.session.scalars(found.where(theirs).order_by(Letter.id)).all():
        yield _row(row) | {"in_archive": files.put(f"letters/{row.id}.eml", row.file, row.raw)}


def _title(tx: Tx, number: int) -> str:
    return tx.session.get_one(Work, number).title


def _rows(tx: Tx, query: Any) -> list[dict[str, Any]]:
    return [_row(row) for row in tx.session.scalars(query)]


def _row(row: Base) -> dict[str, Any]:
    """Tell all that stands in a row."""
    names = [column.key for column in inspect(type(row)).column_attrs if column.key not in _OURS]
    return {name: getattr(row, name) for name in names}


def _plain(what: object) -> str:
    """Write what JSON has no form for."""
    return what.isoformat() if isinstance(what, datetime | date) else str(what)
