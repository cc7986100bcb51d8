"""The sweep calls again for every row that is due, so that no wake-up call ever has to arrive."""

from __future__ import annotations

from dataclasses import dataclass

from core.desk import Tx
from core.inbox.actions import waiting_letters
from core.inbox.queries import any_letter_waits
from core.outbox.claims import due_rows
from core.outbox.model import Channel
from core.outbox.queries import anything_due

#: A row is called for again after so long, and then after twice as long each time, up to `_LONGEST_S`.
_FIRST_S = 1.0
_LONGEST_S = 8.0

Call = tuple[str, int]


def due_calls(tx: Tx, *, mail: bool = True) -> list[Call]:
    """List the calls that are owed now: letters to be understood and, if it can be sent at all, mail to be sent."""
    letters = waiting_letters(tx) if any_letter_waits(tx) else []
    owed = due_rows(tx, Channel.EMAIL) if mail and anything_due(tx, Channel.EMAIL) else []
    return [("understand", row) for row in letters] + [("send_mail", row) for row in owed]


@dataclass(frozen=True, slots=True)
class _Called:
    next_at_s: float
    pause_s: float


class Sweep:
    """Remembers what was called for lately, so that a slow worker is not buried in calls for the same row."""

    def __init__(self) -> None:
        self._called: dict[Call, _Called] = {}

    def choose(self, due: list[Call], now_s: float) -> list[Call]:
        """Choose which of the due calls to make now.

        Args:
            now_s: seconds of a clock that never goes back.
        """
        chosen: list[Call] = []
        remembered: dict[Call, _Called] = {}
        for call in due:
            known = self._called.get(call)
            if known is None or known.next_at_s <= now_s:
                pause = min(known.pause_s * 2, _LONGEST_S) if known else _FIRST_S
                known = _Called(now_s + pause, pause)
                chosen.append(call)
            remembered[call] = known
        self._called = remembered  # what is due no longer is forgotten
        return chosen
