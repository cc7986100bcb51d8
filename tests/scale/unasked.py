"""What nobody asks for: letters that come, and what the clock, the couriers and the workers do by themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.courier import _due
from core.activities import actions as activities
from core.cases import indexing, unsent
from core.cases.erasing import FILE
from core.cases.missed import tell_missed
from core.cases.model import Entry
from core.cases.rating import ASK
from core.customers.codes import forget_codes
from core.desk import Desk, Tx
from core.digests import undelivered
from core.digests.slots import DIGEST
from core.inbox.actions import NewLetter, keep_letter, keep_letters, raw_letters
from core.inbox.updates import forget_updates, waiting_updates
from core.intake.actions import Content, understand
from core.intake.many import Read, understand_many
from core.intake.reading import read
from core.intake.rules.identity import content_hash, message_id_of
from core.intake.tries import begin_tries
from core.outbox import actions as outbox
from core.outbox import claims
from core.outbox.model import Channel
from core.outbox.pauses import forget_pauses
from core.people import queries as people
from core.people.model import Person
from core.people.news import HELD
from core.search import index
from core.sla import actions as sla
from core.sla.merging import FOLLOW
from core.sla.model import Scope
from core.sla.rules import ClockKind, Terms
from core.store.files import FileStore
from core.timers.actions import due_timers, forget_fired, hold, set_timer
from core.timers.model import Timer
from core.work import cards, tally
from core.work.model import Queue
from tests.bench import ground
from tests.bench.asking import Ask
from tests.bench.ground import STAFF_CHAT
from tests.scale.buttons import Act
from tests.scale.things import OTHER, SHOWN, Things
from workers.actors.sending import _wake_next
from workers.expiry import expire, overdue
from workers.scheduler import KEPT, ClockConfig, Scheduler
from workers.sweep import due_calls
from workers.timers import EFFECTS, fire_timer, plan


class Unasked:
    """Letters and clocks on a desk, in an order that may be repeated on another desk."""

    def __init__(self, desk: Desk, make: Callable[[], Things]) -> None:
        self.desk = desk
        self._things = make

    def everything(self) -> Iterator[Act]:
        """Do it all, in this order."""
        for acts in (self.letters, self.clocks, self.timers, self.ticks):
            yield from acts()

    def letters(self) -> Iterator[Act]:
        """Bring letters: new ones, one by one and together, and one that answers an earlier one."""
        known = self.desk.look(_some_message_id)
        kept: list[int] = []
        new = [_letter(number) for number in range(20)]
        yield "a letter kept", lambda: kept.append(self.desk.run(keep_letter, _new(new[0])))
        yield "16 letters kept", lambda: kept.extend(self.desk.run(keep_letters, [_new(one) for one in new[1:17]]))
        yield "letters begun", lambda: self.desk.run(begin_tries, kept[0], 16)
        yield "a letter understood", lambda: self.desk.run(understand, kept[0], *_read(new[0]))
        reads = [Read(row, "help@desk.example", *_read(raw)) for row, raw in zip(kept[1:], new[1:17], strict=True)]
        yield "16 letters read", lambda: self.desk.look(raw_letters, kept[1:17], FileStore(Path("unused")))
        yield "16 letters understood", lambda: self.desk.run(understand_many, reads)
        answer = _letter(99, known)
        row = self.desk.run(keep_letter, _new(answer))
        yield "a letter that answers", lambda: self.desk.run(understand, row, *_read(answer))

    def clocks(self) -> Iterator[Act]:
        """Do what nobody asks for: the clock's part, the couriers' and the bot's."""

        def look(query: Callable[..., object], *args: object) -> Ask:
            return lambda: self.desk.look(query, *args)

        def run(action: Callable[..., object], *args: object) -> Ask:
            return lambda: self.desk.run(action, *args)

        yield "due calls", look(due_calls)
        yield "overdue", look(overdue)
        yield "untold", look(undelivered.untold)
        yield "untold of", look(undelivered.untold_of)
        yield "due timers", look(due_timers)
        yield "the lease", run(hold, "scheduler", "here", timedelta(seconds=15))
        yield "the courier's look", look(_due, frozenset())
        yield "waiting updates", look(waiting_updates, ground.BOT)
        yield "plan", run(plan)
        yield "missed cases", run(tell_missed)
        yield "is the tally long", look(tally.is_long)
        yield "is all findable", look(indexing.is_complete)
        self.desk.run(index.write_later, [1, 2])
        yield "cases made findable", run(indexing.step)
        parcels = self.desk.run(claims.claim_due, Channel.TELEGRAM, 5)
        yield "claim", run(claims.claim_due, Channel.TELEGRAM, 1)
        yield "settle", run(outbox.settle_sent, parcels[0], 1)
        yield "card posted", run(cards.posted, parcels[0].work_id or 1, STAFF_CHAT + 1, 10**9, 1)
        mail = self.desk.run(claims.claim_due, Channel.EMAIL, 1)
        yield "next in the lane", run(_wake_next, mail[0])
        yield "expire", run(expire, mail[0].id)
        yield "a timer that has fired", run(fire_timer, 1)
        for name, forget in _FORGETS.items():
            yield f"{name} forgotten", run(forget, ground.NOW - KEPT)

    def timers(self) -> Iterator[Act]:
        """Fire a timer of each kind, with something to do for it: one that waits since an earlier act, or a new one."""
        self._let_clocks_run()
        for task in EFFECTS:
            facts = _FACTS.get(task, {})
            about = self._things()[_ABOUT[task]] if task in _ABOUT else None
            yield f"timer {task}", _run(self.desk, fire_timer, self.desk.run(_due_now, task, about, facts))

    def _let_clocks_run(self) -> None:
        """Let a case have a level, another have to be accepted soon, and somebody want a digest."""
        of = self._things()
        terms = Terms({ClockKind.FIRST: dict.fromkeys((1, 2, 3), timedelta(hours=4))})
        level = self.desk.run(sla.new_level, "Silver", terms, of.chief).id
        self.desk.run(sla.use_level, level, Scope.DEFAULT, 0, of.chief)
        self.desk.run(lambda tx: setattr(tx.session.get_one(Queue, SHOWN), "accept_within", 60))
        self.desk.run(lambda tx: setattr(tx.session.get_one(Person, OTHER), "digest_at", time(11, 30)))
        self.desk.run(activities.assign, of.number("in_group"), self.desk.look(people.get, OTHER), of.chief)
        assert of["own"]

    def ticks(self) -> Iterator[Act]:
        """Let the scheduler do all that it does from time to time, when it has done what was due."""
        now_s = 0.0
        clock = Scheduler(self.desk, ClockConfig("here"), steady=lambda: now_s)
        clock.tick()

        def tick() -> None:
            nonlocal now_s
            now_s = 7200.0
            clock.tick()

        yield "a tick of the scheduler", tick


