"""The chat page as people use it: in a browser, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from core.people.rules import Role
from tests.flows.house import FlowDesk
from tests.sandbox.browser import chromium

PATIENCE_MS = 20_000


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[FlowDesk]:
    async with FlowDesk("embedded", tmp_path, sqlite_url, settings={"undo_s": "1"}) as running:
        yield running


async def _open(browser: Browser, address: str, width: int) -> tuple[Page, list[str]]:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    await page.goto(address)
    await page.locator("body[data-ready]").wait_for(timeout=PATIENCE_MS)
    return page, faults


async def _write(chat: Locator, words: str) -> None:
    await chat.locator("textarea").fill(words)
    await chat.locator("button.send").click()


async def _reply(chat: Locator, bubble: Locator, words: str) -> None:
    await bubble.hover()
    await bubble.get_by_role("button", name="Reply").click()
    await _write(chat, words)


@pytest.mark.long
async def test_a_customer_writes_and_a_representative_accepts_and_answers(browser: Browser, house: FlowDesk) -> None:
    olena = await house.join("Olena Koval", Role.ADMINISTRATOR)
    ivan = await house.client.person("Ivan Melnyk")
    page, faults = await _open(browser, house.api.address, 1280)
    customer, staff = (page.locator(f'.chat[data-person="{one}"]') for one in (ivan, olena))

    await _write(customer, "The printer does not print <b>at all</b>")
    await expect(customer.locator("li", has_text="request №1")).to_be_visible(timeout=PATIENCE_MS)
    card = staff.locator("li", has_text="does not print <b>at all</b>")
    await expect(card).to_be_visible(timeout=PATIENCE_MS)
    await card.get_by_role("button", name="Accept").click()
    await expect(card.get_by_role("button", name="Resolve")).to_be_visible(timeout=PATIENCE_MS)
    await expect(customer.locator("li", has_text="Olena Koval")).to_be_visible(timeout=PATIENCE_MS)

    await _reply(staff, card, "Switch it off and on")
    await expect(staff.locator("li", has_text="Undo")).to_be_visible(timeout=PATIENCE_MS)
    await expect(customer.locator("li:not(.own)", has_text="Switch it off and on")).to_be_visible(timeout=PATIENCE_MS)
    assert faults == []


@pytest.mark.long
async def test_a_phone_shows_one_chat_at_a_time_and_nothing_is_cut_off(browser: Browser, house: FlowDesk) -> None:
    olena = await house.join("Olena Koval", Role.ADMINISTRATOR)
    ivan = await house.client.person("Іван", language="uk")
    page, faults = await _open(browser, house.api.address, 390)
    await page.locator("nav.tabs button", has_text="Іван").click()
    await _write(page.locator(f'.chat[data-person="{ivan}"]'), "Доброго дня")
    await expect(page.locator("li", has_text="звернення №1")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.locator(f'.chat[data-person="{olena}"]')).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults == []
