"""What customers do: open a case, write to it, edit what they wrote, close it, open it again."""

from __future__ import annotations

from sqlalchemy import update

from core.activities import regarding
from core.cases import conversations, indexing, queries
from core.cases.erasing import has_words_again
from core.cases.fields import Field, Origin, Reason
from core.cases.known import knowing
from core.cases.locking import lock_case
from core.cases.model import Case, Entry, File
from core.cases.names import file_name
from core.cases.relations import add_link
from core.cases.rules import (
    CAME_SEALED,
    TELEGRAM_FILE_BYTES,
    TITLE_LENGTH,
    CaseStatus,
    EntryKind,
    FileState,
    reopens,
    title_from,
)
from core.cases.telling import show_pictures, take_back_news, tell_holder, tell_receipt, without_files
from core.cases.views import Incoming, NewFile
from core.customers.rules import Pace
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.actions import Actor, record
from core.people.quiet import News
from core.sla import clocks
from core.texts.said import said
from core.texts.say import Reader, say_plain
from core.work import cards, placing
from core.work.actions import touch
from core.work.model import ChatMessage, Work
from core.work.rules import WorkKind, WorkState


def open_case(tx: Tx, contact: ContactView, what: Incoming, *, queue: int | None = None) -> int:
    """Open a case with a customer's first message; it gets its place and whoever it is for is told.

    Args:
        queue: where the address that was written to sends its cases; None is the desk's policy.

    Returns:
        The number of the case.
    """
    return open_with(tx, contact, what, queue=queue).work_id


def open_with(tx: Tx, contact: ContactView, what: Incoming, *, queue: int | None = None) -> Entry:
    """Do as `open_case`, and return the message."""
    words = "" if CAME_SEALED in what.flags else what.text  # letters to the customer have the title, in the clear
    title = title_from(what.subject or words, fallback=_without_words(tx, contact, what))
    work = placing.place_new(
        tx, WorkKind.CASE, title, contact.actor(str(what.channel)), queue=queue, knowing=knowing(tx, contact.id)
    )
    row = Case(
        work_id=work.id,
        contact_id=contact.id,
        origin=Origin(what.channel),
        reply_channel=what.channel,
        reply_address=what.address,
        locale=contact.locale,
        hushed=what.automatic or contact.complained,
        last_entry_at=tx.now,
        last_customer_at=tx.now,
    )
    tx.add(row)
    clocks.start(tx, work, contact.id)
    entry = _add_entry(tx, row, contact, what, new=True)
    indexing.opened(tx, work, contact, what.address, what.text)
    placing.announce(tx, work)
    if what.files:
        show_pictures(tx, work, entry)
    if not row.hushed:
        tell_receipt(tx, row, work)
    return entry


def _without_words(tx: Tx, contact: ContactView, what: Incoming) -> str:
    """Name a case that begins without a word, or with none to be repeated: by its first file, or as what it is."""
    sealed = CAME_SEALED in what.flags
    if what.files and not sealed:
        return f"📎 {what.files[0].name}"[:TITLE_LENGTH]
    return say_plain(said("case.sealed" if sealed else "case.no_words"), Reader(contact.locale, tx.house.zone, tx.now))


def add_message(
    tx: Tx, number: int, contact: ContactView, what: Incoming, *, queue: int | None = None, reopen: bool = True
) -> int:
    """Add a customer's message to their case; a resolved case opens again while it is recent.

    Args:
        queue: as `open_case` has it, should a new case be opened.
        reopen: False for words that ask for nothing, such as thanks.

    Returns:
        The number of the case it went to: a new one when the old one was closed too long ago.
    """
    return add_to(tx, number, contact, what, queue=queue, reopen=reopen).work_id


def add_to(
    tx: Tx, number: int, contact: ContactView, what: Incoming, *, queue: int | None = None, reopen: bool = True
) -> Entry:
    """Do as `add_message`, and return the message."""
    row, work = lock_case(tx, number)
    if work.merged_into_id is not None:
        return add_to(tx, work.merged_into_id, contact, what, queue=queue, reopen=reopen)
    was_closed = work.state is WorkState.CLOSED
    quietly = what.automatic or (not reopen and was_closed)
    if was_closed and not quietly:
        if not reopens(CaseStatus(row.status), row.resolved_at, tx.now, tx.house.reopen_days):
            return _open_after(tx, number, contact, what, queue)
        _reopen(tx, row, contact, str(what.channel))
    has_words_again(tx, row, work)
    entry = _add_entry(tx, row, contact, what)
    if quietly:
        if work.state is WorkState.OPEN or not what.automatic:
            _tell(tx, row, work, entry, contact, sound=False)
        return entry
    row.last_customer_at = tx.now
    if row.contact_id == contact.id:  # another's case may have been merged into this one: answers do not go to them
        row.hushed = contact.complained
        row.reply_channel, row.reply_address = what.channel, what.address
    work.answered = False
    clocks.heard(tx, work)
    _waited_for(tx, row, contact.actor(str(what.channel)))
    touch(work, tx)
    tx.session.flush()
    if was_closed:  # its card has just come anew, with these words on it
        show_pictures(tx, work, entry)
    else:
        _tell(tx, row, work, entry, contact)
    return entry


