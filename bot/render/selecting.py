"""A list in which items are chosen, and what came of what was done with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.render.lists import NAME_LENGTH, PAGE, pages, short
from bot.render.plans import still_planned
from bot.render.relating import still_open
from core.cases.bulk import Left, Report
from core.people.views import Representative
from core.texts.said import Button, Notice, Rows, Said, said
from core.work.views import QueueView

#: Reasons that are told one by one; of the others their numbers.
REASONS = 20

#: Of so many cases that were closed it is told what is open of them, so much of each; of the others that something is.
LEFT, LEFT_LINES = 5, 3


def button(of: str, subject: int, offset: int) -> tuple[Button, ...]:
    """Offer to choose items of a list."""
    return (Button(said("button.select"), "select", (of, subject, offset)),)


def marked(shown: Notice, of: str, chosen: Collection[int]) -> Notice:
    """Turn a list into one in which items are chosen: its numbers become marks, and its ways to other pages stay."""
    rows: list[tuple[Button, ...]] = []
    for row in shown.buttons:
        kept = [_turned(one, of, chosen) for one in row]
        rows.append(tuple(one for one in kept if one is not None))
    count = len(chosen)
    marks = (Button(said("button.pick_all"), "pick_all", (1,)), Button(said("button.pick_none"), "pick_all", (0,)))
    first = [Button(said("button.accept"), "pick_do", ("accept",))] if of != "progress" else []
    first.append(Button(said("button.resolve"), "pick_do", ("resolve",)))
    second = tuple(Button(said(f"button.{verb}"), "pick_to", (verb, 0)) for verb in ("forward", "assign"))
    actions: Rows = (tuple(first), second) if count else ()
    line = said("select.count", count=count)
    back = (Button(said("button.back"), "pick_back"),)
    return Notice((*shown.lines, line), (*(row for row in rows if row), marks, *actions, back))


def _turned(one: Button, of: str, chosen: Collection[int]) -> Button | None:
    if one.verb == "card":
        number = one.args[0]
        return Button(said("button.picked" if number in chosen else "button.pick", number=number), "pick", (number,))
    if one.verb == of:
        return Button(one.label, "pick_page", (one.args[-1],))
    return None


def numbers_on(shown: Notice) -> list[int]:
    """List the items on a page of a list."""
    buttons = [one for row in shown.buttons for one in row if one.verb == "card"]
    return [number for one in buttons if isinstance(number := one.args[0], int)]


def choose_queue(found: Sequence[QueueView], offset: int, count: int) -> Notice:
    """Ask which public queue the chosen items go to."""
    page = found[offset : offset + PAGE]
    made = [
        Button(said("text.plain", text=short(one.name or "", NAME_LENGTH)), "pick_forward", (one.id,)) for one in page
    ]
    lines = (said("select.queue", count=count) if found else said("ask.no_queues"),)
    return Notice(lines, (*((one,) for one in made), *pages(("pick_to", ("forward",), offset), len(found)), _back()))


def choose_person(found: Sequence[Representative], offset: int, count: int) -> Notice:
    """Ask whom the chosen items are for."""
    page = found[offset : offset + PAGE]
    made = [
        Button(
            said("button.person_working" if one.working else "button.person", name=short(one.name, NAME_LENGTH)),
            "pick_assign",
            (one.id,),
        )
        for one in page
    ]
    rows = tuple(tuple(made[start : start + 2]) for start in range(0, len(made), 2))
    walk = pages(("pick_to", ("assign",), offset), len(found))
    return Notice((said("select.person", count=count),), (*rows, *walk, _back()))


def _back() -> tuple[Button, ...]:
    return (Button(said("button.back"), "pick_again"),)


def report(done: Said, what: Report, ways: Rows = ()) -> Notice:
    """Say with which items something was done, and why not with the others.

    Args:
        done: the sentence for those it was done with.
    """
    lines = [done] if what.done else [said("bulk.none")]
    lines += [
        said("bulk.not_done", number=number, why=Said(error.key, error.facts))
        for number, error in what.failed[:REASONS]
    ]
    rest = [_number(number) for number, _ in what.failed[REASONS:]]
    if rest:
        lines.append(said("bulk.not_done_either", numbers=rest))
    return Notice(tuple(lines), ways)


def with_left(told: Notice, left: Sequence[Left]) -> Notice:
    """Say below a report which children of cases that were closed are open still, and what is planned for them.

    Each has a button that calls off what is planned for it; below the message, so that the others stay.
    """
    lines = [still_open(one.number, one.children) for one in left[:LEFT] if one.children]
    planned = [one for one in left[:LEFT] if one.planned]
    for one in planned:
        lines += still_planned(one.number, one.planned, LEFT_LINES).lines
    if len(left) > LEFT:
        lines.append(said("bulk.left_too", numbers=numbered([one.number for one in left[LEFT:]])))
    rows: Rows = tuple(
        (
            Button(
                said("button.close_planned_of", number=one.number, count=len(one.planned)),
                "close_planned",
                (one.number, 1),
            ),
        )
        for one in planned
    )
    return Notice((*told.lines, *lines), (*rows, *told.buttons))


def numbered(numbers: Sequence[int]) -> list[Said]:
    """Write the numbers of items."""
    return [_number(one) for one in numbers]


def _number(number: int) -> Said:
    return said("button.number", number=number)
