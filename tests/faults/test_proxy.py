"""The cutting proxy does what it says, and the same for the same seed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from time import monotonic

import pytest

from tests.faults.proxy import Kind, Odds, Proxy, Way

_ALWAYS = Odds(chance=1.0, kinds=(Kind.RESET,), ways=(Way.DOWN,), within=1)


@dataclass
class _Before(Proxy):
    """A proxy before a server whose words are known."""

    got: bytearray = field(default_factory=bytearray)


@asynccontextmanager
async def _between(odds: Odds | None) -> AsyncIterator[_Before]:
    """Put a proxy before a server that sends everything back."""

    async def back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1000):
            writer.write(data)
            got.extend(data)
        writer.close()

    got = bytearray()
    server = await asyncio.start_server(back, "127.0.0.1", 0)
    async with _Before(server.sockets[0].getsockname()[1], odds=odds, got=got) as proxy:
        yield proxy
    server.close()


async def _ask(proxy: Proxy, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(words)
        return await reader.readexactly(len(words))
    finally:
        writer.close()


async def test_without_odds_everything_passes() -> None:
    async with _between(None) as proxy:
        assert await _ask(proxy, b"x" * 100_000) == b"x" * 100_000


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(("kind", "error"), [(Kind.RESET, ConnectionResetError), (Kind.CLOSE, EOFError)])
async def test_a_connection_is_cut_in_either_direction(kind: Kind, way: Way, error: type[Exception]) -> None:
    async with _between(replace(_ALWAYS, kinds=(kind,), ways=(way,))) as proxy:
        with pytest.raises(error):
            await _ask(proxy, b"words")
        await asyncio.sleep(0.05)
        assert bytes(proxy.got) == (b"words" if way is Way.DOWN else b"")
        assert proxy.done == {kind: 1}


async def test_so_many_bytes_pass_before_the_cut() -> None:
    odds = Odds(chance=1.0, kinds=(Kind.CLOSE,), ways=(Way.DOWN,), within=5)
    after = odds.draw(0, 0)
    assert after is not None
    async with _between(odds) as proxy:
        with pytest.raises(asyncio.IncompleteReadError) as cut:
            await _ask(proxy, b"words of more than five bytes")
        assert cut.value.partial == b"words"[: after.after]


async def test_a_delay_only_takes_time() -> None:
    begun = monotonic()
    async with _between(replace(_ALWAYS, kinds=(Kind.DELAY,), delay_s=0.4)) as proxy:
        assert await _ask(proxy, b"words") == b"words"
    drawn = replace(_ALWAYS, kinds=(Kind.DELAY,), delay_s=0.4).draw(0, 0)
    assert drawn is not None
    assert monotonic() - begun >= drawn.seconds


async def test_a_stall_sends_nothing_more_and_ends_in_a_reset() -> None:
    async with _between(replace(_ALWAYS, kinds=(Kind.STALL,), stall_s=0.3)) as proxy:
        with pytest.raises(ConnectionResetError):
            await _ask(proxy, b"words")


async def test_whoever_is_connected_when_it_is_shut_is_cut_off_and_nobody_gets_in_until_it_is_not() -> None:
    async with _between(None) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"a")
        await reader.readexactly(1)
        proxy.shut()
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await _ask(proxy, b"words")
        proxy.let_through()
        assert await _ask(proxy, b"words") == b"words"
        writer.close()


def test_the_same_seed_draws_the_same_cuts() -> None:
    odds = Odds()
    assert [odds.draw(7, one) for one in range(50)] == [odds.draw(7, one) for one in range(50)]
    assert [odds.draw(7, one) for one in range(50)] != [odds.draw(8, one) for one in range(50)]
    assert {cut.kind for one in range(50) if (cut := odds.draw(7, one))} == set(Kind)
