"""A case in tabs: its conversation, notes, activities, files, history and customer, each in pages, in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.render import lists
from bot.render.cards import buttons as card_buttons
from bot.render.cards import party_named, rating_lines
from bot.render.standing import account_lines
from core.cases.rules import FileState
from core.cases.views import CaseView, EntryView, NumberedFile, OwnCaseView, PartyView
from core.customers.finding import WayView
from core.history.views import HappenedView
from core.outbox.model import Channel
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.views import ItemView

#: Bytes in a KB, as sizes of files are told.
_KB = 1024


class Tab(StrEnum):
    """What can be looked at of a case."""

    TALK = "talk"
    NOTES = "notes"
    WORK = "work"
    FILES = "files"
    HISTORY = "history"
    CUSTOMER = "customer"


def _framed(case: CaseView, tab: Tab, lines: Sequence[Said], rows: Rows = ()) -> Notice:
    """Put the head of a case above what a tab shows, and the tabs below it."""
    head = said("case.head", number=case.number, title=case.item.title, name=case.contact.name)
    made = [
        Button(said("button.tab_here", tab=said(f"tab.{one}")) if one is tab else said(f"tab.{one}"), "tab", to)
        for one in Tab
        for to in [(case.number, str(one))]
    ]
    return Notice((head, *(lines or [said("list.empty")])), (*rows, tuple(made[:3]), tuple(made[3:])))


def _older(case: CaseView, tab: Tab, older: int | None) -> Rows:
    return ((Button(said("button.older"), "tab", (case.number, str(tab), older)),),) if older is not None else ()


def _pages(case: CaseView, tab: Tab, offset: int, total: int) -> Rows:
    return lists.pages(("tab", (case.number, str(tab)), offset), total)


def talk(case: CaseView, entries: Sequence[EntryView], reader: Representative, *, older: int | None) -> Notice:
    """Show a page of the conversation, with what can be done with the case."""
    lines, wholes = lists.conversation(case, entries)
    done = card_buttons(case.item, reader, files=0)
    acts = tuple(tuple(one for one in row if one.verb != "case") for row in done)
    edit: Rows = ((Button(said("button.edit"), "edit", (case.number,)),),) if case.item.open else ()
    shown = _framed(case, Tab.TALK, lines, (*_older(case, Tab.TALK, older), *wholes))
    return Notice(shown.lines, (*shown.buttons, *(row for row in acts if row), *edit))


def notes(case: CaseView, entries: Sequence[EntryView], *, older: int | None) -> Notice:
    """Show a page of the notes."""
    lines, wholes = lists.conversation(case, entries)
    return _framed(case, Tab.NOTES, lines, (*_older(case, Tab.NOTES, older), *wholes))


def work(case: CaseView, found: Sequence[ItemView], offset: int, total: int) -> Notice:
    """Show a page of what is planned or was done for a case."""
    rows = lists.numbers([one.number for one in found]) + _pages(case, Tab.WORK, offset, total)
    return _framed(case, Tab.WORK, [lists.item_line(one) for one in found], rows)


def files(case: CaseView, found: Sequence[NumberedFile], offset: int, total: int) -> Notice:
    """Show a page of the files, each with its number, and a button that sends it."""
    lines = [
        said("files.line", place=one.place, name=_named(one), size=_size(one.file.size), who=one.author, at=one.at)
        for one in found
    ]
    made = [Button(said("button.file", place=one.place), "file", (case.number, one.place)) for one in found]
    rows: Rows = tuple(tuple(made[start : start + 4]) for start in range(0, len(made), 4))
    return _framed(case, Tab.FILES, lines, rows + _pages(case, Tab.FILES, offset, total))


def _named(one: NumberedFile) -> Said:
    lost = one.file.state in {FileState.TOO_BIG, FileState.LOST}
    name = lists.short(one.file.name)
    return said("text.file_not_kept", name=name) if lost else said("text.plain", text=name)


def _size(count: int) -> Said:
    if count < _KB * _KB:
        return said("size.kb", number=max(1, round(count / _KB)))
    return said("size.mb", number=round(count / _KB / _KB, 1))


def history(case: CaseView, found: Sequence[HappenedView], offset: int, total: int) -> Notice:
    """Show a page of what happened to a case, the latest first."""
    return _framed(case, Tab.HISTORY, lists.history_lines(found), _pages(case, Tab.HISTORY, offset, total))


@dataclass(frozen=True, slots=True)
class Known:
    """How a customer is reached, and what was planned or logged with them besides their cases."""

    ways: Sequence[WayView]
    met: Sequence[ItemView]


def customer(case: CaseView, known: Known, found: Sequence[OwnCaseView], offset: int, total: int) -> Notice:
    """Show whose case it is: how they are reached, and what else they asked for."""
    who = case.contact
    lines = [said("customer_tab.head", name=who.name, language=said(f"language.{who.locale}"))]
    lines += account_lines(case)
    lines += [way_line(one) for one in known.ways] or [said("customer_tab.no_way")]
    if who.banned:
        lines.append(said("customer_tab.banned"))
    lines += rating_lines(case)
    lines += [party_line(one) for one in case.parties]
    if known.met and not offset:
        lines += [said("customer_tab.activities"), *(lists.item_line(one) for one in known.met)]
    lines.append(said("customer_tab.cases", count=total))
    lines += [lists.item_line(one.item) for one in found]
    rows = lists.numbers([one.number for one in found]) + _pages(case, Tab.CUSTOMER, offset, total)
    if case.item.open and len({one.channel for one in known.ways}) > 1:
        rows += ((Button(said("button.via"), "via_menu", (case.number,)),),)
    if case.account is not None:
        rows += (
            (
                Button(
                    said("button.account", name=lists.short(case.account.name, lists.NAME_LENGTH)),
                    "account",
                    (case.account.id,),
                ),
            ),
        )
    return _framed(case, Tab.CUSTOMER, lines, rows)


def party_line(one: PartyView) -> Said:
    """Name who takes part in a case besides its customer, since when, and who brought them in."""
    named = party_named(one)
    if one.by is None:
        return said("customer_tab.party", party=named, since=one.since)
    return said("customer_tab.party_by", party=named, since=one.since, by=one.by)


def way_line(one: WayView) -> Said:
    """Name a way; the number of a chat tells nobody anything."""
    channel = said(f"channel.{one.channel}")
    named = (
        said("customer_tab.address", channel=channel, address=one.address) if one.channel is Channel.EMAIL else channel
    )
    if one.failing is not None:
        fails = one.failing
        key = "customer_tab.way_given_up" if fails.given_up else "customer_tab.way_fails"
        return said(key, way=named, since=fails.since, why=fails.reason)
    if one.complained_at is not None:
        return said("customer_tab.way_complained", way=named, at=one.complained_at)
    if one.blocked:
        return said("customer_tab.way_blocked", way=named)
    if one.used_at is None:
        return said("customer_tab.way_unproven", way=named)
    return said("customer_tab.way", way=named, at=one.used_at)
