"""A small desk with something of everything in it, and what anybody does there is rolled back, so that it stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select

from bot.answering import _refused
from bot.app import NeedsChange, Outcome, changes, respond
from bot.chat import Event, Heard, Pressed, Sender
from bot.drawing import draw_card
from core.activities import actions as activities
from core.cases import actions as cases
from core.cases import answering, queries
from core.cases.files import get_file
from core.cases.views import NewFile
from core.customers import actions as customers
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import DeskError
from core.inbox import actions as inbox
from core.inbox.model import InboxState
from core.outbox.model import Owed, OwedKind
from core.people import actions as people
from core.people import queries as staff
from core.people.model import Person
from core.people.rules import Role
from core.people.views import Representative
from core.schema import metadata
from core.store.engine import Engines
from core.texts.said import Notice, said
from core.texts.say import Reader, notice_html, say_plain
from core.work import cards
from core.work.drafts import keep_draft
from core.work.rules import QueueKind
from tests.core.office import Office

#: The words of a customer whom no other outsider may hear of.
SECRETS = ("Petro", "PINK ELEPHANT", "INNER NOTE", "MY ANSWER", "elephant.pdf", "VIP", "letter-writer@far.example")

#: The words of the customer who tries things, which the other outsiders may not hear of either.
HIS_SECRETS = ("Ivan", "My lamp", "My chair", "My desk", "It is dark")

#: Whose columns the tables of rights have.
EVERYBODY = ("representative", "manager", "administrator", "customer", "dismissed", "stranger")

OUTSIDERS = EVERYBODY[3:]

#: The column of a row that names the item it is about.
_ABOUT = {"work": "id", "timer": "subject"}

_updates = count(1)

Rows = dict[tuple[str, Any], dict[str, Any]]


def _nothing(_tx: Tx) -> None:
    """Nothing comes before."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one try.

    Attributes:
        error: the key of the sentence that refused it.
        told: all that the one who tried is told.
        changed: the rows that are different now, by table and key, with their newest columns.
        before: the same rows as they were; without those that are new.
    """

    error: str
    told: str
    changed: Rows
    before: Rows


class _Enough(Exception):
    """What was tried is over; everything it changed is rolled back."""

    def __init__(self, tried: Tried) -> None:
        super().__init__()
        self.tried = tried


@dataclass
class World:
    """The desk, who is there, and the things that stand in braces in the tables of rights, for each of them."""

    office: Office
    senders: dict[str, Sender] = field(default_factory=dict)
    things: dict[str, dict[str, int | str]] = field(default_factory=dict)
    foreign: dict[str, set[int]] = field(default_factory=dict)
    _before: Rows = field(default_factory=dict)

    def secrets(self, who: str) -> tuple[str, ...]:
        """List the words that somebody from outside may not hear."""
        return SECRETS if who == "customer" else (*SECRETS, *HIS_SECRETS)

    def foreign_among(self, who: str, changed: Rows) -> list[tuple[str, Any]]:
        """Find the changes of what belongs to another customer."""
        return [key for key, row in changed.items() if row.get(_ABOUT.get(key[0], "work_id")) in self.foreign[who]]

    def says(self, who: str, text: str, **more: Any) -> Heard:
        """Make the event of a message."""
        command, _, words = text[1:].partition(" ") if text.startswith("/") else ("", "", text)
        facts = {"files": (), "reply_to": None, "album": None, "forwarded": False, "edited": False, **more}
        return Heard(self.senders[who], next(_updates), self.office.clock(), text, command or None, words, **facts)

    def presses(self, who: str, data: str) -> Pressed:
        """Make the event of a press, of data without its version."""
        verb, *args = data.split(":")
        read = tuple(int(one) if one.lstrip("-").isdigit() else one for one in args)
        return Pressed(self.senders[who], "1", next(_updates), verb, read)

    def tries(self, event: Event, before: Callable[[Tx], object] = _nothing) -> Tried:
        """Let an event be handled as the bot does it, and take back all that came of it."""
        if not self._before:
            self._before = self.office.desk.look(_rows)
        try:
            return self._once(event, before, None)
        except DeskError as error:
            return self._once(event, before, error)

    def _once(self, event: Event, before: Callable[[Tx], object], error: DeskError | None) -> Tried:
        def inside(tx: Tx) -> None:
            before(tx)
            tx.session.flush()
            row = inbox.keep_update(tx, (1, next(_updates), "{}")) or 0
            known = tx.session.scalar(select(Owed.id).order_by(Owed.id.desc()).limit(1)) or 0
            start = self._before if before is _nothing else _rows(tx)
            if error is None:
                outcome = _handled(tx, row, event)
                told = _told(tx, event, outcome, known)
            else:
                reader = _refused(tx, [row], event)
                told = say_plain(said(error.key, **error.facts), reader) if reader else ""
            tx.session.flush()
            raise _Enough(_compared(start, _rows(tx), error.key if error else "", told))

        try:
            self.office.desk.run(inside)
        except _Enough as enough:
            return enough.tried
        raise AssertionError


def _handled(tx: Tx, row: int, event: Event) -> Outcome:
    outcome = None
    if not changes(event):
        try:
            outcome = respond(tx, [row], event, changing=False)
        except NeedsChange:
            outcome = respond(tx, [row], event, changing=True)
    else:
        outcome = respond(tx, [row], event, changing=True)
    assert outcome is not None
    return outcome


def _told(tx: Tx, event: Event, outcome: Outcome, known: int) -> str:
    """Put into words all that the one who tried is told, now or soon."""
    assert isinstance(event, Heard | Pressed)
    reply, reader = outcome.reply, outcome.reader
    words = [notice_html(reply.notice, reader)] if reply.notice else []
    words += [say_plain(reply.toast, reader)] if reply.toast else []
    tx.session.flush()
    mine = select(Owed).where(Owed.id > known, Owed.address == str(event.sender.chat_id)).order_by(Owed.id)
    words += [_of(tx, row, reader) for row in tx.session.scalars(mine)]
    return "\n".join(words)


def _of(tx: Tx, row: Owed, reader: Reader) -> str:
    match row.kind:
        case OwedKind.CARD:
            assert row.person_id is not None
            return draw_card(tx, row.work_id or 0, staff.get(tx, row.person_id))[0]
        case OwedKind.FILE:
            return get_file(tx, int(row.facts["file"])).name
        case _:
            return notice_html(Notice.from_json(row.facts), reader)


#: How each table is read whole, and the places of its key; as it stands there, for it is only compared.
_TABLES = [
    (table.name, f"SELECT * FROM {table.name}", [column.name for column in inspect(table).primary_key])  # noqa: S608 - ours
    for table in metadata.sorted_tables
    if table.name != "telegram_update"
]


def _rows(tx: Tx) -> Rows:
    found: Rows = {}
    connection = tx.session.connection()
    for name, statement, keys in _TABLES:
        result = connection.exec_driver_sql(statement)
        columns = list(result.keys())
        places = [columns.index(key) for key in keys]
        for row in result:
            found[name, tuple(row[place] for place in places)] = dict(zip(columns, row, strict=True))
    return found


def _compared(start: Rows, end: Rows, error: str, told: str) -> Tried:
    keys = {key for key in start.keys() | end.keys() if start.get(key) != end.get(key)}
    return Tried(
        error, told, {key: end.get(key, {}) for key in keys}, {key: start[key] for key in keys if key in start}
    )


# --- how it is furnished --------------------------------------------------------------------------


def furnish(engines: Engines) -> World:
    """Make the desk."""
    office = Office(engines, Path("unused"))
    world = World(office)
    vip = office.queue("VIP").id
    boss = office.join("Boss", Role.ADMINISTRATOR)
    team = {
        "representative": office.join("Olena"),
        "manager": office.join("Mila", Role.MANAGER),
        "administrator": boss,
        "taras": office.join("Taras"),
        "daryna": office.join("Daryna"),
        "dismissed": office.join("Danylo"),
    }
    petro, ivan = office.customer("Petro", address="6001"), office.customer("Ivan", address="6002")
    shared = _shared(office, team, petro, vip) | _own(office, ivan)
    for who in ("representative", "manager", "administrator"):
        world.things[who] = shared | _of_staff(office, team[who], vip) | {"me": team[who].id}
    held = _held(office, team["dismissed"], petro, vip)
    nothing = {"mine": held, "snoozed": held, "closed": shared["their_closed"], "answer": shared["their_answer"]}
    for who in ("customer", "dismissed", "stranger"):
        world.things[who] = shared | nothing | {"task": shared["their_task"]}
    _dismiss(office, team["dismissed"])
    petros = {int(shared[name]) for name in ("other", "free", "their_closed", "banned")} | {held}
    ivans = {int(shared[name]) for name in ("own", "own2", "own_closed")}
    world.foreign = {"customer": petros, "dismissed": petros | ivans, "stranger": petros | ivans}
    for who, person in team.items():
        chat = person.chat_id or 0
        world.senders[who] = Sender(chat - 1000, chat, person.name, None, "en", private=True)
    world.senders["customer"] = Sender(6002, 6002, "Ivan", None, "en", private=True)
    world.senders["stranger"] = Sender(6003, 6003, "Somebody", None, "en", private=True)
    return world


def _shared(office: Office, team: dict[str, Representative], petro: ContactView, vip: int) -> dict[str, int | str]:
    desk, taras = office.desk, team["taras"]
    file = NewFile("document", "elephant.pdf", "application/pdf", 5, telegram_id="AAA")
    other = office.open_case(petro, "PINK ELEPHANT in the lift", queue=vip, files=(file,))
    entry = desk.look(queries.conversation, other)[0].id
    desk.run(cases.accept, other, taras)
    desk.run(answering.note, other, "INNER NOTE", taras)
    theirs = desk.run(answering.answer, other, "MY ANSWER", taras).entry_id
    closed = office.open_case(petro, "PINK ELEPHANT again", queue=vip)
    desk.run(cases.resolve, closed, taras)
    banned = office.open_case(office.customer("Spammer"), "Buy this", queue=vip)
    desk.run(lambda tx: customers.ban(tx, queries.case(tx, banned).contact.id, taras))
    invited = desk.run(people.invite, Role.REPRESENTATIVE, None)
    return {
        "queue": vip, "other": other, "entry": entry, "their_answer": theirs, "their_closed": closed, "banned": banned,
        "free": office.open_case(petro, "PINK ELEPHANT is free", queue=vip),
        "personal": office.personal(taras, QueueKind.IN_PROGRESS), "their_task": _task(office, taras),
        "taras": taras.id, "daryna": team["daryna"].id, "danylo": team["dismissed"].id,
        "token": invited.token, "invitation": invited.id, "used": _used(office), "letter": _letter(office),
    }  # fmt: skip


def _of_staff(office: Office, person: Representative, vip: int) -> dict[str, int | str]:
    desk = office.desk
    mine, snoozed, closed = (office.open_case(text=f"{person.name} has {one}", queue=vip) for one in range(3))
    for number in (mine, snoozed):
        desk.run(cases.accept, number, person)
    until = office.clock().replace(hour=20)
    desk.run(activities.snooze, snoozed, until, "", person)
    desk.run(cases.resolve, closed, person)
    answer = desk.run(answering.answer, mine, "Hello", person).entry_id
    return {
        "mine": mine, "snoozed": snoozed, "closed": closed, "answer": answer, "task": _task(office, person),
    }  # fmt: skip


def _own(office: Office, ivan: ContactView) -> dict[str, int | str]:
    """Give Ivan three cases, of which one is closed."""
    one, two = office.open_case(ivan, "My lamp"), office.open_case(ivan, "My chair")
    words = office.says(ivan, "It is dark", chat_id=6002, chat_message_id=77)
    said_id = office.desk.run(lambda tx: _add(tx, one, ivan, words))
    done = office.open_case(ivan, "My desk")
    office.desk.run(lambda tx: _resolved(tx, done))
    return {"own": one, "own2": two, "said": said_id, "own_closed": done}


def _add(tx: Tx, number: int, contact: ContactView, what: Any) -> int:
    from core.cases.incoming import add_to

    return add_to(tx, number, contact, what).id


def _resolved(tx: Tx, number: int) -> None:
    boss = next(one for one in staff.staff(tx) if one.role is Role.ADMINISTRATOR)
    cases.resolve(tx, number, boss)


def _held(office: Office, danylo: Representative, petro: ContactView, vip: int) -> int:
    """Let somebody who will be dismissed work on a case, and have its card in their chat."""
    held = office.open_case(petro, "PINK ELEPHANT with Danylo", queue=vip)
    office.desk.run(cases.accept, held, danylo)
    office.desk.run(cards.posted, held, danylo.chat_id or 0, 55, danylo.id)
    return held


def _dismiss(office: Office, person: Representative) -> None:
    def away(tx: Tx) -> None:
        tx.session.get_one(Person, person.id).dismissed_at = tx.now

    office.desk.run(away)


def _task(office: Office, person: Representative) -> int:
    return office.desk.run(activities.plan_task, "Call them", person).number


def _used(office: Office) -> str:
    token = office.desk.run(people.invite, Role.ADMINISTRATOR, None).token
    office.desk.run(people.join, token, people.TelegramUser(9001, 9001, "Halyna", "en"), "en")
    return token


def _letter(office: Office) -> int:
    new = inbox.NewLetter(
        "help@localhost", "letter-writer@far.example", "192.0.2.1", office.clock(), 3, "0" * 64, None, b"Hi!"
    )

    def aside(tx: Tx) -> int:
        row = inbox.keep_letter(tx, new)
        inbox.settle_letter(tx, row, InboxState.SET_ASIDE, "aside.loop")
        return row

    return office.desk.run(aside)


def plant(world: World, who: str, form: str, number: int) -> Callable[[Tx], object]:
    """Leave a half-filled dialogue in somebody's chat, from before."""
    chat = world.senders[who].chat_id
    state = {"text": "Hello", "message_id": 3, "files": []} if form == "which" else {"number": number}
    return lambda tx: keep_draft(tx, chat, form, state)
