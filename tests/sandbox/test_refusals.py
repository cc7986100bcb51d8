"""What Telegram refuses is refused here too, so that a fault of the bot cannot hide."""

from __future__ import annotations

import io
from typing import Any

import aiohttp
import pytest

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running
from tests.sandbox.conftest import TOKEN, Raw

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000") + b"\x00" * 40


async def _refused(answer: tuple[int, dict[str, Any]], code: int, said: str) -> None:
    status, told = answer
    assert (status, told["ok"], told["error_code"]) == (code, False, code)
    assert said in told["description"]


@pytest.mark.parametrize(
    ("method", "facts"),
    [
        ("sendMessage", {"text": "Hello"}),
        ("sendLocation", {"latitude": 1, "longitude": 1}),
        ("sendChatAction", {"action": "typing"}),
    ],
)
async def test_a_bot_cannot_write_first_to_a_person_who_never_started_it(
    call: Raw, people: SandboxClient, method: str, facts: dict[str, Any]
) -> None:
    person = await people.person("Olena")
    await _refused(await call(method, chat_id=person, **facts), 403, "bot can't initiate conversation with a user")
    await people.say(person, "/start")
    assert (await call(method, chat_id=person, **facts))[0] == 200


async def test_a_press_or_an_unblocking_starts_the_bot_and_a_message_in_a_group_does_not(
    call: Raw, people: SandboxClient
) -> None:
    await call("getMe")
    olena, taras = await people.person("Olena"), await people.person("Taras")
    group = (await people.post("group", title="Support", members=[olena, taras]))["chat_id"]
    await people.post("say", person=olena, chat=group, text="Hello")
    await _refused(await call("sendMessage", chat_id=olena, text="x"), 403, "can't initiate")
    await people.block(taras, blocked=False)
    assert (await call("sendMessage", chat_id=taras, text="x"))[0] == 200


@pytest.mark.parametrize("way", ["never in it", "removed", "left"])
async def test_a_bot_cannot_use_a_group_that_it_is_not_in(
    call: Raw, people: SandboxClient, ivan: int, way: str
) -> None:
    await call("getMe")
    group = (await people.post("group", title="Support", members=[ivan], bot=way != "never in it"))["chat_id"]
    if way == "removed":
        await people.post("remove", person=ivan, chat=group)
    elif way == "left":
        sent = (await call("sendMessage", chat_id=group, text="x"))[1]["result"]
        assert (await call("leaveChat", chat_id=group))[0] == 200
        await _refused(
            await call("editMessageText", chat_id=group, message_id=sent["message_id"], text="y"), 403, "not a member"
        )
    for method, facts in (
        ("sendMessage", {"text": "x"}),
        ("sendChatAction", {"action": "typing"}),
        ("createForumTopic", {"name": "x"}),
        ("getChatMember", {"user_id": ivan}),
    ):
        await _refused(await call(method, chat_id=group, **facts), 403, "bot is not a member of the supergroup chat")
    heard = len((await call("getUpdates"))[1]["result"])
    await people.post("say", person=ivan, chat=group, text="Nobody hears me")
    assert len((await call("getUpdates"))[1]["result"]) == heard


async def test_a_bot_is_told_when_it_is_removed_from_a_group(call: Raw, people: SandboxClient, ivan: int) -> None:
    await call("getMe")
    group = (await people.post("group", title="Support", members=[ivan]))["chat_id"]
    await people.post("remove", person=ivan, chat=group)
    (*_, update) = (await call("getUpdates"))[1]["result"]
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert update["my_chat_member"]["chat"]["id"] == group


@pytest.mark.parametrize(
    ("method", "facts"),
    [("editMessageText", {"text": "y"}), ("editMessageReplyMarkup", {}), ("sendChatAction", {"action": "typing"})],
)
async def test_nothing_goes_to_a_chat_that_blocked_the_bot(
    call: Raw, people: SandboxClient, ivan: int, method: str, facts: dict[str, Any]
) -> None:
    sent = (await call("sendMessage", chat_id=ivan, text="x"))[1]["result"]
    await people.block(ivan)
    answer = await call(method, chat_id=ivan, message_id=sent["message_id"], **facts)
    await _refused(answer, 403, "bot was blocked by the user")


async def test_nothing_goes_to_an_account_that_is_no_more(call: Raw, people: SandboxClient, ivan: int) -> None:
    await people.post("deactivate", person=ivan)
    await _refused(await call("sendMessage", chat_id=ivan, text="x"), 403, "user is deactivated")


NO_ACTION = {"inline_keyboard": [[{"text": "Go"}]]}


