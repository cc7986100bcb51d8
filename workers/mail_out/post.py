"""A claimed row → a letter in the customer's language → the relay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select

from core.calendars.invitation import FILE_NAME, Invitation, Party, ics, method_of
from core.cases import conversations
from core.cases.copies import all_there_since, copies_of, letter_of
from core.cases.model import Case, Entry
from core.cases.rating import RATINGS
from core.cases.rules import EntryKind
from core.cases.views import FileView
from core.customers import actions as customers
from core.customers import codes
from core.desk import Desk, Tx
from core.intake.tags import make_message_id, subject_tag, tagged_address
from core.outbox.model import Channel, Owed, OwedKind
from core.outbox.views import Parcel
from core.store.files import FileStore
from core.texts.said import Notice, Said, said
from core.texts.say import Reader, notice_plain, say_plain
from core.work import queries as work
from workers.mail_out.below import Among, below_answer, said_to_each_other
from workers.mail_out.compose import Outgoing, OutgoingCalendar, OutgoingFile

#: Bytes of files that go into one letter; the others are named in it.
FILES_BYTES = 15 * 1024 * 1024

#: Pictures that mail programs show in a page.
_PICTURES = {"image/jpeg", "image/png", "image/gif"}

#: What somebody on the staff wrote: to the customer, and the same letter to who else takes part.
_ANSWERS = frozenset({OwedKind.ANSWER, OwedKind.COPY})


#: Sentences that are said otherwise by mail, where there are no buttons and "here" means nothing.
_BY_MAIL = {
    "receipt.new": "receipt.new_mail",
    "receipt.out_of_hours": "receipt.out_of_hours_mail",
    "customer.cancelled": "customer.cancelled_mail",
    "customer.opened": "customer.opened_mail",
    "customer.rate": "customer.rate_mail",
    "customer.resolved": "customer.resolved_mail",
    "customer.resolved_with": "customer.resolved_with_mail",
}


class NotYet(Exception):
    """The letter cannot be written yet."""


def write(desk: Desk, files: FileStore, parcel: Parcel) -> tuple[Outgoing, str]:
    """Write the letter that a row owes.

    Returns:
        The letter, and the envelope's sender: empty for what the desk writes by itself.

    Raises:
        NotYet: a file is still on its way.
        LookupError: the row names no case, or its case is no more.
    """
    letter, wanted = desk.look(_draft, parcel)
    read = [(one, OutgoingFile(one.name, one.content_type, files.read(one.digest or ""))) for one in wanted]
    attached = [file for one, file in read if not _is_picture(one)]
    pictures = tuple(file for one, file in read if _is_picture(one))
    if letter.calendar is not None:
        attached.append(OutgoingFile(FILE_NAME, "application/ics", letter.calendar.content))
    return replace(letter, files=tuple(attached), pictures=pictures), "" if letter.automatic else letter.from_address


def _is_picture(file: FileView) -> bool:
    """Tell whether a file was sent as a photo, and not as a document, and programs show such pictures in a page."""
    return file.kind == "photo" and file.content_type in _PICTURES


def _draft(tx: Tx, parcel: Parcel) -> tuple[Outgoing, list[FileView]]:
    if parcel.contact_id is None or (parcel.work_id is None and "code" not in parcel.facts):
        msg = "a letter is about a case, or tells a code"
        raise LookupError(msg)
    lead = letter_of(tx, parcel)
    copies = copies_of(tx, lead)
    number = parcel.work_id or 0
    contact = customers.get(tx, lead.contact_id or parcel.contact_id)
    reader = Reader(contact.locale, contact.zone or tx.house.zone, tx.now)
    text, automatic, files = _words(tx, parcel, reader)
    if parcel.repeat:
        text += f"\n\n{say_plain(said('text.repeat'), reader)}"
    below = ""
    if parcel.kind in _ANSWERS and parcel.entry_id is not None:
        among = Among(frozenset(one.address for one in copies), all_there_since(tx, lead, copies)) if copies else None
        below = below_answer(tx, tx.session.get_one(Entry, parcel.entry_id), contact.id, reader, among)
    house = tx.house
    from_name = say_plain(said("post.from"), reader)
    reply_to = tagged_address(house.secret, house.reply_address, number) if number else house.reply_address
    # Of a head beyond ASCII only who has such an address is sure to be able to take it (RFC 6532): others read in Cc
    # all but those, or a relay might refuse the letter to the customer for somebody in copy.
    letter = Outgoing(
        from_name=from_name,
        from_address=house.reply_address,
        reply_to=reply_to,
        to=lead.address,
        cc=tuple(one.address for one in copies if one.address.isascii() or not parcel.address.isascii()),
        subject=_subject(tx, number, contact.id, reader, automatic=automatic),
        text=text,
        below=below,
        message_id=make_message_id(house.secret, number, lead.id, house.domain),
        at=lead.created_at if copies else tx.now,  # the same for everybody
        domain=house.domain,
        references=_references(tx, number, contact.id, lead, copies) if number else (),
        automatic=automatic,
        language=reader.locale,
        calendar=_calendar(parcel, Party(from_name, reply_to), Party(contact.name, parcel.address), tx.now),
    )
    return letter, files


def _calendar(parcel: Parcel, by: Party, to: Party, now: datetime) -> OutgoingCalendar | None:
    """Write what the customer's calendar reads, where the row tells of an appointment; they answer into the case."""
    if "calendar" not in parcel.facts:
        return None
    told = Invitation.from_json(parcel.facts["calendar"])
    return OutgoingCalendar(method_of(told, to), ics(told, by, to, now))


