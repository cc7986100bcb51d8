"""Draw the picture of the chat page in README.md: `python -m tests.sandbox.picture docs/pictures/page.png`."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import ViewportSize

from bot.sandbox.client import SandboxClient
from cherha.demo.folder import held
from cherha.demo.house import DemoDesk
from tests.flows.house import data
from tests.sandbox.browser import chromium


async def _play(desk: DemoDesk, client: SandboxClient) -> None:
    """Let the customer write, a representative accept, answer and hand on, and the customer go on."""
    ivan, olena, taras = desk.cast.ivan, desk.cast.olena, desk.cast.taras
    await client.say(ivan, "Добрий день! Принтер на другому поверсі не друкує.")
    await client.wait_for(ivan, "№1")
    holder = await _holder(client, (olena, taras))
    if holder == taras:  # either may get it; on the picture it is Olena
        await client.say(taras, "/assign 1 olena")
    card = await client.wait_for(olena, lambda one: "№1" in one.text and bool(one.buttons), timeout_s=20)
    await client.press_data(olena, card.id, data(card, "accept"))
    await client.wait_for(ivan, "займається")
    await client.say(olena, "Вітаю! Вимкніть його на хвилину й увімкніть знову.", reply_to=card.id)
    await client.wait_for(ivan, "увімкніть", timeout_s=30)
    await client.say(ivan, "Дякую, друкує!")
    await client.wait_for(olena, "друкує!")
    await client.say(taras, "/queues")
    await client.wait_for(taras, "📚")


async def _holder(client: SandboxClient, people: tuple[int, int]) -> int:
    async with asyncio.timeout(20):
        while True:
            for person in people:
                if any(one.from_bot and "№1" in one.text for one in await client.messages(person)):
                    return person
            await asyncio.sleep(0.1)


async def draw(target: Path) -> None:
    """Start a demo in a folder of its own, play in it, and take a picture of the page."""
    with tempfile.TemporaryDirectory() as folder, held(Path(folder) / "demo") as own:
        async with DemoDesk(own, "Europe/Kyiv", smtp_port=0) as desk, SandboxClient(desk.page) as client:
            await _play(desk, client)
            async with chromium() as browser:
                size: ViewportSize = {"width": 1280, "height": 860}
                page = await browser.new_page(viewport=size, locale="en-US", reduced_motion="reduce")
                await page.goto(desk.page)
                await page.locator("body[data-ready]").wait_for()
                await page.wait_for_timeout(500)  # what fades in has come
                await page.screenshot(path=target)


def insist_on_a_font() -> None:
    """Refuse to draw boxes where the emoji of the desk should be."""
    known = subprocess.run(["fc-list", ":lang=und-zsye", "family"], capture_output=True, text=True, check=True).stdout
    if not known.strip():
        sys.exit("There is no font for emoji here: apt-get install fonts-noto-color-emoji")


if __name__ == "__main__":
    insist_on_a_font()
    asyncio.run(draw(Path(sys.argv[1])))
