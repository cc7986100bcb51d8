"""Everything that is done every day, each act by itself, on a desk made by `tests.bench.ground`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from core.activities.actions import plan as plan_activity
from core.activities.views import Plan
from core.customers.finding import make
from core.desk import Desk, Tx
from core.people import queries as people
from core.work.rules import WorkKind
from tests.bench.asking import Ask, Asker
from tests.bench.ground import CUSTOMER_CHAT, STAFF_CHAT
from tests.scale.buttons import Act, Presses
from tests.scale.things import CHIEF, things
from tests.scale.unasked import Unasked

_NUMBER = "{}"

#: What follows each command of the staff; `{}` is a case of its own.
COMMANDS: dict[str, str] = {
    "assigned": "", "progress": "", "queues": "", "queue": "Queue 2", "case": "{}", "find": "printer", "accept": "{}",
    "edit": "{} priority urgent", "categories": "", "merge": "{} INTO {}", "split": "{}", "cancel_case": "{} a double",
    "link": "{} {}",
    "parent": "{} {}", "file": "{}", "new": "Zoe: the lamp is dark",
    "template_new": "refund: Hello {{name}}", "template_edit": "refund: Hello {{name}}!", "templates": "{}",
    "t": "{} refund", "template_drop": "refund",
    "reply": "{} We look into it", "note": "{} Ask the supplier", "forward": "{} Queue 2", "assign": "{} person3",
    "reassign": "{} person4", "release": "{}", "resolve": "{} Repaired", "reopen": "{}",
    "task": "{} tomorrow 10:00 call the supplier", "snooze": "{} tomorrow", "missed": "",
    "call": "{} tomorrow 10:00 about the invoice", "meet": "{} tomorrow 15:00-16:00 show it @ Office 3",
    "serve": "{} tomorrow 10:00-12:00 replace the drum @ Office 3 with person2", "write": "{} friday the contract",
    "chat": "{} friday the discount", "log": "{} call out yesterday 15:00 about the invoice 20m",
    "done": "{} agreed 30m", "move": "{} friday 15:00", "calloff": "{} they are ill", "today": "", "week": "",
    "digest": "now", "watch": "Queue 2",
    "history": "{}", "people": "", "spam": "{}", "ban": "{}", "unban": "{}",
    "email": "{} ivan@example.com", "via": "{} telegram", "copy": "{} b@example.com", "uncopy": "{}",
    "contact_merge": "№{} INTO №{}",
    "contact_export": "{}", "contact_erase": "gone@customer.example",
    "account_new": "Acme", "accounts": "acme", "account_edit": "Acme owner person3", "account_join": "{} Acme",
    "account": "Acme", "account_leave": "{}", "account_merge": "Globex INTO Acme", "account_close": "Globex",
    "letters": "", "senders": "block spam.example", "queue_new": "Returns", "queue_missed": "Queue 2 5",
    "queue_edit": "Queue 2 priority urgent", "queue_close": "Returns", "queue_merge": "Queue 5 INTO Queue 6",
    "queue_unmerge": "Queue 5", "queue_split": "Queue 4 INTO Boxes title: e",
    "level_new": "Gold first 1h resolve 2d", "level": "Gold", "level_use": "off default", "levels": "", "hours": "",
    "closures": "", "bind": "Queue 2", "unbind": "Queue 2", "steal": "{} They are ill",
    "away": "until tomorrow 9:00", "back": "", "cap": "5",
    "mailbox": "a@home.example", "skills": "+printers", "dismiss": "person9 to person10",
    "invite": "representative", "invitations": "", "me": "", "cancel": "", "help": "", "start": "",
    "signature": "Person 1\nDesk",
}  # fmt: skip

#: The commands that are about an activity, and not a case.
_OF_ACTIVITIES = {"done", "move", "calloff"}

#: What must have been done with a case before a command means something.
_BEFORE = {"cancel_case": ("accept",), "release": ("accept",), "reopen": ("resolve",), "unban": ("ban",)}

#: Likewise, with all of its words.
_SAID_BEFORE = {
    "account_merge": "/account_new Globex",
    "account_leave": "/account_join {} Acme",
    "uncopy": "/copy {} b@example.com",
}


class Day:
    """Acts on a desk, each on a case of its own, in an order that may be repeated on another desk."""

    def __init__(self, desk: Desk, asker: Asker) -> None:
        self.desk = desk
        self.asker = asker
        self._things = things(desk)

    def _say(self, text: str) -> Ask:
        return self.asker.says(CHIEF, STAFF_CHAT + CHIEF, text)

    def _press(self, verb: str, *args: int | str, below: str = "…") -> Ask:
        return self.asker.presses(CHIEF, verb, *args, below=below)

    def commands(self) -> Iterator[Act]:
        """Give every command of the staff."""
        for name, words in COMMANDS.items():
            numbers = [self._things().case() for _ in range(words.count(_NUMBER))]
            if name in _OF_ACTIVITIES:
                numbers = [self.desk.run(_planned_for, one) for one in numbers]
            number = numbers[0] if numbers else 0
            self._say("/cancel")()  # or the question that an earlier one has asked would be ended, too
            for before in _BEFORE.get(name, ()):
                self._say(f"/{before} {number}")()
            if name == "steal":
                self._say(f"/assign {numbers[0]} person2")()
                self.asker.says(2, STAFF_CHAT + 2, f"/accept {numbers[0]}")()
            if name in _SAID_BEFORE:
                self._say(_SAID_BEFORE[name].format(number))()
            if name == "contact_erase":
                self.desk.run(_somebody)
            yield f"/{name}", self._say(f"/{name} {words.format(*numbers)}".strip())

    def presses(self) -> Iterator[Act]:
        """Press the buttons of a card in the order of its life."""
        number = self._things().case()
        yield "press accept", self._press("accept", number)
        yield "press forward_menu", self._press("forward_menu", number, 0)
        yield "press forward", self._press("forward", number, 2)
        yield "press assign_menu", self._press("assign_menu", number, 0)
        yield "press assign", self._press("assign", number, 3)
        yield "press assign to oneself", self._press("assign", number, CHIEF)
        self._press("accept", number)()
        yield "press release", self._press("release", number)
        yield "press answer", self._press("answer", number)
        yield "the answer", self._say("It is on its way")
        yield "press files", self._press("files", number)
        yield "press resolve", self._press("resolve", number)
        yield "press reopen", self._press("reopen", number)
        yield "press card", self._press("card", number)
        yield "press find", self._press("find", 5, below="lamp beside")
        yield "find from any chat", self.asker.types(CHIEF, "lamp beside")
        yield "a number from any chat", self.asker.types(CHIEF, str(number))
        yield "nothing from any chat", self.asker.types(CHIEF, "")
        yield "press select", self._press("select", "queue", 2, 0)
        yield "press pick", self._press("pick", number)

    def customers(self) -> Iterator[Act]:
        """Let a new customer write, go on writing, look and close."""
        chat = CUSTOMER_CHAT * 2
        who = chat - CUSTOMER_CHAT

        def says(text: str) -> Ask:
            return self.asker.says(who, chat, text)

        yield "customer's first message", says("The printer is silent")
        yield "customer's next message", says("It is the one on the second floor")
        yield "customer's /new", says("/new And the lamp is orange")
        yield "customer's message, of two cases", says("Which one?")
        yield "customer's /my", says("/my")
        yield "customer's /help", says("/help")

    def everything(self) -> Iterator[Act]:
        """Do it all, in this order."""
        presses, unasked = Presses(self.desk, self.asker, self._things), Unasked(self.desk, self._things)
        for acts in (self.commands, self.presses, self.customers, presses.everything, unasked.everything):
            yield from acts()


def _planned_for(tx: Tx, number: int) -> int:
    what = Plan(WorkKind.TASK, "Call the supplier", tx.now + timedelta(days=1), regarding=number)
    return plan_activity(tx, what, people.get(tx, CHIEF)).number


def _somebody(tx: Tx) -> None:
    make(tx, "Gone gone@customer.example", "en", people.get(tx, CHIEF))
