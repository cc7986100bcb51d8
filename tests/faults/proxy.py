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

    def draw(self, seed: int, connection: int, turn: int = 0) -> Cut | None:
        """Draw what happens to a connection, counted from 0; the same for the same seed, whatever else happened.

        Args:
            turn: how often it was delayed before.
        """
        random = Random(f"{seed}:{connection}:{turn}")
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

    to_port: int = 0
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

    def stand_before(self, port: int) -> None:
        """Hand on to another port from now on."""
        self.to_port = port

    def shut(self) -> None:
        """Reset all who are connected, and everybody who comes from now on."""
        self.open = False
        for writer in list(self._writers):
            _reset(writer)

    def let_through(self, odds: Odds | None = None) -> None:
        """Let everybody through again, cut by these odds from now on."""
        self.open, self.odds = True, odds

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self._connections = self._connections, self._connections + 1
        if not self.open:
            _reset(writer)
            return
        try:
            there_reader, there = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, there}
        line = _Line(self, number)
        ways = [
            asyncio.create_task(line.hand_on(reader, there, Way.UP)),
            asyncio.create_task(line.hand_on(there_reader, writer, Way.DOWN)),
        ]
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


class _Line:
    """One connection, and what happens to it next."""

    def __init__(self, proxy: Proxy, number: int) -> None:
        self._proxy = proxy
        self._number = number
        self._turn = 0
        self._draw()

    def _draw(self) -> None:
        odds = self._proxy.odds
        self._cut = odds.draw(self._proxy.seed, self._number, self._turn) if odds else None
        self._left = self._cut.after if self._cut else 0
        self._turn += 1

    async def hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> bool:
        """Hand bytes on until they end; True when they end in order, for those who look at the bytes alone."""
        while data := await reader.read(_CHUNK_BYTES):
            cut = self._cut
            if cut is not None and cut.way is way:
                if len(data) > self._left:
                    writer.write(data[: self._left])
                    await writer.drain()
                    self._proxy.done[cut.kind] += 1
                    await asyncio.sleep(cut.seconds)
                    if cut.kind is not Kind.DELAY:
                        return cut.kind is Kind.CLOSE
                    data = data[self._left :]
                    self._draw()
                else:
                    self._left -= len(data)
            writer.write(data)
            await writer.drain()
        return True


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection so that the other side sees a reset, as when its host went away."""
    one = writer.get_extra_info("socket")
    if one is not None and one.fileno() >= 0:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
