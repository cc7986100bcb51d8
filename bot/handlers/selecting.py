"""Items chosen in a list, in its place, and what is done with them then; the choice is kept over restarts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.calls import Reply, StaffCall
from bot.handlers import bulk, finding, looking
from bot.render import selecting as render
from core.cases.bulk import MOST
from core.errors import Misused
from core.people import seeing as people
from core.texts.said import Button, Notice, Rows, said
from core.work import seeing
from core.work.drafts import draft_of, drop_draft, keep_draft

#: The dialogue that keeps what is chosen.
FORM = "select"

#: The lists that can be chosen from, each with what shows it and whether its buttons name a queue.
_LISTS: dict[str, tuple[Callable[[StaffCall], Reply], bool]] = {
    "assigned": (looking.assigned, False),
    "progress": (looking.progress, False),
    "queue": (looking.press_queue, True),
    "find": (finding.press_find, False),
}


def press_select(call: StaffCall) -> Reply:
    """Begin to choose items of a list."""
    of = call.words.word_arg(0)
    if of not in _LISTS:
        raise Misused("button.outdated")
    state = {
        "of": of, "subject": call.words.int_arg(1), "offset": max(0, call.words.int_arg(2)),
        "words": call.words.quoted, "chosen": [], "message_id": call.words.message_id,
    }  # fmt: skip
    return _marked(call, state)


def press_pick(call: StaffCall) -> Reply:
    """Choose an item, or no longer."""
    state = _state(call)
    number, chosen = call.words.int_arg(0), list(state["chosen"])
    chosen = [one for one in chosen if one != number] if number in chosen else [*chosen, number]
    return _marked(call, {**state, "chosen": _few(chosen)})


def press_pick_all(call: StaffCall) -> Reply:
    """Choose all items of the page, or none of any."""
    state = _state(call)
    every = [*state["chosen"], *render.numbers_on(_list(call, state))] if call.words.int_arg(0) else []
    return _marked(call, {**state, "chosen": _few(list(dict.fromkeys(every)))})


def press_page(call: StaffCall) -> Reply:
    """Go on choosing on another page."""
    return _marked(call, {**_state(call), "offset": max(0, call.words.int_arg(0))})


def press_again(call: StaffCall) -> Reply:
    """Go back to choosing."""
    return _marked(call, _state(call))


def press_back(call: StaffCall) -> Reply:
    """Show the list as it was, with nothing chosen."""
    state = _state(call)
    drop_draft(call.tx, call.words.chat_id)
    return Reply(_list(call, state), replace=True)


def press_do(call: StaffCall) -> Reply:
    """Accept or resolve what is chosen."""
    verb = call.words.word_arg(0)
    if verb not in {"accept", "resolve"}:
        raise Misused("button.outdated")
    state = _chosen(call)
    do = bulk.accept if verb == "accept" else bulk.resolve
    return _done(call, do(call, state["chosen"], ways=_ways(state)))


def press_to(call: StaffCall) -> Reply:
    """Ask which queue, or whom, what is chosen is for."""
    state, verb, offset = _chosen(call), call.words.word_arg(0), max(0, call.words.int_arg(1))
    count = len(state["chosen"])
    if verb == "forward":
        found = seeing.public_queues(call.tx, call.by)
        return Reply(render.choose_queue(found, offset, count), replace=True)
    return Reply(render.choose_person(people.colleagues(call.tx, call.by), offset, count), replace=True)


def press_forward(call: StaffCall) -> Reply:
    """Forward what is chosen to the queue of a button."""
    state = _chosen(call)
    return _done(call, bulk.forward(call, state["chosen"], call.words.int_arg(0), _ways(state)))


def press_assign(call: StaffCall) -> Reply:
    """Assign what is chosen to the person of a button."""
    state = _chosen(call)
    to = people.colleague(call.tx, call.words.int_arg(0), call.by)
    return _done(call, bulk.assign(call, state["chosen"], to, _ways(state)))


def _done(call: StaffCall, told: Notice) -> Reply:
    drop_draft(call.tx, call.words.chat_id)
    return Reply(told, replace=True)


def _state(call: StaffCall) -> dict[str, Any]:
    """Find what is being chosen in the message that was pressed.

    Raises:
        Misused: `select.over`: it is done, was forgotten, or goes on in another message.
    """
    draft = draft_of(call.tx, call.words.chat_id)
    if draft is None or draft[0] != FORM or draft[1]["message_id"] != call.words.message_id:
        raise Misused("select.over")
    return draft[1]


def _chosen(call: StaffCall) -> dict[str, Any]:
    state = _state(call)
    if not state["chosen"]:
        raise Misused("select.none")
    return state


def _few(chosen: list[int]) -> list[int]:
    if len(chosen) > MOST:
        raise Misused("bulk.too_many", most=MOST, count=len(chosen))
    return chosen


def _marked(call: StaffCall, state: dict[str, Any]) -> Reply:
    shown = render.marked(_list(call, state), state["of"], state["chosen"])
    keep_draft(call.tx, call.words.chat_id, FORM, state)
    return Reply(shown, replace=True)


def _list(call: StaffCall, state: dict[str, Any]) -> Notice:
    """Show the page of the list, as its own button does."""
    show, of_queue = _LISTS[state["of"]]
    args = (state["subject"], state["offset"]) if of_queue else (state["offset"],)
    words = replace(call.words, args=args, quoted=state["words"])
    return show(replace(call, words=words)).notice or Notice(())


def _ways(state: dict[str, Any]) -> Rows:
    """Lead back to the list; a search must be asked for again, for its words stand in the message that is replaced."""
    of, subject = state["of"], state["subject"]
    if of == "find":
        return ()
    return ((Button(said("button.back"), of, (subject, 0) if of == "queue" else (0,)),),)