def _words(tx: Tx, parcel: Parcel, reader: Reader) -> tuple[str, bool, list[FileView]]:
    """Tell what the letter says, whether the desk says it by itself, and which files go with it."""
    if "code" in parcel.facts:
        return say_plain(_code(tx, int(parcel.facts["code"])), reader), True, []
    if parcel.kind not in _ANSWERS or parcel.entry_id is None:
        # A person has made the appointment, and wants the answer: it is no automatic letter.
        by_itself = "calendar" not in parcel.facts
        told = _as_letter(Notice.from_json(parcel.facts))
        if "rate" in parcel.facts:
            told = Notice((*told.lines, *_rating_links(tx, int(parcel.facts["rate"]))))
        return notice_plain(told, reader), by_itself, []
    entry = tx.session.get_one(Entry, parcel.entry_id)
    files = list(conversations.files_of(tx, [entry.id]).get(entry.id, ()))
    if any(one.state == "waiting" for one in files):
        raise NotYet
    kept: list[FileView] = []
    left: list[FileView] = []
    room = FILES_BYTES
    for one in files:
        fits = one.digest is not None and one.size <= room
        (kept if fits else left).append(one)
        room -= one.size if fits else 0
    text = entry.text
    if left:
        text += "\n\n" + say_plain(said("post.files_left", names=[one.name for one in left]), reader)
    return text, False, kept


def _code(tx: Tx, row: int) -> Said:
    """Tell a code, unless it is of no use any more: the letter may have waited for the relay."""
    code = codes.code_to_send(tx, row)
    minutes = codes.CODE_LIFE.total_seconds() // 60
    return said("code.letter", code=code, minutes=int(minutes)) if code else said("code.letter_late")


def _rating_links(tx: Tx, number: int) -> list[Said]:
    """Make a link for each rating that writes the letter which gives it: the desk has no pages (RFC 6068)."""
    address = tagged_address(tx.house.secret, tx.house.reply_address, number)
    return [said(f"rating.link_{one}", link=f"mailto:{address}?subject={one}") for one in reversed(RATINGS)]


def _as_letter(notice: Notice) -> Notice:
    """Say a notice as a letter does."""
    return Notice(tuple(Said(_BY_MAIL.get(line.key, line.key), line.facts) for line in notice.lines))


def _subject(tx: Tx, number: int, contact: int, reader: Reader, *, automatic: bool) -> str:
    """Take the subject of the customer's own letters, so that one case is one thread where they read it.

    Of letters of others, which were merged into their case, they are told nothing.

    Before a person has answered, nothing of theirs is repeated: they may have written in somebody else's name.
    """
    if not number:
        return say_plain(said("code.subject"), reader)
    tag = subject_tag(tx.house.secret, number)
    if automatic and tx.session.get_one(Case, number).first_answer_at is None:
        return f"{say_plain(said('post.subject', number=number), reader)} {tag}"
    first = tx.session.scalar(
        select(Entry.subject)
        .where(
            Entry.work_id == number,
            Entry.kind == EntryKind.CUSTOMER,
            Entry.contact_id == contact,
            Entry.subject.is_not(None),
        )
        .order_by(Entry.id)
        .limit(1)
    )
    title = first or work.item(tx, number).title
    plain = title.replace(tag, "").strip()
    return f"{plain if plain.casefold().startswith('re:') else f'Re: {plain}'} {tag}"


def _references(tx: Tx, number: int, contact: int, lead: Owed | Parcel, copies: Sequence[Owed]) -> tuple[str, ...]:
    """List the Message-IDs of the conversation, oldest first; the last is the latest letter of who gets this one."""
    which = said_to_each_other(contact)
    if copies:  # the same for everybody, whenever it goes to each
        theirs = (Entry.kind == EntryKind.CUSTOMER) & Entry.contact_id.in_([one.contact_id for one in copies])
        which = or_(which, theirs) & (Entry.id < lead.entry_id)
    rows = tx.session.execute(
        select(Entry.message_id, Entry.kind)
        .where(
            Entry.work_id == number,
            Entry.message_id.is_not(None),
            Entry.channel == Channel.EMAIL,
            which,
        )
        .order_by(Entry.id)
    ).all()
    known = [(message_id, kind) for message_id, kind in rows if message_id]
    last = next((one for one, kind in reversed(known) if kind is EntryKind.CUSTOMER), None)
    return tuple(one for one, _ in known if one != last) + ((last,) if last else ())
