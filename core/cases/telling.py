"""What customers and holders of a case are told, each as a row of the outbox."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.cases.conversations import files_of
from core.cases.model import Case, Entry
from core.cases.rules import FileState
from core.cases.views import FileView
from core.customers import actions as customers
from core.customers.model import ContactAddress
from core.desk import Tx
from core.outbox.actions import Message, To, owe_notice, withdraw
from core.outbox.model import Channel, Owed, OwedKind
from core.people import news
from core.people import queries as people
from core.people.absence import stand_in
from core.people.quiet import News
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, notice, said
from core.work import cards, placing
from core.work.loads import candidates
from core.work.model import Work
from core.work.rules import URGENT

#: Characters of a customer's message that a notice shows; the whole of it is a button away.
EXCERPT = 2000

#: From so many characters or lines on a quote is folded up where it is read.
FOLDED, FOLDED_LINES = 400, 6

#: Files of a message that are named, and pictures that are shown without being asked for.
FILES_NAMED, PICTURES_SHOWN = 5, 4

#: Of the others to whom a letter went, so many are named.
COPIED_NAMED = 5

#: What says that a case has ended.
_NEWS = {"customer.resolved", "customer.resolved_with", "customer.cancelled"}

#: Receipts by mail to one contact within a day; and for letters with one subject within three hours: machines that
#: answer each other without a sign of it do so with the same subject (as in RFC 3834, section 2).
RECEIPTS_A_DAY, RECEIPTS_A_SUBJECT = 5, 2
_SAME_SUBJECT_WITHIN = timedelta(hours=3)


def customer_of(tx: Tx, row: Case) -> To | None:
    """Tell how to reach the customer of a case: as was chosen, the way last used, or another while that is blocked."""
    chosen = customers.way_by(tx, row.contact_id, Channel(row.answer_by)) if row.answer_by else None
    if chosen is not None:
        return chosen
    if not row.reply_address:
        return customers.other_way(tx, row.contact_id)
    if customers.has_just_written(tx, row.reply_channel, row.reply_address):
        return To(row.reply_channel, row.reply_address, contact=row.contact_id)
    blocked = tx.session.scalar(
        select(ContactAddress.blocked_at).where(
            ContactAddress.channel == row.reply_channel, ContactAddress.address == row.reply_address
        )
    )
    if blocked is None:
        return To(row.reply_channel, row.reply_address, contact=row.contact_id)
    return customers.other_way(tx, row.contact_id, row.reply_channel)


def tell_customer(tx: Tx, row: Case, what: Notice, *, due_at: datetime | None = None) -> None:
    """Owe the customer of a case a notice, by the way they last used; nothing to machines and strangers (RFC 3834)."""
    to = None if row.hushed else customer_of(tx, row)
    if to is not None:
        owe_notice(tx, to, what, work=row.work_id, due_at=due_at)


def take_back_news(tx: Tx, number: int) -> None:
    """Take back that a case is resolved, where the customer has not been told yet."""
    notices = select(Owed).where(
        Owed.work_id == number, Owed.kind == OwedKind.NOTICE, Owed.contact_id.is_not(None), Owed.due_at > tx.now
    )
    for row in tx.session.scalars(notices).all():
        if Notice.from_json(row.facts).lines[0].key in _NEWS:
            withdraw(tx, row.id)


def tell_receipt(tx: Tx, row: Case, work: Work) -> None:
    """Owe the customer a receipt, once a case; it says when somebody will be there, or that nobody can tell.

    It repeats nothing of what they wrote, or the desk could be made to send other people's words to strangers.
    """
    if row.receipt_sent or (row.reply_channel is Channel.EMAIL and _had_enough(tx, row, work)):
        return
    row.receipt_sent = True
    if ("receipts", row.contact_id) in tx.memo:
        tx.memo["receipts", row.contact_id].append((work.title, tx.now))
    at = next_hours(tx)
    buttons: Rows = ((Button(said("button.my_close"), "my_close", (work.id,)),),)
    if at is None:
        tell_customer(tx, row, notice("receipt.nobody_here", number=work.id, buttons=buttons))
    elif at <= tx.now:
        tell_customer(tx, row, notice("receipt.new", number=work.id, buttons=buttons))
    else:
        tell_customer(tx, row, notice("receipt.out_of_hours", number=work.id, at=at, buttons=buttons))


def _had_enough(tx: Tx, row: Case, work: Work) -> bool:
    """Tell whether a contact got so many receipts that a machine answers them, or somebody writes in their name."""
    key = "receipts", row.contact_id
    if key not in tx.memo:
        tx.memo[key] = [] if customers.has_just_been_met(tx, row.contact_id) else _receipts(tx, row.contact_id)
    sent: list[tuple[str, datetime]] = tx.memo[key]
    alike = _alike(work.title)
    same = [at for title, at in sent if _alike(title) == alike and at > tx.now - _SAME_SUBJECT_WITHIN]
    return len(sent) >= RECEIPTS_A_DAY or len(same) >= RECEIPTS_A_SUBJECT


def _alike(title: str) -> str:
    """Fold a subject so that those of one machine are equal: without its numbers, tags and what answers begin with."""
    bare = re.sub(r"\[[^\]]*\]|[№#]?\d+", "", title.casefold())
    return re.sub(r"^(?:\s*(?:re|fwd?|aw|sv|відп|на)\s*:)+", "", " ".join(bare.split())).strip()


def _receipts(tx: Tx, contact: int) -> list[tuple[str, datetime]]:
    """List for what, and when, a contact got receipts within a day; no more than are of any interest."""
    recent = (
        select(Work.title, Work.created_at)
        .join(Case, Work.id == Case.work_id)
        .where(Case.contact_id == contact, Case.receipt_sent, Work.created_at > tx.now - timedelta(days=1))
        .order_by(Work.id.desc())
        .limit(RECEIPTS_A_DAY)
    )
    return [(title, at) for title, at in tx.session.execute(recent)]


def next_hours(tx: Tx) -> datetime | None:
    """Tell since or from when the desk works: now while somebody does; None when nobody can tell."""
    everybody = candidates(tx)
    if any(one.working for one in everybody):
        return tx.now
    return min((one.works_from for one in everybody if one.works_from is not None), default=None)


def tell_holder(tx: Tx, row: Case, work: Work, entry: Entry, head: Said | None = None, *, sound: bool = True) -> None:
    """Owe whoever has a case, or had it when it was closed, the customer's new words; pictures are shown below them.

    Where that one has left, the managers are told, for somebody must take what stands in their queues; while they are
    away, who stands in for them is told too.
    """
    holder = placing.holder_of(tx, work) or placing.last_holder(tx, work)
    left = holder is not None and not people.works_here(tx, holder.id)
    readers = people.leaders(tx) if left else _with_stand_in(tx, holder) if holder else []
    to = [one.to for one in readers if one.to]
    if not to:
        return
    files = _files_of(tx, entry)
    lines = [head or _who_wrote(tx, row, entry)]
    if entry.text:
        lines.append(quote(entry.text, EXCERPT))
    if files:
        lines.append(file_names(files))
    lines.extend(copied_lines(entry.copied or ()))
    lines.extend(said(flag) for flag in entry.flags)
    buttons = talk_buttons(work.id, len(files), entry.id if len(entry.text) > EXCERPT else None)
    facts = Notice(tuple(lines), buttons).to_json()
    for one in to:
        what = Message(OwedKind.NOTICE, facts, work=work.id, entry=entry.id, sound=sound)
        news.tell(tx, one, what, News.ANSWERS, urgent=work.priority == URGENT)
    if head is None:
        show_pictures(tx, work, entry)


def _who_wrote(tx: Tx, row: Case, entry: Entry) -> Said:
    """Say who has written: the customer, or by name and address somebody else who takes part in the case."""
    name = customers.get(tx, row.contact_id).name
    if entry.contact_id is None or entry.contact_id == row.contact_id:
        return said("notice.customer_wrote", number=row.work_id, name=name)
    other = customers.get(tx, entry.contact_id).name
    return said("notice.other_wrote", number=row.work_id, name=other, customer=name)


def copied_lines(addresses: Sequence[str]) -> list[Said]:
    """Say whom a letter also went to, if anybody."""
    if not addresses:
        return []
    named = [said("text.plain", text=one) for one in addresses[:COPIED_NAMED]]
    if len(addresses) > COPIED_NAMED:
        named.append(said("text.more", count=len(addresses) - COPIED_NAMED))
    return [said("letter.copied", addresses=named)]


def _with_stand_in(tx: Tx, holder: Representative) -> list[Representative]:
    other = stand_in(tx, holder.id) if holder.away_until is not None else None
    return [holder, other] if other is not None else [holder]


def without_files(tx: Tx, entry: int) -> None:
    """Note that a message just written has no files, so that nobody asks for them in this transaction."""
    tx.memo["without files", entry] = True


def _files_of(tx: Tx, entry: Entry) -> tuple[FileView, ...]:
    if ("without files", entry.id) in tx.memo:
        return ()
    return files_of(tx, [entry.id]).get(entry.id, ())


def quote(text: str, length: int) -> Said:
    """Quote so much of a text; a long quote folds up where it is read."""
    shown = excerpt(text, length)
    folds = len(shown) > FOLDED or shown.count("\n") > FOLDED_LINES
    return said("text.quote_long" if folds else "text.quote", text=shown)


def file_names(files: Sequence[FileView]) -> Said:
    """Name the first files of a message; those that could not be kept are marked."""
    names = [
        said("text.file_not_kept", name=one.name)
        if one.state in {FileState.TOO_BIG, FileState.LOST}
        else said("text.plain", text=one.name)
        for one in files[:FILES_NAMED]
    ]
    if len(files) > FILES_NAMED:
        names.append(said("text.more", count=len(files) - FILES_NAMED))
    return said("text.file_names", names=names)


def show_pictures(tx: Tx, work: Work, entry: Entry) -> None:
    """Owe whoever has a case the pictures of a message, below its words; other files come when they are asked for.

    Where they are not told of its words now, they see the pictures in the case.
    """
    holder = placing.holder_of(tx, work)
    if holder is None or holder.to is None or not news.was_heard(tx, holder.id, work.id):
        return
    pictures = [one for one in _files_of(tx, entry) if one.kind == "photo"]
    for one in pictures[:PICTURES_SHOWN]:
        facts = {"file": one.id}
        what = Message(OwedKind.FILE, facts, work=work.id, entry=entry.id, sound=False)
        news.follow(tx, holder.to, what, News.ANSWERS)


def talk_buttons(number: int, files: int = 0, whole: int | None = None) -> Rows:
    """Make the buttons below a customer's words; `whole` is the message that is not shown to its end."""
    row = [Button(said("button.answer"), "answer", (number,)), Button(said("button.case"), "case", (number,))]
    if files:
        row.append(Button(said("button.files"), "files", (number,)))
    if whole is not None:
        row.append(Button(said("button.whole"), "whole", (number, whole, 0)))
    return (tuple(row),)


def excerpt(text: str, length: int = EXCERPT) -> str:
    """Shorten a text to so many characters, at the end of a word where there is one."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip() + "…"


def tell_person(
    tx: Tx, person: int, what: Notice, kind: News | None = News.DESK, *, work: int | None = None, sound: bool = True
) -> None:
    """Owe a member of staff a notice, if they can be reached and are told of such things now.

    Args:
        kind: of what it tells; None for what came at the hour that they chose.
    """
    reader: Representative = people.get(tx, person)
    if reader.to is None:
        return
    if kind is None:
        owe_notice(tx, reader.to, what, work=work, sound=sound)
        return
    urgent = work is not None and cards.is_urgent(tx, work)
    news.tell(tx, reader.to, Message(OwedKind.NOTICE, what.to_json(), work=work, sound=sound), kind, urgent=urgent)
