"""What was found, a page at a time; or what to look for instead."""

from __future__ import annotations

from bot.render.lists import numbers, pages, queue_name, short
from core.cases.finding import MOST
from core.cases.found import FoundPage, FoundView
from core.cases.rules import CaseStatus
from core.texts.said import Notice, Said, said

#: Cases on one page: each takes some lines of a phone.
PAGE = 5


def found(words: str, what: FoundPage, offset: int) -> Notice:
    """Show a page of what was found for some words, which stand in the first line: its buttons read them there."""
    last = () if what.complete else (said("find.incomplete"),)
    if not what.total:
        instead = (said(f"find.instead_{one.why}", words=one.typed, count=_at_most(one.count)) for one in what.instead)
        return Notice((said("find.none", words=words), *instead, *last))
    many = what.total > MOST
    lines = [
        said("find.head_many", words=words, most=MOST) if many else said("find.head", words=words, count=what.total)
    ]
    for one in what.page:
        lines += _lines(one)
    if not what.page:
        lines.append(said("list.empty"))
    rows = numbers([one.item.number for one in what.page])
    return Notice((*lines, *last), rows + pages(("find", (), offset), _at_most(what.total), PAGE))


def _at_most(count: int) -> int:
    return min(count, MOST)


def _lines(one: FoundView) -> list[Said]:
    number, title = one.item.number, short(one.item.title)
    lines = [said("find.task" if one.status is None else "find.case", number=number, title=title)]
    if one.customer:
        lines.append(said("find.customer", name=one.customer, place=state_of(one)))
    else:
        lines.append(said("find.state", place=state_of(one)))
    if one.snippet is not None:
        cut = one.snippet
        lines.append(said("find.snippet", before=cut.before, hit=cut.hit, rest=cut.after))
    return lines


def state_of(one: FoundView) -> Said:
    """Say where a case that was found stands, or that it is closed."""
    if one.item.queue is not None:
        return queue_name(one.item.queue)
    return said("find.spam" if one.status is CaseStatus.SPAM else "find.closed")
