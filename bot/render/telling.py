"""What somebody is told of unasked, and when, with a button for each other choice."""

from __future__ import annotations

from core.people.quiet import CHOSEN, Loudness, News, may_be
from core.people.views import Representative
from core.texts.said import Button, Notice, Said, said


def choices(one: Representative) -> Notice:
    """Show what somebody is told of, and how; a press takes the next way to be told of a kind."""
    lines = [said("news.head"), quiet(one), said("news.passes")]
    lines += [said("news.line", kind=said(f"news.{kind}"), how=said(f"loudness.{one.hears(kind)}")) for kind in CHOSEN]
    buttons = [
        Button(_label(kind, _next(one, kind)), "news_set", (str(kind), str(_next(one, kind)))) for kind in CHOSEN
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return Notice((*lines, said("news.foot")), rows)


def quiet(one: Representative) -> Said:
    """Say when it is to be quiet."""
    if one.quiet is None:
        return said("quiet.none")
    return said("quiet.hours", start=f"{one.quiet.start:%H:%M}", end=f"{one.quiet.end:%H:%M}", zone=one.zone)


def _next(one: Representative, kind: News) -> Loudness:
    ways = may_be(kind)
    return ways[(ways.index(one.hears(kind)) + 1) % len(ways)]


def _label(kind: News, how: Loudness) -> Said:
    return said("button.news", kind=said(f"news.{kind}"), how=said(f"loudness.mark_{how}"))
