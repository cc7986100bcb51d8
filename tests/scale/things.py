"""What an act is about, each made anew on a desk that has worked for years, and named in the tables of acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select

from core.accounts import actions as accounts
from core.accounts import members
from core.activities import actions as activities
from core.activities.views import Plan
from core.calendars.rules import Closure
from core.cases import actions as cases
from core.cases import answering, appointments, copying, incoming, opening, rating, templates, unsent
from core.cases.model import Case, Entry
from core.cases.views import Incoming, NewFile
from core.customers.actions import Caller, recognise
from core.customers.codes import code_to_send, new_code
from core.customers.finding import make
from core.customers.senders import Verdict, say_of_sender
from core.customers.views import ContactView
from core.desk import Desk, Tx
from core.outbox.model import Channel
from core.people import actions as staff
from core.people import queries as people
from core.people.rules import Role
from core.people.views import Representative
from core.sla import actions as sla
from core.work import merging, queues
from core.work.drafts import keep_draft
from core.work.model import Work
from core.work.rules import WorkKind, WorkState
from tests.bench import ground
from tests.bench.ground import CUSTOMER_CHAT, STAFF, STAFF_CHAT
from tests.core.aside import set_aside

#: Who does it all: an administrator may.
CHIEF = STAFF

#: Somebody who has what the chief takes over.
OTHER = 2

#: The queue that is shown in a group.
SHOWN = 20


class Things(dict[str, int | str]):
    """The things of one act by their names, as `str.format_map` wants them: each is made when it is first named."""

    def __init__(self, desk: Desk, chats: Iterator[int], letters: Iterator[int], fresh: Iterator[int]) -> None:
        super().__init__()
        #: No name, address or customer is met twice.
        self.fresh = fresh
        self._desk = desk
        self._chats = chats
        self._letters = letters
        self._contact: ContactView | None = None

    def __missing__(self, name: str) -> int | str:
        self[name] = made = _MAKES[name](self)
        return made

    def run(self, action: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Do something before the act."""
        return self._desk.run(action, *args, **more)

    def look(self, query: Callable[..., Any], *args: Any) -> Any:
        """Look at something before the act."""
        return self._desk.look(query, *args)

    @property
    def chief(self) -> Representative:
        """Who does the act."""
        found: Representative = self._desk.look(people.get, CHIEF)
        return found

    @property
    def contact(self) -> ContactView:
        """The customer who does the act: another one each time, for who does much in a short time is refused."""
        if self._contact is None:
            self._contact = self.run(recognise, Caller(Channel.TELEGRAM, str(self["chat"]), "Olha", "uk"))
        return self._contact

    def number(self, name: str) -> int:
        """Name a thing by its number."""
        return int(self[name])

    def case(self, *, by: int | None = None, mail: bool = False) -> int:
        """Take a case of a public queue that nothing was done with yet, and let somebody accept it."""
        number = next(self._letters if mail else self._chats)
        if by is not None:
            self.run(cases.accept, number, self._desk.look(people.get, by))
        return number

    def first_entry(self, number: int) -> int:
        """Find the first message of a case."""
        found = select(Entry.id).where(Entry.work_id == number).order_by(Entry.id).limit(1)
        return int(self._desk.look(lambda tx: tx.session.scalar(found)) or 0)

    def contact_of(self, number: int) -> int:
        """Tell whose a case is."""
        return self._desk.look(lambda tx: tx.session.get_one(Case, number).contact_id)

    def keeps(self, form: str, state: dict[str, Any]) -> str:
        """Leave a question open in the chief's chat, which adds no word to the data of a button."""
        self.run(keep_draft, STAFF_CHAT + CHIEF, form, state)
        return ""


def things(desk: Desk) -> Callable[[], Things]:
    """Make what makes the things of an act; none of them meets a case of another act."""
    chats, letters = (iter(desk.look(_open, odd)) for odd in (False, True))
    fresh = count(1)
    return lambda: Things(desk, chats, letters, fresh)


