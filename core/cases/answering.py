"""What representatives write: answers to the customer, notes that stay inside; undo and edits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.cases import conversations, indexing
from core.cases.actions import accept_if_free
from core.cases.collisions import Seen, came_since
from core.cases.copies import owe_copies
from core.cases.erasing import has_words_again
from core.cases.incoming import add_files
from core.cases.locking import lock_case
from core.cases.mentions import tell_mentioned
from core.cases.model import Case, Entry
from core.cases.rules import CAME_SEALED, EntryKind
from core.cases.telling import customer_of
from core.cases.views import AnswerView, NewFile, Overtaken
from core.customers import actions as customers
from core.customers.failing import failing_at
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.outbox.actions import Message, To, owe, withdraw
from core.outbox.model import Channel, Owed, OwedKind, OwedState
from core.people.rules import Right, check
from core.people.views import Representative
from core.sla import clocks
from core.work import cards
from core.work.actions import touch
from core.work.model import Work

#: Characters of an answer: what one Telegram message holds.
ANSWER_LENGTH = 4096

#: Characters of a text that can go below a file in one Telegram message.
CAPTION_LENGTH = 1024


def answer(
    tx: Tx,
    number: int,
    text: str,
    by: Representative,
    *,
    files: tuple[NewFile, ...] = (),
    chat: tuple[int, int] | None = None,
) -> AnswerView:
    """Write to the customer, by the channel they last used; it can be taken back for ten seconds.

    An item that is free or in your Assigned is accepted first.

    Args:
        chat: the chat and the message of the representative that this is, so that an edit of it edits the answer.

    Raises:
        NotFound: there is no such case.
        Refused: `item.taken` when somebody else works on it; `item.closed`; `answer.no_way` when there is no address
            left to write to, `answer.address_fails` when letters to it come back.
        Misused: `answer.empty`, or `answer.too_long`.
    """
    check(by.role, Right.ANSWER)
    _check_text(text, files)
    row, work = lock_case(tx, number, by)
    return _answer(tx, row, work, text, by, files, chat)


def answer_unless_overtaken(  # noqa: PLR0913 - an answer, and what its writer knew
    tx: Tx,
    number: int,
    text: str,
    by: Representative,
    *,
    seen: Seen,
    files: tuple[NewFile, ...] = (),
    chat: tuple[int, int] | None = None,
) -> AnswerView | Overtaken:
    """Do as `answer`, unless the customer wrote or somebody answered after its writer had seen the case.

    Raises:
        As `answer`.
    """
    check(by.role, Right.ANSWER)
    _check_text(text, files)
    row, work = lock_case(tx, number, by)  # or something could come between the look and the answer
    if came := came_since(tx, number, seen, by):
        return Overtaken(tuple(came))
    return _answer(tx, row, work, text, by, files, chat)


def _answer(  # noqa: PLR0913 - as `answer`, of a case that is locked
    tx: Tx,
    row: Case,
    work: Work,
    text: str,
    by: Representative,
    files: tuple[NewFile, ...],
    chat: tuple[int, int] | None,
) -> AnswerView:
    number = work.id
    accept_if_free(tx, number, by)
    to = customer_of(tx, row)
    if to is None:
        raise _no_way(tx, row)
    entry = _add_entry(tx, number, EntryKind.ANSWER, text, by, chat)
    entry.channel = to.channel
    add_files(tx, entry.id, files)
    due_at = tx.now + tx.house.undo
    owed = [
        owe(tx, to, Message(OwedKind.ANSWER, part, work=number, entry=entry.id, due_at=due_at))
        for part in _parts(tx, entry, to.channel)
    ]
    copied = owe_copies(tx, owed[0]) if to.channel is Channel.EMAIL else []
    work.answered = True
    clocks.answered(tx, work)
    touch(work, tx)
    row.first_answer_at = row.first_answer_at or tx.now
    record(tx, "answered", by.actor, work=number, entry=entry.id, channel=str(to.channel))
    cards.changed(tx, number)
    name = customers.get(tx, row.contact_id).name
    unsealed = to.channel is Channel.EMAIL and _came_sealed(tx, number, entry.id)
    return AnswerView(entry.id, number, name, to.channel, to.address, due_at, tuple(copied), unsealed)


def _came_sealed(tx: Tx, number: int, before: int) -> bool:
    """Tell whether the last that the customer wrote came sealed."""
    theirs = Entry.work_id == number, Entry.kind == EntryKind.CUSTOMER, Entry.id < before
    flags = tx.session.scalar(select(Entry.flags).where(*theirs).order_by(Entry.id.desc()).limit(1))
    return CAME_SEALED in (flags or ())


def _no_way(tx: Tx, row: Case) -> Refused:
    """Say why a customer cannot be written to: their address fails, or there is none."""
    mail = row.reply_address if row.reply_channel is Channel.EMAIL else None
    fails = failing_at(tx, mail) if mail else None
    if fails is None:
        return Refused("answer.no_way", number=row.work_id)
    since, why = fails.since, fails.reason
    return Refused("answer.address_fails", number=row.work_id, address=fails.address, since=since, why=why)


def _parts(tx: Tx, entry: Entry, channel: Channel) -> list[dict[str, Any]]:
    """Cut an answer into what goes out in one go each: all of it by mail, one call of the Bot API each in chat."""
    if channel is Channel.EMAIL:
        return [{}]
    files = [file.id for file in conversations.files_of(tx, [entry.id]).get(entry.id, ())]
    if files and len(entry.text) <= CAPTION_LENGTH:
        return [{"file": files[0], "caption": True}, *({"file": file} for file in files[1:])]
    return [{}, *({"file": file} for file in files)]


def _check_text(text: str, files: tuple[NewFile, ...], limit: int = ANSWER_LENGTH) -> None:
    if not text.strip() and not files:
        raise Misused("answer.empty")
    if len(text) > limit:
        raise Misused("answer.too_long", limit=limit, length=len(text))


def _add_entry(
    tx: Tx, number: int, kind: EntryKind, text: str, by: Representative, chat: tuple[int, int] | None
) -> Entry:
    entry = Entry(work_id=number, kind=kind, at=tx.now, person_id=by.id, text=text)
    if chat:
        entry.chat_id, entry.chat_message_id = chat
    tx.session.add(entry)
    tx.session.get_one(Case, number).last_entry_at = tx.now
    tx.session.flush()
    indexing.said(tx, number, text)
    if chat:
        cards.link(tx, number, *chat, entry.id)
    return entry


def undo(tx: Tx, entry: int, by: Representative) -> str:
    """Take an answer back before it has gone out; returns its text, to be used again.

    Raises:
        NotFound: `answer.unknown`: it is not an answer of yours.
        Refused: `answer.gone`: it is on its way already.
    """
    row, parts = _own_answer(tx, entry, by)
    parts = [part for part in parts if part.kind is OwedKind.ANSWER or part.state is not OwedState.WITHDRAWN]
    if not parts or not all(withdraw(tx, part.id) for part in parts):
        raise Refused("answer.gone")
    row.kind = EntryKind.WITHDRAWN
    tx.session.flush()
    _forget_answer(tx, row.work_id)
    indexing.changed(tx, row.work_id)
    record(tx, "answer_withdrawn", by.actor, work=row.work_id, entry=entry)
    cards.changed(tx, row.work_id)
    return row.text


def _forget_answer(tx: Tx, number: int) -> None:
    """Let a case stand as if an answer had not been written: there may be others, before or after it."""
    row, work = lock_case(tx, number)
    work.answered = conversations.is_answered(tx, number)
    row.first_answer_at = tx.session.scalar(
        select(func.min(Entry.at)).where(Entry.work_id == number, Entry.kind == EntryKind.ANSWER)
    )
    clocks.taken_back(tx, work, any_left=row.first_answer_at is not None)


def _own_answer(tx: Tx, entry: int, by: Representative) -> tuple[Entry, list[Owed]]:
    row = tx.lock(Entry, entry)
    if row is None or row.person_id != by.id or row.kind is not EntryKind.ANSWER:
        raise NotFound("answer.unknown")
    parts = tx.session.scalars(
        select(Owed)
        .where(Owed.entry_id == entry, Owed.kind.in_((OwedKind.ANSWER, OwedKind.COPY)))
        .order_by(Owed.id)
        .with_for_update()
    ).all()
    return row, list(parts)


def edit_answer(tx: Tx, chat: tuple[int, int], text: str, by: Representative) -> int | None:
    """Take over a representative's edit of an answer: before it is sent in place, in chat afterwards too.

    Returns:
        The number of the case; None when that message was no answer or note of theirs.

    Raises:
        Refused: `answer.mailed`: it went by mail and cannot be changed.
        Misused: `answer.empty`, or `answer.too_long`.
    """
    entry = tx.session.scalar(select(Entry).where(Entry.chat_id == chat[0], Entry.chat_message_id == chat[1]))
    if entry is None or entry.person_id != by.id or entry.kind is EntryKind.WITHDRAWN or entry.text == text:
        return None
    _check_text(text, ())
    if entry.kind is EntryKind.ANSWER:
        _deliver_edit(tx, entry, text, by)
    else:
        tell_mentioned(tx, entry.work_id, text, by, before=entry.text)
    record(tx, "message_edited", by.actor, work=entry.work_id, entry=entry.id, before=entry.text)
    entry.text, entry.edited_at = text, tx.now
    lock_case(tx, entry.work_id)
    indexing.changed(tx, entry.work_id)
    cards.changed(tx, entry.work_id)
    return entry.work_id


def _deliver_edit(tx: Tx, entry: Entry, text: str, by: Representative) -> None:
    _, rows = _own_answer(tx, entry.id, by)
    parts = [part for part in rows if part.state not in {OwedState.DEAD, OwedState.WITHDRAWN}]
    if any(part.channel is Channel.EMAIL and not _still_here(part) for part in parts):
        raise Refused("answer.mailed", number=entry.work_id)
    parts = [part for part in parts if part.kind is OwedKind.ANSWER]
    worded = next((part for part in parts if "file" not in part.facts or part.facts.get("caption")), None)
    if worded is not None and worded.facts.get("caption"):
        _check_text(text, (), CAPTION_LENGTH)
    if worded is None or _still_here(worded):
        return  # the courier reads the text when it sends
    to = To(worded.channel, worded.address, contact=worded.contact_id)
    facts = {"of": worded.id, "caption": bool(worded.facts.get("caption"))}
    owe(tx, to, Message(OwedKind.EDIT, facts, work=entry.work_id, entry=entry.id, sound=False))


def _still_here(part: Owed) -> bool:
    return part.state is OwedState.OWED and part.lease_until is None


def note(
    tx: Tx,
    number: int,
    text: str,
    by: Representative,
    *,
    files: tuple[NewFile, ...] = (),
    chat: tuple[int, int] | None = None,
) -> int:
    """Add a note that stays inside; anybody at the desk may, whoever has the case. Who is mentioned in it is told.

    Raises:
        NotFound: there is no such case.
        Misused: `note.empty`.
    """
    check(by.role, Right.SEE_WORK)
    if not text.strip() and not files:
        raise Misused("note.empty")
    return _note(tx, lock_case(tx, number, by), text, by, files, chat)


def note_along(tx: Tx, number: int, text: str, by: Representative) -> None:
    """Add what somebody said of a letter that they forwarded, also to a case which they do not see: it came by them."""
    _note(tx, lock_case(tx, number), text, by, (), None)


def _note(
    tx: Tx,
    locked: tuple[Case, Work],
    text: str,
    by: Representative,
    files: tuple[NewFile, ...],
    chat: tuple[int, int] | None,
) -> int:
    row, work = locked
    number = work.id
    has_words_again(tx, row, work)
    entry = _add_entry(tx, number, EntryKind.NOTE, text, by, chat)
    add_files(tx, entry.id, files)
    touch(work, tx)
    record(tx, "noted", by.actor, work=number, entry=entry.id)
    tell_mentioned(tx, number, text, by)
    cards.changed(tx, number)
    return entry.id