def _open_after(tx: Tx, number: int, contact: ContactView, what: Incoming, queue: int | None) -> Entry:
    """Open a case for words about one that was closed too long ago, and link the two."""
    entry = open_with(tx, contact, what, queue=queue)
    tx.session.flush()
    add_link(tx, number, entry.work_id)
    for one, other in ((number, entry.work_id), (entry.work_id, number)):
        record(tx, "linked", contact.actor(str(what.channel)), work=one, number=other)
    return entry


def _waited_for(tx: Tx, row: Case, by: Actor) -> None:
    """Note that a case no longer waits for its customer: here they are."""
    if row.status_reason is Reason.WAITING:
        row.status_reason = None
        record(tx, "edited", by, work=row.work_id, field=str(Field.STATUS), before=str(Reason.WAITING), after=None)


def _tell(tx: Tx, row: Case, work: Work, entry: Entry, contact: ContactView, *, sound: bool = True) -> None:
    """Tell whoever has a case of a customer's new words; of those of one who writes too fast only that they do."""
    head = None
    if entry.kind is EntryKind.MACHINE:
        came = next((one.partition(".")[2] for one in entry.flags if "meeting_" in one), "machine_answered")
        head = said(f"notice.{came}", number=work.id, name=contact.name)
    if contact.pace is Pace.USUAL:
        tell_holder(tx, row, work, entry, head, sound=sound)
    elif contact.pace is Pace.TOO_FAST_NOW:
        head = said("notice.customer_too_fast", number=work.id, name=contact.name)
        tell_holder(tx, row, work, entry, head, sound=False)


def _reopen(tx: Tx, row: Case, contact: ContactView, via: str, why: str = "card.why.reopened_by_customer") -> None:
    work = placing.reopen(tx, row.work_id, contact.actor(via))
    row.status, row.resolution, row.resolved_at = CaseStatus.OPEN, None, None
    if row.erased_at is not None:
        row.hushed = False  # as it was made when its words were erased: now its customer is heard again
        has_words_again(tx, row, work)
    work.answered = False
    clocks.reopened(tx, work)
    take_back_news(tx, row.work_id)
    regarding.replan(tx, row.work_id)
    tx.session.flush()
    placing.announce(tx, work, why=said(why))


def _add_entry(tx: Tx, row: Case, contact: ContactView, what: Incoming, *, new: bool = False) -> Entry:
    entry = Entry(
        work_id=row.work_id,
        kind=EntryKind.MACHINE if what.in_place else EntryKind.CUSTOMER,
        channel=what.channel,
        at=tx.now,
        contact_id=contact.id,
        text=what.text,
        full_text=what.full_text if what.full_text != what.text else None,
        message_id=what.message_id,
        content_hash=what.content_hash,
        conversation=what.conversation,
        subject=what.subject,
        chat_id=what.chat_id,
        chat_message_id=what.chat_message_id,
        parts=[list(part) for part in what.parts] or None,
        flags=list(what.flags),
        copied=list(what.copied) or None,
    )
    row.last_entry_at = row.last_entry_at if what.in_place else tx.now
    tx.add(entry)
    if what.files:
        add_files(tx, entry.id, what.files)
    else:
        without_files(tx, entry.id)
    if what.chat_id and what.chat_message_id:
        for message_id in {what.chat_message_id, *(message_id for message_id, _ in what.parts)}:
            cards.link(tx, row.work_id, what.chat_id, message_id, entry.id)
    record(tx, "message_in", contact.actor(str(what.channel)), work=row.work_id, entry=entry.id)
    if not new:
        indexing.said(tx, row.work_id, what.text)
        cards.changed(tx, row.work_id)
    return entry


def add_files(tx: Tx, entry: int, files: tuple[NewFile, ...]) -> None:
    """Attach files to a message; those still at Telegram are fetched soon, unless they are too big for a bot."""
    for one in files:
        state = FileState.KEPT if one.digest else FileState.WAITING
        if one.telegram_id and one.size > TELEGRAM_FILE_BYTES:
            state = FileState.TOO_BIG
        tx.session.add(
            File(
                entry_id=entry,
                kind=one.kind,
                name=file_name(one.name),
                content_type=one.content_type,
                size=one.size,
                state=state,
                digest=one.digest,
                telegram_id=one.telegram_id,
                due_at=tx.now if state is FileState.WAITING else None,
            )
        )
    tx.session.flush()


