"""Who chats in the figures: representatives with cards, and customers with an open case each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import select, update

from bot import callback
from bot.sandbox.client import SandboxClient
from core.cases import incoming
from core.cases.model import Case
from core.cases.views import Incoming
from core.customers import actions as customers
from core.desk import Desk, Tx
from core.outbox.model import Channel
from core.people import actions as people
from core.people.actions import TelegramUser
from core.people.rules import Presence, Role
from core.settings import House
from core.store import migrate
from core.store.engine import open_engines
from core.work import actions as work
from core.work.model import Card, Queue, Work
from core.work.rules import QueueKind

TOKEN = "4242:bench-of-the-desk"

STAFF, CUSTOMERS = 20, 500


@dataclass
class Crowd:
    """The chats of everybody, and the buttons that can be pressed, as (chat, message, data)."""

    staff: Sequence[int] = tuple(range(1001, 1001 + STAFF))
    customers: Sequence[int] = tuple(range(100_001, 100_001 + CUSTOMERS))
    cards: list[tuple[int, int, str]] = field(default_factory=list)

    @classmethod
    async def gather(cls, client: SandboxClient) -> Self:
        """Let everybody have a chat with the bot."""
        crowd = cls()
        for number in (*crowd.staff, *crowd.customers):
            await client.person(f"Person {number}", number=number, started=True)
        return crowd

    async def show_cards(self, client: SandboxClient) -> None:
        """Give the bare bot's chats messages that can be pressed on."""
        shown = {person: (await client.say(person, "hello")).id for person in self.staff}
        self.cards = [
            (self.staff[one % STAFF], shown[self.staff[one % STAFF]], f"1:accept:{one}") for one in range(500)
        ]

    def learn_cards(self, desk: Desk) -> None:
        """Find the cards that the desk's bot has sent."""

        def find(tx: Tx) -> list[tuple[int, int, str]]:
            rows = tx.session.scalars(select(Card).order_by(Card.work_id))
            return [(row.chat_id, row.message_id or 0, callback.pack("accept", (row.work_id,))) for row in rows]

        self.cards = desk.look(find)


def enter(database_url: str, crowd: Crowd) -> Desk:
    """Make a desk where everybody in the crowd is known, and each customer has a case."""
    engines = open_engines(database_url)
    migrate.upgrade(engines)
    desk = Desk(engines, House())
    for number in crowd.staff:
        desk.run(_join, number)
    for number in crowd.customers:
        desk.run(_write, number)
    return desk


def _join(tx: Tx, number: int) -> None:
    invited = people.invite(tx, Role.REPRESENTATIVE, None)
    person = people.join(tx, invited.token, TelegramUser(number, number, f"Person {number}", "en"), "en")
    people.set_presence(tx, person, Presence.WORKING)


def _write(tx: Tx, number: int) -> None:
    caller = customers.Caller(Channel.TELEGRAM, str(number), f"Person {number}", "en")
    what = Incoming(Channel.TELEGRAM, str(number), f"The printer of room {number} does not print", chat_id=number)
    incoming.open_case(tx, customers.recognise(tx, caller), what)


def rewind(tx: Tx) -> None:
    """Put all that was accepted back to where it was, and let customers be told of it anew."""
    from core.people import queries

    accepted = select(Work.id, Queue.owner_id).join(Queue, Queue.id == Work.queue_id)
    for number, owner in tx.session.execute(accepted.where(Queue.kind == QueueKind.IN_PROGRESS)).all():
        work.release(tx, number, queries.get(tx, owner))
    tx.session.execute(update(Case).values(told_of_id=None))
