"""A desk without one of its protections, for the controls that must fail: `CHERHA_TEST_OFF` names it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

from cherha import cli, doors
from tests.faults import unprotected_bot
from workers.smtp_in.letters import Envelope, Keep, Kept

#: So long a careless door takes to write down what it has said yes to.
_LATER_S = 0.05


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


#: What can be left out, by the name that a control gives it.
OFF = {"commit": _commit, **unprotected_bot.OFF}

if __name__ == "__main__":
    OFF[os.environ["CHERHA_TEST_OFF"]]()
    cli.main()
