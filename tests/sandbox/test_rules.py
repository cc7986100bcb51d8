"""The rules of Telegram that bots stumble over, kept by the local Bot API in Telegram's own words."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import start
from tests.sandbox.conftest import Raw


def _key(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", "callback_data": data}]]}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x", "reply_markup": _key("d" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<u>x</b>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<blink>x</blink>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "x", "message_thread_id": 77}, "message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 77}}, "message to be replied not found"),
    ],
)
async def test_a_message_that_breaks_a_rule_is_refused(call: Raw, ivan: int, facts: dict[str, Any], said: str) -> None:
    status, answer = await call("sendMessage", chat_id=ivan, **facts)
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert said in answer["description"]


@pytest.mark.parametrize("facts", [
    {"text": "x" * 4096},
    {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "HTML"},
    {"text": "x", "reply_markup": _key("d" * 64)},
])  # fmt: skip
async def test_what_just_keeps_the_limits_is_taken(call: Raw, ivan: int, facts: dict[str, Any]) -> None:
    status, _ = await call("sendMessage", chat_id=ivan, **facts)
    assert status == 200


async def test_entities_count_in_utf16_units(call: Raw, ivan: int) -> None:
    _, answer = await call("sendMessage", chat_id=ivan, text="😀 <b>bold</b>", parse_mode="HTML")
    assert answer["result"]["entities"] == [{"type": "bold", "offset": 3, "length": 4}]


async def test_a_quotation_may_be_expandable(call: Raw, ivan: int) -> None:
    text = "<blockquote expandable>long</blockquote> <blockquote>short</blockquote>"
    _, answer = await call("sendMessage", chat_id=ivan, text=text, parse_mode="HTML")
    assert [one["type"] for one in answer["result"]["entities"]] == ["expandable_blockquote", "blockquote"]


async def test_an_edit_that_changes_nothing_is_refused(call: Raw, ivan: int) -> None:
    _, sent = await call("sendMessage", chat_id=ivan, text="Same")
    status, answer = await call("editMessageText", chat_id=ivan, message_id=sent["result"]["message_id"], text="Same")
    assert status == 400
    assert "message is not modified" in answer["description"]


async def test_a_caption_is_shorter_than_a_text(call: Raw, ivan: int, people: SandboxClient) -> None:
    await people.send_files(ivan, [("a.txt", "text/plain", b"a")])
    _, updates = await call("getUpdates")
    file = updates["result"][0]["message"]["document"]["file_id"]
    assert (await call("sendDocument", chat_id=ivan, document=file, caption="x" * 1024))[0] == 200
    status, answer = await call("sendDocument", chat_id=ivan, document=file, caption="x" * 1025)
    assert status == 400
    assert "caption is too long" in answer["description"]


async def test_a_file_over_20_mb_cannot_be_fetched(call: Raw, ivan: int, people: SandboxClient) -> None:
    await people.send_files(ivan, [("a.bin", "application/x", b"a")], size=20 * 1024 * 1024 + 1)
    _, updates = await call("getUpdates")
    status, answer = await call("getFile", file_id=updates["result"][0]["message"]["document"]["file_id"])
    assert (status, "file is too big" in answer["description"]) == (400, True)


async def test_a_wrong_token_is_unauthorized_and_a_wrong_method_unknown(call: Raw) -> None:
    assert (await call("getMe", token="wrong"))[0] in {401, 404}
    assert (await call("fly"))[0] == 404


async def test_a_second_poller_ends_the_first(call: Raw) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=20))
    await asyncio.sleep(0.2)
    second = asyncio.create_task(call("getUpdates", timeout=1))
    status, answer = await asyncio.wait_for(first, 5)
    assert status == 409
    assert "terminated by other getUpdates request" in answer["description"]
    assert (await second)[0] == 200


async def test_a_poller_waits_and_is_woken(call: Raw, people: SandboxClient, ivan: int) -> None:
    started = time.monotonic()
    waiting = asyncio.create_task(call("getUpdates", timeout=20))
    await asyncio.sleep(0.3)
    await people.say(ivan, "wake up")
    _, answer = await asyncio.wait_for(waiting, 5)
    assert answer["result"][0]["message"]["text"] == "wake up"
    assert 0.25 < time.monotonic() - started < 5


async def test_a_webhook_gets_updates_in_order_again_until_it_says_200(
    call: Raw, people: SandboxClient, ivan: int
) -> None:
    got: list[tuple[str | None, str]] = []

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["message"]["text"]))
        return web.Response(status=503 if len(got) == 1 else 200)

    application = web.Application()
    application.router.add_post("/hook", hook)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        await call("setWebhook", url=f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
        await people.say(ivan, "one")
        await people.say(ivan, "two")
        async with asyncio.timeout(10):
            while len(got) < 3:
                await asyncio.sleep(0.02)
        assert got == [("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two")]
        assert (await call("getUpdates"))[0] == 409
        await call("deleteWebhook")
        assert (await call("getUpdates"))[0] == 200
    finally:
        await runner.cleanup()


async def test_faults_strike_when_ordered(call: Raw, people: SandboxClient, ivan: int) -> None:
    await people.fault("500", method="sendMessage")
    assert (await call("sendMessage", chat_id=ivan, text="one"))[0] == 500
    assert (await call("sendMessage", chat_id=ivan, text="two"))[0] == 200
    for kind in ("drop", "lost"):
        await people.fault(kind, method="sendMessage")
        with pytest.raises(aiohttp.ClientError):
            await call("sendMessage", chat_id=ivan, text=kind)
    await people.fault("hang", method="sendMessage", seconds=0.3)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=ivan, text="hang")
    shown = [one.text for one in await people.messages(ivan)]
    assert shown == ["two", "lost"]
    assert [one["text"] for one in await people.log()] == shown


async def test_flood_limits_are_on_unless_turned_off() -> None:
    running = await start()
    try:
        async with SandboxClient(running.address) as people, aiohttp.ClientSession() as session:
            call, ivan = Raw(running, session), await people.person("Ivan", started=True)
            answers = [await call("sendMessage", chat_id=ivan, text=str(turn)) for turn in range(5)]
            refused = [answer for status, answer in answers if status == 429]
            assert refused
            assert refused[0]["parameters"]["retry_after"] >= 1
            others = [await people.person(f"Person {turn}", started=True) for turn in range(40)]
            answers = [await call("sendMessage", chat_id=one, text="all at once") for one in others]
            assert [status for status, _ in answers].count(200) <= 31
            group = (await people.post("group", title="Many", members=[ivan]))["chat_id"]
            await asyncio.sleep(1.1)
            answers = [await call("sendMessage", chat_id=group, text="x") for _ in range(25)]
            assert [status for status, _ in answers].count(200) <= 20
    finally:
        await running.stop()
