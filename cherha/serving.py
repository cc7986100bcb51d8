"""Run the parts of a desk side by side until a signal comes, then let each finish what it has in hand."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import structlog

from cherha.signs import give
from core.errors import Misconfigured

#: After a signal, so long is given to what is in hand.
GRACE_S = 10.0

#: With so many more new containers than are gone a look is taken for such as hold each other, in each twentieth look at
#: what outlived it too. With the 700 and each tenth of the interpreter that was a twentieth of the work.
_LOOK_FOR_CYCLES = 20_000, 20, 20

#: A part: runs until the event is set and what it has in hand is done.
Service = Callable[[asyncio.Event], Awaitable[None]]

log = structlog.get_logger(__name__)


async def serve(
    services: Mapping[str, Service],
    ready: Callable[[], None],
    opening: Callable[[], Awaitable[None]] | None = None,
    sign: Path | None = None,
) -> int:
    """Run parts until SIGTERM or SIGINT, or until one of them ends, which stops the others.

    Args:
        ready: called once all of them have been started.
        opening: awaited before any of them, such as for ports to be listened on.
        sign: the file that is the sign of life of all of them.

    Returns:
        The exit code: 0 after a signal, 1 when a part failed.

    Raises:
        Misconfigured: a part cannot run like this.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    if opening is not None:
        await opening()
    tasks = {asyncio.ensure_future(service(stopping)): name for name, service in services.items()}
    signalled = asyncio.create_task(stopping.wait())
    alive = asyncio.create_task(give(sign)) if sign else None
    ready()
    _look_for_cycles_less()
    await asyncio.wait({*tasks, signalled}, return_when=asyncio.FIRST_COMPLETED)
    by_signal = stopping.is_set()
    _cut_off_after(GRACE_S, 0 if by_signal else 1)
    log.info("stopping", by_signal=by_signal)
    stopping.set()
    await asyncio.wait(tasks)
    if alive is not None:
        alive.cancel()
    failed = [name for task, name in tasks.items() if _failed(task, name)]
    log.info("stopped", failed=failed)
    return 0 if by_signal and not failed else 1


def _look_for_cycles_less() -> None:
    """Let what is there at the start stay without being looked through again and again, and the rest for longer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOK_FOR_CYCLES)


def _failed(task: asyncio.Future[None], name: str) -> bool:
    error = task.exception()
    if isinstance(error, Misconfigured):
        raise error
    if error is not None:
        log.error("part_failed", part=name, exc_info=error)
    return error is not None


def _cut_off_after(seconds: float, code: int) -> None:
    """End the process for good when something hangs: all that is promised is in the database already."""

    def cut() -> None:
        log.warning("cut_off", after_s=seconds)
        os._exit(code)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()


def in_thread(name: str, run: Callable[[threading.Event], None]) -> Service:
    """Make a part of what runs in a thread of its own until a threading event is set."""

    async def service(stopping: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        stop, ended = threading.Event(), loop.create_future()

        def body() -> None:
            error: BaseException | None = None
            try:
                run(stop)
            except BaseException as raised:  # noqa: BLE001 - handed on to whoever waits for the part
                error = raised
            loop.call_soon_threadsafe(_settle, ended, error)

        threading.Thread(target=body, name=name, daemon=True).start()
        signalled = asyncio.create_task(stopping.wait())
        await asyncio.wait({signalled, ended}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        signalled.cancel()
        await ended

    return service


def _settle(ended: asyncio.Future[None], error: BaseException | None) -> None:
    if error is None:
        ended.set_result(None)
    else:
        ended.set_exception(error)
