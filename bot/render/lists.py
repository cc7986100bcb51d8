"""Items, queues and people as lists that page in place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.render.cards import entry_lines, mark_of
from bot.render.fields import change, spent
from core.cases.missed import COUNTED, DEFAULT_DAYS, MissedView, change_lines
from core.cases.rules import CaseStatus
from core.cases.views import CaseView, EntryView, OwnCaseView, WholeView
from core.history.views import HappenedView
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.rules import QueueKind, WorkKind
from core.work.views import ItemView, QueueCounts, QueueView

#: Items on one page, and missed cases, of which more is told.
PAGE, MISSED_PAGE = 8, 5

#: Characters of a message in a conversation, and of a page of a message that is shown to its end.
ENTRY_LENGTH, WHOLE_LENGTH = 600, 3000

#: Characters of a title in a list, and of a name on a button.
TITLE_LENGTH, NAME_LENGTH = 48, 24


def short(text: str, length: int = TITLE_LENGTH) -> str:
    """Shorten a text to fit a line."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def items(head: Said, found: Sequence[ItemView], page: tuple[str, Sequence[int | str], int], total: int) -> Notice:
    """List items, a button for each.

    Args:
        page: the verb that shows another page, its first arguments, and the offset of this page.
    """
    lines = [head]
    if any(_waits(one) for one in found):
        lines.append(said("list.legend_waiting"))
    lines += [item_line(one) for one in found]
    if not found:
        lines.append(said("list.empty"))
    return Notice(tuple(lines), numbers([one.number for one in found]) + pages(page, total))


def _waits(one: ItemView) -> bool:
    return one.kind is WorkKind.CASE and not one.answered


def item_line(one: ItemView) -> Said:
    """Draw one item in a list, with a mark when one of its clocks runs."""
    if one.due_at is None or not one.open:
        return _bare_line(one)
    late = (one.due_for or "").endswith("_late")
    return said("list.late" if late else "list.due", line=_bare_line(one), at=one.due_at)


def _bare_line(one: ItemView) -> Said:
    """Draw one item in a list: when it ended, comes, or awakes, else since when it stands there."""
    if not one.open:
        return _ended_line(one)
    if one.snoozed_until is not None:
        return said("list.snoozed", number=one.number, title=short(one.title), at=one.snoozed_until)
    if one.kind is not WorkKind.CASE:
        mark = said(f"mark.kind_{one.kind}")
        key = "list.activity" if one.planned_at is None else "list.activity_at"
        title = short(one.title)
        return said(key, mark=mark, number=one.number, title=title, since=one.since, at=one.planned_at)
    key = "list.waiting" if _waits(one) else "list.item"
    return said(key, number=one.number, title=short(one.title), since=one.since)


def _ended_line(one: ItemView) -> Said:
    if one.kind is WorkKind.CASE:
        return said("list.closed", number=one.number, title=short(one.title), at=one.closed_at)
    mark = said(f"mark.kind_{one.kind}")
    return said("list.activity_closed", mark=mark, number=one.number, title=short(one.title), at=one.closed_at)


