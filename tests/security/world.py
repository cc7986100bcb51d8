"""A small desk with something of everything in it, and what anybody does there is rolled back, so that it stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import inspect, select

from bot.answering import _refused
from bot.app import changes, respond
from bot.calls import NeedsChange, Outcome
from bot.chat import Asked, Event, Heard, Pressed, Sender
from bot.drawing import draw_card, draw_for_group
from core.cases.files import get_file
from core.desk import Tx
from core.errors import DeskError
from core.inbox import updates as inbox
from core.outbox.model import Owed, OwedKind
from core.people import queries as staff
from core.schema import metadata
from core.texts.said import Notice, said
from core.texts.say import Reader, notice_html, say_plain
from core.work.drafts import keep_draft
from tests.core.office import Office

#: The words of a customer whom no other outsider may hear of.
SECRETS = (
    "Petro",
    "PINK ELEPHANT",
    "INNER NOTE",
    "MY ANSWER",
    "elephant.pdf",
    "VIP",
    "letter-writer@far.example",
    "Acme",
)

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

    def presses(self, who: str, data: str, message_id: int | None = None) -> Pressed:
        """Make the event of a press, of data without its version."""
        verb, *args = data.split(":")
        read = tuple(int(one) if one.lstrip("-").isdigit() else one for one in args)
        return Pressed(self.senders[who], "1", message_id or next(_updates), verb, read)

    def asks(self, who: str, words: str) -> Asked:
        """Make the event of the bot's name and words typed in some chat."""
        return Asked(self.senders[who], str(next(_updates)), words, 0)

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
    reply, reader = outcome.reply, outcome.reader
    if isinstance(event, Asked):
        found = reply.offers.found if reply.offers else ()
        return "\n".join(say_plain(words, reader) for one in found for words in (one.text, one.about))
    assert isinstance(event, Heard | Pressed)
    words = [notice_html(reply.notice, reader)] if reply.notice else []
    words += [say_plain(reply.toast, reader)] if reply.toast else []
    tx.session.flush()
    mine = select(Owed).where(Owed.id > known, Owed.address == str(event.sender.chat_id)).order_by(Owed.id)
    words += [_of(tx, row, reader) for row in tx.session.scalars(mine)]
    return "\n".join(words)


def _of(tx: Tx, row: Owed, reader: Reader) -> str:
    match row.kind:
        case OwedKind.CARD if "group" in row.facts:
            return draw_for_group(tx, row.work_id or 0, int(row.address))[0]
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


def plant(world: World, who: str, form: str, number: int) -> Callable[[Tx], object]:
    """Leave a half-filled dialogue in somebody's chat, from before."""
    chat = world.senders[who].chat_id
    state = {"text": "Hello", "message_id": 3, "files": []} if form == "which" else {"number": number}
    state = {} if form == "new_for" else state
    if form == "select":
        state = {"of": "assigned", "subject": 0, "offset": 0, "words": "", "chosen": [number], "message_id": 1}
    return lambda tx: keep_draft(tx, chat, form, state)
