"""The same with several items, by words: `/accept 12 15`, `/forward 12 15 VIP`; and by whatever else names them."""

from __future__ import annotations

from collections.abc import Sequence

from bot import args
from bot.calls import Reply, StaffCall
from bot.render import selecting as render
from core.cases import bulk
from core.cases.bulk import Report
from core.people import seeing as people
from core.people.views import Representative
from core.texts.said import Notice, Rows, said
from core.work import seeing


def accept_words(call: StaffCall) -> Reply | None:
    """Accept the items of `/accept 12 15 18`; None where it names one."""
    read = args.several(call.words.text)
    return Reply(accept(call, read[0])) if read else None


def forward_words(call: StaffCall) -> Reply | None:
    """Forward the items of `/forward 12 15 VIP`; None where it names one, or no queue."""
    read = args.several(call.words.text)
    _, one_name = args.number(call.words.text, call.words.about, "usage.forward")
    if read is None or not read[1] or seeing.is_named(call.tx, one_name, call.by):
        return None
    return Reply(forward(call, read[0], seeing.find_queue(call.tx, read[1], call.by).id))


def assign_words(call: StaffCall) -> Reply | None:
    """Assign the items of `/assign 12 15 olena`; None where it names one, or nobody."""
    read = args.several(call.words.text)
    if read is None or not read[1]:
        return None
    return Reply(assign(call, read[0], people.find(call.tx, read[1], call.by)))


def resolve_words(call: StaffCall) -> Reply | None:
    """Resolve the items of `/resolve 12 15`, or `/resolve 12 15: the words`; None where it names one.

    A number that other words follow without a colon is one of those words: `/resolve 12 2 cartridges replaced`.
    """
    read = args.several(call.words.text)
    if read is None or (read[1] and not read[1].startswith(":")):
        return None
    minutes, resolution = args.spent(read[1].lstrip(":"))
    return Reply(resolve(call, read[0], resolution, minutes))


def accept(call: StaffCall, numbers: Sequence[int], ways: Rows = ()) -> Notice:
    """Accept items, and say what came of it."""
    what = _only(bulk.accept(call.tx, numbers, call.by))
    return render.report(said("bulk.accepted", numbers=render.numbered(what.done)), what, ways)


def forward(call: StaffCall, numbers: Sequence[int], queue: int, ways: Rows = ()) -> Notice:
    """Forward items, and say what came of it."""
    name = seeing.public_queue(call.tx, queue, call.by).name
    what = _only(bulk.forward(call.tx, numbers, queue, call.by))
    return render.report(said("bulk.forwarded", numbers=render.numbered(what.done), queue=name), what, ways)


def assign(call: StaffCall, numbers: Sequence[int], to: Representative, ways: Rows = ()) -> Notice:
    """Assign items, and say what came of it."""
    what = _only(bulk.assign(call.tx, numbers, to, call.by))
    return render.report(said("bulk.assigned", numbers=render.numbered(what.done), name=to.name), what, ways)


def resolve(call: StaffCall, numbers: Sequence[int], resolution: str = "", minutes: int = 0, ways: Rows = ()) -> Notice:
    """Resolve items, and say what came of it."""
    what = _only(bulk.resolve(call.tx, numbers, call.by, resolution, minutes=minutes))
    told = render.report(said("bulk.resolved", numbers=render.numbered(what.done)), what, ways)
    return render.with_left(told, bulk.left_open(call.tx, what.done, call.by))


def _only(what: Report) -> Report:
    """Let the reason speak for itself where there was one item, and it could not be done."""
    if not what.done and len(what.failed) == 1:
        raise what.failed[0][1]
    return what
