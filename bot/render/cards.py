"""One item as a card: what it is, where it stands, what was said last, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from bot.render.delivery import copy_lines, delivery_line
from bot.render.fields import card_lines, length, spent
from bot.render.relating import related_lines
from bot.render.standing import account_lines, customer, head, place
from core.activities.rules import DUE, WRITTEN, ActivityStatus
from core.activities.views import ActivityView
from core.cases.rules import CaseStatus, EntryKind
from core.cases.telling import copied_lines, excerpt, file_names, quote
from core.cases.views import CaseView, EntryView, PartyView
from core.people.rules import Right, may
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView

#: Characters of the last message on a card, the whole of which is a button away, and of the title of another item.
LAST_LENGTH, TITLE_LENGTH = 1000, 80

#: Lines of what is planned for a case.
PLANNED_LINES = 10

_MARKS = {
    EntryKind.CUSTOMER: "mark.customer",
    EntryKind.ANSWER: "mark.answer",
    EntryKind.NOTE: "mark.note",
    EntryKind.MACHINE: "mark.machine",
}


def card(shown: CaseView | ActivityView, reader: Representative) -> Notice:
    """Draw the card of a case or an activity for one reader."""
    if isinstance(shown, ActivityView):
        return _activity_card(shown, reader)
    item = shown.item
    lines = [
        head(shown),
        customer(shown),
        *account_lines(shown),
        *failing_lines(shown),
        *_answered_by(shown),
        *_parties(shown),
        *card_lines(shown),
        *related_lines(shown),
    ]
    lines += [*_place(item, shown, reader), *due_lines(item)]
    lines += [*_snoozed(shown), *planned_lines(shown), *_last(shown)]
    rows = buttons(item, reader, files=shown.files)
    if shown.last is not None and len(shown.last.text) > LAST_LENGTH:
        rows = (*rows, (Button(said("button.whole"), "whole", (item.number, shown.last.id, 0)),))
    return Notice(tuple(lines), rows)


def _activity_card(shown: ActivityView, reader: Representative) -> Notice:
    item = shown.item
    lines = [head(shown)]
    if shown.regarding is not None:
        number, title = shown.regarding
        lines.append(said("card.regards", number=number, title=excerpt(title, TITLE_LENGTH)))
    if shown.contact:
        lines.append(said("card.with_customer", name=shown.contact))
    if shown.people:
        lines.append(said("card.needed", names=list(shown.people)))
    lines += [*_times(shown), *_place(item, shown, reader), *_snoozed(shown)]
    return Notice(tuple(lines), activity_buttons(shown, reader))


def due_lines(item: ItemView) -> list[Said]:
    """Say by when a customer is to be answered or a case resolved, or that the time has run out."""
    return [said(f"card.due_{item.due_for}", at=item.due_at)] if item.open and item.due_at is not None else []


def _times(shown: ActivityView) -> list[Said]:
    """Say when and where an activity is, whether the customer is told of it, and when it reminds if not as usual."""
    lines: list[Said] = []
    if shown.at is not None and shown.item.open:
        key = "card.from_until" if shown.until else "card.due" if shown.item.kind in DUE else "card.begins"
        lines.append(said(key, at=shown.at, until=shown.until))
    if shown.place:
        lines.append(said("card.at_place", place=shown.place))
    if shown.item.open and shown.invited:
        lines.append(said("card.invited"))
    if shown.answer and shown.answered_at is not None:
        lines.append(said(f"card.answer_{shown.answer}", at=shown.answered_at))
    if shown.item.open and shown.remind:
        lines.append(said("card.remind", span=length(shown.remind)))
    return lines


def _snoozed(shown: CaseView | ActivityView) -> list[Said]:
    until = shown.item.snoozed_until
    if until is None:
        return []
    if shown.snoozed_for:
        return [said("card.snoozed_for", at=until, why=shown.snoozed_for)]
    return [said("card.snoozed", at=until)]


def planned_lines(case: CaseView) -> list[Said]:
    """Say what is to be done for a case, in order, and when if that is known."""
    lines = [planned_line(one) for one in case.planned[:PLANNED_LINES]]
    more = len(case.planned) - PLANNED_LINES
    return [*lines, said("text.more", count=more)] if more > 0 else lines


def planned_line(one: ItemView) -> Said:
    """Say what is planned for a case, and when if that is known."""
    mark, title = said(f"mark.kind_{one.kind}"), excerpt(one.title, TITLE_LENGTH)
    if one.planned_at is None:
        return said("planned.line", mark=mark, number=one.number, title=title)
    return said("planned.line_at", mark=mark, number=one.number, title=title, at=one.planned_at)


def failing_lines(case: CaseView) -> list[Said]:
    """Say that letters to the customer of a case come back, since when and why."""
    fails = case.failing
    if fails is None:
        return []
    return [said("card.mail_fails", address=fails.address, since=fails.since, why=fails.reason)]


def _answered_by(case: CaseView) -> list[Said]:
    chosen = case.answer_by
    return [said("card.answered_by", channel=said(f"channel.{chosen}"))] if chosen and case.item.open else []


def _parties(case: CaseView) -> list[Said]:
    """Say who takes part by mail besides the customer."""
    if not case.parties or not case.item.open:
        return []
    return [said("card.parties", names=[party_named(one) for one in case.parties])]


def party_named(one: PartyView) -> str | Said:
    """Name who takes part in a case, with their address, which is said once where it is all that is known."""
    return one.address if one.name == one.address else said("party.named", name=one.name, address=one.address)


def _place(item: ItemView, shown: CaseView | ActivityView, reader: Representative) -> list[Said]:
    if item.queue is None:
        return _ended(item, shown)
    if item.holder_id == reader.id:
        return [said(f"card.yours_{item.queue.kind}", since=item.since)]
    return [place(item, item.queue)]


def _ended(item: ItemView, shown: CaseView | ActivityView) -> list[Said]:
    at: datetime | None = item.closed_at
    if isinstance(shown, ActivityView):
        return _activity_ended(shown)
    if shown.status is CaseStatus.SPAM:
        return [said("card.spam", at=at)]
    if item.merged_into is not None:
        return [said("card.merged", into=item.merged_into, at=at)]
    lines = [said("card.cancelled" if shown.status is CaseStatus.CANCELLED else "card.done", at=at)]
    if shown.billable_minutes:
        lines.append(said("card.billable", time=spent(shown.billable_minutes)))
    if shown.resolution:
        lines.append(said("card.resolution", text=excerpt(shown.resolution, LAST_LENGTH)))
    return [*lines, *rating_lines(shown)]


def rating_lines(case: CaseView) -> list[Said]:
    """Say how satisfied the customer is, if they said so."""
    if case.satisfaction is None:
        return []
    if case.satisfaction_words:
        words = excerpt(case.satisfaction_words, LAST_LENGTH)
        return [said("card.rated_words", rating=case.satisfaction, words=words)]
    return [said("card.rated", rating=case.satisfaction)]


def _activity_ended(shown: ActivityView) -> list[Said]:
    off = shown.status is ActivityStatus.CALLED_OFF
    lines = [said("card.called_off" if off else "card.done", at=shown.item.closed_at)]
    if _was_logged(shown):
        how = "called" if shown.item.kind is WorkKind.CALL else "went"
        lines = [said(f"card.{how}_{shown.direction}", at=shown.at)]
    if shown.outcome:
        lines.append(said("card.why_off" if off else "card.outcome", text=excerpt(shown.outcome, LAST_LENGTH)))
    if shown.took is not None:
        lines.append(said("card.took", span=length(shown.took)))
    return lines


def _was_logged(shown: ActivityView) -> bool:
    """Tell whether an activity was done from the start: it was over when it was made."""
    item = shown.item
    over = shown.at is not None and item.closed_at is not None and shown.at <= item.closed_at
    return over and shown.direction is not None and item.closed_at == item.created_at


def _last(case: CaseView) -> list[Said]:
    lines: list[Said] = []
    if case.last is not None:
        shown = entry_lines(case.last, LAST_LENGTH)
        first = case.messages == 1 and case.last.kind is EntryKind.CUSTOMER
        if first:  # the head of the card has told by whom and when
            shown = [one for one in shown if one.key not in _MARKS.values()]
        if first and case.last.text.strip() == case.item.title:
            shown = [one for one in shown if not one.key.startswith("text.quote")]
        lines += shown
    counts = [said("text.messages", count=case.messages)] if case.messages > 1 else []
    if case.files > (len(case.last.files) if case.last else 0):  # the last message names its own
        counts.append(said("text.files", count=case.files))
    if counts:
        lines.append(said("card.counts", counts=counts))
    return lines


def mark_of(entry: EntryView) -> str:
    """Name the sentence that says whose message it is."""
    return _MARKS.get(entry.kind, "mark.customer")


def entry_lines(entry: EntryView, length: int) -> list[Said]:
    """Draw one message of a conversation: who, when, what, and what has become of it."""
    head = said(mark_of(entry), name=entry.author, at=entry.at)
    lines = [said("text.entry_edited", head=head) if entry.edited_at else head]
    if entry.text:
        lines.append(quote(entry.text, length))
    if entry.files:
        lines.append(file_names(entry.files))
    lines += copied_lines(entry.copied)
    lines += [said(flag) for flag in entry.flags]
    if entry.read_at is not None:
        lines.append(said("delivery.read", at=entry.read_at))
    elif entry.arrived_at is not None:
        lines.append(said("delivery.arrived", at=entry.arrived_at))
    elif entry.delivery is not None and entry.kind is EntryKind.ANSWER:
        lines.append(delivery_line(entry.delivery))
    if entry.delivery is not None and entry.kind is EntryKind.ANSWER:
        lines += copy_lines(entry.delivery)
    return lines


def buttons(item: ItemView, reader: Representative, *, files: int = 0) -> Rows:
    """Offer what the reader can do with a case where it stands; the right is checked again at each press."""
    number = item.number
    look = [_button("case", number)]
    if files:
        look.append(_button("files", number))
    if item.merged_into is not None:
        return _rows([_button("case", item.merged_into)])
    if item.queue is None:
        return _rows([_button("reopen", number), *look])
    if item.queue.kind is QueueKind.PUBLIC:
        return _rows([_button("accept", number), *_hand_on(number)], look)
    if item.holder_id != reader.id:
        return _rows([*_take_over(item), *(_hand_on(number) if may(reader.role, Right.MOVE_ANY) else [])], look)
    if item.queue.kind is QueueKind.ASSIGNED:
        return _rows([_button("accept", number), *_hand_on(number)], look)
    return _rows(
        [_button("answer", number), _button("resolve", number), _button("note", number)],
        [_button("release", number), *_hand_on(number)],
        [_button("snooze_ask", number), _button("plan", number), *look],
    )


def activity_buttons(task: ActivityView, reader: Representative) -> Rows:
    """Offer what the reader can do with an activity where it stands, a way to its case and to its history."""
    item, number = task.item, task.number
    look = [_button("history", number, "button.history", 0)]
    if task.regarding is not None:
        look.append(_button("regards", task.regarding[0], "button.case"))
    if item.queue is None:
        return _rows([*([] if _was_logged(task) else [_button("reopen", number)]), *look])
    mine = item.holder_id == reader.id
    if item.queue.kind is QueueKind.PUBLIC or (mine and item.queue.kind is QueueKind.ASSIGNED):
        return _rows([_button("accept", number), *_hand_on(number)], look)
    if not mine and not may(reader.role, Right.MOVE_ANY):
        return _rows(_take_over(item), look)
    back = [_button("release", number)] if item.queue.kind is QueueKind.IN_PROGRESS else []
    ways = [_button("done", number), _button("move_ask", number, "button.move"), _button("snooze_ask", number)]
    return _rows(_to_write(task), ways, [*back, *_hand_on(number)], [_button("call_off", number), *look])


def _to_write(task: ActivityView) -> list[Button]:
    """Offer to write a letter or a chat message here, as an answer of the case that it is for."""
    if task.item.kind not in WRITTEN or task.regarding is None:
        return []
    return [Button(said("button.write_answer", number=task.regarding[0]), "answer", (task.regarding[0],))]


def _take_over(item: ItemView) -> list[Button]:
    """Offer to take over what somebody works on; what they have not begun is theirs to hand on."""
    taken = item.queue is not None and item.queue.kind is QueueKind.IN_PROGRESS
    return [_button("steal", item.number)] if taken else []


def _hand_on(number: int) -> list[Button]:
    return [_button("forward_menu", number, "button.forward", 0), _button("assign_menu", number, "button.assign", 0)]


_LABELS = {"snooze_ask": "button.snooze"}


def _button(verb: str, number: int, label: str = "", *more: int) -> Button:
    return Button(said(label or _LABELS.get(verb, f"button.{verb}")), verb, (number, *more))


def _rows(*rows: list[Button]) -> Rows:
    return tuple(tuple(row) for row in rows if row)
