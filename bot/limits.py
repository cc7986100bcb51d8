"""Telegram's limits on sending, kept in the memory of the one live bot, chat by chat.

30 messages a second in all, one a second to a chat with short bursts, 20 a minute to a group; edits count
(core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """So many at once, refilled at so many a second; times are seconds of a monotonic clock."""

    size: float
    per_s: float
    level: float = -1.0
    at_s: float = 0.0

    def wait_s(self, now_s: float) -> float:
        """Tell how long to wait for one to be free; 0 for none."""
        self._refill(now_s)
        return 0.0 if self.level >= 1 else (1 - self.level) / self.per_s

    def take(self, now_s: float) -> None:
        """Take one."""
        self._refill(now_s)
        self.level -= 1

    def _refill(self, now_s: float) -> None:
        if self.level < 0 and self.at_s == 0:
            self.level = self.size
        else:
            self.level = min(self.size, self.level + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s


@dataclass(slots=True)
class Limits:
    """Who may be sent to when. A chat that Telegram asked to leave in peace stops nobody else."""

    on: bool = True
    _overall: Bucket = field(default_factory=lambda: Bucket(30, 29))
    _chats: dict[int, Bucket] = field(default_factory=dict)
    _quiet_until_s: dict[int, float] = field(default_factory=dict)

    def wait_s(self, chat_id: int, now_s: float) -> float:
        """Tell how long to wait before the next send to a chat; 0 for not at all."""
        quiet = self._quiet_until_s.get(chat_id, 0.0) - now_s
        if not self.on:
            return max(0.0, quiet)
        return max(0.0, quiet, self._overall.wait_s(now_s), self._bucket(chat_id).wait_s(now_s))

    def room(self, now_s: float) -> int:
        """Tell how many messages may go out now, whoever they are for."""
        self._overall.wait_s(now_s)
        return max(0, int(self._overall.level)) if self.on else 1000

    def take(self, chat_id: int, now_s: float) -> None:
        """Count one send to a chat."""
        if self.on:
            self._overall.take(now_s)
            self._bucket(chat_id).take(now_s)

    def hush(self, chat_id: int, for_s: float, now_s: float) -> None:
        """Leave a chat in peace, as Telegram's 429 asks."""
        self._quiet_until_s[chat_id] = max(self._quiet_until_s.get(chat_id, 0.0), now_s + for_s)

    def busy(self, now_s: float) -> list[int]:
        """List the chats that must wait now; forgets those that are at rest."""
        busy = [chat for chat in self._chats if self._chats[chat].wait_s(now_s) > 0]
        busy += [chat for chat, until in self._quiet_until_s.items() if until > now_s and chat not in busy]
        rested = [chat for chat, one in self._chats.items() if one.level >= one.size]
        for chat in rested:
            del self._chats[chat]
        self._quiet_until_s = {chat: until for chat, until in self._quiet_until_s.items() if until > now_s}
        return busy

    def _bucket(self, chat_id: int) -> Bucket:
        if chat_id not in self._chats:
            # Groups have negative ids.
            self._chats[chat_id] = Bucket(3, 1) if chat_id > 0 else Bucket(3, 19 / 60)
        return self._chats[chat_id]
