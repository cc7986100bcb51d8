"""A desk with people and customers in it, made in a line each."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.cases import actions as cases
from core.cases import incoming
from core.cases.conversations import conversation
from core.cases.views import Incoming
from core.customers.actions import Caller, recognise
from core.customers.views import ContactView
from core.desk import Desk, Tx
from core.history.model import Happened
from core.inbox.model import Letter
from core.intake.tries import begin_try, failed_try
from core.outbox.model import Channel, Owed, OwedKind
from core.people import actions as people
from core.people import queries as people_queries
from core.people.actions import TelegramUser
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.settings import House
from core.store.engine import Engines
from core.timers.actions import due_timers
from core.work import placing, queries, queues
from core.work.rules import QueueKind
from core.work.views import ItemView, QueueView
from tests.core.clock import FakeClock
from workers.timers import fire_timer


class Office:
    """A desk on a clock that stands still, with builders for those who are in it and looks at what came of it."""

    def __init__(self, engines: Engines, files: Path | None = None) -> None:
        self.clock = FakeClock()
        self.woken: list[tuple[str, int]] = []
        self.desk = Desk(engines, House(files=files or Path("unused")), now=self.clock, wake=self.woken.extend)
        self._ids = count(1)

    def join(
        self, name: str, role: Role = Role.REPRESENTATIVE, presence: Presence | None = Presence.WORKING
    ) -> Representative:
        """Let somebody become a member of staff; in their own chat, whose id is that of the user plus 1000."""
        number = next(self._ids)

        def enter(tx: Tx) -> Representative:
            # The row that an invitation leads to, at once: nine tests in ten begin with it, and how people are invited
            # and let in has tests of its own.
            row = people._new_person(tx, TelegramUser(number, 1000 + number, name, "en"), "en")
            row.role, row.chat_id, row.presence = role, 1000 + number, presence or row.presence
            tx.session.flush()
            return people_queries.view(tx, row)

        return self.desk.run(enter)

    def again(self, person: Representative) -> Representative:
        """Look at a member of staff anew."""
        return self.desk.look(people_queries.get, person.id)

    def customer(
        self, name: str = "Ivan", channel: Channel = Channel.TELEGRAM, address: str | None = None, locale: str = "uk"
    ) -> ContactView:
        """Let somebody write for the first time."""
        where = address or (
            str(5000 + next(self._ids)) if channel is Channel.TELEGRAM else f"{name.lower()}@example.com"
        )
        return self.desk.run(recognise, Caller(channel, where, name, locale))

    def address_of(self, contact: ContactView) -> tuple[Channel, str]:
        """Tell how a customer wrote first."""

        def find(tx: Tx) -> tuple[Channel, str]:
            from core.customers.model import ContactAddress

            row = tx.session.scalars(
                select(ContactAddress).where(ContactAddress.contact_id == contact.id).order_by(ContactAddress.id)
            ).first()
            assert row is not None
            return row.channel, row.address

        return self.desk.look(find)

    def says(self, contact: ContactView, text: str = "The printer is silent", **more: Any) -> Incoming:
        """Put a customer's words into what the actions take."""
        channel, address = self.address_of(contact)
        return Incoming(**{"channel": channel, "address": address, "text": text, **more})

    def writes(self, contact: ContactView, number: int, text: str = "And it smells", **more: Any) -> int:
        """Let a customer write something for a case; tells of which case it became a message."""
        return self.desk.run(incoming.add_message, number, contact, self.says(contact, text, **more))

    def open_case(
        self,
        contact: ContactView | None = None,
        text: str = "The printer is silent",
        *,
        queue: int | None = None,
        **more: Any,
    ) -> int:
        """Open a case of a customer, of a new one unless told otherwise."""
        who = contact or self.customer()
        return self.desk.run(incoming.open_case, who, self.says(who, text, **more), queue=queue)

    def resolved_case(self, contact: ContactView, by: Representative) -> int:
        """Open a case of a customer, and resolve it."""
        number = self.open_case(contact)
        self.desk.run(cases.resolve, number, by)
        return number

    def close(self, number: int, by: Representative, verb: str = "resolved", **facts: Any) -> None:
        """End an item, without what cases do besides."""
        self.desk.run(lambda tx: placing.close(tx, number, by.actor, verb, **facts))

    def queue(self, name: str = "VIP") -> QueueView:
        """Make a public queue."""
        return self.desk.run(queues.new_queue, name, None)

    def personal(self, person: Representative, kind: QueueKind) -> int:
        """Find or make a personal queue."""
        return self.desk.run(queues.personal_queue, person.id, kind)

    def item(self, number: int) -> ItemView:
        """Look at an item."""
        return self.desk.look(queries.item, number)

    def place(self, number: int) -> tuple[QueueKind, int | None] | None:
        """Tell where an item stands."""
        place = self.item(number).place
        return (place.kind, place.owner) if place else None

    def texts(self, number: int, kind: str | None = None) -> list[str]:
        """List what was said in a case, in order; of one kind, such as answers, if that is named."""
        said = self.desk.look(conversation, number, limit=99)
        return [one.text for one in said if kind in {None, one.kind}]

    def verbs(self, number: int) -> list[str]:
        """List what happened to an item, in order."""
        return self.desk.look(
            lambda tx: list(
                tx.session.scalars(select(Happened.verb).where(Happened.work_id == number).order_by(Happened.id))
            )
        )

    def facts(self, number: int, verb: str) -> dict[str, Any]:
        """Tell the facts of the last time that something happened to an item."""
        return self.desk.look(
            lambda tx: dict(
                tx.session.scalars(
                    select(Happened.facts)
                    .where(Happened.work_id == number, Happened.verb == verb)
                    .order_by(Happened.id.desc())
                ).first()
                or {}
            )
        )

    def owed(self, **where: Any) -> list[Owed]:
        """List the rows of the outbox, in order; by `person_id`, `contact_id`, `work_id`, `kind` and the like."""
        return self.desk.look(lambda tx: list(tx.session.scalars(select(Owed).filter_by(**where).order_by(Owed.id))))

    def told(self, person: Representative) -> list[str]:
        """List what a member of staff is told: the keys of cards' reasons and of notices' first lines."""
        return [key_of(row) for row in self.owed(person_id=person.id)]

    def told_customer(self, contact: ContactView) -> list[str]:
        """List what a customer is told, answers as "answer"."""
        return [key_of(row) for row in self.owed(contact_id=contact.id)]

    def newest(self) -> int:
        """Tell the number of the newest item of which anybody is told; 0 when nobody is told of any."""
        return max((row.work_id or 0 for row in self.owed()), default=0)


def fire_due(desk: Desk) -> int:
    """Let everything happen that is due by the clock of a desk; tells how much that was."""
    due = desk.look(due_timers)
    for timer in due:
        desk.run(fire_timer, timer)
    return len(due)


def key_of(row: Owed) -> str:
    """Tell what a row says, by its key; "answer" and "edit" for those."""
    match row.kind:
        case OwedKind.CARD:
            return str(row.facts["why"]["key"]) if "why" in row.facts else "card"
        case OwedKind.NOTICE:
            return str(row.facts["lines"][0]["key"])
        case _:
            return str(row.kind)


def fails(office: Office, letter: int, reason: str) -> None:
    """Let a try with a letter begin when it is due, and fail."""
    due = office.desk.look(lambda tx: tx.session.get_one(Letter, letter).due_at)
    office.clock.at = max(office.clock.at, due)
    office.desk.run(begin_try, letter)
    office.desk.run(failed_try, letter, reason)