#: What a timer of a kind is about, as `tests.scale.things` has it, where none waits already.
_ABOUT = {HELD: "person", DIGEST: "person", ASK: "closed", FOLLOW: "merge"}

_FACTS: dict[str, dict[str, object]] = {FOLLOW: {"after": 0}, FILE: {"digest": "0" * 64}}


def _due_now(tx: Tx, task: str, about: int | None, facts: dict[str, object]) -> int:
    """Let a timer that waits be due; or set one."""
    waiting = select(Timer).where(Timer.task == task, Timer.fired_at.is_(None)).order_by(Timer.id).limit(1)
    row = tx.session.scalar(waiting)
    if row is None:
        assert set_timer(tx, task, f"{about}:{tx.now:%Y-%m-%d}", tx.now, subject=about, facts=facts)
        row = tx.session.scalars(waiting).one()
    row.due_at = tx.now
    return row.id


def _run(desk: Desk, action: Callable[..., object], *args: object) -> Ask:
    return lambda: desk.run(action, *args)


#: What the scheduler forgets once an hour, each by itself.
_FORGETS: dict[str, Callable[..., object]] = {
    "fired timers": forget_fired,
    "codes": forget_codes,
    "unsent answers": unsent.forget,
    "pauses": forget_pauses,
    "updates": forget_updates,
}


def _some_message_id(tx: Tx) -> str:
    found = select(Entry.message_id).where(Entry.message_id.is_not(None)).order_by(Entry.id.desc()).limit(1)
    return str(tx.session.scalar(found))


def _letter(number: int, answers: str = "") -> bytes:
    head = f"From: New {number} <new{number}@customer.example>\r\nMessage-ID: <new{number}@customer.example>\r\n"
    head += f"In-Reply-To: {answers}\r\n" if answers else ""
    return f"{head}Subject: The lamp {number}\r\n\r\nIt is orange.\r\n".encode()


def _new(raw: bytes) -> NewLetter:
    digest = hashlib.sha256(raw).hexdigest()
    facts = {"recipient": "help@desk.example", "mail_from": "new@customer.example", "peer": "192.0.2.1"}
    return NewLetter(
        **facts, received_at=ground.NOW, size=len(raw), digest=digest, message_id=message_id_of(raw), raw=raw
    )


def _read(raw: bytes) -> tuple[object, Content]:
    return read(raw, "new@customer.example"), Content(content_hash(raw))