def edit_message(tx: Tx, chat_id: int, message_id: int, text: str, contact: ContactView) -> int | None:
    """Take over a customer's edit of their own chat message; what it said before stays in the history.

    Returns:
        The number of the case, or None when the message became part of no case.
    """
    entry = conversations.entry_by_chat(tx, chat_id, message_id)
    if entry is None or entry.contact_id != contact.id or entry.kind is not EntryKind.CUSTOMER:
        return None
    whole = _edited_part(entry, message_id, text)
    if entry.text == whole:
        return entry.work_id
    record(tx, "message_edited", contact.actor("telegram"), work=entry.work_id, entry=entry.id, before=entry.text)
    entry.text, entry.edited_at = whole, tx.now
    row, work = lock_case(tx, entry.work_id)
    touch(work, tx)
    tx.session.flush()
    indexing.changed(tx, work.id)
    cards.changed(tx, work.id)
    if work.state is WorkState.OPEN and contact.pace is Pace.USUAL:
        tell_holder(tx, row, work, entry, said("notice.customer_edited", number=work.id))
    return work.id


def move_message(tx: Tx, entry: int, to: int, contact: ContactView) -> None:
    """Let a customer say that a message of theirs is about another open case of theirs.

    Raises:
        NotFound: `item.unknown`: the message or the case is not theirs.
        Refused: `item.closed` of the other case; `message.only`: it is all that there is of its case.
    """
    row = tx.lock(Entry, entry)
    if row is None or row.contact_id != contact.id or row.kind is not EntryKind.CUSTOMER:
        raise NotFound("item.unknown", number=to)
    left = row.work_id
    if left == to:
        return  # pressed twice
    if len(conversations.conversation(tx, left, limit=2)) < 2:  # noqa: PLR2004 - no case is left without a message
        raise Refused("message.only", number=left)
    case, work = _own_case(tx, to, contact)
    if work.state is WorkState.CLOSED:
        raise Refused("item.closed", number=to, at=work.closed_at)
    row.work_id = to
    tx.session.execute(update(ChatMessage).where(ChatMessage.entry_id == entry).values(work_id=to))
    case.last_entry_at = case.last_customer_at = tx.now
    work.answered = False
    clocks.heard(tx, work)
    touch(work, tx)
    tx.session.flush()
    tx.lock_one(Work, left).answered = conversations.is_answered(tx, left)
    for number in (left, to):
        record(tx, "message_moved", contact.actor("telegram"), work=number, entry=entry, before=left, after=to)
        indexing.changed(tx, number)
        cards.changed(tx, number)
    tell_holder(tx, case, work, row)


def _edited_part(entry: Entry, message_id: int, text: str) -> str:
    """Put the new words of one of the messages that an entry is made of in the place of its old ones."""
    if not entry.parts:
        return text
    entry.parts = [[part, text if part == message_id else words] for part, words in entry.parts]
    return "\n".join(words for _, words in entry.parts if words)


def _own_case(tx: Tx, number: int, contact: ContactView) -> tuple[Case, Work]:
    if not queries.is_on_case(tx, number, contact.id):
        raise NotFound("item.unknown", number=number)
    row, work = lock_case(tx, number)
    if work.merged_into_id is not None:
        raise Refused("item.merged", number=number, into=work.merged_into_id)
    return row, work


def close_own(tx: Tx, number: int, contact: ContactView) -> None:
    """Let a customer close their own case.

    Raises:
        NotFound: the case is not theirs; said as if it did not exist.
        Refused: `item.closed`.
    """
    row, work = _own_case(tx, number, contact)
    holder = placing.holder_of(tx, work)
    clocks.ended(tx, placing.close(tx, number, contact.actor("telegram"), "closed_by_customer"))
    row.status, row.status_reason, row.resolved_at = CaseStatus.RESOLVED, None, tx.now
    if holder is not None and holder.to:
        cards.post(tx, number, holder.to, said("card.why.closed_by_customer"), News.ANSWERS, sound=False)


def not_solved(tx: Tx, number: int, contact: ContactView) -> None:
    """Let a customer open a resolved case of theirs again.

    Raises:
        NotFound: the case is not theirs; said as if it did not exist.
        Refused: `case.too_old` when it was resolved too long ago; `item.open`.
    """
    row, work = _own_case(tx, number, contact)
    if work.state is WorkState.OPEN:
        raise Refused("item.open", number=number)
    if not reopens(CaseStatus(row.status), row.resolved_at, tx.now, tx.house.reopen_days):
        raise Refused("case.too_old", number=number)
    _reopen(tx, row, contact, "telegram", "card.why.not_solved")
