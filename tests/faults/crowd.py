"""A crowd of customers who write letters and messages, and remember for themselves what was taken."""

from __future__ import annotations

import asyncio
import smtplib
from dataclasses import dataclass, field

from tests.flows.house import FlowDesk, letter

#: So many people write letters at the same time.
STREAMS = 8


@dataclass
class Crowd:
    """Who wrote what: the only truth that the desk is held against.

    Attributes:
        letters: subjects of letters that were answered with 250.
        messages: what each person wrote in chat, in order.
        resent: letters that were sent again because no 250 came.
    """

    house: FlowDesk
    letters: list[str] = field(default_factory=list)
    messages: dict[int, list[str]] = field(default_factory=dict)
    resent: int = 0

    def events(self) -> int:
        """Count what was taken until now."""
        return len(self.letters) + sum(map(len, self.messages.values()))

    async def write_letters(self, count: int) -> None:
        """Write letters, each by a person of its own, and each until it is taken."""
        numbers = iter(range(count))

        async def stream() -> None:
            for number in numbers:
                await self._write(number)

        await asyncio.gather(*(stream() for _ in range(STREAMS)))

    async def _write(self, number: int) -> None:
        subject = f"Letter {number:05}"
        made = letter(f"writer{number:05}@customer.example", subject, f"The words of letter {number:05}.")
        while True:
            try:
                await self.house.post(made)
            except (OSError, smtplib.SMTPException):
                self.resent += 1
                await asyncio.sleep(0.05)
            else:
                self.letters.append(subject)
                return

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
