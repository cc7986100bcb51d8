"""A desk without one of its protections, for the controls that must fail: `CHERHA_TEST_OFF` names it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Engine, event

from cherha import cli, doors
from core.store import engine
from workers.smtp_in.letters import Envelope, Keep, Kept

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


#: What can be left out, by the name that a control gives it.
OFF = {"commit": _commit, "sync": _sync, "close": _close}

if __name__ == "__main__":
    OFF[os.environ["CHERHA_TEST_OFF"]]()
    cli.main()
