"""Understand a letter: what it becomes, in the one transaction that settles it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from core.cases import incoming, indexing, rating
from core.cases.model import Entry
from core.cases.rules import language_of, rating_of_letter
from core.cases.telling import tell_person
from core.cases.views import Incoming, NewFile
from core.customers.actions import Caller, give_up_unproven, is_known, recognise
from core.customers.rules import Pace
from core.customers.senders import verdict_on
from core.customers.views import ContactView
from core.desk import Tx
from core.inbox import model as inbox
from core.inbox.actions import REPEAT_WITHIN, settle_letter
from core.inbox.model import InboxState
from core.intake import bringing, complaints, failures, forwards, receipts, threads
from core.intake.letter import Letter
from core.intake.meetings import calendar_answer, with_meeting
from core.intake.parse.headers import ADDRESS_LENGTH, speakable
from core.intake.policy import Action, Around, Disposition, decide
from core.intake.reading import Understood
from core.intake.rules.authenticity import authenticity_flags
from core.intake.rules.causes import cause_of
from core.intake.rules.conversation import conversation_of
from core.intake.tags import untagged
from core.outbox.model import Channel
from core.people import queries as people
from core.people.quiet import News
from core.texts.said import Button, Rows, notice, said
from core.work.model import Work
from core.work.placing import holder_of
from core.work.queues import locale_of_address, parks_strangers, queue_of_address

#: Characters that are looked at to guess a language.
_LOOK_AT = 4000

#: Between the first and the last of one letter's copies to several addresses of ours, or sent again.
_COPIES_WITHIN = timedelta(days=30)

#: How the outcome of a letter begins that waits for a person, and that of one that is tried again.
_ASIDE, FAILED = "set aside", "failed"


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a letter's bytes outside the transaction.

    Attributes:
        digest: equal for one letter to two addresses of ours.
        files: its attachments, kept already.
    """

    digest: str
    files: tuple[NewFile, ...] = ()


def understand(tx: Tx, letter_id: int, understood: Understood, content: Content) -> str | None:
    """Make of a letter what it is: a case, a message of one, a note on what it tells, a repeat, or set aside.

    Returns:
        What it became, in a word or two; None when it was settled before.
    """
    row = settle_letter(tx, letter_id)
    if row is None:
        return None
    tx.take_turns([understood.letter.message_id or content.digest])  # the second copy finds the first
    return become(tx, row, understood, content)


def become(tx: Tx, row: inbox.Letter, understood: Understood, content: Content) -> str:
    """Make of a letter that is locked and settled what it is. Returns what it became."""
    letter = understood.letter
    flags = authenticity_flags(letter, tx.house.authserv_id)
    letter = replace(letter, flags=(*letter.flags, *flags)) if flags else letter
    row.content_hash = content.digest
    twin = _twin(tx, row, letter.message_id)
    if twin is not None:
        return _repeated(row, twin)
    _twins(tx).setdefault(content.digest, []).append(row)
    decision = decide(letter, understood.kind, _around(tx, row, letter))
    if row.released_by is not None and decision.action in {Action.SET_ASIDE, Action.DROP}:
        decision = replace(decision, action=Action.SILENTLY if decision.kind.automatic else Action.ACCEPT)
    match decision.action:
        case Action.SET_ASIDE:
            became = _set_aside(tx, row, decision.reason, letter)
            if decision.reason == "aside.unknown_sender" and (named := threads.named_cases(tx, row.recipient, letter)):
                row.facts = row.facts | {"case": named[0]}  # whoever decides on it may let them into that
            return became
        case Action.DROP:
            row.reason, row.facts = decision.reason, {"from": _named(letter)}
            return "dropped"
        case Action.NOTE:
            return _note(tx, row, letter, content, decision)
        case Action.SILENTLY:
            return _message(tx, row, letter, content, automatic=True)
        case _:
            brings = not decision.kind.mailing_list  # or the list itself would take part
            return _forwarded(tx, row, letter, content) or _message(
                tx, row, letter, content, automatic=False, brings=brings
            )


