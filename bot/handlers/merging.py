"""Merge cases that are about the same; those of different customers once more than said."""

from __future__ import annotations

import re

from bot.calls import Reply, StaffCall
from core.cases import merging, related
from core.errors import Misused
from core.texts.said import Button, Notice, Rows, said
from core.work.drafts import draft_of, drop_draft, keep_draft

#: What is kept until a button confirms it.
_FORM = "merge"

_NUMBER = re.compile(r"[№#nN]?(\d{1,12})")

#: What stands between the cases that are merged and the one that goes on.
_INTO = frozenset({"into", "to", "до", "в", "у", "з", "із", "->", "→"})


def merge(call: StaffCall) -> Reply:
    """`/merge N M INTO K`: let the case K go on with all that was said in the others."""
    losers, into = _read(call.words.text, call.words.about)
    others = merging.strangers(call.tx, losers, into, call.by)
    if not others:
        return _merged(call, losers, into, confirmed=False)
    keep_draft(call.tx, call.words.chat_id, _FORM, {"losers": losers, "into": into})
    lines = [said("merge.of_other", number=number, name=name) for number, name in others]
    buttons: Rows = ((Button(said("button.merge"), "merge_yes", (into,)), Button(said("button.cancel"), "cancel")),)
    return Reply(Notice((*lines, said("merge.ask", number=related.survivor(call.tx, into))), buttons))


def _read(words: str, about: int | None) -> tuple[list[int], int]:
    parts = [one for one in re.split(r"[\s,;]+", words) if one]
    if len(parts) < 2 or parts[-2].casefold() not in _INTO:  # noqa: PLR2004 - INTO and a number
        raise Misused("usage.merge")
    numbers = [_NUMBER.fullmatch(one) for one in (*parts[:-2], parts[-1])]
    found = [int(one[1]) for one in numbers if one is not None]
    losers = found[:-1] or ([about] if about is not None else [])
    if len(found) < len(numbers) or not losers:
        raise Misused("usage.merge")
    return losers, found[-1]


def press_yes(call: StaffCall) -> Reply:
    """Merge cases of different customers, as was asked."""
    draft = draft_of(call.tx, call.words.chat_id)
    if draft is None or draft[0] != _FORM or draft[1]["into"] != call.words.int_arg(0):
        return Reply(toast=said("talk.nothing_kept"))
    drop_draft(call.tx, call.words.chat_id)
    return _merged(call, [int(one) for one in draft[1]["losers"]], int(draft[1]["into"]), confirmed=True)


def _merged(call: StaffCall, losers: list[int], into: int, *, confirmed: bool) -> Reply:
    number = merging.merge(call.tx, losers, into, call.by, confirmed=confirmed)
    call.show_card(number)
    return Reply(Notice((said("merge.done", numbers=losers, number=number),)), replace=confirmed, work=number)