def _open(tx: Tx, odd: bool) -> list[int]:
    found = select(Work.id).where(Work.state == WorkState.OPEN, Work.queue_id == 1, Work.id % 2 == int(odd))
    return list(tx.session.scalars(found.order_by(Work.id.desc()).limit(250)))


def _answer(of: Things) -> int:
    entry: int = of.run(answering.answer, of.number("mine"), "Hello", of.chief).entry_id
    return entry


def _with_copy(of: Things) -> int:
    number = of.case(by=CHIEF, mail=True)
    of.run(copying.copy, number, f"boss{next(of.fresh)}@far.example", of.chief)
    return number


def _answer_in_copy(of: Things) -> int:
    entry: int = of.run(answering.answer, of.number("letters"), "Hello", of.chief).entry_id
    return entry


def _ended(of: Things) -> int:
    number = of.case(by=CHIEF)
    of.run(activities.plan_task, "Ask them again", of.chief, regarding=number)
    of.run(cases.resolve, number, of.chief)
    return number


def _closed(of: Things) -> int:
    number = of.case()
    of.run(cases.resolve, number, of.chief)
    return number


def _snoozed(of: Things) -> int:
    number = of.case(by=CHIEF)
    of.run(activities.snooze, number, ground.NOW + timedelta(hours=4), "", of.chief)
    return number


def _phoned(of: Things) -> int:
    known = of.run(make, f"Zoe{next(of.fresh)} zoe{next(of.fresh)}@far.example", "en", of.chief)
    number: int = of.run(opening.open_for, known.id, "The lamp is dark", of.chief)
    return number


def _task(of: Things) -> int:
    what = Plan(WorkKind.TASK, "Call them", ground.NOW + timedelta(hours=3), regarding=of.case(by=CHIEF))
    number: int = of.run(activities.plan, what, of.chief).number
    return number


def _meeting(of: Things) -> int:
    what = Plan(WorkKind.APPOINTMENT, "Show them", ground.NOW + timedelta(hours=5), regarding=of.case(by=CHIEF))
    number: int = of.run(appointments.plan, what, of.chief).item.number
    return number


def _unsent(of: Things) -> int:
    waiting = unsent.Waiting(0, of.number("mine"), "It is on its way", (), None, 10**9)
    kept: int = of.run(unsent.keep, of.number("mine"), waiting, of.chief).id
    return kept


def _template(of: Things) -> int:
    made: int = of.run(templates.add, templates.NewTemplate(f"refund{next(of.fresh)}", "Hello {name}"), of.chief).id
    return made


def _customer(of: Things) -> int:
    return of.contact_of(of.case(mail=True))


def _nobody(of: Things) -> int:
    gone: int = of.run(make, f"Gone gone{next(of.fresh)}@customer.example", "en", of.chief).id
    return gone


def _account(of: Things) -> int:
    made: int = of.run(accounts.new_account, f"Globex {next(of.fresh)}", of.chief)
    of.run(members.join, made, [_nobody(of)], of.chief)
    return made


def _letter(of: Things, case: int | None = None) -> int:
    row: int = of.run(set_aside, f"writer{next(of.fresh)}@far.example", str(next(of.fresh)), case)
    return row


def _rule(of: Things) -> int:
    rule: int = of.run(say_of_sender, f"lists{next(of.fresh)}.example", Verdict.BLOCK, of.chief).id
    return rule


def _merge(of: Things) -> int:
    one, into = (of.run(queues.new_queue, f"Boxes {next(of.fresh)}", of.chief).id for _ in range(2))
    merged: int = of.run(merging.merge, one, into, of.chief).id
    return merged


def _closure(of: Things) -> int:
    day = date(2026, 12, 31)
    added: int = of.run(sla.add_closure, f"Eve {next(of.fresh)}", Closure(day, day), of.chief).id
    return added


def _select(of: Things, *chosen: int) -> str:
    state = {"of": "queue", "subject": 3, "offset": 0, "words": "", "chosen": chosen, "message_id": 1}
    return of.keeps("select", state)