def _around(tx: Tx, row: inbox.Letter, letter: Letter) -> Around:
    address = speakable(sender_of(row, letter))

    def is_strange() -> bool:
        to = untagged(row.recipient)
        return parks_strangers(tx, to) and not is_known(tx, Channel.EMAIL, address) and not joins()

    def joins() -> bool:
        return threads.joins(tx, row.recipient, letter)

    return Around(tx.house.domain, tx.house.spam_score, lambda: verdict_on(tx, address), joins, is_strange)


def is_for_good(outcome: str) -> bool:
    """Tell whether a letter that became this is done with, and not one that a person may release."""
    return outcome not in {"", FAILED} and not outcome.startswith(_ASIDE)


def settle_copy(tx: Tx, letter_id: int, digest: str) -> str | None:
    """Settle a letter that is a copy of one that was understood before; None when there is none, and nothing is done.

    Args:
        digest: of its content, as in `Content`.
    """
    row = tx.session.get_one(inbox.Letter, letter_id)
    row.content_hash = digest
    twin = _twin(tx, row, row.message_id)
    if twin is None or settle_letter(tx, letter_id) is None:
        return None
    return _repeated(row, twin)


def _repeated(row: inbox.Letter, twin: inbox.Letter) -> str:
    row.state, row.work_id, row.entry_id = InboxState.REPEATED, twin.work_id, twin.entry_id
    return "repeated"


def _twin(tx: Tx, row: inbox.Letter, message_id: str | None) -> inbox.Letter | None:
    """Find the same letter, understood before: its content tells, with the Message-ID in it."""
    after = row.received_at - (_COPIES_WITHIN if message_id else REPEAT_WITHIN)
    digest = row.content_hash or ""
    if digest not in _twins(tx):
        look_for_twins(tx, [digest])
    for one in _twins(tx)[digest]:
        if one.id != row.id and one.state is InboxState.DONE and one.received_at > after:
            return one
    return None


def look_for_twins(tx: Tx, digests: Collection[str]) -> None:
    """Ask for the letters with these contents that were understood, all at once, oldest first."""
    twins = _twins(tx)
    twins.update({digest: [] for digest in digests})
    known = select(inbox.Letter).where(inbox.Letter.content_hash.in_(digests), inbox.Letter.state == InboxState.DONE)
    for row in tx.session.scalars(known.order_by(inbox.Letter.id)):
        twins[row.content_hash or ""].append(row)


def _twins(tx: Tx) -> dict[str, list[inbox.Letter]]:
    found: dict[str, list[inbox.Letter]] = tx.memo.setdefault("letters by content", {})
    return found


def _set_aside(tx: Tx, row: inbox.Letter, reason: str, letter: Letter) -> str:
    """Keep a letter for a person to decide on, with what it was for and who seems to have written it."""
    row.state, row.reason = InboxState.SET_ASIDE, reason
    cause = speakable(cause_of(letter, reason, tx.house.spam_score))
    row.facts = {"from": _named(letter), "cause": cause}
    return f"{_ASIDE}: {reason}"


def _named(letter: Letter) -> str:
    """Tell whom a letter names as its writer, by which it is found when they are to be forgotten."""
    return speakable(letter.from_.address) if letter.from_ else ""


def _note(tx: Tx, row: inbox.Letter, letter: Letter, content: Content, decision: Disposition) -> str:
    """Take a note of what a machine tells about our own mail; nobody is answered and nothing is opened again."""
    row.reason = decision.reason
    released = row.released_by is not None  # a person has read it, and wants it to be more than a note
    if decision.kind.bounce is not None and not released:
        row.work_id = failures.bounced(tx, letter, decision.kind.bounce)
        return "bounce" if row.work_id else _set_aside(tx, row, decision.reason, letter)
    if decision.kind.feedback_report and not released:
        row.work_id = complaints.complained(tx, letter)
        return "complaint" if row.work_id else _set_aside(tx, row, decision.reason, letter)
    if decision.kind.receipt and not released:
        row.work_id = receipts.noted(tx, letter)
        return "receipt"
    numbers = threads.named_cases(tx, row.recipient, letter)
    if decision.kind.auto_reply and letter.from_ is not None and numbers:
        contact = _contact(tx, row, letter, letter.from_.address)
        mine = threads.case_of(tx, numbers, contact.id)
        if mine is not None:
            what = replace(_incoming(tx, row, letter, content, automatic=True), in_place=True)
            _settle_as(row, incoming.add_to(tx, mine, contact, what))
            return "automatic answer"
    if released:
        return _message(tx, row, letter, content, automatic=True)
    return _set_aside(tx, row, decision.reason, letter)


