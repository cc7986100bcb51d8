"""Telegram's flood limits and the faults that tests order."""

from __future__ import annotations

import random
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import too_many

#: Methods that count, edits and topics included (bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
COUNTED = ("send", "edit", "copy", "forward", "createForumTopic")


@dataclass(slots=True)
class Flood:
    """30 messages a second in all, one a second to a chat with a burst of 3, 20 a minute to a group."""

    on: bool = True
    _overall: deque[float] = field(default_factory=deque)
    _levels: dict[int, tuple[float, float]] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, method: str, chat_id: int | None) -> None:
        """Count a call, or refuse it with 429."""
        if not self.on or chat_id is None or not method.startswith(COUNTED) or method == "sendChatAction":
            return
        now = time.monotonic()
        self._window(self._overall, now, 1.0, 30)
        if chat_id < 0:
            self._window(self._groups[chat_id], now, 60.0, 20)
        level, at = self._levels.get(chat_id, (3.0, now))
        level = min(3.0, level + (now - at))
        if level < 1 and chat_id > 0:
            self._levels[chat_id] = (level, now)
            raise too_many(max(1, round(1 - level + 0.5)))
        self._levels[chat_id] = (level - 1, now)
        self._overall.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)

    @staticmethod
    def _window(sent: deque[float], now: float, span_s: float, limit: int) -> None:
        while sent and now - sent[0] >= span_s:
            sent.popleft()
        if len(sent) >= limit:
            raise too_many(max(1, int(span_s - (now - sent[0])) + 1))


@dataclass(slots=True)
class Fault:
    """One fault that is ordered.

    Attributes:
        kind: `429`, `500`, `502`, `drop` (connection closed, not executed), `hang` (not executed, answered after
            `seconds`), `lost` (executed, then the connection is closed), `slow` (executed, answered after `seconds`).
        times: for so many calls; None for ever.
        chance: of each call that fits.
    """

    kind: str
    method: str = ""
    chat_id: int | None = None
    times: int | None = 1
    chance: float = 1.0
    seconds: float = 1.0


class Faults:
    """The faults that are ordered now.

    Attributes:
        struck: what struck which call, in order.
    """

    def __init__(self) -> None:
        self.struck: list[dict[str, Any]] = []
        self._ordered: list[Fault] = []
        self.begin_at(0)

    def begin_at(self, seed: int) -> None:
        """Draw from now on which calls are struck by chance as this seed says."""
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def order(self, facts: dict[str, Any]) -> None:
        """Order a fault."""
        self._ordered.append(Fault(**facts))

    def clear(self) -> None:
        """Take all orders back."""
        self._ordered.clear()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """Tell which fault strikes a call, if any."""
        for fault in self._ordered:
            fits = fault.method in {"", method} and fault.chat_id in {None, chat_id}
            if fits and self._random.random() < fault.chance:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._ordered.remove(fault)
                return fault
        return None
