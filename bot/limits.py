"""Telegram's limits on sending, kept in the memory of the one live bot, chat by chat.

30 messages a second in all, one a second to a chat with short bursts, 20 a minute to a group; edits count
(core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). No stretch of time, wherever it begins, has
more than that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

#: Calls are not as long on the way as each other: what left a second apart may arrive within one.
JITTER_S = 0.2

#: Nobody waits for less: sums of seconds are not exact.
_NOTHING_S = 1e-9

#: Of what may go out in a second, so much is left to what is owed; direct replies, which may be lost, take the rest.
FOR_THE_OWED = 10


@dataclass(slots=True)
class Window:
    """At most `limit` in any `span_s` seconds; times are seconds of a monotonic clock."""

    limit: int
    span_s: float
    _taken: deque[float] = field(default_factory=deque)

    def wait_s(self, now_s: float, spare: int = 0) -> float:
        """Tell how long to wait until one is free, besides so many to spare; 0 for none."""
        self._forget(now_s)
        over = len(self._taken) - (self.limit - spare)
        return 0.0 if over < 0 else self._taken[over] + self.span_s - now_s

    def take(self, now_s: float) -> None:
        """Take one."""
        self._taken.append(now_s)

    def room(self, now_s: float) -> int:
        """Tell how many are free."""
        self._forget(now_s)
        return max(0, self.limit - len(self._taken))

    def _forget(self, now_s: float) -> None:
        while self._taken and self._taken[0] + self.span_s <= now_s + _NOTHING_S:
            self._taken.popleft()


@dataclass(slots=True)
class Bucket:
    """So many at once, refilled at so many a second."""

    size: float
    per_s: float
    _level: float
    _at_s: float

    def wait_s(self, now_s: float) -> float:
        """Tell how long to wait for one to be free; 0 for none."""
        self._refill(now_s)
        wait_s = (1 - self._level) / self.per_s
        return wait_s if wait_s > _NOTHING_S else 0.0

    def take(self, now_s: float) -> None:
        """Take one."""
        self._refill(now_s)
        self._level -= 1

    def _refill(self, now_s: float) -> None:
        self._level = min(self.size, self._level + (now_s - self._at_s) * self.per_s)
        self._at_s = now_s


@dataclass(slots=True)
class _Chat:
    """What one chat may get: short bursts, about one a second; a group no more than 20 a minute besides."""

    burst: Bucket
    minute: Window | None

    def wait_s(self, now_s: float) -> float:
        return max(self.burst.wait_s(now_s), self.minute.wait_s(now_s) if self.minute else 0.0)

    def take(self, now_s: float) -> None:
        self.burst.take(now_s)
        if self.minute:
            self.minute.take(now_s)

    def rested(self, now_s: float) -> bool:
        full = self.burst.wait_s(now_s) <= 0 and self.burst._level >= self.burst.size  # noqa: SLF001 - of this file
        return full and (self.minute is None or self.minute.room(now_s) == self.minute.limit)


@dataclass(slots=True)
class Limits:
    """Who may be sent to when. A chat that Telegram asked to leave in peace stops nobody else."""

    on: bool = True
    _overall: Window = field(default_factory=lambda: Window(30, 1 + JITTER_S))
    _chats: dict[int, _Chat] = field(default_factory=dict)
    _quiet_until_s: dict[int, float] = field(default_factory=dict)

    def take(self, chat_id: int, now_s: float, spare: int = 0) -> float:
        """Take a place for one send to a chat, if there is one now.

        Args:
            spare: so many places of the whole bot are left to others.

        Returns:
            0 when it was taken; otherwise the seconds after which to ask again.
        """
        wait_s = self.wait_s(chat_id, now_s, spare)
        if wait_s <= 0 and self.on:
            self._overall.take(now_s)
            self._chat(chat_id, now_s).take(now_s)
        return wait_s

    def wait_s(self, chat_id: int, now_s: float, spare: int = 0) -> float:
        """Tell how long to wait before the next send to a chat; 0 for not at all."""
        quiet_s = self.quiet_s(chat_id, now_s)
        if not self.on:
            return quiet_s
        return max(quiet_s, self._overall.wait_s(now_s, spare), self._chat(chat_id, now_s).wait_s(now_s))

    def spent(self, chat_id: int, now_s: float) -> None:
        """Count a call to a chat that was made besides, such as for a topic that had to be made first."""
        self._overall.take(now_s)
        self._chat(chat_id, now_s).take(now_s)

    async def turn(self, chat_id: int, within_s: float, spare: int = 0) -> bool:
        """Wait for a place for one send to a chat and take it; False, at once, when there is none in time."""
        loop = asyncio.get_running_loop()
        end_s = loop.time() + within_s
        while (wait_s := self.take(chat_id, loop.time(), spare)) > 0:
            if loop.time() + wait_s > end_s:
                return False
            await asyncio.sleep(wait_s)
        return True

    def quiet_s(self, chat_id: int, now_s: float) -> float:
        """Tell how long a chat is to be left in peace, as Telegram asked."""
        return max(0.0, self._quiet_until_s.get(chat_id, 0.0) - now_s)

    def room(self, now_s: float) -> int:
        """Tell how many messages may go out now, whoever they are for."""
        return self._overall.room(now_s) if self.on else 1000

    def hush(self, chat_id: int, for_s: float, now_s: float) -> None:
        """Leave a chat in peace, as Telegram's 429 asks."""
        self._quiet_until_s[chat_id] = max(self._quiet_until_s.get(chat_id, 0.0), now_s + for_s)

    def busy(self, now_s: float) -> list[int]:
        """List the chats that must wait now; forgets those that are at rest."""
        self._quiet_until_s = {chat: until for chat, until in self._quiet_until_s.items() if until > now_s}
        self._chats = {chat: one for chat, one in self._chats.items() if not one.rested(now_s)}
        waiting = {chat for chat, one in self._chats.items() if one.wait_s(now_s) > 0}
        return sorted(waiting | self._quiet_until_s.keys())

    def _chat(self, chat_id: int, now_s: float) -> _Chat:
        if chat_id not in self._chats:
            # Groups have negative ids.
            minute = Window(20, 60 + JITTER_S) if chat_id < 0 else None
            self._chats[chat_id] = _Chat(Bucket(3, 0.9, 3, now_s), minute)
        return self._chats[chat_id]
