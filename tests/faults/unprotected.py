"""A desk without one of its protections, for the controls that must fail: `CHERHA_TEST_OFF` names it."""

from __future__ import annotations

import os
import uuid
from collections import deque
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Engine, event

from cherha import cli, compose, doors
from core.desk import Tx
from core.inbox import actions as inbox
from core.inbox.model import Letter
from core.intake import actions as intake
from core.store import engine
from tests.faults import unprotected_bot, unprotected_clock
from workers import supervisor
from workers.broker import make_broker
from workers.smtp_in.conversation import Conversation
from workers.smtp_in.letters import Envelope, Keep, Kept
from workers.waking import message

#: So long a careless door takes to write down what it has said yes to.
_LATER_S = 0.05

#: Memory that is never given back, for each letter.
_LEFT_BYTES = 50_000


def _commit() -> None:
    """Say 250 first and keep the letter afterwards."""
    keeper = doors.keeper

    def careless(*parts: Any) -> Keep:
        keep, later = keeper(*parts), ThreadPoolExecutor(1)

        def keep_later(letters: Sequence[Envelope]) -> None:
            sleep(_LATER_S)
            keep(letters)

        def answer(letters: Sequence[Envelope]) -> Sequence[Kept | Exception]:
            later.submit(keep_later, letters)
            return [Kept(0)] * len(letters)

        return answer

    doors.keeper = careless


def _sync() -> None:
    """Leave it to the system when what is committed goes to disk."""
    made = engine._sqlite

    def careless(*args: Any, **options: Any) -> Engine:
        opened = made(*args, **options)
        event.listen(opened, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        return opened

    engine._sqlite = careless


def _close() -> None:
    """Keep a file open, and some memory, for each letter that was taken."""
    keeper, left = doors.keeper, []

    def careless(*parts: Any) -> Keep:
        keep = keeper(*parts)

        def answer(letters: Sequence[Envelope]) -> Sequence[Kept | Exception]:
            left.extend((Path(os.devnull).open(), b"x" * _LEFT_BYTES) for _ in letters)  # noqa: SIM115 - never closed
            return keep(letters)

        return answer

    doors.keeper = careless


def _shield() -> None:
    """Forget a letter when its client leaves before it was kept."""
    leave = Conversation.eof_received

    def forget(self: Conversation) -> bool | None:
        kept, gatherer = self._kept, self._house.gatherer
        if any(future is kept for _, future in gatherer._waiting):
            gatherer._waiting = deque(one for one in gatherer._waiting if one[1] is not kept)
            kept.set_result([ConnectionResetError()])
        return leave(self)

    Conversation.eof_received = forget  # type: ignore[method-assign] # on purpose


def _identity() -> None:
    """Take each letter for a new one."""
    make = inbox._letter

    def new_letter(tx: Tx, new: inbox.NewLetter, digest: str) -> Letter:
        made = make(tx, new, digest)
        made.identity = uuid.uuid4().hex
        return made

    def no_twins(tx: Tx, digests: Collection[str]) -> None:
        intake._twins(tx).update({digest: [] for digest in digests})

    inbox._letter = new_letter
    inbox._Known.is_same = lambda *_: False  # type: ignore[method-assign] # on purpose
    intake.look_for_twins = no_twins


def _waker() -> None:
    """Send wake-up calls where the commit was, and wait for Redis as its library does by itself."""

    class Caller:
        def __init__(self, _broker: object, **_asleep: object) -> None:
            self._broker = make_broker(os.environ["CHERHA_REDIS_URL"])
            self._broker.client = type(self._broker.client).from_url(os.environ["CHERHA_REDIS_URL"])

        def __call__(self, calls: Sequence[tuple[str, int]]) -> None:
            for call in calls:
                self._broker.enqueue(message(*call))

        def close(self) -> None:
            self._broker.close()

    compose.Waker = Caller


def _in_children_too() -> None:
    """Let the processes that workers are started as be without it, too."""
    made = supervisor.Supervisor

    def start(command: Sequence[str], *more: Any) -> supervisor.Supervisor:
        return made(["tests.faults.unprotected" if word == "cherha" else word for word in command], *more)

    supervisor.Supervisor = start  # type: ignore[assignment,misc] # on purpose


#: What can be left out, by the name that a control gives it.
OFF = {
    "sync": _sync,
    "close": _close,
    "commit": _commit,
    "shield": _shield,
    "identity": _identity,
    "waker": _waker,
    **unprotected_bot.OFF,
    **unprotected_clock.OFF,
}

if __name__ == "__main__":
    OFF[os.environ["CHERHA_TEST_OFF"]]()
    _in_children_too()
    cli.main()
