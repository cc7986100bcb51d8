"""Cases that representatives open on behalf of customers: of a call, or of what was said in person."""

from __future__ import annotations

from core.cases import indexing
from core.cases.editing import lock_editable
from core.cases.fields import Origin
from core.cases.incoming import add_files
from core.cases.model import Case, Entry
from core.cases.rules import EntryKind, language_of, title_from
from core.cases.telling import customer_of, tell_customer
from core.cases.views import NewFile
from core.customers import actions as customers
from core.customers import finding
from core.desk import Tx
from core.errors import Misused, Refused
from core.history.actions import record
from core.outbox.model import Channel
from core.people.rules import Right, check
from core.people.views import Representative
from core.sla import clocks
from core.texts.said import Button, Rows, notice, said
from core.work import cards, placing
from core.work.queues import personal_queue
from core.work.rules import QueueKind, WorkKind

#: Characters that are taken down at once: what one Telegram message holds.
WORDS_LENGTH = 4096


def open_for(tx: Tx, contact: int, text: str, by: Representative, *, files: tuple[NewFile, ...] = ()) -> int:
    """Open a case with what a customer said; it stands in your own In Progress, and nobody is told of it yet.

    Returns:
        The number of the case.

    Raises:
        Refused: `right.missing`.
        NotFound: `contact.unknown`.
        Misused: `case.say_words`.
    """
    check(by.role, Right.TAKE)
    if not text.strip() and not files:
        raise Misused("case.say_words")
    who = customers.get(tx, customers.survivor(tx, contact))
    way = customers.other_way(tx, who.id)
    title = title_from(text, fallback=f"📎 {files[0].name}" if files else "…")
    queue = personal_queue(tx, by.id, QueueKind.IN_PROGRESS)
    work = placing.place_new(tx, WorkKind.CASE, title, by.actor, queue=queue)
    row = Case(
        work_id=work.id,
        contact_id=who.id,
        origin=Origin.PHONE,
        reply_channel=way.channel if way else Channel.EMAIL,
        reply_address=way.address if way else "",
        locale=who.locale,
        hushed=True,
        opened_by_id=by.id,
        told_of_id=by.id,
        last_entry_at=tx.now,
        last_customer_at=tx.now,
    )
    tx.add(row)
    _take_down(tx, row, text, files)
    clocks.start(tx, work, who.id)
    indexing.opened(tx, work, who, way.address if way else "", text)
    return work.id


def _take_down(tx: Tx, row: Case, text: str, files: tuple[NewFile, ...]) -> None:
    entry = Entry(
        work_id=row.work_id,
        kind=EntryKind.CUSTOMER,
        at=tx.now,
        contact_id=row.contact_id,
        text=text[:WORDS_LENGTH],
        flags=["flag.taken_down"],
    )
    tx.add(entry)
    add_files(tx, entry.id, files)


def open_for_new(tx: Tx, who: str, text: str, by: Representative, *, files: tuple[NewFile, ...] = ()) -> int:
    """Open a case of a customer who is not known yet, made of a name, a mail address, or both.

    Raises:
        As `open_for`; Misused: `contact.no_name`.
    """
    made = finding.make(tx, who, language_of(text) or tx.house.locale, by)
    return open_for(tx, made.id, text, by, files=files)


def tell_opened(tx: Tx, number: int, by: Representative) -> str:
    """Tell the customer that a case was opened for them, once, with a way to say that it is not needed.

    Returns:
        The customer's name.

    Raises:
        As `core.cases.editing.lock_editable`.
        Refused: `case.told_already`; `answer.no_way` when there is no address to write to.
    """
    row, work = lock_editable(tx, number, by)
    if row.opened_by_id is None or not row.hushed:
        raise Refused("case.told_already", number=number)
    if customer_of(tx, row) is None:
        raise Refused("answer.no_way", number=number)
    row.hushed, row.receipt_sent = False, True
    tx.session.flush()
    buttons: Rows = ((Button(said("button.my_close"), "my_close", (number,)),),)
    tell_customer(tx, row, notice("customer.opened", number=number, title=work.title, buttons=buttons))
    record(tx, "customer_told", by.actor, work=number)
    cards.changed(tx, number)
    return customers.get(tx, row.contact_id).name
