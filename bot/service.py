"""The one live bot of a token: takes the lease, takes updates in, sends what is owed, and stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.answering import Answering, Batch
from bot.courier import Courier
from bot.inbox import ALLOWED_UPDATES, Keeper, poll
from bot.lanes import Lanes
from bot.limits import Limits
from bot.menus import Menus
from bot.transport import AioRequest, pause_after
from bot.webhook import webhook
from core.desk import Desk
from core.errors import Misconfigured, TryLater
from core.store.files import FileStore
from core.timers.actions import hold, let_go

log = structlog.get_logger(__name__)

#: Seconds for what is in hand when told to stop.
DRAIN_S = 8.0

#: Threads that talk to the database.
THREADS = 12


@dataclass(frozen=True, slots=True)
class BotConfig:
    """What the bot is told at its start.

    Attributes:
        api: base address of the Bot API.
        limits: whether to obey Telegram's limits on sending.
        webhook_url: public address, as Telegram is to call it; empty for polling.
        webhook_listen: host:port where the webhook listens.
        lease: for so long a dead bot's place is kept.
        holder: names this process in the lease; empty for a name of its own.
    """

    token: str
    api: str
    limits: bool = True
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_listen: str = "127.0.0.1:8443"
    lease: timedelta = timedelta(seconds=15)
    holder: str = ""


class BotService:
    """Runs the bot of one token until told to stop; a second one for the same token stands by."""

    def __init__(self, desk: Desk, files: FileStore, config: BotConfig) -> None:
        self._desk = desk
        self._files = files
        self._config = config
        self._holder = config.holder or uuid.uuid4().hex

    async def run(self, stopping: asyncio.Event) -> None:
        """Run until `stopping` is set and what is in hand is done.

        Raises:
            Misconfigured: Telegram refuses the token, or the address for the webhook.
        """
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "bot"))
        bot = _bot(self._config)
        try:
            if not await _begin(bot, stopping):
                return
            self._desk.bot_is(bot.username)
            name = f"bot:{bot.id}"
            while not stopping.is_set():
                if await self._take_lease(name, stopping):
                    await self._live(bot, name, stopping)
        finally:
            with contextlib.suppress(TelegramError, RuntimeError):
                await bot.shutdown()

    async def _take_lease(self, name: str, stopping: asyncio.Event) -> bool:
        """Wait for the lease; False when told to stop meanwhile."""
        waited = False
        while not stopping.is_set():
            try:
                if await asyncio.to_thread(self._desk.run, hold, name, self._holder, self._config.lease):
                    log.info("bot_live", bot=name)
                    return True
            except TryLater:
                log.warning("database_away")
            if not waited:
                log.info("bot_stands_by", bot=name)
                waited = True
            await _sleep(stopping, self._config.lease.total_seconds() / 4)
        return False

    async def _live(self, bot: Bot, name: str, stopping: asyncio.Event) -> None:
        """Be the one live bot until told to stop, or until the lease is lost."""
        over = asyncio.Event()
        courier = Courier(self._desk, bot, self._files, Limits(on=self._config.limits))
        menus = Menus(bot, self._desk)
        answering = Answering(self._desk, bot, courier, menus)
        lanes = Lanes(self._desk, bot, lambda rows, event: answering.answer(Batch(rows, event)))
        keeper = Keeper(self._desk, bot.id, lanes, answering.tell_away)
        tasks = [
            asyncio.create_task(self._renew(name, stopping, over), name="lease"),
            asyncio.create_task(courier.run(over), name="courier"),
            asyncio.create_task(self._take_in(bot, keeper, over), name="updates"),
            asyncio.create_task(_show_menus(menus, over), name="menus"),
        ]
        try:
            await _first_failure(tasks, over)
        finally:
            over.set()
            await lanes.drain(DRAIN_S / 2)
            await courier.drain(DRAIN_S / 2)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(TryLater):
                await asyncio.to_thread(self._desk.run, let_go, name, self._holder)

    async def _renew(self, name: str, stopping: asyncio.Event, over: asyncio.Event) -> None:
        """Renew the lease in time; end the life of this bot when it is lost, or when told to stop."""
        span = self._config.lease
        loop = asyncio.get_running_loop()
        held_until_s = loop.time() + span.total_seconds()
        while not stopping.is_set():
            await _sleep(stopping, span.total_seconds() / 4)
            asked_s = loop.time()
            try:
                if not await asyncio.to_thread(self._desk.renew, hold, name, self._holder, span):
                    log.warning("bot_lease_lost", bot=name)
                    break
                held_until_s = asked_s + span.total_seconds()
            except TryLater:
                if loop.time() > held_until_s:
                    log.warning("bot_lease_ran_out", bot=name)
        over.set()

    async def _take_in(self, bot: Bot, keeper: Keeper, over: asyncio.Event) -> None:
        await _persist(keeper.resume, over)
        if not self._config.webhook_url:
            await _persist(lambda: bot.delete_webhook(drop_pending_updates=False), over)
            await poll(bot, keeper, over)
            return
        async with _listening(webhook(keeper.keep, self._config.webhook_secret), self._config.webhook_listen):
            await _persist(lambda: _set_webhook(bot, self._config), over)
            await over.wait()


def _bot(config: BotConfig) -> Bot:
    api = config.api.rstrip("/")
    return Bot(config.token, f"{api}/bot", f"{api}/file/bot", request=AioRequest(64), get_updates_request=AioRequest(1))


async def _begin(bot: Bot, stopping: asyncio.Event) -> bool:
    """Learn who the bot is; False when told to stop before that."""
    await _persist(bot.initialize, stopping)
    return not stopping.is_set()


async def _set_webhook(bot: Bot, config: BotConfig) -> None:
    """Ask Telegram to bring updates.

    Raises:
        Misconfigured: it refuses the address, and would again.
    """
    try:
        await bot.set_webhook(
            config.webhook_url,
            secret_token=config.webhook_secret,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            max_connections=40,
        )
    except BadRequest as error:
        raise Misconfigured([f"CHERHA_WEBHOOK_URL: Telegram refuses {config.webhook_url} ({error.message})."]) from None


async def _sleep(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def _persist(work: Callable[[], Awaitable[Any]], over: asyncio.Event) -> None:
    """Do what must be done before anything else, again and again while Telegram or the database is away or busy.

    Raises:
        Misconfigured: Telegram refuses the token.
    """
    pause_s = 0.5
    while not over.is_set():
        try:
            await work()
        except InvalidToken:
            raise Misconfigured(
                ["Telegram refuses the token in CHERHA_TELEGRAM_TOKEN. Copy it anew from @BotFather."]
            ) from None
        except (TelegramError, TryLater) as error:
            wait_s = pause_after(error, pause_s)
            log.warning("waiting", error=type(error).__name__, wait_s=wait_s)
            await _sleep(over, wait_s)
            pause_s = min(30.0, pause_s * 2)
        else:
            return


async def _show_menus(menus: Menus, over: asyncio.Event) -> None:
    await _persist(menus.show_all, over)
    await menus.run()


async def _first_failure(tasks: list[asyncio.Task[None]], over: asyncio.Event) -> None:
    """Wait until told that it is over; a part that fails before ends all of it, with its error."""
    waiting = {task for task in tasks if task.get_name() != "menus"}
    ending = asyncio.create_task(over.wait())
    try:
        while not over.is_set():
            done, _ = await asyncio.wait({ending, *waiting}, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {ending}:
                waiting.discard(task)
                task.result()
    finally:
        ending.cancel()


@contextlib.asynccontextmanager
async def _listening(application: web.Application, listen: str) -> AsyncIterator[None]:
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, int(port)).start()
    except OSError as error:
        raise Misconfigured(
            [f"CHERHA_WEBHOOK_LISTEN: cannot listen on {listen} ({error.strerror}). Choose another port."]
        ) from None
    try:
        yield
    finally:
        await runner.cleanup()
