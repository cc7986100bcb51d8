"""The actor that understands letters: each is read by a process of its own, outside the transaction that settles it."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from dramatiq import Broker

from core.cases.views import NewFile
from core.desk import Desk
from core.errors import TryLater
from core.inbox.actions import raw_letter
from core.intake.actions import Content, settle_copy, understand
from core.intake.letter import Attachment, Letter
from core.intake.reading import Understood, glance
from core.intake.rules.identity import content_hash
from core.intake.tries import begin_try, failed_try, take_back
from core.store.files import FileStore
from workers.actors.edge import declare
from workers.reading.readers import Readers

#: What Telegram shows as a picture (core.telegram.org/bots/api#sendphoto: up to 10 MB).
_PICTURES = {"image/jpeg", "image/png"}
_PICTURE_BYTES = 10 * 1024 * 1024

#: So long a thread waits for its turn to read.
_TURN_S = 2.0

#: A smaller letter is read again sooner than asked for whether a copy of it was read before.
_WORTH_ASKING_BYTES = 64 * 1024


def declare_understanding(broker: Broker, desk: Desk, files: FileStore) -> None:
    """Make the actor `understand` known to a broker."""
    declare(broker, "understand", understander(desk, files), lambda row, why: desk.run(failed_try, row, why))


@cache
def shared_readers() -> Readers:
    """Make the readers of this process, when they are first needed."""
    readers = Readers()
    atexit.register(readers.close)
    return readers


def understander(desk: Desk, files: FileStore, readers: Readers | None = None) -> Callable[[int], str | None]:
    """Make what understands the letter of a row, and says what it became; None when there was nothing to do.

    Args:
        readers: what reads for it; those of this process unless told otherwise.
    """
    post = _Post(desk, files, readers or shared_readers())
    in_hand = _InHand()

    def do(row: int) -> str | None:
        with in_hand.only(row) as free, post.taken_back(row):
            return post.understand(row) if free else None

    return do


class _InHand:
    """The letters that this process has begun with: a call for one of them that comes meanwhile is of no use."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._lock = Lock()

    @contextmanager
    def only(self, row: int) -> Iterator[bool]:
        """Take a row in hand for the block, which is told False when another thread has it."""
        with self._lock:
            free = row not in self._rows
            self._rows.add(row)
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._rows.remove(row)


class _Post:
    """Letters on their way from their bytes to the desk."""

    def __init__(self, desk: Desk, files: FileStore, readers: Readers) -> None:
        self._desk = desk
        self._files = files
        self._readers = readers

    def understand(self, row: int) -> str | None:
        with self._turn():
            # While it waits for its turn nothing is counted, and nothing of it is in memory.
            if not self._desk.run(begin_try, row):
                return None
            found = self._read(row)
        if not isinstance(found, tuple):
            return found
        understood, digest = found
        content = Content(digest, keep_files(self._files, understood.letter))
        return self._desk.run(understand, row, understood, content)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait for a turn to read, but not for long: threads that all wait would hold up the mail that goes out.

        Raises:
            TryLater: it is not this letter's turn yet; the sweep calls for it again.
        """
        if not self._readers.turn.acquire(timeout=_TURN_S):
            raise TryLater("error.reader_away")
        try:
            yield
        finally:
            self._readers.turn.release()

    def _read(self, row: int) -> tuple[Understood, str] | str | None:
        """Read a letter; or say what became of it, if it need not be read."""
        found = self._desk.look(raw_letter, row, self._files)
        if found is None:
            return None
        mail_from, raw = found[0].mail_from, found[1]
        digest = content_hash(raw)
        known = self._desk.run(settle_copy, row, digest) if len(raw) >= _WORTH_ASKING_BYTES else None
        return known or (self._readers.read(raw, mail_from) or glance(raw, mail_from), digest)

    @contextmanager
    def taken_back(self, row: int) -> Iterator[None]:
        """Count no try that failed because the database or a reader was away."""
        try:
            yield
        except TryLater:
            self._desk.run(take_back, row)
            raise


def keep_files(files: FileStore, letter: Letter) -> tuple[NewFile, ...]:
    """Keep the attachments of a letter, so that they are on disk before anything refers to them.

    Raises:
        OSError: the disk is full.
    """
    return tuple(_keep(files, one) for one in (*letter.attachments, *letter.inline) if one.content)


def _keep(files: FileStore, one: Attachment) -> NewFile:
    size = len(one.content)
    kind = "photo" if one.content_type in _PICTURES and size <= _PICTURE_BYTES else "document"
    return NewFile(kind, one.name, one.content_type, size, digest=files.keep(one.content))
