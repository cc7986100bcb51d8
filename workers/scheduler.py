"""Time is a caller too: one live scheduler fires what is due; a standby takes over when its lease runs out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from threading import Event
from time import monotonic

import structlog

from core.cases import indexing, unsent
from core.customers.codes import forget_codes
from core.desk import Desk
from core.digests import undelivered
from core.errors import TryLater
from core.inbox.updates import forget_updates
from core.outbox.pauses import forget_pauses
from core.timers.actions import due_timers, forget_fired, hold, let_go
from core.work import tally
from workers.expiry import expire, overdue
from workers.sweep import Sweep, due_calls
from workers.timers import fire_timer, plan

#: How often it looks what is due.
TICK = timedelta(milliseconds=500)

#: How often while nothing changes in a desk that nobody else serves.
RESTING_TICK_S = 1.0

#: The lease of the one live scheduler.
LEASE_NAME = "scheduler"

#: Timers that fired, so that their slots stay taken, and updates that were handled are kept for so long.
KEPT = timedelta(days=30)

#: Rows that are forgotten in one transaction.
_AT_ONCE = 1000

#: Seconds that the search is given at a time while there are cases to be made findable.
_INDEX_FOR_S = 0.5

#: So often at a time.
_ROUNDS = 20

_PLAN_S = 20.0
_TELL_S = 3.0
_EXPIRE_S = 10.0
_SUM_UP_S = 5.0
_INDEX_S = 1.0
_FORGET_S = 3600.0

#: What follows only from changes is looked for so much more rarely while there are none.
_RESTING_TIMES = 30

#: A timer whose effect fails is tried again after so long, and then after twice as long each time.
_RETRY_S = 2.0
_LONGEST_RETRY_S = 600.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClockConfig:
    """How a scheduler runs.

    Attributes:
        holder: the name of this process in the lease.
        lease: for so long a dead scheduler is waited for.
        sweep: off only to see what would be lost without it.
        mail: whether there is a relay; without one mail waits, and nobody is woken for it.
    """

    holder: str
    lease: timedelta = timedelta(seconds=15)
    sweep: bool = True
    mail: bool = True


class Scheduler:
    """Wakes, fires, plans and tells, twice a second, once while the desk rests, as long as it holds the lease.

    Args:
        steady: seconds of a clock that never goes back.
    """

    def __init__(self, desk: Desk, config: ClockConfig, *, steady: Callable[[], float] = monotonic) -> None:
        self._desk = desk
        self._config = config
        self._steady_s = steady
        self._sweep = Sweep()
        self._live = False
        self._renew_at_s = 0.0
        self._done_s: dict[str, float] = {}
        self._failed: dict[int, tuple[float, float]] = {}

    def run(self, stopping: Event) -> None:
        """Tick until `stopping` is set; then give the lease back."""
        while not stopping.is_set():
            try:
                self.tick()
            except TryLater as error:
                log.warning("tick_postponed", reason=error.key)
            except Exception:
                log.exception("tick_failed")
            self._pause(stopping)
        self._let_go()

    def _pause(self, stopping: Event) -> None:
        """Wait for the next tick: twice a second, or once while the desk rests."""
        over_s = self._steady_s() + RESTING_TICK_S
        while not stopping.wait(TICK.total_seconds()):
            if not self._desk.rests() or self._steady_s() >= over_s:
                return

    def tick(self) -> bool:
        """Do once what is due now; returns whether this is the live scheduler.

        Raises:
            TryLater: the database is away.
        """
        if not self._leads():
            return False
        self._call()
        self._fire()
        self._every("plan", _PLAN_S, lambda: self._desk.renew(plan))  # what it makes due is looked for here anyway
        self._every("tell", _TELL_S, self._tell)
        self._every("expire", _EXPIRE_S, self._expire)
        slow = _RESTING_TIMES if self._desk.rests() else 1  # there is no more to be summed up or found than there was
        self._every("sum up", _SUM_UP_S, self._sum_up, slow)
        self._every("index", _INDEX_S, self._index, slow)
        self._every("forget", _FORGET_S, self._forget)
        return True

    def _leads(self) -> bool:
        if self._live and self._steady_s() < self._renew_at_s:
            return True
        lease = self._config.lease
        live = self._desk.renew(hold, LEASE_NAME, self._config.holder, lease)
        self._renew_at_s = self._steady_s() + lease.total_seconds() / 3
        if live != self._live:
            log.info("scheduler_live" if live else "scheduler_standby", holder=self._config.holder)
        self._live = live
        return live

    def _let_go(self) -> None:
        if not self._live:
            return
        try:
            self._desk.run(let_go, LEASE_NAME, self._config.holder)
        except TryLater:
            log.warning("lease_not_given_back")

    def _call(self) -> None:
        if not self._config.sweep:
            return
        calls = self._sweep.choose(self._desk.look(due_calls, mail=self._config.mail), self._steady_s())
        if calls:
            self._desk.wake(calls)

    def _fire(self) -> None:
        due = self._desk.look(due_timers)
        self._failed = {timer: kept for timer, kept in self._failed.items() if timer in due}
        for timer in due:
            if self._failed.get(timer, (0.0, 0.0))[0] <= self._steady_s():
                self._fire_one(timer)

    def _fire_one(self, timer: int) -> None:
        try:
            task = self._desk.run(fire_timer, timer)
        except TryLater:
            raise
        except Exception:
            pause = min(self._failed.get(timer, (0.0, _RETRY_S / 2))[1] * 2, _LONGEST_RETRY_S)
            self._failed[timer] = (self._steady_s() + pause, pause)
            log.exception("timer_failed", timer=timer, again_in_s=pause)
        else:
            if task is not None:
                log.info("timer_fired", timer=timer, task=task)

    def _expire(self) -> None:
        for row in self._desk.look(overdue):
            self._desk.run(expire, row)

    def _sum_up(self) -> None:
        if self._desk.look(tally.is_long):
            self._desk.run(tally.sum_up)

    def _index(self) -> None:
        """Make cases findable that are not yet, for a part of the time: the clock has other things to do."""
        until = self._steady_s() + _INDEX_FOR_S
        while not self._desk.look(indexing.is_complete) and self._steady_s() < until:
            self._desk.run(indexing.step)

    def _forget(self) -> None:
        before = self._desk.now() - KEPT
        self._desk.run(forget_fired, before)
        self._desk.run(forget_codes, before)
        self._desk.run(unsent.forget, before)
        self._desk.run(forget_pauses, before)
        for _ in range(_ROUNDS):  # the rest another time: the clock must not stand still over it
            if self._desk.run(forget_updates, before, _AT_ONCE) < _AT_ONCE:
                return

    def _tell(self) -> None:
        for row in self._desk.look(undelivered.untold):
            self._desk.run(undelivered.tell, row)
        for person in self._desk.look(undelivered.untold_of):
            self._desk.run(undelivered.tell_of, person)

    def _every(self, name: str, span_s: float, do: Callable[[], object], slow: int = 1) -> None:
        """Do something when it is `slow` times `span_s` seconds ago."""
        if self._done_s.get(name, -inf) + span_s * slow <= self._steady_s():
            do()
            self._done_s[name] = self._steady_s()
