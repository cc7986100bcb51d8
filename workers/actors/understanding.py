"""The actor that understands letters: each is read by a process of its own, outside the transaction that settles it."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from threading import Lock
from time import monotonic, perf_counter

import structlog
from dramatiq import Broker

from core.cases.views import NewFile
from core.desk import Desk, Tx
from core.errors import TryLater
from core.inbox.actions import Raw, raw_letters
from core.intake.actions import FAILED, Content, is_for_good, settle_copy, understand
from core.intake.letter import Attachment, Letter
from core.intake.many import Read, in_runs, understand_many
from core.intake.reading import Understood, glance
from core.intake.rules.identity import content_hash
from core.intake.tries import begin_tries, failed_try, take_back, try_alone
from core.store.files import FileStore
from workers.actors.edge import declare, told
from workers.reading.readers import COMMAND, Readers

#: What is known of a letter, and what is found out besides.
Check = Callable[[Raw, Understood], Understood]

#: What Telegram shows as a picture (core.telegram.org/bots/api#sendphoto: up to 10 MB).
_PICTURES = {"image/jpeg", "image/png"}
_PICTURE_BYTES = 10 * 1024 * 1024

#: So long a thread waits for its turn to read.
_TURN_S = 2.0

#: So many letters are understood together at most. One that takes longer than so is read by itself afterwards, so that
#: the others do not wait for it.
_MANY = 32
_SOON_S = 1.0

#: So long a call for a letter that was settled for good is taken for one that came late.
_DONE_S = 2.0

#: A smaller letter is read again sooner than asked for whether a copy of it was read before.
_WORTH_ASKING_BYTES = 64 * 1024

log = structlog.get_logger(__name__)


def declare_understanding(
    broker: Broker, desk: Desk, files: FileStore, check: Check | None = None, keys: tuple[str, ...] = ()
) -> None:
    """Make the actor `understand` known to a broker.

    Args:
        keys: the folders of keys that open sealed letters, as the process that reads takes them.
    """
    does = understander(desk, files, shared_readers(keys), check)
    declare(broker, "understand", does, lambda row, why: desk.run(failed_try, row, why))


@cache
def shared_readers(keys: tuple[str, ...] = ()) -> Readers:
    """Make the readers of this process, when they are first needed; each starts its processes when it needs them."""
    readers = Readers(command=(*COMMAND, *keys))
    atexit.register(readers.close)
    return readers


def understander(
    desk: Desk, files: FileStore, readers: Readers | None = None, check: Check | None = None
) -> Callable[[int], str | None]:
    """Make what understands the letter of a row, and says what it became; None when there was nothing to do.

    Args:
        readers: what reads for it; those of this process unless told otherwise.
        check: finds out more of a letter that was read.
    """
    post = _Post(desk, files, readers or shared_readers(), check)
    in_hand = _InHand()

    def do(row: int) -> str | None:
        with in_hand.only(row) as free:
            if not free:
                return None
            batch = post.bring(row, in_hand)
        if batch.long:  # this thread has let go of them by now, or the call would find them in hand
            desk.run(_call_alone, batch.long)
        return batch.became.get(row)

    return do


class _InHand:
    """The letters that this process has begun with, or was done with a moment ago: a call for one is of no use now."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._done: dict[int, float] = {}
        self._lock = Lock()

    @contextmanager
    def only(self, row: int) -> Iterator[bool]:
        """Take a row in hand for the block, which is told False when another thread has it, or had it just now."""
        with self._lock:
            free = row not in self._rows and self._done.get(row, -_DONE_S) + _DONE_S <= monotonic()
            if free:
                self._rows.add(row)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._rows.discard(row)

    def settled(self, rows: Iterable[int]) -> None:
        """Remember for a moment what was settled."""
        now_s = monotonic()
        with self._lock:
            self._done = {row: at_s for row, at_s in self._done.items() if at_s + _DONE_S > now_s}
            self._done |= dict.fromkeys(rows, now_s)


@dataclass
class _Batch:
    """Letters that were begun with together: those that were read, and what became of those that are done with."""

    begun: list[int]
    read: list[Read] = field(default_factory=list)
    became: dict[int, str] = field(default_factory=dict)
    long: list[int] = field(default_factory=list)

    @property
    def left(self) -> list[int]:
        return [row for row in self.begun if row not in self.became and row not in self.long]