def _which(of: Things) -> str:
    return of.keeps("which", {"text": "Hello", "message_id": 3, "files": []})


def _new_whom(of: Things) -> str:
    return of.keeps("new_whom", {"who": f"Zoe {next(of.fresh)}", "text": "The scanner", "files": []})


def _merging(of: Things) -> str:
    return of.keeps("merge", {"losers": [of.case()], "into": of.number("mine")})


def _in_group(of: Things) -> int:
    number = of.case()
    of.run(activities.forward, number, SHOWN, of.chief)
    return number


def _own(of: Things, *files: NewFile) -> int:
    chat = of.number("chat")
    words = Incoming(Channel.TELEGRAM, str(chat), "My lamp", chat_id=chat, chat_message_id=next(of.fresh), files=files)
    number: int = of.run(incoming.open_case, of.contact, words)
    return number


def _said(of: Things) -> int:
    """Let the customer say something more: no case is left without a message."""
    number, chat = of.number("own"), of.number("chat")
    words = Incoming(Channel.TELEGRAM, str(chat), "It is dark", chat_id=chat, chat_message_id=next(of.fresh))
    of.run(incoming.add_message, number, of.contact, words)
    last = select(func.max(Entry.id)).where(Entry.work_id == number)
    return int(of.look(lambda tx: tx.session.scalar(last)))


def _known(of: Things) -> str:
    """Let the customer have written before, which adds no word to the data of a button."""
    assert of.contact
    return ""


def _code(of: Things) -> str:
    """Have the customer asked for the code of an address that somebody else with cases writes from."""
    address = f"c{_customer(of)}@customer.example"
    contact = of.contact.id
    row = of.run(lambda tx: new_code(tx, contact, address).id)
    return str(of.look(code_to_send, row))


def _with_file(of: Things) -> int:
    return _own(of, NewFile("document", "note.pdf", "application/pdf", 5, telegram_id="AAA"))


def _own_closed(of: Things) -> int:
    number = _own(of)

    def resolved(tx: Tx) -> None:
        cases.resolve(tx, number, people.get(tx, CHIEF))
        tx.lock_one(Case, number).rating_asked_at = tx.now

    of.run(resolved)
    return number


def _own_rated(of: Things) -> int:
    number = _own_closed(of)
    of.run(rating.rate, number, 5, of.contact)
    return number


_MAKES: dict[str, Callable[[Things], int | str]] = {
    "chat": lambda of: CUSTOMER_CHAT * 2 + next(of.fresh),
    "person": lambda _of: OTHER,
    "case": Things.case,
    "letter_case": lambda of: of.case(mail=True),
    "mine": lambda of: of.case(by=CHIEF),
    "theirs": lambda of: of.case(by=OTHER),
    "entry": lambda of: of.first_entry(of.number("case")),
    "answer": _answer,
    "letters": _with_copy,
    "answer_in_copy": _answer_in_copy,
    "with_file": _with_file,
    "ended": _ended,
    "closed": _closed,
    "snoozed": _snoozed,
    "phoned": _phoned,
    "task": _task,
    "meeting": _meeting,
    "unsent": _unsent,
    "template": _template,
    "customer": _customer,
    "customer2": _customer,
    "nobody": _nobody,
    "account": _account,
    "account2": _account,
    "letter": _letter,
    "naming": lambda of: _letter(of, of.number("mine")),
    "rule": _rule,
    "invitation": lambda of: of.run(staff.invite, Role.REPRESENTATIVE, of.chief).id,
    "merge": _merge,
    "closure": _closure,
    "choosing": _select,
    "chosen": lambda of: _select(of, of.case(), of.case()),
    "which": _which,
    "new_whom": _new_whom,
    "merging": _merging,
    "in_group": _in_group,
    "own": _own,
    "own2": _own,
    "own_closed": _own_closed,
    "own_rated": _own_rated,
    "said": _said,
    "known": _known,
    "code": _code,
}
