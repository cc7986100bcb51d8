"""How many statements an act takes: as many as were seen, and not one more, however much there is."""

from __future__ import annotations

from bot.commands import STAFF_COMMANDS
from tests.scale.conftest import Worked

#: What is seen on the database that needs more; the keeping of the update is not counted, nor beginnings and ends of
#: transactions. A number that grows must be worth it; one that can be smaller is made smaller here.
AT_MOST = {
    "/assigned": 5,
    "/progress": 5,
    "/queues": 7,
    "/queue": 6,
    "/case": 6,
    "/find": 7,
    "/edit": 12,
    "/categories": 5,
    "/file": 9,
    "/new": 25,
    "/merge": 14,
    "/split": 10,
    "/link": 17,
    "/parent": 17,
    "/cancel_case": 18,
    "/accept": 18,
    "/template_new": 7,
    "/template_edit": 8,
    "/templates": 6,
    "/t": 14,
    "/template_drop": 7,
    "/reply": 31,
    "/note": 14,
    "/forward": 21,
    "/assign": 16,
    "/reassign": 16,
    "/release": 20,
    "/resolve": 26,
    "/reopen": 23,
    "/task": 23,
    "/call": 23,
    "/meet": 35,  # and what stands in the way
    "/serve": 41,
    "/write": 23,
    "/chat": 23,
    "/log": 28,
    "/done": 21,
    "/move": 23,
    "/calloff": 21,
    "/today": 5,
    "/week": 5,
    "/snooze": 17,
    "/missed": 10,
    "/digest": 28,
    "/watch": 9,
    "/history": 6,
    "/people": 3,
    "/spam": 22,
    "/ban": 10,
    "/unban": 10,
    "/email": 19,  # the customer's cases are found by it
    "/via": 11,
    "/copy": 28,  # the case is found by it, and the address belongs to a customer, who may be met by it
    "/uncopy": 19,
    "/contact_merge": 14,
    "/contact_export": 9,
    "/contact_erase": 10,
    "/account_new": 18,  # other names and parts are looked for, here and in the next ones
    "/accounts": 4,
    "/account_edit": 19,
    "/account_join": 14,
    "/account": 16,
    "/account_leave": 13,
    "/account_merge": 29,
    "/account_close": 16,
    "/letters": 4,
    "/senders": 7,
    "/queue_new": 10,
    "/queue_missed": 9,
    "/queue_edit": 13,
    "/queue_close": 12,
    "/queue_merge": 42,  # however many items it moves, but for one more a thousand
    "/queue_unmerge": 39,  # likewise
    "/queue_split": 25,  # likewise
    "/bind": 2,  # in a private chat, where it is refused
    "/unbind": 2,  # likewise
    "/steal": 20,
    "/away": 10,
    "/back": 7,
    "/cap": 7,
    "/mailbox": 9,
    "/skills": 7,
    "/dismiss": 19,  # however much they have
    "/levels": 4,
    "/level": 6,
    "/level_new": 11,
    "/level_use": 5,
    "/hours": 5,
    "/closures": 5,
    "/invite": 5,
    "/invitations": 4,
    "/me": 4,
    "/signature": 7,
    "/cancel": 6,
    "/help": 2,
    "/start": 3,
    "press accept": 22,  # of a card whose id is learned by it
    "press forward_menu": 4,
    "press forward": 21,
    "press assign_menu": 4,
    "press assign": 16,
    "press assign to oneself": 16,
    "press release": 15,
    "press answer": 13,
    "the answer": 32,
    "press files": 7,  # one of them asks whether the case is private
    "press resolve": 19,
    "press reopen": 23,
    "press card": 7,
    "press find": 7,
    "find from any chat": 7,
    "press select": 10,
    "press pick": 11,
    "customer's first message": 25,
    "customer's next message": 17,
    "customer's /new": 20,
    "customer's message, of two cases": 24,
    "customer's /my": 5,
    "customer's /help": 4,
    "a letter kept": 3,
    "16 letters kept": 3,
    "letters begun": 4,
    "a letter understood": 29,  # two of them ask for a rule on the sender, and for an account that claims their domain
    "16 letters understood": 48,
    "a letter that answers": 30,
    "due calls": 3,  # a cheap question before each; with nothing due, two
    "overdue": 1,
    "untold": 1,
    "the courier's look": 1,  # likewise; with nothing due, one
    "waiting updates": 1,
    "plan": 5,
    "missed cases": 7,
    "is the tally long": 1,
    "is all findable": 1,
    "cases made findable": 8,
    "claim": 2,
    "settle": 1,
    "card posted": 3,
    "next in the lane": 1,
    "expire": 1,
    "a timer": 1,
    "fired timers forgotten": 1,
}  # fmt: skip


def test_every_act_takes_as_many_statements_as_are_known(worked: Worked) -> None:
    taken = {name: len(statements) for name, statements in worked.acts.items() if not name.startswith("see ")}
    assert {name: count for name, count in taken.items() if count > AT_MOST[name]} == {}
    assert set(taken) == set(AT_MOST), "what is done no more is counted no more"


def test_every_command_of_the_staff_is_counted() -> None:
    assert {f"/{name}" for name in STAFF_COMMANDS} <= set(AT_MOST)