class _Post:
    """Letters on their way from their bytes to the desk."""

    def __init__(self, desk: Desk, files: FileStore, readers: Readers, check: Check | None) -> None:
        self._desk = desk
        self._files = files
        self._readers = readers
        self._check = check

    def bring(self, row: int, in_hand: _InHand) -> _Batch:
        """Understand a letter, and others that wait, so that what costs the same for one and for many is paid once.

        Raises:
            TryLater: the database or a reader is away; no try is counted.
        """
        batch = _Batch([])
        began = perf_counter()
        try:
            with self._turn():
                # While it waits for its turn nothing is counted, nothing of it is in memory, and more letters come in.
                batch.begun = self._desk.run(begin_tries, row, _MANY)
                self._read_some(batch)
                self._let_go(batch, [one for one in batch.left if one not in {read.id for read in batch.read}])
                self._settle(batch)
        except TryLater:
            with suppress(TryLater):  # the database is away: their leases run out
                if batch.left:
                    self._desk.run(_take_back_all, batch.left)
            raise
        finally:
            in_hand.settled(row for row, outcome in batch.became.items() if is_for_good(outcome))
        self._tell(batch, row, began)
        return batch

    def _let_go(self, batch: _Batch, unread: list[int]) -> None:
        if unread:
            self._desk.run(_call_again, unread)
            batch.begun = [one for one in batch.begun if one not in unread]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for a turn to read and settle, but not for long: who waits sends no mail.

        Raises:
            TryLater: it is not this letter's turn yet; the sweep calls for it again.
        """
        if not self._readers.turn.acquire(timeout=_TURN_S):
            raise TryLater("error.reader_away")
        try:
            yield
        finally:
            self._readers.turn.release()

    def _read_some(self, batch: _Batch) -> None:
        """Read the letters of a batch; what takes long is left for later, and what comes after it too."""
        until = monotonic() + _SOON_S
        within_s = _SOON_S if len(batch.begun) > 1 else None
        for letter in self._desk.look(raw_letters, batch.begun, self._files):
            with self._failing_alone(batch, letter.row):
                self._read(batch, letter, within_s)
            if within_s and monotonic() > until:
                return

    def _read(self, batch: _Batch, letter: Raw, within_s: float | None) -> None:
        """Read a letter; or note what became of it, if it need not be read, or that it is to be read by itself."""
        row, recipient, mail_from, raw, *_ = letter
        digest = content_hash(raw)
        known = self._desk.run(settle_copy, row, digest) if len(raw) >= _WORTH_ASKING_BYTES else None
        if known is not None:
            batch.became[row] = known
            return
        understood = self._readers.read(raw, mail_from, within_s)
        if understood is None and within_s is not None:
            batch.long.append(row)
            return
        if understood is not None and self._check is not None:
            understood = self._check(letter, understood)
        understood = understood or glance(raw, mail_from)
        content = Content(digest, keep_files(self._files, understood.letter))
        batch.read.append(Read(row, recipient, understood, content))

    def _settle(self, batch: _Batch) -> None:
        """Settle what was read: plain letters in one commit, the others each in its own, and each should that fail."""
        for run in in_runs(batch.read):
            if len(run) > 1:
                try:
                    outcomes = self._desk.run(understand_many, run)
                except TryLater:
                    raise
                except Exception:
                    log.exception("letters_apart", row=run[0].id, letters=len(run))
                else:
                    batch.became |= {one.id: outcome or "" for one, outcome in zip(run, outcomes, strict=True)}
                    continue
            for one in run:
                with self._failing_alone(batch, one.id):
                    batch.became[one.id] = self._desk.run(understand, one.id, one.understood, one.content) or ""

    @contextmanager
    def _failing_alone(self, batch: _Batch, row: int) -> Iterator[None]:
        """Let a letter that fails take no other with it."""
        try:
            yield
        except TryLater:
            raise
        except Exception as error:
            log.exception("job_failed", actor="understand", row=row)
            self._desk.run(failed_try, row, told(error))
            batch.became[row] = FAILED

    @staticmethod
    def _tell(batch: _Batch, asked: int, began: float) -> None:
        """Leave a line in the log for each of the others; the edge does it for the one asked for."""
        ms = round((perf_counter() - began) * 1000 / max(len(batch.became), 1))
        for row, outcome in batch.became.items():
            if row != asked and outcome:
                log.info("job", actor="understand", row=row, outcome=outcome, ms=ms)


def _take_back_all(tx: Tx, rows: list[int]) -> None:
    """Count no try of letters that came to nothing through no fault of theirs."""
    for row in rows:
        take_back(tx, row)


def _call_again(tx: Tx, rows: list[int]) -> None:
    """Call for letters that were begun with and not come to."""
    _take_back_all(tx, rows)
    for row in rows:
        tx.wake("understand", row)


def _call_alone(tx: Tx, rows: list[int]) -> None:
    """Call for letters that take long, to be read by themselves."""
    for row in rows:
        try_alone(tx, row)
        tx.wake("understand", row)


def keep_files(files: FileStore, letter: Letter) -> tuple[NewFile, ...]:
    """Keep the attachments of a letter, so that they are on disk before anything refers to them.

    Pictures of a signature or a quote come last.

    Raises:
        OSError: the disk is full.
    """
    ordered = sorted((*letter.attachments, *letter.inline), key=attrgetter("beside"))
    return tuple(_keep(files, one) for one in ordered if one.content)


def _keep(files: FileStore, one: Attachment) -> NewFile:
    size = len(one.content)
    shown = one.content_type in _PICTURES and size <= _PICTURE_BYTES and not one.beside
    kind = "photo" if shown else "document"
    return NewFile(kind, one.name, one.content_type, size, digest=files.keep(one.content))
