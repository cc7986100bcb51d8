"""Accept, forward, assign, release, resolve, reopen: by command and by button."""

from __future__ import annotations

from dataclasses import replace

from bot import args
from bot.calls import Reply, StaffCall
from bot.forms import staff as forms
from bot.handlers import bulk
from bot.render import lists, plans
from bot.render.relating import still_open
from core.activities import actions as activities
from core.activities import seeing as planned
from core.cases import actions as cases
from core.cases import relations
from core.people import seeing as people
from core.texts.said import Notice, said
from core.work import cards, seeing
from core.work.rules import QueueKind


def accept(call: StaffCall) -> Reply:
    """`/accept N`: take an item into your In Progress, or several."""
    if (several := bulk.accept_words(call)) is not None:
        return several
    number, _ = args.number(call.words.text, call.words.about, "usage.accept")
    cases.accept(call.tx, number, call.by)
    call.show_card(number)
    return Reply()


def press_accept(call: StaffCall) -> Reply:
    """Take the item of a card."""
    number = call.words.int_arg(0)
    cases.accept(call.tx, number, call.by)
    call.adopt(number)
    return Reply(toast=said("toast.accepted", number=number))


def steal(call: StaffCall) -> Reply:
    """`/steal N WHY`: take over what somebody else works on; without a reason, ask for it."""
    number, why = args.number(call.words.text, call.words.about, "usage.steal")
    if not why:
        return _ask_why(call, number)
    return forms.steal(call, number, why)


def press_steal(call: StaffCall) -> Reply:
    """Ask why the item of a card is to be taken over."""
    return _ask_why(call, call.words.int_arg(0))


def _ask_why(call: StaffCall, number: int) -> Reply:
    item = seeing.item(call.tx, number, call.by)
    return forms.ask(call, "steal", number, item.queue.owner_name or "" if item.queue else "")


def forward(call: StaffCall) -> Reply:
    """`/forward N QUEUE`: put an item into a public queue; without a queue, ask which."""
    if (several := bulk.forward_words(call)) is not None:
        return several
    number, name = args.number(call.words.text, call.words.about, "usage.forward")
    if not name:
        return _ask_queue(call, number, 0)
    queue = seeing.find_queue(call.tx, name, call.by)
    activities.forward(call.tx, number, queue.id, call.by)
    call.show_card(number)
    return Reply()


def press_forward_menu(call: StaffCall) -> Reply:
    """Ask which queue the item of a card goes to."""
    reply = _ask_queue(call, call.words.int_arg(0), call.words.int_arg(1))
    return Reply(reply.notice, replace=True, work=reply.work)


def _ask_queue(call: StaffCall, number: int, offset: int) -> Reply:
    item = seeing.item(call.tx, number, call.by)
    here = item.queue.id if item.queue else None
    found = [one for one in seeing.public_queues(call.tx, call.by) if one.id != here]
    return Reply(lists.choose_queue(number, found, max(0, offset)), work=number)


def press_forward(call: StaffCall) -> Reply:
    """Put the item of a card into the chosen queue."""
    number = call.words.int_arg(0)
    item = activities.forward(call.tx, number, call.words.int_arg(1), call.by)
    call.adopt(number)
    return Reply(toast=said("toast.forwarded", number=number, queue=item.queue.name if item.queue else ""))


def assign(call: StaffCall) -> Reply:
    """`/assign N PERSON`: put an item into somebody's Assigned; without a person, ask whom."""
    if (several := bulk.assign_words(call)) is not None:
        return several
    number, name = args.number(call.words.text, call.words.about, "usage.assign")
    if not name:
        return _ask_person(call, number, 0)
    activities.assign(call.tx, number, people.find(call.tx, name, call.by), call.by)
    call.show_card(number)
    return Reply()


def press_assign_menu(call: StaffCall) -> Reply:
    """Ask whom the item of a card is for."""
    reply = _ask_person(call, call.words.int_arg(0), call.words.int_arg(1))
    return Reply(reply.notice, replace=True, work=reply.work)