def _message(
    tx: Tx, row: inbox.Letter, letter: Letter, content: Content, *, automatic: bool, brings: bool = False
) -> str:
    """Open a case, or add to the one that is answered if its sender is on it; it may bring in whom it also went to."""
    contact = _contact(tx, row, letter, sender_of(row, letter))
    if contact.banned and row.released_by is None:
        return _set_aside(tx, row, "aside.banned", letter)
    if contact.pace is not Pace.USUAL and row.released_by is None:
        return _too_many(tx, row, contact, letter)
    contact = replace(contact, pace=Pace.USUAL)
    what = _with_own_id(tx, _incoming(tx, row, letter, content, automatic=automatic))
    numbers = threads.named_cases(tx, row.recipient, letter)
    mine = threads.case_of(tx, numbers, contact.id)
    queue = queue_of_address(tx, untagged(row.recipient))
    if mine is not None:
        became = _to_case(tx, row, mine, contact, what, letter)
        if brings and became == "message" and row.work_id is not None:
            bringing.bring(tx, row.work_id, contact, letter, bringing.others_of(tx, row, letter))
        return became
    if not numbers:
        entry = incoming.open_with(tx, contact, what, queue=queue)
        _settle_as(row, entry)
        if brings and what.copied:
            bringing.bring(tx, entry.work_id, contact, letter, bringing.others_of(tx, row, letter))
        return "case"
    # Whoever answers a case they are not on is a stranger to it: set beside it, and told nothing.
    stranger = replace(what, automatic=True, flags=(*what.flags, "flag.unverified_sender"))
    entry = incoming.open_with(tx, contact, stranger, queue=queue)
    _settle_as(row, entry)
    _tell_of_stranger(tx, entry.work_id, numbers[0])
    return "case of a stranger"


def _with_own_id(tx: Tx, what: Incoming) -> Incoming:
    """Take away a Message-ID that another letter has, so that answers to that one do not lead here."""
    if not what.message_id:
        return what
    known = _is_known(tx, what.message_id)
    _message_ids(tx)[what.message_id] = True
    return replace(what, message_id=None, flags=(*what.flags, "flag.message_id_reused")) if known else what


def _forwarded(tx: Tx, row: inbox.Letter, letter: Letter, content: Content) -> str | None:
    """Give a letter that a member of staff forwarded to the customer who wrote it; None if it is no such letter."""
    by = forwards.forwarded_by(tx, letter)
    if by is None or letter.forwarded is None:
        return None
    _settle_as(row, forwards.take(tx, row, letter, letter.forwarded, by, content.files))
    return "forwarded"


def _to_case(tx: Tx, row: inbox.Letter, mine: int, contact: ContactView, what: Incoming, letter: Letter) -> str:
    """Add to a case that the sender is on: their words, or what their calendar or they answer to a question of ours."""
    if not what.automatic and _rated(tx, mine, contact, what):
        row.work_id = mine
        return "rating"
    came = calendar_answer(tx, mine, contact, letter)
    if came is not None:
        told = replace(what, automatic=True, in_place=True, flags=(*what.flags, f"flag.meeting_{came}"))
        _settle_as(row, incoming.add_to(tx, mine, contact, told))
        return "calendar answer"
    _settle_as(row, incoming.add_to(tx, mine, contact, what, queue=queue_of_address(tx, untagged(row.recipient))))
    return "message"


def _rated(tx: Tx, number: int, contact: ContactView, what: Incoming) -> bool:
    """Take a letter for the answer to our question how satisfied its writer is, where it is nothing else."""
    found, words = rating_of_letter(what.subject or "", what.text)
    return found is not None and not what.files and rating.take_letter(tx, number, contact, found, words)


