"""The chat page by itself: what it makes of messages, and what it lets people do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.sandbox.client import SandboxClient
from bot.sandbox.server import Running, start
from tests.sandbox.browser import chromium

TOKEN = "4242:page-tests"

#: One browser for all, and so one event loop.
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def started_browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def browser(started_browser: Browser) -> AsyncIterator[Browser]:
    yield started_browser
    for context in started_browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def api() -> AsyncIterator[Running]:
    running = await start(limits=False, zone="Asia/Tokyo")
    yield running
    await running.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def people(api: Running) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(api.address) as client:
        yield client


class Bot:
    """A bot that sends what it is told to."""

    def __init__(self, client: SandboxClient) -> None:
        self._client = client

    async def __call__(self, method: str, **facts: Any) -> dict[str, Any]:
        assert self._client._session is not None
        async with self._client._session.post(f"{self._client.address}/bot{TOKEN}/{method}", json=facts) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"], answer
            return answer


@pytest_asyncio.fixture(loop_scope="module")
async def bot(people: SandboxClient) -> Bot:
    return Bot(people)


@pytest_asyncio.fixture(loop_scope="module")
async def ivan(people: SandboxClient) -> int:
    return await people.person("Ivan Melnyk", started=True)


async def _open(browser: Browser, api: Running, width: int = 1280) -> Page:
    page = await browser.new_page(viewport={"width": width, "height": 800}, locale="en-US", timezone_id="UTC")
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto(api.address)
    await page.locator("body[data-ready]").wait_for()
    return page


async def test_a_phone_opens_on_the_first_person_and_an_empty_chat_says_what_to_do(
    browser: Browser, api: Running, people: SandboxClient, ivan: int
) -> None:
    await people.person("Olena")
    page = await _open(browser, api, 390)
    await expect(page.locator(f'.chat[data-person="{ivan}"]')).to_be_visible()
    shown = "getComputedStyle(document.querySelector('.messages'), '::before').content"
    assert "you are the customer" in await page.evaluate(shown)
    await people.say(ivan, "Hello")
    await expect(page.locator("li.own", has_text="Hello")).to_be_visible()
    assert await page.evaluate(shown) == "none"


async def test_times_are_those_of_the_desk_in_24_hours(
    browser: Browser, api: Running, people: SandboxClient, ivan: int
) -> None:
    said = await people.say(ivan, "Hello")
    api.sandbox.world.chats[ivan].messages[said.id]["date"] = 1_764_082_800  # 15:00 UTC
    page = await _open(browser, api)
    await expect(page.locator("time")).to_have_text("00:00")


async def test_a_long_quotation_is_opened_by_a_click_and_stays_open(
    browser: Browser, api: Running, bot: Bot, ivan: int
) -> None:
    page = await _open(browser, api)
    lines = "\n".join(f"line {number}" for number in range(1, 9))
    quotes = f"<blockquote expandable>{lines}</blockquote><blockquote expandable>one</blockquote>"
    sent = await bot("sendMessage", chat_id=ivan, parse_mode="HTML", text=quotes)
    quote = page.locator("blockquote.expandable")
    await expect(quote).to_have_count(1)  # the short one has nothing to open
    closed = await quote.bounding_box()
    await quote.click()
    opened = await quote.bounding_box()
    assert closed is not None
    assert opened is not None
    assert closed["height"] < 80
    assert opened["height"] > 150
    await bot(
        "editMessageText", chat_id=ivan, message_id=sent["result"]["message_id"], parse_mode="HTML", text=quotes + "!"
    )
    await expect(page.locator("li", has_text="!")).to_be_visible()
    await expect(page.locator("blockquote.open")).to_be_visible()


async def test_an_invitation_is_followed_by_somebody_new(
    browser: Browser, api: Running, people: SandboxClient, bot: Bot, ivan: int
) -> None:
    page = await _open(browser, api)
    await bot("sendMessage", chat_id=ivan, text="Come: https://t.me/cherha_demo_bot?start=abc-_1.")
    await page.locator("a", has_text="start=abc-_1").click()
    await page.get_by_label("Name").fill("Maria Lys")
    await page.get_by_label("Name").press("Enter")
    await expect(page.locator(".chat", has_text="Maria Lys").locator("li.own")).to_contain_text("/start abc-_1")
    assert len(api.sandbox.world.people) == 2


async def test_adding_somebody_can_be_cancelled(browser: Browser, api: Running, ivan: int) -> None:
    page = await _open(browser, api)
    for way in ("Cancel", "Escape"):
        await page.get_by_role("button", name="+ customer").click()
        await page.get_by_label("Name").fill("Nobody")
        if way == "Cancel":
            await page.get_by_role("button", name="Cancel").click()
        else:
            await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).to_be_hidden()
    assert list(api.sandbox.world.people) == [ivan]


async def test_a_message_is_edited_in_a_box_of_its_size_and_what_was_being_written_comes_back(
    browser: Browser, api: Running, people: SandboxClient, ivan: int
) -> None:
    await people.say(ivan, "\n".join("1234567"))
    page = await _open(browser, api)
    box = page.locator("textarea")
    await box.fill("a draft")
    before = await box.bounding_box()
    await page.locator("li.own").hover()
    await page.get_by_role("button", name="edit").click()
    await expect(box).to_have_value("\n".join("1234567"))
    during = await box.bounding_box()
    assert before is not None
    assert during is not None
    assert during["height"] > before["height"] + 100
    await box.press("Escape")
    await expect(box).to_have_value("a draft")
    await box.press("Enter")
    await expect(page.locator("li.own")).to_have_count(2)
    assert [one.edited for one in await people.messages(ivan)] == [False, False]


async def test_a_command_that_needs_words_is_written_and_another_is_sent(
    browser: Browser, api: Running, people: SandboxClient, bot: Bot, ivan: int
) -> None:
    menu = {
        "email": "the customer's mail address (12 maria@example.com)", "task": "запланувати (завтра 9:00 рахунок)",
        "progress": "what you work on", "people": "who works here",
    }  # fmt: skip
    commands = [{"command": name, "description": told} for name, told in menu.items()]
    await bot("setMyCommands", commands=commands)
    page = await _open(browser, api)
    box = page.locator("textarea")
    for command in menu:
        await box.fill("")
        await page.get_by_role("button", name="Commands").click()
        await page.locator(".commands button", has_text=f"/{command}").click()
        if command in {"progress", "people"}:
            await expect(page.locator("li.own", has_text=f"/{command}")).to_be_visible()
            await expect(box).to_have_value("")
        else:
            await expect(box).to_have_value(f"/{command} ")


@pytest.mark.parametrize("width", [1280, 390])
async def test_the_labels_of_buttons_are_not_broken_inside_words(
    browser: Browser, api: Running, bot: Bot, people: SandboxClient, ivan: int, width: int
) -> None:
    for name in ("Olena", "Taras", "Maria"):
        await people.person(name)
    rows = [["💬 Відповісти", "↩️ Повернути", "✅ Вирішити"], ["дуже-довга-назва-черги-без-жодного-пробілу-" * 2]]
    keyboard = [[{"text": text, "callback_data": "x"} for text in row] for row in rows]
    await bot("sendMessage", chat_id=ivan, text="Card", reply_markup={"inline_keyboard": keyboard})
    page = await _open(browser, api, width)
    keys = await page.locator(".keys button").all()
    assert len(keys) == 4
    for key in keys:
        box = await key.bounding_box()
        assert box is not None
        assert box["height"] < 40
    cut = [await key.evaluate("one => one.scrollWidth > one.clientWidth") for key in keys]
    assert cut == [False, False, False, True]


async def test_that_there_are_more_columns_than_fit_can_be_seen(
    browser: Browser, api: Running, people: SandboxClient, ivan: int
) -> None:
    page = await _open(browser, api)
    tabs = page.locator("nav.tabs")
    for number in range(3):
        await people.person(f"Person {number}")
    await expect(page.locator(".chat")).to_have_count(4)
    await expect(tabs).to_be_hidden()  # four fit
    last = await people.person("Last")
    await expect(tabs).to_be_visible()
    await expect(page.locator(".chats.more-right")).to_be_visible()
    await tabs.get_by_text("Last").click()
    await expect(page.locator(f'.chat[data-person="{last}"] textarea')).to_be_in_viewport(ratio=1)
    await expect(page.locator(".chats.more-right")).to_have_count(0)