def _ask_person(call: StaffCall, number: int, offset: int) -> Reply:
    item = seeing.item(call.tx, number, call.by)
    already = item.holder_id if item.queue and item.queue.kind is QueueKind.ASSIGNED else None
    everybody = [one for one in people.colleagues(call.tx, call.by) if one.id != already]
    found = seeing.who_see(call.tx, number, everybody, call.by)
    return Reply(lists.choose_person(number, found, max(0, offset)), work=number)


def press_assign(call: StaffCall) -> Reply:
    """Put the item of a card into the chosen one's Assigned."""
    number = call.words.int_arg(0)
    to = people.colleague(call.tx, call.words.int_arg(1), call.by)
    activities.assign(call.tx, number, to, call.by)
    call.adopt(number)
    return Reply(toast=said("toast.assigned", number=number, name=to.name))


def release(call: StaffCall) -> Reply:
    """`/release N`: give an accepted item back to where it came from."""
    number, _ = args.number(call.words.text, call.words.about, "usage.release")
    activities.release(call.tx, number, call.by)
    call.show_card(number)
    return Reply()


def press_release(call: StaffCall) -> Reply:
    """Give the item of a card back."""
    number = call.words.int_arg(0)
    item = activities.release(call.tx, number, call.by)
    call.adopt(number)
    return Reply(toast=said("toast.released", number=number, queue=lists.queue_name(item.queue) if item.queue else ""))


def resolve(call: StaffCall) -> Reply:
    """`/resolve N [30m] [words]`: end an item, with billable time; the customer reads the words."""
    if (several := bulk.resolve_words(call)) is not None:
        return several
    number, resolution = args.number(call.words.text, call.words.about, "usage.resolve")
    minutes, resolution = args.spent(resolution)
    cases.resolve(call.tx, number, call.by, resolution, minutes=minutes)
    call.show_card(number)
    return _left_open(call, number)


def _left_open(call: StaffCall, number: int) -> Reply:
    """Say which children of a case that was just closed are open still, and what is planned for it."""
    children = relations.open_children(call.tx, number, call.by)
    found = planned.open_of(call.tx, number, call.by)
    parts = (still_open(number, children),) if children else ()
    rest = plans.still_planned(number, found) if found else Notice(())
    lines = (*parts, *rest.lines)
    return Reply(Notice(lines, rest.buttons) if lines else None, work=number)


def press_resolve(call: StaffCall) -> Reply:
    """End the item of a card."""
    number = call.words.int_arg(0)
    cases.resolve(call.tx, number, call.by)
    call.adopt(number)
    return replace(_left_open(call, number), toast=said("toast.resolved", number=number))


def cancel_case(call: StaffCall) -> Reply:
    """`/cancel_case N why`: end a case as cancelled; the customer reads why."""
    number, why = args.number(call.words.text, call.words.about, "usage.cancel_case")
    cases.cancel(call.tx, number, why, call.by)
    call.show_card(number)
    return _left_open(call, number)


def reopen(call: StaffCall) -> Reply:
    """`/reopen N`: open a closed item again."""
    number, _ = args.number(call.words.text, call.words.about, "usage.reopen")
    cases.reopen(call.tx, number, call.by)
    call.show_card(number)
    return Reply()


def press_reopen(call: StaffCall) -> Reply:
    """Open the item of a card again."""
    number = call.words.int_arg(0)
    cases.reopen(call.tx, number, call.by)
    call.adopt(number)
    return Reply(toast=said("toast.reopened", number=number))


def spam(call: StaffCall) -> Reply:
    """`/spam N`: end a case as spam and ban its sender."""
    number, _ = args.number(call.words.text, call.words.about, "usage.spam")
    cases.mark_spam(call.tx, number, call.by)
    call.show_card(number)
    return Reply()


def press_card(call: StaffCall) -> Reply:
    """Show the card of an item in a message of its own, below a list; in place, where a menu stood on the card."""
    number = call.words.int_arg(0)
    seeing.item(call.tx, number, call.by)
    if cards.card_message(call.tx, number, call.words.chat_id) == call.words.message_id:
        call.adopt(number)
    else:
        call.show_card(number)
    return Reply()
