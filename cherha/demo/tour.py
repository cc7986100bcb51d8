"""The tour: the whole journey of a case, played over HTTP and SMTP, checked step by step."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Callable
from email.message import EmailMessage

from bot.sandbox.client import SandboxClient, Seen
from cherha.demo.house import DemoDesk
from cherha.demo.mailbox import text_of

#: Where a letter of the tour comes from.
MARIA = "maria@customer.example"


class Tour:
    """Plays everybody, and tells what they see.

    Args:
        tell: called with each line of the transcript.
    """

    def __init__(self, desk: DemoDesk, client: SandboxClient, tell: Callable[[str], None]) -> None:
        self._desk = desk
        self._client = client
        self._tell = tell
        self._cast = desk.cast
        self._names = {desk.cast.olena: "Olena", desk.cast.taras: "Taras", desk.cast.ivan: "Ivan"}

    async def play(self) -> None:
        """Play every step.

        Raises:
            TimeoutError, LookupError, AssertionError: a step did not come true; the message says which words.
        """
        number, holder = await self._a_message_becomes_a_case()
        other = self._cast.taras if holder == self._cast.olena else self._cast.olena
        await self._it_is_accepted_and_answered(number, holder)
        winner = await self._it_is_forwarded_and_taken_once(number, holder, other)
        loser = other if winner == holder else holder
        await self._it_is_reassigned(number, winner, loser)
        await self._it_is_resolved_and_opened_again(number, loser)
        await self._a_letter_becomes_a_case()
        await self._lists_and_digest(loser)

    def _step(self, what: str) -> None:
        self._tell(f"\n[bold]{what}[/]")

    def _line(self, who: str, text: str) -> None:
        first, *rest = text.splitlines() or [""]
        self._tell(f"  {who:>7} │ {_plain(first)}")
        for line in rest[:7]:
            self._tell(f"          │ {_plain(line)}")

    async def _say(self, person: int, text: str, *, reply_to: int | None = None) -> Seen:
        said = await self._client.say(person, text, reply_to=reply_to)
        self._line(self._names[person], f"» {text}")
        return said

    async def _sees(self, person: int, words: str, *, after: int = 0, timeout_s: float = 20) -> Seen:
        seen = await self._client.wait_for(person, words, after=after, timeout_s=timeout_s)
        self._line(f"{self._names[person]} sees", seen.text)
        return seen

    async def _press(self, person: int, message: Seen, data: str) -> None:
        """Press the button with this verb, whatever language its label is in."""
        label, packed = next(
            ((label, packed) for row in message.buttons for label, packed in row if packed.startswith(f"1:{data}")),
            ("", ""),
        )
        if not packed:
            raise LookupError(f"no button {data!r} among {message.buttons}")
        toast = await self._client.press_data(person, message.id, packed)
        self._line(self._names[person], f"presses [{label}]" + (f"  →  {toast}" if toast else ""))

    async def _a_message_becomes_a_case(self) -> tuple[int, int]:
        self._step("A customer writes; it becomes a case in a representative's Assigned")
        ivan = self._cast.ivan
        await self._say(ivan, "Добрий день! Принтер на другому поверсі не друкує.")
        receipt = await self._sees(ivan, "№")
        number = int("".join(one for one in receipt.text.split("№")[1][:8] if one.isdigit()))
        holder = await self._first_of(f"№{number}", (self._cast.olena, self._cast.taras))
        return number, holder

    async def _first_of(self, words: str, people: tuple[int, ...]) -> int:
        end = asyncio.get_running_loop().time() + 20
        while asyncio.get_running_loop().time() < end:
            for person in people:
                if any(words in one.text and one.from_bot for one in await self._client.messages(person)):
                    await self._sees(person, words)
                    return person
            await asyncio.sleep(0.1)
        raise TimeoutError(f"{words!r} came to nobody")

    async def _it_is_accepted_and_answered(self, number: int, holder: int) -> None:
        self._step(
            "The representative accepts it: it leaves Assigned for In Progress, and the customer is told by whom"
        )
        card = await self._client.wait_for(holder, f"№{number}")
        await self._press(holder, card, "accept")
        await self._sees(self._cast.ivan, "займається")
        self._step("A reply to the card answers the customer; ten seconds are left to take it back")
        await self._say(holder, "Вітаю! Вимкніть його на хвилину й увімкніть знову.", reply_to=card.id)
        await self._sees(holder, f"№{number}", after=card.id + 1)
        await self._sees(self._cast.ivan, "Вимкніть", timeout_s=30)
        await self._say(self._cast.ivan, "Не допомогло, блимає червоним.")
        await self._sees(holder, "блимає")

    async def _it_is_forwarded_and_taken_once(self, number: int, holder: int, other: int) -> int:
        """Forward it, and let two press at the same moment; returns the one who got it."""
        self._step("It is forwarded to a public queue; two press Accept at once, one gets it, the other reads who did")
        await self._say(holder, f"/forward {number} VIP")
        cards = {holder: await self._sees(holder, "VIP")}
        await self._say(other, f"/case {number}")
        cards[other] = await self._client.wait_for(other, lambda one: bool(_data(one, "accept")), timeout_s=20)
        pressing = (self._client.press_data(person, card.id, f"1:accept:{number}") for person, card in cards.items())
        toasts = dict(zip(cards, await asyncio.gather(*pressing), strict=True))
        for person, toast in toasts.items():
            self._line(self._names[person], f"presses [✅]  →  {toast}")
        winners = [
            one for one, rival in ((holder, other), (other, holder)) if self._names[one] in (toasts[rival] or "")
        ]
        if len(winners) != 1:
            raise AssertionError(f"one of the two should read that the other took it, not {toasts}")
        return winners[0]

    async def _it_is_reassigned(self, number: int, by: int, to: int) -> None:
        self._step("It is reassigned: into the other's Assigned")
        before = (await self._client.last(to)).id
        await self._say(by, f"/assign {number} {self._names[to].lower()}")
        card = await self._sees(to, f"№{number}", after=before)
        await self._press(to, card, "accept")

    async def _it_is_resolved_and_opened_again(self, number: int, holder: int) -> None:
        self._step("It is resolved; the customer says that it is not, and it is open again")
        ivan = self._cast.ivan
        await self._say(holder, f"/resolve {number} замінено картридж")
        told = await self._sees(ivan, "замінено картридж")
        before = (await self._client.last(holder)).id
        await self._press(ivan, told, "not_solved")
        await self._sees(holder, f"№{number}", after=before)

    async def _a_letter_becomes_a_case(self) -> None:
        self._step("A letter comes in through SMTP, becomes a case, is answered, and the answer is a letter again")
        await asyncio.to_thread(
            self._post, "Invoice 17 is wrong", "Hello,\n\nthe total of invoice 17 is wrong.\n\nMaria"
        )
        receipt = await self._desk.mailbox.wait_for(MARIA, "№")
        self._line("Maria", f"reads: {receipt['Subject']}")
        holder = await self._first_of("invoice 17", (self._cast.olena, self._cast.taras))
        card = await self._client.wait_for(holder, "invoice 17")
        await self._press(holder, card, "accept")
        await self._say(holder, "Thank you, a corrected invoice is on its way.", reply_to=card.id)
        answer = await self._desk.mailbox.wait_for(MARIA, "corrected invoice", timeout_s=40)
        self._line("Maria", f"reads: {answer['Subject']}\n{text_of(answer).strip()}")
        if not answer["In-Reply-To"] or not answer["Message-ID"]:
            raise AssertionError("the answer does not thread")
        await asyncio.to_thread(
            self._post,
            f"Re: {answer['Subject']}",
            "Got it, thank you!",
            str(answer["Message-ID"]),
            str(answer["Reply-To"]),
        )
        await self._sees(holder, "Got it, thank you!")

    def _post(self, subject: str, text: str, in_reply_to: str = "", to: str = "") -> None:
        letter = EmailMessage()
        letter["From"], letter["To"] = f"Maria Lopez <{MARIA}>", to or "desk@demo.example"
        letter["Subject"] = subject
        letter["Message-ID"] = f"<{abs(hash((subject, text)))}@customer.example>"
        if in_reply_to:
            letter["In-Reply-To"] = letter["References"] = in_reply_to
        letter.set_content(text)
        with smtplib.SMTP("127.0.0.1", self._desk.smtp_port, timeout=20) as client:
            client.send_message(letter)
        self._line("Maria", f"» writes a letter: {subject}")

    async def _lists_and_digest(self, person: int) -> None:
        self._step("Lists, missed cases, and the digest: it comes by itself at nine, and now because it is asked for")
        for command in ("/progress", "/queues", "/missed", "/digest now"):
            before = await self._say(person, command)
            await self._client.wait_for(person, lambda _one: True, after=before.id, timeout_s=20)
            await self._sees(person, "", after=before.id)


def _data(message: Seen, verb: str) -> str:
    return next((data for row in message.buttons for _, data in row if data.startswith(f"1:{verb}:")), "")


def _plain(text: str) -> str:
    """Keep the transcript's own marks apart from what people wrote."""
    return text.replace("[", "\\[")