@pytest.mark.parametrize(
    ("method", "facts", "said"),
    [
        ("sendMessage", {"text": "x", "message_thread_id": "soon"}, ""),
        ("sendMessage", {"text": "x", "reply_parameters": {}}, ""),
        ("sendMessage", {"text": "x", "reply_parameters": "no"}, ""),
        ("sendMessage", {"text": "x", "reply_markup": NO_ACTION}, "Text buttons are unallowed"),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": 7}}, ""),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [["Go"]]}}, ""),
        ("sendMediaGroup", {"media": [{}, {}]}, ""),
        ("sendMediaGroup", {"media": 7}, ""),
        ("sendLocation", {}, "latitude is empty"),
        ("sendLocation", {"latitude": 999, "longitude": 1}, "nvalid location specified"),
        ("sendLocation", {"latitude": 1, "longitude": -181}, "nvalid location specified"),
        ("sendLocation", {"latitude": "nan", "longitude": 1}, "nvalid location specified"),
        ("sendChatAction", {"action": "dancing"}, "rong parameter action"),
        ("setMyCommands", {"commands": [{"command": "go"}]}, ""),
        ("setMyCommands", {"commands": [{"command": "Foo-Bar!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [], "language_code": "klingon"}, "nvalid language code"),
        ("setMyCommands", {"commands": [], "scope": {"type": "everybody"}}, "nsupported type"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 999}}, "chat not found"),
        ("getMyCommands", {"language_code": "EN"}, "nvalid language code"),
        ("setWebhook", {"url": "https://desk.example/x", "secret_token": "with spaces"}, "unallowed characters"),
        ("setWebhook", {"url": "https://desk.example/x", "secret_token": "x" * 257}, "too long"),
        ("setWebhook", {"url": "https://desk.example:8444/x"}, "ports 80, 88, 443 or 8443"),
        ("setWebhook", {"url": "http://127.0.0.1.evil.example/x"}, "HTTPS URL must be provided"),
        ("setWebhook", {"url": "https://desk.example:nan/x"}, ""),
        ("getUpdates", {"timeout": "long"}, ""),
        ("sendMessage", {"text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
    ],
)  # fmt: skip
async def test_parameters_that_are_none_are_a_bad_request(
    call: Raw, ivan: int, method: str, facts: dict[str, Any], said: str
) -> None:
    await _refused(await call(method, chat_id=ivan, **facts), 400, said)


@pytest.mark.parametrize("url", ["https://desk.example/x", "https://desk.example:8443/x", "http://localhost:9/x"])
async def test_a_webhook_on_an_allowed_port_or_on_this_machine_is_taken(call: Raw, url: str) -> None:
    assert (await call("setWebhook", url=url, secret_token="abc_DEF-1"))[0] == 200


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff\xfe"])
async def test_a_body_that_is_no_json_object_is_a_bad_request(api: Running, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{api.address}/bot{TOKEN}/sendMessage", data=body, headers=headers) as response,
    ):
        assert response.status == 400
        assert (await response.json())["ok"] is False


async def test_a_file_keeps_the_kind_that_it_was_sent_as(call: Raw, people: SandboxClient, ivan: int) -> None:
    await people.send_files(ivan, [("a.txt", "text/plain", b"a")])
    await people.send_files(ivan, [("a.png", "image/png", PNG)])
    document, photo = (one["message"] for one in (await call("getUpdates"))[1]["result"])
    sent = await call("sendPhoto", chat_id=ivan, photo=document["document"]["file_id"])
    await _refused(sent, 400, "can't use file of type Document as Photo")
    sent = await call("sendDocument", chat_id=ivan, document=photo["photo"][-1]["file_id"])
    await _refused(sent, 400, "can't use file of type Photo as Document")
    assert (await call("sendPhoto", chat_id=ivan, photo=photo["photo"][-1]["file_id"]))[0] == 200


async def _upload(api: Running, method: str, chat: int, field: str, content: bytes) -> tuple[int, dict[str, Any]]:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(chat))
    form.add_field(field, io.BytesIO(content), filename="a.png", content_type="image/png")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{api.address}/bot{TOKEN}/{method}", data=form) as response,
    ):
        return response.status, await response.json()


async def test_bytes_that_are_no_picture_are_no_photo(api: Running, ivan: int) -> None:
    await _refused(await _upload(api, "sendPhoto", ivan, "photo", b"not a picture"), 400, "IMAGE_PROCESS_FAILED")
    assert (await _upload(api, "sendPhoto", ivan, "photo", PNG))[0] == 200
    assert (await _upload(api, "sendDocument", ivan, "document", b"not a picture"))[0] == 200


async def test_an_upload_over_50_mb_is_refused_in_json(api: Running, ivan: int) -> None:
    answer = await _upload(api, "sendDocument", ivan, "document", b"x" * (60 * 1024 * 1024))
    await _refused(answer, 413, "Request Entity Too Large")
