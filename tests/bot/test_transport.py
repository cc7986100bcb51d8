"""What becomes of a call when the other side is no Bot API, or none that answers."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select
from telegram import Bot

from bot import transport
from bot.courier import Courier
from bot.drawing import Drawn
from bot.limits import Limits
from bot.sending import Fate, Result, send
from bot.transport import AioRequest
from core.cases.conversations import file_view
from core.cases.files import MAX_TRIES, waiting_files
from core.cases.model import Entry, File
from core.cases.rules import FileState
from core.cases.views import FileView
from core.desk import Tx
from core.store.files import FileStore
from tests.core.office import Office

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def _bot(handle: Handle, connections: int = 8) -> AsyncIterator[Bot]:
    """A bot whose every call is answered by `handle`."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    request = AioRequest(connections)
    await request.initialize()
    try:
        yield Bot("4242:transport", f"{address}/bot", f"{address}/file/bot", request=request)
    finally:
        await request.shutdown()
        await runner.cleanup()


async def _send(bot: Bot, folder: Path) -> Result:
    return await send(bot, FileStore(folder), Drawn(7, "words of the customer"), silent=True)


@pytest.mark.parametrize("body", ["<html>words of the customer</html>", "[]", "{}", "null", '{"ok":true,"result":{}}'])
async def test_an_answer_that_is_none_leaves_open_whether_it_was_sent_and_is_not_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=body)

    caplog.set_level(logging.WARNING)  # as the desk sets it for libraries
    async with _bot(answer) as bot:
        result = await _send(bot, tmp_path)
    assert result.fate is Fate.UNKNOWN
    assert "words of the customer" not in caplog.text


async def test_what_found_no_connection_in_time_was_certainly_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT_S", 0.3)
    monkeypatch.setattr(transport, "READ_TIMEOUT_S", 1.0)
    asked = 0

    async def hang(_request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        await asyncio.sleep(30)
        return web.Response()

    async with _bot(hang, connections=2) as bot:
        results = await asyncio.gather(*(_send(bot, tmp_path) for _ in range(4)))
    assert Counter(one.fate for one in results) == {Fate.UNKNOWN: 2, Fate.NOT_SENT: 2}
    assert asked == 2


async def test_a_wait_for_a_connection_takes_nothing_from_the_wait_for_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT_S", 2.0)
    monkeypatch.setattr(transport, "READ_TIMEOUT_S", 1.0)

    async def answer(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.7)
        sent = {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}}
        return web.json_response({"ok": True, "result": sent})

    async with _bot(answer, connections=1) as bot:
        results = await asyncio.gather(*(_send(bot, tmp_path) for _ in range(3)))
    assert [one.fate for one in results] == [Fate.SENT] * 3


def _waiting_file(tx: Tx, entry_of: int) -> FileView:
    entry = tx.session.scalars(select(Entry).where(Entry.work_id == entry_of)).first()
    assert entry is not None
    row = File(
        entry_id=entry.id, kind="photo", name="p.jpg", content_type="image/jpeg", size=5, state=FileState.WAITING,
        telegram_id="p", due_at=tx.now,
    )  # fmt: skip
    tx.session.add(row)
    tx.session.flush()
    return file_view(row)


def _tried(tx: Tx, file: int, times: int) -> None:
    tx.session.get_one(File, file).tries = times


def _state(tx: Tx, file: int) -> tuple[FileState, int]:
    row = tx.session.get_one(File, file)
    return row.state, row.tries


async def test_a_download_has_the_time_of_media(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CONNECT_TIMEOUT_S", 0.1)
    monkeypatch.setattr(transport, "READ_TIMEOUT_S", 0.2)

    async def answer(request: web.Request) -> web.Response:
        if request.path.startswith("/file/"):
            await asyncio.sleep(1)
            return web.Response(body=b"bytes")
        return web.json_response({"ok": True, "result": {"file_id": "p", "file_unique_id": "p", "file_path": "p.jpg"}})

    file = office.desk.run(_waiting_file, office.open_case())
    async with _bot(answer) as bot:
        await Courier(office.desk, bot, FileStore(tmp_path), Limits())._fetch(file)
    assert office.desk.look(_state, file.id) == (FileState.KEPT, 0)


async def test_a_file_that_cannot_be_fetched_for_an_odd_reason_is_tried_later_and_in_the_end_lost(
    office: Office, tmp_path: Path
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {"odd": True}})

    file = office.desk.run(_waiting_file, office.open_case())
    async with _bot(answer) as bot:
        courier = Courier(office.desk, bot, FileStore(tmp_path), Limits())
        await courier._fetch(file)
        assert office.desk.look(_state, file.id) == (FileState.WAITING, 1)
        assert office.desk.look(waiting_files) == []
        office.desk.run(_tried, file.id, MAX_TRIES - 1)
        await courier._fetch(file)
    assert office.desk.look(_state, file.id)[0] is FileState.LOST


@pytest.fixture
def _ways_are_read_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    transport._proxy_to.cache_clear()
    yield
    transport._proxy_to.cache_clear()


@pytest.mark.usefixtures("_ways_are_read_anew")
@pytest.mark.parametrize("without", ["", "api.example"])
async def test_calls_go_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, without: str, tmp_path: Path
) -> None:
    asked: list[tuple[str, str | None]] = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append((request.raw_path, request.headers.get("Proxy-Authorization")))
        return web.json_response(
            {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}}
        )

    async with _bot(proxy) as bot:
        here = bot.base_url.split("/bot")[0]
        monkeypatch.setenv("http_proxy", here.replace("http://", "http://desk:secret@"))
        monkeypatch.setenv("no_proxy", without)
        far = Bot("4242:transport", "http://api.example/bot", request=bot.request)
        result = await _send(far, tmp_path)
    if without:
        assert (result.fate, asked) == (Fate.NOT_SENT, [])
    else:
        assert asked == [("http://api.example/bot4242:transport/sendMessage", "Basic ZGVzazpzZWNyZXQ=")]
