"""Transactions begin and end here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import structlog
from sqlalchemy import CursorResult, Executable, event
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from core import clock
from core.errors import TryLater
from core.settings import House
from core.store import rows
from core.store.base import Base
from core.store.engine import Engines
from core.store.together import Together

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")
R = TypeVar("R", bound=Base)

#: How often a transaction that lost a race is run in all.
TRIES = 3

#: SQLSTATEs of PostgreSQL after which the same transaction may simply be run again.
_LOST_RACES = {"40001", "40P01", "55P03"}

#: What SQLite calls a statement that is wrong, and one that writes where it may only read; the driver makes
#: operational errors of both.
_OUR_FAULTS = {"SQLITE_ERROR", "SQLITE_READONLY"}

#: What a statement that failed raises. Whoever catches other errors within a transaction must let this one through.
STATEMENT_FAILED = DBAPIError

#: Those of them that say, of nearly all that they may mean, that the database is away.
OUTAGE = OperationalError

#: After so many seconds without a change a desk rests.
RESTS_AFTER_S = 2.0

Wake = Callable[[Sequence[tuple[str, int]]], None]

log = structlog.get_logger(__name__)


class KeepingSession(Session):
    """A session that holds the rows it has seen until its end: what was loaded once is not asked for again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[object] = []


@event.listens_for(KeepingSession, "loaded_as_persistent")
@event.listens_for(KeepingSession, "pending_to_persistent")
@event.listens_for(KeepingSession, "detached_to_persistent")
def _keep(session: KeepingSession, row: object) -> None:
    session.kept.append(row)


