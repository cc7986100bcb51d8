"""The phones of representatives: what the card of each item shows now, and presses of the buttons that are on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.sandbox.client import SandboxClient, seen
from bot.sandbox.model import World

#: What a press is written down as, once it was made.
DOES = {"accept": "accepted", "release": "released", "forward": "forwarded"}

#: A menu that was asked for may get lost, or the card be drawn anew in its place; then it is asked for again.
_AGAIN_S = 3.0

#: How often somebody forwards an item where it can be forwarded.
_FORWARD = 0.3

#: The buttons that tell a card from all other messages about an item.
_OF_CARDS = {"forward_menu", "forward"}


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of an item shows: the message it is, and the data of its buttons by their verb."""

    message: int
    buttons: dict[str, list[str]]


@dataclass
class Phones:
    """All phones, and what was pressed on them: the only truth that the history is held against.

    Attributes:
        cards: what is shown, by chat and item.
        pressed: by item, in order.
        stuck: items whose card did not change after a press.
        left_out: presses that nobody made, because of that.
    """

    client: SandboxClient
    world: World
    patience_s: float
    cards: dict[tuple[int, int], Card] = field(default_factory=dict)
    pressed: dict[int, list[str]] = field(default_factory=dict)
    stuck: list[int] = field(default_factory=list)
    left_out: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.world.listeners.add(self._look)

    def presses(self) -> int:
        """Count what was pressed until now."""
        return sum(map(len, self.pressed.values()))

    def over(self) -> int:
        """Count the presses that were made or never will be."""
        return self.presses() + self.left_out

    def _look(self, event: dict[str, Any]) -> None:
        if event["type"] not in {"message", "edit"}:
            return
        shown = seen(event["message"])
        buttons: dict[str, list[str]] = {}
        for _, data in (one for row in shown.buttons for one in row):
            buttons.setdefault(data.split(":")[1], []).append(data)
        if not _OF_CARDS & buttons.keys():
            return
        number = int(buttons[min(_OF_CARDS & buttons.keys())][0].split(":")[2])
        known = self.cards.get((event["chat"], number))
        if known is None or known.message <= shown.id:
            self.cards[event["chat"], number] = Card(shown.id, buttons)
            self._changed.set()
            self._changed = asyncio.Event()

    async def work(self, chat: int, number: int, presses: int, random: Random) -> None:
        """Take an item, give it back and forward it, so many presses, each after the card shows the last one's."""
        pressed = self.pressed.setdefault(number, [])
        for _ in range(presses):
            verb = await self._choose(chat, number, random, public="forwarded" in pressed)
            if verb is None:
                break
            card = self.cards[chat, number]
            await self._press(chat, card, random.choice(card.buttons[verb]))
            pressed.append(DOES[verb])
            if not await self._shows(chat, number, {"release"} if verb == "accept" else {"accept"}):
                break
        else:
            return
        self.stuck.append(number)
        self.left_out += presses - len(pressed)

    async def press_once(self, chat: int, number: int, verb: str) -> None:
        """Press a button that is on the card, whatever comes of it."""
        card = self.cards[chat, number]
        await self._press(chat, card, card.buttons[verb][0])
        self.pressed.setdefault(number, []).append(DOES[verb])

    async def _choose(self, chat: int, number: int, random: Random, *, public: bool) -> str | None:
        """Choose one of the buttons that are on the card; to forward takes a look at the queues first.

        Args:
            public: it was forwarded before, so where it can be accepted it is in a public queue.
        """
        while await self._shows(chat, number, {"accept", "release"}):
            card = self.cards[chat, number]
            here = "accept" if "accept" in card.buttons else "release"
            if (here == "accept" and public) or random.random() >= _FORWARD:
                return here
            await self._press(chat, card, card.buttons["forward_menu"][0])
            if await self._wait(chat, number, {"forward"}, _AGAIN_S):
                return "forward"
            # The menu may still come, in the place of what was shown.
        return None

    async def _press(self, chat: int, card: Card, data: str) -> None:
        await self.client.press_data(chat, card.message, data, wait_s=0.001)

    async def _shows(self, chat: int, number: int, verbs: set[str]) -> bool:
        """Wait until the card of an item has a button of one of these verbs; where a menu stands on it, go back."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.patience_s
        while not await self._wait(chat, number, verbs, min(_AGAIN_S, self.patience_s)):
            card = self.cards[chat, number]
            if loop.time() > end:
                return False
            if "forward" in card.buttons:
                await self._press(chat, card, card.buttons["card"][0])
        return True

    async def _wait(self, chat: int, number: int, verbs: set[str], patience_s: float) -> bool:
        try:
            async with asyncio.timeout(patience_s):
                while not verbs & self.cards[chat, number].buttons.keys():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True
