"""A scheduler without one of its protections: see `tests.faults.unprotected`; or for a block, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import sleep
from typing import Any

from sqlalchemy import select

from core.desk import Tx
from core.timers.model import Lease, Timer
from workers import scheduler, timers

#: Long enough for another scheduler to have looked, too.
_A_MOMENT_S = 0.02

#: What a table of cron looks back for, and what a careless clock looks ahead for.
_LATELY, _SOON = timedelta(seconds=1), timedelta(minutes=30)


def taking() -> None:
    """Do what a timer is for without a look at whether another scheduler took it."""

    def fire(tx: Tx, timer: int) -> Timer | None:
        row = tx.session.get(Timer, timer)
        if row is not None:
            row.fired_at = tx.now
        return row

    timers.fire = fire


def fence() -> None:
    """Let each scheduler think that it is the live one, and take what another took."""
    taking()
    look = scheduler.due_timers

    def slowly(tx: Tx, limit: int = 200) -> list[int]:
        due = look(tx, limit)
        sleep(_A_MOMENT_S)
        return due

    scheduler.hold, scheduler.due_timers = lambda *_: True, slowly


def takeover() -> None:
    """Leave the lease to whoever had it first, dead or alive."""

    def hold(tx: Tx, name: str, holder: str, span: timedelta) -> bool:
        row = tx.lock(Lease, name)
        if row is None:
            tx.session.add(Lease(name=name, holder=holder, until=tx.now + span))
        return row is None or row.holder == holder

    scheduler.hold = hold


def _due_between(earliest: timedelta | None, latest: timedelta) -> None:
    def due(tx: Tx, limit: int = 200) -> list[int]:
        when = [Timer.fired_at.is_(None), Timer.due_at <= tx.now + latest]
        when += [Timer.due_at > tx.now - earliest] if earliest else []
        return list(tx.session.scalars(select(Timer.id).where(*when).order_by(Timer.due_at).limit(limit)))

    scheduler.due_timers = due


def catching_up() -> None:
    """Do only what falls due now, as a table of cron does, and nothing that fell due meanwhile."""
    _due_between(_LATELY, timedelta())


def instants() -> None:
    """Do what falls due soon, too."""
    taking()
    _due_between(None, _SOON)


OFF = {"taking": taking, "fence": fence, "takeover": takeover, "catching up": catching_up, "instants": instants}

_PATCHED = (scheduler, "due_timers"), (scheduler, "hold"), (timers, "fire")


@contextmanager
def without(protection: str) -> Iterator[None]:
    """Leave out one of them for the block; none if the name is empty or another's."""
    before: list[tuple[Any, str, Any]] = [(module, name, getattr(module, name)) for module, name in _PATCHED]
    OFF.get(protection, lambda: None)()
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
