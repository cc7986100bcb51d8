from __future__ import annotations

import asyncio
import os
import signal
import threading

import pytest

from cherha.serving import Service, in_thread, serve
from core.errors import Misconfigured


async def _until_told(stopping: asyncio.Event) -> None:
    await stopping.wait()


def _signal_soon(number: signal.Signals = signal.SIGTERM) -> None:
    threading.Timer(0.1, os.kill, (os.getpid(), number)).start()


@pytest.fixture(autouse=True)
def _no_cutting_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cherha.serving.GRACE_S", 3600)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_every_part_with_0(number: signal.Signals) -> None:
    ended: list[str] = []

    def part(name: str) -> Service:
        async def run(stopping: asyncio.Event) -> None:
            await stopping.wait()
            ended.append(name)

        return run

    assert await serve({"one": part("one"), "two": part("two")}, lambda: _signal_soon(number)) == 0
    assert sorted(ended) == ["one", "two"]


async def test_a_part_that_fails_ends_the_others_with_1() -> None:
    async def fails(_stopping: asyncio.Event) -> None:
        raise ValueError

    assert await serve({"good": _until_told, "bad": fails}, lambda: None) == 1


async def test_a_part_that_ends_by_itself_ends_the_others_with_1() -> None:
    async def ends(_stopping: asyncio.Event) -> None:
        return

    assert await serve({"good": _until_told, "brief": ends}, lambda: None) == 1


async def test_a_part_that_cannot_run_like_this_says_why() -> None:
    async def cannot(_stopping: asyncio.Event) -> None:
        raise Misconfigured(["the token is wrong"])

    with pytest.raises(Misconfigured, match="token"):
        await serve({"good": _until_told, "bad": cannot}, lambda: None)


async def test_nothing_is_started_when_the_opening_fails() -> None:
    started: list[str] = []

    async def part(_stopping: asyncio.Event) -> None:
        started.append("part")

    async def opening() -> None:
        raise Misconfigured(["the port is taken"])

    with pytest.raises(Misconfigured):
        await serve({"part": part}, lambda: None, opening)
    assert started == []


async def test_a_thread_is_told_to_stop_and_waited_for() -> None:
    ended: list[str] = []

    def body(stop: threading.Event) -> None:
        stop.wait(10)
        ended.append("thread")

    assert await serve({"thread": in_thread("thread", body)}, _signal_soon) == 0
    assert ended == ["thread"]


async def test_what_a_thread_raises_is_the_failure_of_its_part() -> None:
    def body(_stop: threading.Event) -> None:
        raise ValueError

    assert await serve({"thread": in_thread("thread", body)}, lambda: None) == 1