def _too_many(tx: Tx, row: inbox.Letter, contact: ContactView, letter: Letter) -> str:
    """Set a letter aside whose sender has written too many within the hour; the managers are told once of it."""
    if contact.pace is Pace.TOO_FAST_NOW:
        for one in people.leaders(tx):
            told = notice("notice.too_many_letters", name=contact.name, count=tx.house.mail_per_hour)
            tell_person(tx, one.id, told, sound=False)
    return _set_aside(tx, row, "aside.too_many", letter)


def _contact(tx: Tx, row: inbox.Letter, letter: Letter, address: str) -> ContactView:
    def answers_a_case_of(contact: int) -> bool:
        return threads.proves(tx, threads.named_cases(tx, row.recipient, letter), contact)

    lost = give_up_unproven(tx, Channel.EMAIL, speakable(address), answers_a_case_of)
    if lost is not None:
        indexing.contact_changed(tx, lost)
    name = (letter.from_.name if letter.from_ else "") or address
    words = (letter.own_words or letter.text or letter.subject)[:_LOOK_AT]
    locale = language_of(words)
    otherwise = None if locale else locale_of_address(tx, untagged(row.recipient))
    counts = row.released_by is None
    return recognise(tx, Caller(Channel.EMAIL, speakable(address), speakable(name), locale, otherwise, counts=counts))


def sender_of(row: inbox.Letter, letter: Letter) -> str:
    """Tell the address that a letter is from: its own, that of its envelope, or one that stands for nobody."""
    address = letter.from_.address if letter.from_ else row.mail_from.strip("<> ").casefold()[: ADDRESS_LENGTH + 1]
    return address if 0 < len(address) <= ADDRESS_LENGTH else f"letter-{row.id}@unknown.invalid"


def _incoming(tx: Tx, row: inbox.Letter, letter: Letter, content: Content, *, automatic: bool) -> Incoming:
    return Incoming(
        channel=Channel.EMAIL,
        address=speakable(sender_of(row, letter)),
        text=speakable(with_meeting(tx, letter, letter.own_words or letter.text)),
        full_text=speakable(with_meeting(tx, letter, letter.text)),
        subject=speakable(threads.bare_subject(letter.subject)),
        message_id=letter.message_id,
        content_hash=content.digest,
        conversation=conversation_of(letter),
        files=content.files,
        flags=letter.flags,
        automatic=automatic,
        copied=tuple(one.address for one in bringing.others_of(tx, row, letter)[: bringing.TOLD]),
    )


def _is_known(tx: Tx, message_id: str) -> bool:
    """Tell whether a message of ours or of a customer has this Message-ID; not the same letter: that is a repeat."""
    if message_id not in _message_ids(tx):
        look_for_message_ids(tx, [message_id])
    return _message_ids(tx)[message_id]


def look_for_message_ids(tx: Tx, message_ids: Collection[str]) -> None:
    """Ask which of these Message-IDs are known, all at once."""
    known = set(tx.session.scalars(select(Entry.message_id).where(Entry.message_id.in_(message_ids))))
    _message_ids(tx).update({one: one in known for one in message_ids})


def _message_ids(tx: Tx) -> dict[str, bool]:
    found: dict[str, bool] = tx.memo.setdefault("message ids", {})
    return found


def _settle_as(row: inbox.Letter, entry: Entry) -> None:
    row.work_id, row.entry_id = entry.work_id, entry.id


def _tell_of_stranger(tx: Tx, number: int, named: int) -> None:
    """Tell who has the new case which case its sender named."""
    holder = holder_of(tx, tx.session.get_one(Work, number))
    if holder is not None:
        join = Button(said("button.join", number=named), "join", (number, named))
        buttons: Rows = ((join, Button(said("button.case"), "case", (number,))),)
        told = notice("notice.stranger", number=number, named=named, buttons=buttons)
        tell_person(tx, holder.id, told, News.ANSWERS, work=number, sound=False)
