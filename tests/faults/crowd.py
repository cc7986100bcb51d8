"""A crowd of customers who write letters and messages, and remember for themselves what was taken."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf

from tests.faults.clients import Answer, Client, letter
from tests.faults.desks import FaultDesk

#: So many people write letters at the same time.
STREAMS = 8

_TO = "help@desk.example"

#: Who was not taken comes again after so long, and then after twice as long each time, up to the second.
_PAUSE_S, _LONGEST_S = 0.05, 0.5


@dataclass
class Crowd:
    """Who wrote what: the only truth that the desk is held against.

    Attributes:
        letters: subjects of letters that were answered with 250.
        messages: what each person wrote in chat, in order.
        answers: how often each code was the last that a client saw; 0 when none came.
        waited_s: the longest wait of a client for one answer.
        room: no letter is begun while so much has been taken.
    """

    house: FaultDesk
    letters: list[str] = field(default_factory=list)
    messages: dict[int, list[str]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    waited_s: float = 0.0
    room: float = inf
    _next: int = 0
    _flowing: bool = False

    def events(self) -> int:
        """Count what was taken until now."""
        return len(self.letters) + sum(map(len, self.messages.values()))

    def allow(self, events: float) -> None:
        """Let so much come in, and no more until told otherwise."""
        self.room = events

    async def write_letters(self, numbers: int | Iterator[int], *, pause_s: float = 0.0) -> None:
        """Write letters, each by a person of its own, and each until it is taken.

        Args:
            numbers: how many, or which.
            pause_s: each stream waits so long between two letters.
        """
        left = iter(range(numbers)) if isinstance(numbers, int) else numbers

        async def stream() -> None:
            for number in left:
                while self.events() >= self.room:
                    await asyncio.sleep(0.01)
                await self._write(number)
                await asyncio.sleep(pause_s)

        await asyncio.gather(*(stream() for _ in range(STREAMS)))

    @asynccontextmanager
    async def flow(self, per_second: int) -> AsyncIterator[None]:
        """Write about so many letters a second during the block; in the end all are taken."""

        def numbers() -> Iterator[int]:
            while self._flowing:
                self._next += 1
                yield self._next

        self._flowing = True
        writing = asyncio.create_task(self.write_letters(numbers(), pause_s=STREAMS / per_second))
        try:
            yield
        finally:
            self._flowing = False
            await writing

    async def _write(self, number: int) -> None:
        pause_s = _PAUSE_S
        while not (await self.hand_in(number)).taken:
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_S)
        self.letters.append(subject(number))

    async def hand_in(self, number: int, *, leave: bool = False) -> Answer:
        """Hand a letter in once; the same number is the same letter."""
        sender = f"writer{number:05}@customer.example"
        made = letter(sender, _TO, subject(number), f"The words of letter {number:05}.", f"{number}@customer.example")
        answer = await Client(self.house.smtp_port).hand_in(made, sender, _TO, leave=leave)
        self.answers[answer.code] += 1
        self.waited_s = max(self.waited_s, answer.waited_s)
        return answer

    async def chat(self, people: int, each: int) -> None:
        """Write so many messages by each of so many people; everybody waits for nobody."""
        persons = [await self.house.client.person(f"Chatter {number:03}") for number in range(people)]

        async def talk(number: int, person: int) -> None:
            for turn in range(each):
                text = f"Words {turn} of person {number:03}"
                await self.house.client.say(person, text)
                self.messages.setdefault(person, []).append(text)
                await asyncio.sleep(0.2)

        await asyncio.gather(*(talk(number, person) for number, person in enumerate(persons)))


def subject(number: int) -> str:
    """Name a letter."""
    return f"Letter {number:05}"
