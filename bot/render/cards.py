"""One item as a card: what it is, where it stands, what was said last, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from core.cases.rules import CaseStatus, EntryKind
from core.cases.telling import excerpt, file_names, quote
from core.cases.views import CaseView, EntryView
from core.people.rules import Right, may
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.rules import PRIORITIES, QueueKind
from core.work.views import ItemView

#: Characters of the last message on a card; the whole of it is a button away.
LAST_LENGTH = 1000

_MARKS = {EntryKind.CUSTOMER: "mark.customer", EntryKind.ANSWER: "mark.answer", EntryKind.NOTE: "mark.note"}


def card(shown: CaseView | ItemView, reader: Representative) -> Notice:
    """Draw the card of a case or a task for one reader."""
    item = shown.item if isinstance(shown, CaseView) else shown
    lines = [said(_head_key(item), number=item.number, title=item.title)]
    if isinstance(shown, CaseView):
        lines.append(_customer(shown))
    lines += _place(item, shown, reader)
    if item.snoozed_until:
        lines.append(said("card.snoozed", at=item.snoozed_until))
    elif item.planned_at:
        lines.append(said("card.planned", at=item.planned_at))
    if isinstance(shown, CaseView):
        lines += _last(shown)
    rows = buttons(item, reader, files=shown.files if isinstance(shown, CaseView) else 0)
    if isinstance(shown, CaseView) and shown.last is not None and len(shown.last.text) > LAST_LENGTH:
        rows = (*rows, (Button(said("button.whole"), "whole", (item.number, shown.last.id, 0)),))
    return Notice(tuple(lines), rows)


def _head_key(item: ItemView) -> str:
    if item.kind == "task":
        return "card.head_task"
    return "card.head_urgent" if PRIORITIES.get(item.priority) == "urgent" else "card.head"


def _customer(case: CaseView) -> Said:
    return said(
        "card.customer", name=case.contact.name, channel=said(f"channel.{case.reply_channel}"), at=case.item.created_at
    )


def _place(item: ItemView, shown: CaseView | ItemView, reader: Representative) -> list[Said]:
    if item.queue is None:
        return _ended(item, shown)
    if item.holder_id == reader.id:
        return [said(f"card.yours_{item.queue.kind}", since=item.since)]
    key = {
        QueueKind.PUBLIC: "card.place_public",
        QueueKind.ASSIGNED: "card.place_assigned",
        QueueKind.IN_PROGRESS: "card.place_progress",
    }[item.queue.kind]
    return [said(key, name=item.queue.owner_name, queue=item.queue.name, since=item.since)]


def _ended(item: ItemView, shown: CaseView | ItemView) -> list[Said]:
    at: datetime | None = item.closed_at
    if isinstance(shown, CaseView) and shown.status is CaseStatus.SPAM:
        return [said("card.spam", at=at)]
    lines = [said("card.done", at=at)]
    if isinstance(shown, CaseView) and shown.resolution:
        lines.append(said("card.resolution", text=excerpt(shown.resolution, LAST_LENGTH)))
    return lines


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
    lines += [said(flag) for flag in entry.flags]
    if entry.delivery is not None and entry.kind is EntryKind.ANSWER:
        lines.append(said(f"delivery.{entry.delivery}"))
    return lines


def buttons(item: ItemView, reader: Representative, *, files: int = 0) -> Rows:
    """Offer what the reader can do with an item where it stands; the right is checked again at each press."""
    number = item.number
    look = [_button("case", number)] if item.kind == "case" else []
    if files:
        look.append(_button("files", number))
    if item.queue is None:
        return _rows([_button("reopen", number), *look])
    if item.queue.kind is QueueKind.PUBLIC:
        return _rows([_button("accept", number), *_hand_on(number)], look)
    if item.holder_id != reader.id:
        return _rows(_hand_on(number) if may(reader.role, Right.MOVE_ANY) else [], look)
    if item.queue.kind is QueueKind.ASSIGNED:
        return _rows([_button("accept", number), *_hand_on(number)], look)
    if item.kind == "task":
        return _rows(
            [_button("done", number), _button("snooze_ask", number)], [_button("release", number), *_hand_on(number)]
        )
    return _rows(
        [_button("answer", number), _button("resolve", number), _button("note", number)],
        [_button("release", number), *_hand_on(number)],
        [_button("snooze_ask", number), _button("plan", number), *look],
    )


def _hand_on(number: int) -> list[Button]:
    return [_button("forward_menu", number, "button.forward", 0), _button("assign_menu", number, "button.assign", 0)]


_LABELS = {"snooze_ask": "button.snooze"}


def _button(verb: str, number: int, label: str = "", *more: int) -> Button:
    return Button(said(label or _LABELS.get(verb, f"button.{verb}")), verb, (number, *more))


def _rows(*rows: list[Button]) -> Rows:
    return tuple(tuple(row) for row in rows if row)