class Tx:
    """One transaction: the session, the one instant that is "now" in it, the house, and the wake-up calls it owes.

    Actions take it first, change the database through it and touch nothing else, so that they can be run again.

    Attributes:
        memo: what was worked out in this transaction and may be needed in it again, by a key of whoever keeps it there.
        taken_back: called, the last one first, where only the block is taken back in which they were put here.
    """

    __slots__ = ("house", "memo", "now", "session", "taken_back", "together", "wakes")

    def __init__(self, session: Session, now: datetime, house: House) -> None:
        self.session = session
        self.now = now
        self.house = house
        self.memo: dict[Hashable, Any] = {}
        self.taken_back: list[Callable[[], object]] = []
        self.wakes: list[tuple[str, int]] = []
        self.together: Together | None = None

    def add(self, row: Base) -> None:
        """Write a new row, which has its number then; while rows are written together, it is only kept back."""
        if self.together is not None:
            self.together.add(row)
        else:
            if self.session.new:
                self.session.flush()
            rows.write(self.session, row)

    def lock(self, model: type[R], key: Hashable) -> R | None:
        """Find a row by its key as it is now, and lock it until the end of the transaction; asked for once.

        What this transaction has locked nobody else changes, and of what a statement of its own changes it is told by
        `forget`.
        """
        mine = ("locked", model, key)
        if mine in self.memo:
            known = self.session.identity_map.get(model.__mapper__.identity_key_from_primary_key((key,)))
            if isinstance(known, model):
                return known
        row: R | None = self.session.scalar(rows.locked(model), {"key": key})
        if row is not None:
            self.memo[mine] = True
        return row

    def lock_one(self, model: type[R], key: Hashable) -> R:
        """Do as `lock`, where there must be such a row.

        Raises:
            NoResultFound: there is none.
        """
        row = self.lock(model, key)
        if row is None:
            raise NoResultFound(f"no {model.__name__} {key}")
        return row

    def take_turns(self, keys: Sequence[str]) -> None:
        """Let transactions that name the same thing, of which there may be no row yet, go one after the other.

        All names at once: who took one and then another might wait for ever for somebody who did so the other way.
        """
        rows.take_turns(self.session, keys)

    def write(self, statement: Executable, **values: Any) -> CursorResult[Any]:
        """Run a statement that was put together before, on tables rather than objects: a fifth of the time.

        What was added is written before it. Of what it changes, objects of this transaction learn nothing.
        """
        if self.session.new and self.together is None:
            self.session.flush()
        return self.session.connection().execute(statement, values)

    def forget(self, model: type[Base], key: Hashable) -> None:
        """Let an object that this transaction may hold be read anew: a statement has changed its row."""
        known = self.session.identity_map.get(model.__mapper__.identity_key_from_primary_key((key,)))
        if known is not None:
            self.session.expire(known)

    def find(self, model: type[R], key: Hashable) -> R | None:
        """Find a row by its key, kept back or not."""
        kept = self.together.find(model, key) if self.together is not None else None
        if kept is not None:
            return kept
        known = self.session.identity_map.get(model.__mapper__.identity_key_from_primary_key((key,)))
        if isinstance(known, model):
            return known
        row: R | None = self.session.scalar(rows.by_key(model), {"key": key})
        return row

    @contextmanager
    def writing_together(self, block: int) -> Iterator[None]:
        """Keep back what the block adds, and write it at the end; its queries see nothing of it, nor of changes.

        Args:
            block: about how many rows of a kind there will be.
        """
        self.together = Together(self.session, block)
        try:
            with self.session.no_autoflush:
                yield
        finally:
            together, self.together = self.together, None
        together.write()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let the block be done whole or not at all, whatever becomes of the rest: its error takes back only it."""
        memo, wakes, before = dict(self.memo), len(self.wakes), len(self.taken_back)
        known = set(self.session.identity_map.keys())
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            self.memo.clear()
            self.memo.update(memo)
            del self.wakes[wakes:]
            while len(self.taken_back) > before:
                self.taken_back.pop()()
            # What the block wrote is no more, and the database gives its numbers to others.
            for key in set(self.session.identity_map.keys()) - known:
                row = self.session.identity_map.get(key)
                if row is not None:
                    self.session.expunge(row)
            raise

    def wake(self, actor: str, row: int) -> None:
        """Ask that an actor be woken for a row after the commit; best effort, the sweep makes up for it."""
        self.wakes.append((actor, row))


def _no_wake(_calls: Sequence[tuple[str, int]]) -> None:
    """Wake nobody: the sweep finds the rows."""


class Desk:
    """The door to everything the desk knows: `run` changes, `look` reads.

    Args:
        engines: the database.
        house: what the rules need to know of this desk.
        now: the clock; one reading a transaction.
        wake: told of (actor, row id) pairs after the commit. It must be quick and must not raise.
        alone: whether nobody else serves this database: then nothing becomes due but by this process, or by time.
    """

    def __init__(
        self,
        engines: Engines,
        house: House,
        *,
        now: clock.Clock = clock.now,
        wake: Wake = _no_wake,
        alone: bool = False,
    ) -> None:
        self._engines = engines
        self.house = house
        self._now = now
        self.wake = wake
        self._is_alone = alone
        self._changed_s = monotonic()

    @property
    def engines(self) -> Engines:
        """The database under this desk, for those who migrate, back up or examine it."""
        return self._engines

    def now(self) -> datetime:
        """Tell the instant by the desk's own clock."""
        return self._now()

    def rests(self) -> bool:
        """Tell whether nothing has changed for a while: whoever looks what is due may take longer over it."""
        return self._is_alone and monotonic() - self._changed_s > RESTS_AFTER_S

    def bot_is(self, name: str) -> None:
        """Learn the bot's user name, which only Telegram can tell; every transaction from now on knows it."""
        self.house = replace(self.house, bot_name=name)

    def run(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an action in one transaction and commit it; a lost race is run again, three times in all.

        Raises:
            TryLater: the database is away, or the race was lost three times.
            Exception: whatever the action raised; nothing has changed then.
        """
        result = self.renew(action, *args, **kwargs)
        self._changed_s = monotonic()
        return result

    def renew(self, action: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what makes nothing due, such as holding on to a lease: as `run`, but the desk may rest on.

        Raises:
            TryLater: as `run`.
        """
        for left in reversed(range(TRIES)):
            try:
                return self._run_once(action, *args, **kwargs)
            except NoConnection as busy:
                raise TryLater("error.database_away") from busy
            except (IntegrityError, OperationalError) as error:
                if not left or not _may_run_again(error):
                    _tell(error)
                log.info("race_lost", action=getattr(action, "__name__", "?"), left=left)
        raise AssertionError  # the loop returns or raises

    def look(self, query: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Read in one consistent transaction that cannot change anything.

        Raises:
            TryLater: the database is away.
        """
        try:
            with KeepingSession(self._engines.look, expire_on_commit=False, autoflush=False) as session:
                return query(Tx(session, self._now(), self.house), *args, **kwargs)
        except NoConnection as busy:
            raise TryLater("error.database_away") from busy
        except OperationalError as error:
            _tell(error)

    def run_many(
        self,
        action: Callable[[Tx, A], T],
        facts: Iterable[A],
        together: Callable[[Tx, Sequence[A]], Sequence[T]] | None = None,
    ) -> list[T | Exception]:
        """Run one action for each fact, all in one commit; should that fail, each in its own.

        For raw letters and updates only, whose keeping is independent of each other.

        Args:
            together: does for many facts what `action` does for each.

        Returns:
            In the order given: what the action returned, or the error that kept it from being done.
        """
        waiting = list(facts)
        try:
            if together is not None:
                return list(self.run(together, waiting))
            return list(self.run(lambda tx: [action(tx, fact) for fact in waiting]))
        except TryLater as away:
            return [away] * len(waiting)  # one by one each would wait for the same database
        except Exception as error:  # noqa: BLE001 - one bad letter must not take the others with it
            if len(waiting) == 1:
                return [error]
        return [self._alone(action, fact) for fact in waiting]

    def _alone(self, action: Callable[[Tx, A], T], fact: A) -> T | Exception:
        try:
            return self.run(action, fact)
        except Exception as error:  # noqa: BLE001 - reported to the caller, letter by letter
            return error

    def _run_once(self, action: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._engines.writing(), KeepingSession(self._engines.change, expire_on_commit=False) as session:
            tx = Tx(session, self._now(), self.house)
            result = action(tx, *args, **kwargs)
            session.commit()
        if tx.wakes:
            self._wake_all(tx.wakes)
        return result

    def _wake_all(self, calls: Sequence[tuple[str, int]]) -> None:
        try:
            self.wake(calls)
        except Exception:  # noqa: BLE001 - the change is committed; the sweep wakes again
            log.warning("wake_failed", calls=len(calls))


def _may_run_again(error: DBAPIError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    if error.connection_invalidated:
        return False  # the commit may have happened: only whoever knows the action may repeat it
    state = getattr(error.orig, "sqlstate", None)
    return state in _LOST_RACES or "locked" in str(error.orig)


def _tell(error: DBAPIError) -> NoReturn:
    """Raise a fault of the database as `TryLater`, and a fault of ours as it is.

    PostgreSQL refuses what is too long for an index as a limit of the program (class 54), which waiting does not mend.
    """
    ours = getattr(error.orig, "sqlite_errorname", None) in _OUR_FAULTS
    ours = ours or str(getattr(error.orig, "sqlstate", None) or "").startswith("54")
    if isinstance(error, OperationalError) and not ours:
        raise TryLater("error.database_away") from error
    raise error
