"""What customers and holders of a case are told, each as a row of the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.cases.model import Case, Entry
from core.cases.queries import files_of
from core.customers import actions as customers
from core.customers.model import ContactAddress
from core.desk import Tx
from core.outbox.actions import To, owe_notice
from core.people import queries as people
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, notice, said
from core.work import placing
from core.work.model import Work

#: Characters of a customer's message that a notice shows; the card and the conversation show more.
EXCERPT = 700


def customer_of(tx: Tx, row: Case) -> To | None:
    """Tell how to reach the customer of a case: the way they last used, or another while that one is blocked."""
    blocked = tx.session.scalar(
        select(ContactAddress.blocked_at).where(
            ContactAddress.channel == row.reply_channel, ContactAddress.address == row.reply_address
        )
    )
    if blocked is None:
        return To(row.reply_channel, row.reply_address, contact=row.contact_id)
    return customers.other_way(tx, row.contact_id, row.reply_channel)


def tell_customer(tx: Tx, row: Case, what: Notice) -> None:
    """Owe the customer of a case a notice, by the way they last used."""
    to = customer_of(tx, row)
    if to is not None:
        owe_notice(tx, to, what, work=row.work_id)


def tell_receipt(tx: Tx, row: Case, work: Work) -> None:
    """Owe the customer a receipt, once a case; it says when somebody will be there, or that nobody can tell.

    It repeats nothing of what they wrote, or the desk could be made to send other people's words to strangers.
    """
    if row.receipt_sent:
        return
    row.receipt_sent = True
    at = next_hours(tx)
    buttons: Rows = ((Button(said("button.my_close"), "my_close", (work.id,)),),)
    if at is None:
        tell_customer(tx, row, notice("receipt.nobody_here", number=work.id, buttons=buttons))
    elif at <= tx.now:
        tell_customer(tx, row, notice("receipt.new", number=work.id, buttons=buttons))
    else:
        tell_customer(tx, row, notice("receipt.out_of_hours", number=work.id, at=at, buttons=buttons))


def next_hours(tx: Tx) -> datetime | None:
    """Tell since or from when the desk works: now while somebody does; None when nobody can tell."""
    everybody = placing.candidates(tx)
    if any(one.working for one in everybody):
        return tx.now
    return min((one.works_from for one in everybody if one.works_from is not None), default=None)


def tell_holder(tx: Tx, row: Case, work: Work, entry: Entry, head: Said | None = None) -> None:
    """Owe whoever has a case the customer's new words, as a message that answers the card."""
    holder = placing.holder_of(tx, work)
    if holder is None or holder.to is None:
        return
    contact = customers.get(tx, row.contact_id)
    files = len(files_of(tx, [entry.id]).get(entry.id, ()))
    lines = [head or said("notice.customer_wrote", number=work.id, name=contact.name)]
    if entry.text:
        lines.append(said("text.quote", text=excerpt(entry.text)))
    if files:
        lines.append(said("text.files", count=files))
    lines.extend(said(flag) for flag in entry.flags)
    owe_notice(tx, holder.to, Notice(tuple(lines), talk_buttons(work.id, files)), work=work.id, entry=entry.id)


def talk_buttons(number: int, files: int = 0) -> Rows:
    """Make the buttons below a customer's words."""
    row = [Button(said("button.answer"), "answer", (number,)), Button(said("button.case"), "case", (number,))]
    if files:
        row.append(Button(said("button.files"), "files", (number,)))
    return (tuple(row),)


def excerpt(text: str, length: int = EXCERPT) -> str:
    """Shorten a text to so many characters, at the end of a word where there is one."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip() + "…"


def tell_person(tx: Tx, person: int, what: Notice, *, work: int | None = None, sound: bool = True) -> None:
    """Owe a member of staff a notice, if they can be reached."""
    reader: Representative = people.get(tx, person)
    if reader.to:
        owe_notice(tx, reader.to, what, work=work, sound=sound)
