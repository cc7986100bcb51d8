"""Queues that are shown in groups of the staff: bound there, and the buttons of their cards."""

from __future__ import annotations

from bot.calls import Reply, StaffCall
from bot.handlers import items
from bot.render import groups as render
from core.cases import actions as cases
from core.errors import Refused
from core.outbox.actions import owe_notice
from core.texts.said import Notice, said
from core.work import binding, groups, queues, seeing
from core.work.groups import Place


def only_there(call: StaffCall) -> Reply:
    """`/bind` and `/unbind` in a private chat: say where to say it."""
    queues.may_keep(call.by)
    return Reply(Notice((said("group.say_it_there", bot=call.tx.house.bot_name),)))


def bind(call: StaffCall) -> Reply:
    """`/bind QUEUE` in a group: show a queue there; without a queue, list those that are shown."""
    queues.may_keep(call.by)
    if not call.words.text:
        return Reply(render.shown_here(groups.shown_in(call.tx, call.words.chat_id)))
    queue = seeing.find_queue(call.tx, call.words.text, call.by)
    place = Place(call.words.chat_id, call.words.topic)
    return Reply(render.bound(binding.bind(call.tx, queue.id, place, call.by)))


def unbind(call: StaffCall) -> Reply:
    """`/unbind QUEUE` in a group: show a queue there no more; it need not be named where it is the only one."""
    queues.may_keep(call.by)
    here = groups.shown_in(call.tx, call.words.chat_id)
    if call.words.text:
        queue = seeing.find_queue(call.tx, call.words.text, call.by).id
    elif len(here) == 1:
        queue = here[0].queue
    else:
        return Reply(render.shown_here(here))
    name = binding.unbind(call.tx, queue, Place(call.words.chat_id, call.words.topic), call.by)
    return Reply(Notice((said("group.unbound", queue=name),)))


def press_accept(call: StaffCall) -> Reply:
    """Take the item of a group's card; its card comes into the private chat, where it can be worked on."""
    number = call.words.int_arg(0)
    cases.accept(call.tx, number, call.by)
    call.show_card(number)
    return Reply(toast=said("toast.accepted", number=number))


def press_assign_menu(call: StaffCall) -> Reply:
    """Ask in the private chat whom the item of a group's card is for: a group has one card, and twenty messages."""
    return _privately(call, items.press_assign_menu(call))


def press_forward_menu(call: StaffCall) -> Reply:
    """Ask in the private chat which queue the item of a group's card goes to."""
    return _privately(call, items.press_forward_menu(call))


def _privately(call: StaffCall, asked: Reply) -> Reply:
    if call.by.to is None:
        raise Refused("group.open_private", bot=call.tx.house.bot_name)
    if asked.notice is not None:
        owe_notice(call.tx, call.by.to, asked.notice, work=asked.work)
    return Reply(toast=said("group.asked_privately"))
