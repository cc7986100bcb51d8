"""What an update or a press costs until it is answered, and how long that takes, beside a bare bot that echoes."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.sandbox.client import SandboxClient
from core.desk import Desk, Tx
from core.inbox.model import InboxState, Update
from core.outbox.model import Owed, OwedState
from core.work.model import Card
from tests import servers
from tests.bench.chatting import TOKEN, Crowd, enter, rewind
from tests.bench.costs import cpu_s, of_postgres, started
from tests.cherha.processes import running

#: Updates a second, and for how many seconds.
RATES = {10: 6.0, 50: 5.0, 100: 4.0}

ROUNDS = 5

_numbers = count()


@dataclass
class Told:
    """What rounds told: milliseconds of the processors an update, and from its posting to the answer."""

    cpu_ms: list[float] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    lost: int = 0


@dataclass
class Contender:
    """A running bot before its own local Bot API."""

    client: SandboxClient
    crowd: Crowd
    cpu_s: Callable[[], float]
    desk: Desk | None = None
    read: int = 0

    async def news(self) -> list[dict[str, Any]]:
        """List the calls that the bot has made since this was asked last."""
        calls = await self.client.log(self.read)
        self.read += len(calls)
        return calls

    async def quiet(self) -> None:
        """Wait until no update waits, nothing is owed and no card is to be redrawn."""
        if self.desk is None:
            await asyncio.sleep(0.5)
            return
        while await asyncio.to_thread(self.desk.look, _busy):
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.3)


def _busy(tx: Tx) -> bool:
    owed = select(func.count()).select_from(Owed).where(Owed.state.in_((OwedState.OWED, OwedState.UNKNOWN)))
    cards = select(func.count()).select_from(Card).where(Card.wanted > Card.shown)
    updates = select(func.count()).select_from(Update).where(Update.state == InboxState.KEPT)
    return any(tx.session.scalar(one) for one in (owed, cards, updates))


async def _at_a_rate(per_s: int, span_s: float, act: Callable[[random.Random], Awaitable[None]]) -> int:
    """Begin acts at random moments, so many a second, whether or not earlier ones are done; returns how many."""
    dice, tasks = random.Random(7), []
    start = at = time.perf_counter()
    while at - start < span_s:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        tasks.append(asyncio.create_task(act(dice)))
        at += dice.expovariate(per_s)
    await asyncio.gather(*tasks)
    return len(tasks)


async def _words(one: Contender, per_s: int, span_s: float, told: Told) -> int:
    """Customers write to their cases; whoever has them is told."""
    posted: dict[str, float] = {}

    async def act(dice: random.Random) -> None:
        mark = f"word-{next(_numbers)}-"
        posted[mark] = time.time()
        await one.client.say(dice.choice(one.crowd.customers), f"{mark} it still does not work, and it should")

    await one.news()
    done = await _at_a_rate(per_s, span_s, act)
    await one.quiet()
    at = {}
    for entry in await one.news():
        if entry["method"] == "sendMessage":
            at[entry["text"].partition("word-")[2].partition(" ")[0]] = entry["at"]
    for mark, began in posted.items():
        _tell(told, began, at.get(mark.removeprefix("word-")))
    return done


async def _lists(one: Contender, per_s: int, span_s: float, told: Told) -> int:
    """Representatives ask what they work on."""
    posted: dict[int, deque[float]] = defaultdict(deque)
    waiting: deque[int] = deque()

    async def act(_dice: random.Random) -> None:
        if not waiting:
            waiting.extend(one.crowd.staff)
        person = waiting.popleft()
        posted[person].append(time.time())
        await one.client.say(person, "/progress")

    await one.news()
    done = await _at_a_rate(per_s, span_s, act)
    await one.quiet()
    for entry in await one.news():
        if entry["method"] == "sendMessage" and posted[entry["chat_id"]]:
            _tell(told, posted[entry["chat_id"]].popleft(), entry["at"])
    told.lost += sum(map(len, posted.values()))
    return done


async def _presses(one: Contender, per_s: int, span_s: float, told: Told) -> int:
    """Representatives press *Accept*, each on a card of their own."""
    left = deque(one.crowd.cards)

    async def act(_dice: random.Random) -> None:
        chat, message, data = left.popleft()
        began = time.time()
        toast = await one.client.press_data(chat, message, data, wait_s=20)
        _tell(told, began, None if toast is None else time.time())

    done = await _at_a_rate(per_s, span_s, act)
    await one.quiet()
    return done


def _tell(told: Told, began: float, at: float | None) -> None:
    if at is None:
        told.lost += 1
    else:
        told.took_ms.append((at - began) * 1000)


KINDS = {"a customer's message": _words, "/progress": _lists, "Accept": _presses}


async def _round(one: Contender, kind: str, per_s: int, told: Told) -> None:
    if kind == "Accept" and one.desk is not None:
        await asyncio.to_thread(one.desk.run, rewind)
    await one.quiet()
    before = one.cpu_s()
    done = await KINDS[kind](one, per_s, RATES[per_s], told)
    told.cpu_ms.append((one.cpu_s() - before) / done * 1000)


@asynccontextmanager
async def sandbox(folder: Path) -> AsyncIterator[str]:
    """Run a local Bot API without limits as a process; yields its address."""
    async with started(folder, "-m", "bot.sandbox", "--no-limits") as process:
        yield (await process.line("Bot API at")).split()[-1]


@asynccontextmanager
async def _bare(folder: Path) -> AsyncIterator[Contender]:
    async with sandbox(folder) as api, SandboxClient(api) as client:
        crowd = await Crowd.gather(client)
        async with started(folder, "-m", "tests.bench.echo", api, TOKEN) as bot:
            await bot.line("ready")
            await crowd.show_cards(client)
            yield Contender(client, crowd, lambda: cpu_s(bot.pid))


@asynccontextmanager
async def _desk(folder: Path, database_url: str, *words: str, **settings: Any) -> AsyncIterator[Contender]:
    await asyncio.to_thread(folder.mkdir)
    async with sandbox(folder) as api, SandboxClient(api) as client:
        crowd = await Crowd.gather(client)
        desk = enter(database_url, crowd)
        settings |= {"data": folder, "database_url": database_url, "log_level": "INFO"}
        settings |= {"telegram_token": TOKEN, "telegram_api": api, "telegram_limits": "false", "smtp_listen": ""}
        with running(folder, *words, **settings) as bot:
            await asyncio.to_thread(bot.wait_for, "running")
            postgres = [] if desk.engines.is_sqlite else [of_postgres(servers.shared_folder() / "postgres")]
            one = Contender(client, crowd, lambda: cpu_s(bot.process.pid, *postgres), desk)
            await one.quiet()
            crowd.learn_cards(desk)
            yield one
            bot.end()
        desk.engines.dispose()


async def _measure(folder: Path, say: Callable[[str], None], rounds: int) -> None:
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(servers.valkey())
        postgres = servers.new_database(stack.enter_context(servers.postgres(servers.shared_folder())))
        sqlite = f"sqlite:///{folder / 'desk.sqlite3'}"
        contenders = {
            "bare": await stack.enter_async_context(_bare(folder)),
            "embedded": await stack.enter_async_context(_desk(folder / "one", sqlite, "run")),
            "scaled": await stack.enter_async_context(_desk(folder / "many", postgres, "bot", redis_url=redis)),
        }
        told = {(kind, rate, name): Told() for kind in KINDS for rate in RATES for name in contenders}
        for number in range(rounds):
            for kind, rate in ((kind, rate) for kind in KINDS for rate in RATES):
                for name, one in contenders.items():
                    await _round(one, kind, rate, told[kind, rate, name])
            print(f"round {number + 1} of {rounds}", flush=True)
        _show(told, say)


def measure(folder: Path, say: Callable[[str], None], rounds: int = ROUNDS) -> None:
    """Measure both shapes beside the bare bot, in turn, round by round."""
    asyncio.run(_measure(folder, say, rounds))


_SHAPES = {"embedded": "one process, SQLite", "scaled": "`cherha bot`, PostgreSQL"}


def _show(told: dict[tuple[str, int, str], Told], say: Callable[[str], None]) -> None:
    say("| what | shape | a second | CPU ms | bare | ratio | p50 ms | p99 ms | bare p50 | bare p99 |")
    say("|---|---|---|---|---|---|---|---|---|---|")
    for kind in KINDS:
        for name, shape in _SHAPES.items():
            for rate in RATES:
                ours, bare = told[kind, rate, name], told[kind, rate, "bare"]
                ratio = statistics.median(one / other for one, other in zip(ours.cpu_ms, bare.cpu_ms, strict=True))
                cells = [kind, shape, str(rate), f"{statistics.median(ours.cpu_ms):.1f}"]
                cells += [f"{statistics.median(bare.cpu_ms):.1f}", f"{ratio:.1f}", *_marks(ours), *_marks(bare)]
                lost = f" {ours.lost} unanswered" if ours.lost else ""
                say(f"| {' | '.join(cells)} |{lost}")


def _marks(told: Told) -> tuple[str, str]:
    hundredths = statistics.quantiles(told.took_ms, n=100)
    return f"{hundredths[49]:.0f}", f"{hundredths[98]:.0f}"