def numbers(shown: Sequence[int]) -> Rows:
    """Make a button for each number, in as few rows of four as hold them, none of which is nearly empty."""
    made = [Button(said("button.number", number=number), "card", (number,)) for number in shown]
    count = -(-len(made) // 4)
    ends = [len(made) * row // count for row in range(count + 1)] if count else []
    return tuple(tuple(made[start:end]) for start, end in pairwise(ends))


def pages(page: tuple[str, Sequence[int | str], int], total: int, size: int = PAGE) -> Rows:
    """Make the buttons that lead to the pages before and after one, as in `items`."""
    verb, args, offset = page
    row: list[Button] = []
    if offset > 0:
        row.append(Button(said("button.previous"), verb, (*args, max(0, offset - size))))
    if offset + size < total:
        row.append(Button(said("button.next"), verb, (*args, offset + size)))
    return (tuple(row),) if row else ()


def page_offset(wanted: int, total: int) -> int:
    """Bring the offset of a page into what there is: the last page, should the wanted one be empty by now."""
    return max(0, min(wanted, (total - 1) // PAGE * PAGE))


def queue_name(queue: QueueView) -> Said:
    """Name a queue: a public one by its own name, a personal one by what it is and whose."""
    if queue.kind is QueueKind.PUBLIC:
        return said("text.plain", text=queue.name)
    return said(f"queue.{queue.kind}_of", name=queue.owner_name)


def queues(found: Sequence[QueueCounts]) -> Notice:
    """List the public queues with their numbers."""
    lines = [said("list.queues")]
    for one in found:
        key = "list.queue_watched" if one.watched else "list.queue"
        lines.append(said(key, name=one.queue.name, waiting=one.waiting, progress=one.in_progress, done=one.done_today))
    if not found:
        lines.append(said("list.no_queues"))
    if any(one.watched for one in found):
        lines.append(said("list.legend_watched"))
    rows = tuple(
        (Button(said("text.plain", text=short(one.queue.name or "", NAME_LENGTH)), "queue", (one.queue.id, 0)),)
        for one in found[:20]
    )
    return Notice(tuple(lines), rows)


def choose_queue(number: int, found: Sequence[QueueView], offset: int) -> Notice:
    """Ask which public queue an item is to be forwarded to."""
    if not found:
        return Notice((said("ask.no_queues"),), ((_back(number),),))
    page = found[offset : offset + PAGE]
    rows = tuple(
        (Button(said("text.plain", text=short(one.name or "", NAME_LENGTH)), "forward", (number, one.id)),)
        for one in page
    )
    return Notice(
        (said("ask.queue", number=number),),
        rows + pages(("forward_menu", (number,), offset), len(found)) + ((_back(number),),),
    )


def choose_person(number: int, found: Sequence[Representative], offset: int) -> Notice:
    """Ask whom an item is to be assigned to."""
    page = found[offset : offset + PAGE]
    made = [
        Button(
            said("button.person_working" if one.working else "button.person", name=short(one.name, NAME_LENGTH)),
            "assign",
            (number, one.id),
        )
        for one in page
    ]
    rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    return Notice(
        (said("ask.person", number=number),),
        rows + pages(("assign_menu", (number,), offset), len(found)) + ((_back(number),),),
    )


def _back(number: int) -> Button:
    return Button(said("button.back"), "card", (number,))


def people(found: Sequence[Representative]) -> Notice:
    """List who works here, with the names to type."""
    lines = [said("list.people")]
    lines += [
        said(
            "list.person_working" if one.working else "list.person",
            name=one.name,
            handle=one.handle,
            role=said(f"role.{one.role}"),
        )
        for one in found
    ]
    return Notice(tuple(lines))


def conversation(case: CaseView, entries: Sequence[EntryView]) -> tuple[list[Said], Rows]:
    """Draw messages of a case, and the ways to those that are not shown to their end."""
    lines: list[Said] = []
    for entry in entries:
        lines += entry_lines(entry, ENTRY_LENGTH)
    if not entries:
        lines.append(said("list.empty"))
    cut = [entry for entry in entries if len(entry.text) > ENTRY_LENGTH]
    wholes = tuple(
        Button(said("button.whole_of", at=entry.at), "whole", (case.number, entry.id, 0)) for entry in cut[-2:]
    )
    return lines, ((wholes,) if wholes else ())


def whole(shown: WholeView, page: int, *, letter: bool) -> Notice:
    """Show a page of a message with all of its words, or of the letter that it was, with what it quotes."""
    text = (shown.letter if letter else None) or shown.entry.text
    pages = inpages(text, WHOLE_LENGTH)
    page = min(page, len(pages) - 1)
    number, entry = shown.number, shown.entry.id
    lines = [said(mark_of(shown.entry), name=shown.entry.author, at=shown.entry.at)]
    lines.append(said("text.quote", text=pages[page]))
    if len(pages) > 1:
        lines.append(said("text.page", page=page + 1, of=len(pages)))
    walk: list[Button] = []
    # The last argument says that the message below the button is such a page already, and is to be replaced.
    if page > 0:
        walk.append(Button(said("button.previous"), "whole", (number, entry, page - 1, int(letter), 1)))
    if page + 1 < len(pages):
        walk.append(Button(said("button.next"), "whole", (number, entry, page + 1, int(letter), 1)))
    if shown.letter and not letter:
        walk.append(Button(said("button.letter"), "whole", (number, entry, 0, 1, 1)))
    ways = (Button(said("button.answer"), "answer", (number,)), Button(said("button.case"), "case", (number,)))
    return Notice(tuple(lines), (tuple(walk), ways) if walk else (ways,))


def inpages(text: str, length: int) -> list[str]:
    """Cut a text into pages of so many characters at most, at the ends of lines or words where there are any."""
    pages: list[str] = []
    rest = text
    while len(rest) > length:
        cut = max(rest.rfind("\n", length // 2, length), 0) or max(rest.rfind(" ", length // 2, length), 0) or length
        pages.append(rest[:cut])
        rest = rest[cut:].lstrip("\n") if rest[cut : cut + 1].isspace() else rest[cut:]
    return [*pages, rest]


def history(number: int, found: Sequence[HappenedView], offset: int, total: int) -> Notice:
    """Show what happened to an item, the latest first."""
    lines = [said("history.head", number=number), *history_lines(found)]
    return Notice(tuple(lines), (*pages(("history", (number,), offset), total), (_back(number),)))


def history_lines(found: Sequence[HappenedView]) -> list[Said]:
    """Draw what happened to an item."""
    return [said("history.line", at=one.at, who=_who(one), what=_what(one)) for one in found]


def _who(one: HappenedView) -> Said:
    return said("text.plain", text=one.actor) if one.actor else said("history.desk")


def _what(one: HappenedView) -> Said:
    if one.verb == "edited":
        return change(one.facts)
    if (one.verb == "snoozed" or one.verb.endswith("_snoozed")) and one.facts.get("why"):
        return said(f"history.{one.verb}_for", **one.facts)
    if one.verb == "called_off" and one.facts.get("why"):
        return said("history.called_off_for", **one.facts)
    if one.verb == "resolved":
        return _resolved(one)
    return said(f"history.{one.verb}", **one.facts)


def _resolved(one: HappenedView) -> Said:
    """Say how an item ended, and how long that took where somebody said so."""
    what = said("history.resolved_with" if one.facts.get("resolution") else "history.resolved", **one.facts)
    for fact, key in (("minutes", "history.resolved_billable"), ("took", "history.resolved_took")):
        if one.facts.get(fact):
            return said(key, what=what, time=spent(int(one.facts[fact])))
    return what


def missed(found: Sequence[MissedView], total: int, days: int | None, offset: int) -> Notice:
    """List missed cases, the longest quiet first.

    Args:
        found: those of a page and, if there is another page, the first of that.
        total: how many there are, counted as `count_missed` does.
        days: asked for; None are the days of the desk and its queues.
    """
    if not found:
        return Notice((said("missed.none_at_all") if days is None else said("missed.none", count=days),))
    many = total > COUNTED
    lines = [said("missed.head_many", most=COUNTED) if many else said("missed.head", count=total)]
    shown = found[:MISSED_PAGE]
    for one in shown:
        lines.append(said("missed.item", number=one.item.number, title=short(one.item.title), count=one.quiet_days))
        if one.item.queue is not None:
            lines.append(said("missed.place", place=queue_name(one.item.queue)))
        lines += change_lines(one)
    made = numbers([one.item.number for one in shown])
    page = ("missed", (DEFAULT_DAYS if days is None else days,), offset)
    return Notice(tuple(lines), made + pages(page, offset + len(found), MISSED_PAGE))


def own_cases(found: Sequence[OwnCaseView]) -> Notice:
    """List a customer's requests for the customer."""
    if not found:
        return Notice((said("my.none"),))
    lines = [said("my.head")]
    rows: list[tuple[Button, ...]] = []
    for one in found:
        lines.append(
            said(
                _state_key(one),
                number=one.number,
                title=short(one.item.title),
                at=one.item.touched_at,
                name=one.item.queue.owner_name if one.item.queue else "",
            )
        )
        if one.item.open:
            rows.append((Button(said("button.close_number", number=one.number), "my_close", (one.number,)),))
        elif one.status in {CaseStatus.RESOLVED, CaseStatus.CANCELLED}:
            rows.append((Button(said("button.not_solved_number", number=one.number), "not_solved", (one.number,)),))
    return Notice(tuple(lines), tuple(rows[:8]))


def _state_key(case: OwnCaseView) -> str:
    if not case.item.open:
        return "my.closed"
    in_progress = case.item.queue is not None and case.item.queue.kind is QueueKind.IN_PROGRESS
    return "my.in_progress" if in_progress else "my.waiting"
