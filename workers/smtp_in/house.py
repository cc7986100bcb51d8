"""What all conversations of a door share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from core.clock import Clock
from workers.smtp_in.counting import Guests, Known
from workers.smtp_in.gathering import Gatherer
from workers.smtp_in.letters import Knows
from workers.smtp_in.limits import DoorLimits


class Visit(Protocol):
    """A conversation, as the door sees it when it closes."""

    def leave(self) -> None:
        """Say goodbye now, or as soon as the letter in hand is answered."""

    def abort(self) -> None:
        """Cut the connection."""


@dataclass(slots=True, eq=False)
class House:
    """The seams, the counters and the visits of one door.

    Args:
        spool: the folder for letters too large for memory; None is the system's.
    """

    knows: Knows
    gatherer: Gatherer
    now: Clock
    limits: DoorLimits
    spool: Path | None = None
    monotonic: Callable[[], float] = time.monotonic
    visits: set[Visit] = field(default_factory=set)
    empty: asyncio.Event = field(default_factory=asyncio.Event)
    guests: Guests = field(init=False)
    _known: Known = field(init=False)
    _threads: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.guests = Guests(self.limits, self.monotonic)
        self.empty.set()
        self._known = Known(self.monotonic)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="knows")

    def enter(self, visit: Visit) -> None:
        """Note a visit."""
        self.visits.add(visit)
        self.empty.clear()

    def leave(self, visit: Visit) -> None:
        """Note the end of a visit."""
        self.visits.discard(visit)
        if not self.visits:
            self.empty.set()

    def is_known(self, recipient: str) -> bool:
        """Tell whether a recipient was ours some seconds ago; False also when nobody has asked lately."""
        return self._known.recall(recipient) is True

    async def is_ours(self, recipient: str) -> bool:
        """Tell whether a recipient is ours; asked in a thread, and remembered for some seconds."""
        known = self._known.recall(recipient)
        if known is None:
            known = await asyncio.get_running_loop().run_in_executor(self._threads, self.knows, recipient)
            self._known.remember(recipient, known)
        return known

    def close(self) -> None:
        """Let the threads end after what they have in hand."""
        self._threads.shutdown(wait=False)
        self.gatherer.close()
