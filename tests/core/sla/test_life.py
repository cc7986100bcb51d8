"""The life of a case's clocks, by a model that counts minutes one by one and must agree."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from math import ceil

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.activities import actions as activities
from core.calendars.rules import Calendar, Closure
from core.calendars.week import OFFICE_HOURS, from_kept
from core.cases import actions as cases
from core.cases import answering, incoming
from core.cases.model import Case
from core.desk import Tx
from core.people.rules import Presence, Role
from core.people.views import Representative
from core.sla import actions, clocks
from core.sla.model import Scope
from core.sla.rules import BROKEN, ClockKind, Whom
from core.store.engine import Engines
from core.work.model import Work
from tests.core.calendars.grid import MINUTE, grid
from tests.core.databases import empty
from tests.core.machines import play
from tests.core.office import Office
from tests.core.sla import levels
from tests.core.sla.levels import TERMS, fire_all, join_boss, make_level

#: From the Monday before the clock is put forward in Kyiv, on the 29th of March 2026; so many days are laid out.
FIRST, DAYS = date(2026, 3, 22), 60
NINE = datetime(2026, 3, 27, 7, tzinfo=UTC)

#: Minutes by priority; those of the queue VIP are half of those of the others.
TARGETS = {
    "first": {1: 60, 2: 240, 3: 480},
    "resolve": {1: 240, 2: 960, 3: 2400},
}


@dataclass
class Model:
    """What the model knows of a clock, in minutes of the grid."""

    kind: str
    target: int
    used: int
    since: int | None
    paused: int | None = None
    ended: int | None = None
    told: set[str] = field(default_factory=set)

    def steps(self) -> list[tuple[int, str, Whom | None]]:
        """List the steps: three quarters of it, a quarter of an hour before its end, the end, and who is told then."""
        before = {self.target - 15: "before", self.target * 3 / 4: "part"}
        found: list[tuple[float, str, Whom | None]] = [
            (at, key, Whom.OWNER) for at, key in before.items() if 0 < at < self.target
        ]
        found += [(self.target, BROKEN, None), (self.target, "owner+0", Whom.OWNER)]
        found += [(self.target + 30, "managers+1800", Whom.MANAGERS)]
        found += [(self.target + 120, "administrators+7200", Whom.ADMINISTRATORS)]
        return [(ceil(at), key, whom) for at, key, whom in found]


@cache
def _minutes(closures: tuple[Closure, ...]) -> tuple[datetime, list[bool], list[int]]:
    """Lay out the minutes of the house: whether each is open, and how many are before it."""
    minutes = grid(Calendar("Europe/Kyiv", (from_kept(OFFICE_HOURS),), closures=closures), FIRST, DAYS)
    return minutes.start, minutes.open, [0, *accumulate(minutes.open)]


@dataclass(frozen=True)
class Left:
    """What is left of a conversation when an answer was taken back: another answer, perhaps as its last word."""

    any_left: bool
    answered: bool


def _take_back(tx: Tx, entry: int, number: int, by: Representative) -> Left:
    answering.undo(tx, entry, by)
    any_left = tx.session.get_one(Case, number).first_answer_at is not None
    return Left(any_left, tx.session.get_one(Work, number).answered)


class Clocks(RuleBasedStateMachine):
    """One case is answered, asked about, resolved, opened again, moved and hurried, while time goes by."""

    def __init__(self, engines: Engines) -> None:
        super().__init__()
        empty(engines)
        self.office = Office(engines)
        self.desk = self.office.desk
        self.closures: list[Closure] = []
        self.expected: Counter[str] = Counter()

    @initialize(at=st.integers(0, 3 * 1440))
    def begin(self, at: int) -> None:
        self.boss = join_boss(self.office)
        self.chief = self.office.join("Chief", Role.ADMINISTRATOR, Presence.AWAY)
        self.olena = self.office.join("Olena")
        self.vip = self.office.queue("VIP").id
        self.plain = self.office.queue("Plain").id
        make_level(self.office, self.boss, "Usual")
        fast = {kind: {number: span / 2 for number, span in spans.items()} for kind, spans in TERMS.targets.items()}
        make_level(self.office, self.boss, "Fast", Scope.QUEUE, self.vip, targets=fast)
        self.lay_out()
        self.office.clock.at = NINE + at * MINUTE
        self.customer = self.office.customer()
        self.number = self.office.open_case(self.customer)
        self.priority, self.fast = 2, False
        self.clocks = {kind: Model(kind, self.target(kind), 0, self.now) for kind in TARGETS}
        self.open, self.answered, self.answer = True, False, 0

    # --- the model --------------------------------------------------------------------------------

    def lay_out(self) -> None:
        self.start, self.is_open, self.before = _minutes(tuple(self.closures))

    @property
    def now(self) -> int:
        return (self.office.clock.at - self.start) // MINUTE

    def target(self, kind: str) -> int:
        return TARGETS[kind][self.priority] // (2 if self.fast else 1)

    def worked(self, one: int, other: int) -> int:
        return self.before[other] - self.before[one]

    def moment(self, clock: Model, at: int) -> int:
        """Tell the first minute by which so much is used; where that is past, the next in which there is work."""
        assert clock.since is not None
        left = max(0, at - clock.used)
        if not left:
            return next(index for index in range(clock.since, len(self.is_open)) if self.is_open[index])
        return bisect_left(self.before, self.before[clock.since] + left)

    def runs(self, clock: Model) -> bool:
        return clock.since is not None and clock.ended is None

    def note(self, clock: Model) -> None:
        """A clock that is touched after its end has run out, whether or not its timer was fired."""
        if self.runs(clock) and BROKEN not in clock.told and self.moment(clock, clock.target) <= self.now:
            clock.told.add(BROKEN)
            self.expected[f"{clock.kind}_broken"] += 1

    def end(self, clock: Model) -> None:
        if clock.ended is None:
            self.note(clock)
            clock.ended = self.now
            self.expected[f"{clock.kind}_{'late' if BROKEN in clock.told else 'met'}"] += 1

    def stop(self, clock: Model) -> None:
        if self.runs(clock):
            self.note(clock)
            assert clock.since is not None
            clock.used += self.worked(clock.since, self.now)
            clock.since, clock.paused = None, self.now

    def retarget(self) -> None:
        for clock in self.clocks.values():
            if clock.ended is None:
                self.note(clock)
                if clock.target != self.target(clock.kind):
                    if clock.since is not None:
                        clock.used += self.worked(clock.since, self.now)
                        clock.since = self.now
                    clock.target = self.target(clock.kind)
                    clock.told &= {key for at, key, _ in clock.steps() if at <= clock.used}

    def ring(self) -> None:
        """Take the steps that have come: everybody hears of the last that is for them."""
        for clock in self.clocks.values():
            if not self.runs(clock):
                continue
            self.note(clock)
            come = [one for one in clock.steps() if one[1] not in clock.told and self.moment(clock, one[0]) <= self.now]
            clock.told |= {key for _, key, _ in come}
            for at in {whom: at for at, _, whom in sorted(come, key=lambda one: one[0]) if whom}.values():
                self.expected[f"{clock.kind}_{'escalated' if at >= clock.target else 'warned'}"] += 1

    # --- what happens -----------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 14, 15, 30, 60, 240, 900, 1440]), rings=st.booleans())
    def time_goes_by(self, minutes: int, *, rings: bool) -> None:
        """Let time go by; without a ring the scheduler is away, and what is due is told late."""
        self.office.clock.advance(minutes * MINUTE)
        if rings:
            fire_all(self.office)
            self.ring()

    @precondition(lambda self: self.open)
    @rule()
    def we_answer(self) -> None:
        self.answer = self.desk.run(answering.answer, self.number, "Is it on?", self.olena).entry_id
        self.end(self.clocks["first"])
        self.stop(self.clocks["resolve"])
        self.answered = True

    @precondition(lambda self: self.open and self.answer)
    @rule()
    def we_take_it_back(self) -> None:
        left = self.desk.run(_take_back, self.answer, self.number, self.olena)
        self.answer = 0
        if not left.any_left:
            self.clocks["first"].ended = None
        self.answered = left.answered
        clock = self.clocks["resolve"]
        if not left.answered and clock.paused is not None:
            clock.since, clock.paused = clock.paused, None
        self.retarget()

    @rule()
    def the_customer_writes(self) -> None:
        words = self.office.says(self.customer, "It is on")
        where = self.desk.run(incoming.add_message, self.number, self.customer, words)
        if where != self.number:
            self.move_on(where)
            return
        clock = self.clocks["resolve"]
        if not self.open:
            self.reopen(clock, answered=False)
        elif clock.paused is not None:
            clock.since, clock.paused = self.now, None
        self.answered = False

    def move_on(self, number: int) -> None:
        """Follow the customer to a new case, for the old one was resolved too long ago."""
        self.number, self.priority, self.fast, self.expected = number, 2, False, Counter()
        self.clocks = {kind: Model(kind, self.target(kind), 0, self.now) for kind in TARGETS}
        self.open, self.answered, self.answer = True, False, 0

    def reopen(self, clock: Model, *, answered: bool) -> None:
        assert clock.ended is not None
        if clock.since is not None:
            clock.used += self.worked(clock.since, clock.ended)
        clock.since, clock.paused = (None, self.now) if answered else (self.now, None)
        clock.ended, self.open = None, True

    @precondition(lambda self: self.open)
    @rule()
    def we_resolve(self) -> None:
        self.desk.run(cases.resolve, self.number, self.olena)
        for clock in self.clocks.values():
            self.end(clock)
        self.open, self.answer = False, 0

    @precondition(lambda self: not self.open)
    @rule()
    def we_open_it_again(self) -> None:
        self.desk.run(cases.reopen, self.number, self.olena)
        self.reopen(self.clocks["resolve"], answered=self.answered)

    @precondition(lambda self: self.open)
    @rule(vip=st.booleans())
    def we_forward_it(self, *, vip: bool) -> None:
        queue = self.vip if vip else self.plain
        item = self.office.item(self.number)
        if item.queue and item.queue.id == queue:
            return
        self.desk.run(activities.forward, self.number, queue, self.olena)
        self.fast = vip
        self.retarget()

    @precondition(lambda self: self.open)
    @rule(priority=st.integers(1, 3))
    def it_becomes_urgent_or_not(self, priority: int) -> None:
        def hurry(tx: Tx) -> None:
            tx.session.get_one(Work, self.number, with_for_update=True).priority = priority
            tx.session.flush()
            clocks.moved(tx, self.number)

        self.desk.run(hurry)
        self.priority = priority
        self.retarget()

    @rule(ahead=st.integers(0, 5), days=st.integers(0, 2))
    def the_house_closes(self, ahead: int, days: int) -> None:
        """Close the house on coming days; what ran before is worked out anew, and what is due by then is told."""
        first = self.office.clock.at.date() + timedelta(days=ahead + 1)
        closure = Closure(first, first + timedelta(days=days))
        if closure in self.closures or len(self.closures) > 3:
            return
        self.desk.run(actions.add_closure, f"Rest {len(self.closures)}", closure, self.boss)
        self.closures.append(closure)
        self.lay_out()
        self.retarget()
        fire_all(self.office)
        self.ring()

    @invariant()
    def the_desk_agrees(self) -> None:
        rows = levels.clocks(self.office, self.number)
        for kind, clock in self.clocks.items():
            row = rows[kind]
            assert (row.ended_at is None) is (clock.ended is None), kind
            assert row.target_us == clock.target * 60_000_000
            assert row.used_us == clock.used * 60_000_000
            assert row.since == self.instant(clock.since)
            assert set(row.told) == clock.told
            due = self.moment(clock, clock.target) if self.runs(clock) else None
            assert row.due_at == self.instant(due)
        running = [self.moment(one, one.target) for one in self.clocks.values() if self.runs(one)]
        assert self.office.item(self.number).due_at == self.instant(min(running, default=None))

    def instant(self, minute: int | None) -> datetime | None:
        return self.start + minute * MINUTE if minute is not None else None

    @invariant()
    def everything_was_told_once(self) -> None:
        kinds = ("broken", "met", "late", "warned", "escalated")
        names = {f"{kind}_{what}" for kind in ClockKind for what in kinds}
        told = Counter(verb for verb in self.office.verbs(self.number) if verb in names)
        assert told == +self.expected


@pytest.mark.long
def test_clocks_agree_with_a_model_that_counts_minutes(engines: Engines) -> None:
    play(lambda: Clocks(engines), examples=8, steps=20)
