"""The tables of commands and buttons: what runs, and whether it changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.calls import CustomerCall, Reply, StaffCall
from bot.handlers import (
    activities,
    contacts,
    customers,
    editing,
    finding,
    groups,
    house,
    items,
    keeping,
    levels,
    linking,
    looking,
    merging,
    missed,
    myself,
    offering,
    opening,
    planning,
    queues,
    rating,
    relating,
    selecting,
    senders,
    tabs,
    talking,
    telling,
    templates,
    unsent,
)

C = TypeVar("C", StaffCall, CustomerCall)


@dataclass(frozen=True, slots=True)
class Does(Generic[C]):
    """What runs for a command or a button.

    `changes` says that it runs in a transaction that changes, with its reply owed in it; otherwise it only looks, and
    its reply goes out directly.
    """

    run: Callable[[C], Reply]
    changes: bool


def _changes(run: Callable[[C], Reply]) -> Does[C]:
    return Does(run, changes=True)


def _looks(run: Callable[[C], Reply]) -> Does[C]:
    return Does(run, changes=False)


STAFF_COMMANDS: dict[str, Does[StaffCall]] = {
    "assigned": _looks(looking.assigned),
    "progress": _looks(looking.progress),
    "queues": _looks(looking.queues),
    "queue": _looks(looking.queue),
    "find": _looks(finding.find),
    "case": _looks(tabs.case),
    "file": _changes(tabs.file),
    "edit": _changes(editing.edit),
    "categories": _changes(editing.categories),
    "accept": _changes(items.accept),
    "steal": _changes(items.steal),
    "reply": _changes(talking.reply),
    "note": _changes(talking.note),
    "t": _changes(templates.use),
    "templates": _looks(templates.listed),
    "template_new": _changes(templates.new),
    "template_edit": _changes(templates.edit),
    "template_drop": _changes(templates.drop),
    "new": _changes(opening.new),
    "forward": _changes(items.forward),
    "assign": _changes(items.assign),
    "reassign": _changes(items.assign),
    "release": _changes(items.release),
    "resolve": _changes(items.resolve),
    "cancel_case": _changes(items.cancel_case),
    "merge": _changes(merging.merge),
    "split": _changes(relating.split),
    "link": _changes(relating.link),
    "parent": _changes(relating.parent),
    "reopen": _changes(items.reopen),
    "task": _changes(planning.task),
    "call": _changes(activities.phone),
    "meet": _changes(activities.meet),
    "done": _changes(activities.done),
    "move": _changes(activities.move),
    "calloff": _changes(activities.calloff),
    "today": _looks(activities.today),
    "week": _looks(activities.week),
    "snooze": _changes(planning.snooze),
    "missed": _looks(missed.missed),
    "digest": _changes(myself.digest),
    "watch": _changes(myself.watch),
    "history": _looks(looking.history),
    "people": _looks(looking.everybody),
    "spam": _changes(items.spam),
    "ban": _changes(keeping.ban),
    "unban": _changes(keeping.unban),
    "email": _changes(keeping.email),
    "via": _changes(contacts.via),
    "contact_merge": _changes(contacts.contact_merge),
    "contact_export": _changes(contacts.contact_export),
    "contact_erase": _changes(contacts.contact_erase),
    "letters": _looks(keeping.letters),
    "senders": _changes(senders.senders),
    "queue_new": _changes(keeping.queue_new),
    "queue_missed": _changes(missed.queue_missed),
    "queue_edit": _changes(queues.queue_edit),
    "queue_close": _changes(queues.queue_close),
    "queue_merge": _changes(queues.queue_merge),
    "queue_unmerge": _changes(queues.queue_unmerge),
    "queue_split": _changes(queues.queue_split),
    "bind": _looks(groups.only_there),
    "unbind": _looks(groups.only_there),
    "levels": _looks(levels.levels),
    "level": _changes(levels.level),
    "level_new": _changes(levels.level_new),
    "level_use": _changes(levels.level_use),
    "hours": _changes(house.hours),
    "closures": _changes(house.closures),
    "invite": _changes(keeping.invite),
    "invitations": _looks(keeping.invitations),
    "away": _changes(offering.away),
    "back": _changes(offering.back),
    "cap": _changes(offering.cap),
    "skills": _changes(offering.skills),
    "dismiss": _changes(offering.dismiss),
    "me": _changes(myself.me),
    "cancel": _changes(talking.cancel),
    "help": _looks(myself.help_),
    "start": _looks(myself.start),
}

STAFF_BUTTONS: dict[str, Does[StaffCall]] = {
    "assigned": _looks(looking.assigned),
    "progress": _looks(looking.progress),
    "queues": _looks(looking.queues),
    "queue": _looks(looking.press_queue),
    "help": _looks(myself.press_help),
    "case": _looks(tabs.press_case),
    "tab": _looks(tabs.press_tab),
    "file": _changes(tabs.press_file),
    "history": _looks(looking.press_history),
    "whole": _looks(looking.press_whole),
    "missed": _looks(missed.press_missed),
    "find": _looks(finding.press_find),
    "select": _changes(selecting.press_select),
    "pick": _changes(selecting.press_pick),
    "pick_all": _changes(selecting.press_pick_all),
    "pick_page": _changes(selecting.press_page),
    "pick_again": _changes(selecting.press_again),
    "pick_back": _changes(selecting.press_back),
    "pick_do": _changes(selecting.press_do),
    "pick_to": _changes(selecting.press_to),
    "pick_forward": _changes(selecting.press_forward),
    "pick_assign": _changes(selecting.press_assign),
    "card": _changes(items.press_card),
    "edit": _changes(editing.press_edit),
    "edit_set": _changes(editing.press_set),
    "accept": _changes(items.press_accept),
    "steal": _changes(items.press_steal),
    "forward_menu": _looks(items.press_forward_menu),
    "forward": _changes(items.press_forward),
    "assign_menu": _looks(items.press_assign_menu),
    "assign": _changes(items.press_assign),
    "release": _changes(items.press_release),
    "resolve": _changes(items.press_resolve),
    "reopen": _changes(items.press_reopen),
    "answer": _changes(talking.press_answer),
    "note": _changes(talking.press_note),
    "undo": _changes(talking.press_undo),
    "templates": _looks(templates.press_listed),
    "template": _changes(templates.press_use),
    "unsent_send": _changes(unsent.press_send),
    "unsent_edit": _changes(unsent.press_edit),
    "unsent_drop": _changes(unsent.press_drop),
    "new_for": _changes(opening.press_new_for),
    "tell_opened": _changes(opening.press_tell_opened),
    "split": _changes(relating.press_split),
    "merge_yes": _changes(merging.press_yes),
    "contact_merge": _changes(contacts.press_merge),
    "contact_erase": _changes(contacts.press_erase),
    "via_menu": _looks(contacts.press_via_menu),
    "via": _changes(contacts.press_via),
    "which": _changes(talking.press_which),
    "cancel": _changes(talking.cancel),
    "plan": _changes(planning.press_plan),
    "done": _changes(activities.press_done),
    "finish": _changes(activities.press_finish),
    "move_ask": _changes(activities.press_move_ask),
    "move": _changes(activities.press_move),
    "call_off": _changes(activities.press_call_off),
    "uninvite": _changes(activities.press_uninvite),
    "close_planned": _changes(activities.press_close_planned),
    "today": _looks(activities.today),
    "week": _looks(activities.week),
    "snooze_ask": _changes(planning.press_snooze_ask),
    "snooze": _changes(planning.press_snooze),
    "snooze_skip": _changes(planning.press_snooze_skip),
    "regards": _looks(tabs.press_case),
    "files": _changes(looking.press_files),
    "watch": _changes(myself.press_watch),
    "hand_over": _changes(offering.press_hand_over),
    "locale": _changes(myself.press_locale),
    "presence": _changes(myself.press_presence),
    "news": _looks(telling.press_news),
    "news_set": _changes(telling.press_set),
    "letters": _looks(keeping.letters),
    "letter": _changes(keeping.press_letter),
    "sender_block": _changes(senders.press_block),
    "sender_accept": _changes(senders.press_accept),
    "senders": _looks(senders.press_senders),
    "sender_drop": _changes(senders.press_drop),
    "invitations": _looks(keeping.invitations),
    "revoke": _changes(keeping.press_revoke),
    "queue_edit": _looks(queues.press_queue_edit),
    "queue_set": _changes(queues.press_queue_set),
    "unmerge": _changes(queues.press_unmerge),
    "closure_remove": _changes(house.press_closure_remove),
}

CUSTOMER_COMMANDS: dict[str, Does[CustomerCall]] = {
    "start": _changes(customers.start),
    "new": _changes(customers.new),
    "my": _changes(customers.mine),
    "link": _changes(linking.link),
    "code": _changes(linking.code),
    "help": _changes(customers.help_),
}

CUSTOMER_BUTTONS: dict[str, Does[CustomerCall]] = {
    "my_close": _changes(customers.press_close),
    "my_move": _changes(customers.press_move),
    "not_solved": _changes(customers.press_not_solved),
    "rate": _changes(rating.press_rate),
    "rate_words": _changes(rating.press_words),
    "locale": _changes(customers.press_locale),
}

#: What the staff may say in a group; everything else is for the private chat.
GROUP_COMMANDS: dict[str, Callable[[StaffCall], Reply]] = {
    "bind": groups.bind,
    "unbind": groups.unbind,
}

#: What the staff may press on the cards of a group.
GROUP_BUTTONS: dict[str, Callable[[StaffCall], Reply]] = {
    "accept": groups.press_accept,
    "assign_menu": groups.press_assign_menu,
    "forward_menu": groups.press_forward_menu,
}
