"""A cutting proxy: TCP connections that are delayed, stall, are reset or closed after so many bytes, by seed.

Put it between any two that talk over TCP: the desk and the Bot API, a mail relay, Redis, PostgreSQL.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Self

_CHUNK_BYTES = 16 * 1024


class Kind(StrEnum):
    """What happens to a connection: late bytes, no more bytes, a reset (RST), an orderly end (FIN) too early."""

    DELAY = "delay"
    STALL = "stall"
    RESET = "reset"
    CLOSE = "close"


class Way(StrEnum):
    """Which bytes are counted, and held up: those of who connected, or those of who answers."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Cut:
    """What happens to one connection.

    Attributes:
        after: so many bytes of `way` pass unharmed.
        seconds: how long a delay or a stall lasts; after a stall the connection is reset.
    """

    kind: Kind
    way: Way
    after: int
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.kind} {self.way} after {self.after} bytes"


@dataclass(frozen=True, slots=True)
class Odds:
    """How cuts are drawn.

    Attributes:
        chance: of each connection to be cut at all.
        within: the most bytes after which a connection is cut.
        stall_s, delay_s: the most seconds of each.
    """

    chance: float = 0.5
    kinds: Sequence[Kind] = tuple(Kind)
    ways: Sequence[Way] = tuple(Way)
    within: int = 20_000
    stall_s: float = 2.0
    delay_s: float = 0.5

    def draw(self, seed: int, connection: int) -> Cut | None:
        """Draw what happens to a connection, counted from 0; the same for the same seed, whatever else happened."""
        random = Random(f"{seed}:{connection}")
        if random.random() >= self.chance:
            return None
        kind, way = random.choice(self.kinds), random.choice(self.ways)
        longest_s = {Kind.STALL: self.stall_s, Kind.DELAY: self.delay_s}.get(kind, 0.0)
        return Cut(kind, way, random.randrange(self.within), random.random() * longest_s)


@dataclass
class Proxy:
    """Listens on a port of its own and hands on to another one, until the block ends.

    Attributes:
        port: where it listens.
        done: how often each kind of cut has happened.
        open: whether anybody gets through; those who are when it is shut are reset.
    """

    to_port: int
    seed: int = 0
    odds: Odds | None = None
    port: int = 0
    done: Counter[Kind] = field(default_factory=Counter)
    open: bool = True
    _connections: int = 0
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        self.shut()
        await self._server.wait_closed()

    def shut(self) -> None:
        """Reset all who are connected, and everybody who comes from now on."""
        self.open = False
        for writer in list(self._writers):
            _reset(writer)

    def let_through(self, odds: Odds | None = None) -> None:
        """Let everybody through again, cut by these odds from now on."""
        self.open, self.odds = True, odds

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cut = self.odds.draw(self.seed, self._connections) if self.odds else None
        self._connections += 1
        if not self.open:
            _reset(writer)
            return
        try:
            there_reader, there = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, there}
        up = self._hand_on(reader, there, cut if cut and cut.way is Way.UP else None)
        down = self._hand_on(there_reader, writer, cut if cut and cut.way is Way.DOWN else None)
        ways = [asyncio.create_task(up), asyncio.create_task(down)]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            orderly = all(way.exception() is None and way.result() for way in done)
        finally:
            for way in ways:
                way.cancel()
            self._writers -= {writer, there}
        for end in (writer, there):
            if orderly:
                end.close()
            else:
                _reset(end)

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: Cut | None) -> bool:
        """Hand bytes on until they end; True when they ended in order."""
        left = cut.after if cut else 0
        while data := await reader.read(_CHUNK_BYTES):
            if cut is not None and len(data) > left:
                writer.write(data[:left])
                await writer.drain()
                self.done[cut.kind] += 1
                if cut.kind is not Kind.DELAY:
                    return await _ended(cut)
                await asyncio.sleep(cut.seconds)
                data, cut = data[left:], None
            left -= len(data)
            writer.write(data)
            await writer.drain()
        return True


async def _ended(cut: Cut) -> bool:
    """Let a connection end as the cut says; True when it is in order, for those who look at the bytes alone."""
    if cut.kind is Kind.STALL:
        await asyncio.sleep(cut.seconds)
    return cut.kind is Kind.CLOSE


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection so that the other side sees a reset, as when its host went away."""
    one = writer.get_extra_info("socket")
    if one is not None and one.fileno() >= 0:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
