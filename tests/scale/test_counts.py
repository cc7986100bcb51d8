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
    "/case": 7,
    "/find": 10,
    "/edit": 12,
    "/categories": 5,
    "/file": 9,
    "/new": 25,
    "/merge": 14,
    "/split": 10,
    "/link": 17,
    "/parent": 17,
    "/cancel_case": 19,
    "/accept": 19,
    "/template_new": 7,
    "/template_edit": 8,
    "/templates": 6,
    "/t": 14,
    "/template_drop": 7,
    "/reply": 35,
    "/note": 14,
    "/forward": 21,
    "/assign": 17,
    "/reassign": 17,
    "/release": 20,
    "/resolve": 34,
    "/reopen": 25,
    "/task": 25,
    "/call": 25,
    "/meet": 37,  # and what stands in the way
    "/serve": 50,
    "/write": 25,
    "/chat": 25,
    "/log": 40,
    "/done": 23,
    "/move": 26,
    "/calloff": 23,
    "/today": 6,
    "/week": 6,
    "/snooze": 19,
    "/missed": 10,
    "/digest": 28,
    "/watch": 10,
    "/history": 6,
    "/people": 3,
    "/spam": 27,
    "/ban": 12,
    "/unban": 12,
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
    "/senders": 8,
    "/queue_new": 10,
    "/queue_missed": 11,
    "/queue_edit": 13,
    "/queue_close": 12,
    "/queue_merge": 42,  # however many items it moves, but for one more a thousand
    "/queue_unmerge": 39,  # likewise
    "/queue_split": 25,  # likewise
    "/bind": 3,  # in a private chat, where it is refused
    "/unbind": 3,  # likewise
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
    "/invite": 6,
    "/invitations": 4,
    "/me": 5,
    "/signature": 7,
    "/cancel": 7,
    "/help": 2,
    "/start": 3,
    "press accept": 24,
    "press forward_menu": 4,
    "press forward": 22,
    "press assign_menu": 4,
    "press assign": 18,
    "press assign to oneself": 18,
    "press release": 16,
    "press answer": 13,
    "the answer": 36,
    "press files": 7,  # one of them asks whether the case is private
    "press resolve": 23,
    "press reopen": 26,
    "press card": 8,
    "press find": 10,
    "find from any chat": 10,
    "press select": 10,
    "press pick": 11,
    "customer's first message": 25,
    "customer's next message": 21,
    "customer's /new": 20,
    "customer's message, of two cases": 28,
    "customer's /my": 7,
    "customer's /help": 6,
    "a letter kept": 3,
    "16 letters kept": 3,
    "letters begun": 4,
    "a letter understood": 29,  # two of them ask for a rule on the sender, and for an account that claims their domain
    "16 letters understood": 48,
    "a letter that answers": 30,
    "due calls": 4,  # a cheap question before each; with nothing due, two
    "overdue": 1,
    "untold": 1,
    "the courier's look": 4,  # likewise; with nothing due, one
    "waiting updates": 1,
    "plan": 5,
    "missed cases": 7,
    "is the tally long": 1,
    "is all findable": 1,
    "cases made findable": 20,
    "claim": 2,
    "settle": 2,
    "card posted": 4,
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
