"""Fault 2: messages and presses of buttons, while the bot is killed again and again, by polling and by webhook."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from sqlalchemy import select

from core.cases.model import Entry
from core.cases.rules import EntryKind
from core.desk import Tx
from core.history.model import Happened
from core.people.rules import Role
from tests.cherha.processes import free_port
from tests.faults.desks import FaultDesk, desk
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.kills import plan, play
from tests.faults.marks import REPEATED
from tests.faults.phones import DOES, Phones

#: Nothing may stand still for so long; without a protection, what is lost stays so.
_PATIENCE_S, _CONTROL_S = 60.0, 12.0


#: So begins what a representative is told of a customer's words.
_WORDS_OF_CUSTOMERS = "💬"


#: By webhook updates come one by one: with more of them waiting, a press would take too long to be seen.
_MANY = 60

#: What the log of the bot says of faults of ours, which must be none.
_OURS = ("update_failed", "updates_not_taken", "delivery_failed", "message_not_drawn", "card_not_drawn", "part_failed")


@dataclass
class Talks:
    """What customers wrote, in order: the only truth that the cases are held against.

    Attributes:
        pause_s: the longest that somebody waits between two messages.
        patient: they wait besides while the bot has not taken so many updates.
    """

    house: FaultDesk
    pause_s: float = 0.4
    patient: int | None = None
    wrote: dict[int, list[str]] = field(default_factory=dict)

    def messages(self) -> int:
        """Count what was written until now."""
        return sum(map(len, self.wrote.values()))

    async def talk(self, person: int, each: int, random: Random) -> None:
        """Write so many messages, waiting for nobody."""
        for turn in range(len(self.wrote.get(person, [])), len(self.wrote.get(person, [])) + each):
            while self.patient is not None and self.house.unconfirmed() > self.patient:
                await asyncio.sleep(0.1)
            text = f"Words {turn:03} of person {person}"
            await self.house.client.say(person, text)
            self.wrote.setdefault(person, []).append(text)
            await asyncio.sleep(random.random() * self.pause_s)


@dataclass(frozen=True, slots=True)
class Books:
    """What the desk wrote down: the words of each customer by case, in order, and what happened to each item."""

    entries: list[tuple[int, str]]
    verbs: dict[int, list[str]]


def _books(tx: Tx) -> Books:
    entries = select(Entry.work_id, Entry.text).where(Entry.kind == EntryKind.CUSTOMER).order_by(Entry.id)
    happened = select(Happened.work_id, Happened.verb).where(Happened.verb.in_(DOES.values())).order_by(Happened.id)
    verbs: dict[int, list[str]] = {}
    for number, verb in tx.session.execute(happened):
        verbs.setdefault(number or 0, []).append(verb)
    return Books([(number, text) for number, text in tx.session.execute(entries)], verbs)


def check(talks: Talks, phones: Phones, books: Books) -> list[str]:
    """Hold what the desk wrote down against what people wrote and pressed."""
    there = Counter(text for _, text in books.entries)
    broken = [f"twice: {text}" for text, times in there.items() if times > 1]
    cases: dict[str, list[tuple[int, str]]] = {}
    for number, text in books.entries:
        cases.setdefault(text.rpartition(" ")[2], []).append((number, text))
    for person, texts in talks.wrote.items():
        broken += [f"lost: {text}" for text in texts if text not in there]
        mine = cases.get(str(person), [])
        in_order = [text for _, text in mine] == [text for text in texts if text in there]
        if len({number for number, _ in mine}) > 1 or not in_order:
            broken.append(f"disordered: {person}")
    for number in phones.pressed.keys() | books.verbs.keys():
        broken += _compare(number, phones.pressed.get(number, []), books.verbs.get(number, []))
    return broken + [f"untold: {person}" for person in talks.wrote if not was_told(talks.house, person)]


def _compare(number: int, pressed: list[str], happened: list[str]) -> list[str]:
    lost, more = Counter(pressed) - Counter(happened), Counter(happened) - Counter(pressed)
    broken = [f"lost: {verb} of №{number}" for verb in lost.elements()]
    broken += [f"twice: {verb} of №{number}" for verb in more.elements()]
    return broken or ([f"disordered: presses of №{number}"] if pressed != happened else [])


def was_told(house: FaultDesk, person: int) -> bool:
    """Tell whether a customer reads the number of their case."""
    return any(
        one["from"]["is_bot"] and "№" in one.get("text", "")
        for one in house.api.sandbox.world.chats[person].messages.values()
    )


def faults_of_ours(house: FaultDesk) -> list[str]:
    """Find in the log what the desk itself takes for a fault of ours."""
    log = house.log()
    return [f"failed: {event}, {log.count(event)} times" for event in _OURS if event in log]


def _unmarked(house: FaultDesk, persons: Iterable[int]) -> list[str]:
    """Find what reached a customer, or a representative of a customer's words, twice without saying so.

    Who is killed again while repeating repeats once more: that says so too.
    """
    customers = set(persons)
    sent = [one for one in house.api.sandbox.world.log if one["method"] == "sendMessage"]
    told = Counter(
        (one["chat_id"], one["text"])
        for one in sent
        if REPEATED not in str(one["text"])
        and (one["chat_id"] in customers or str(one["text"]).startswith(_WORDS_OF_CUSTOMERS))
    )
    return [f"unmarked: {text}" for (_, text), times in told.items() if times > 1]


async def wait_until_whole(talks: Talks, phones: Phones, patience_s: float) -> list[str]:
    """Check until nothing is wrong, or until nothing has changed for so long."""
    loop = asyncio.get_running_loop()
    end, before = loop.time() + patience_s, None
    while (broken := check(talks, phones, await talks.house.look(_books))) and loop.time() < end:
        if broken != before:
            end, before = loop.time() + patience_s, broken
        await asyncio.sleep(0.5)
    return broken


async def _press(phones: Phones, representatives: list[int], presses: int, items: int, random: Random) -> None:
    """Let each of so many items be worked on as soon as its card has come."""
    begun: set[int] = set()
    async with asyncio.TaskGroup() as work:
        while len(begun) < items:
            new = [key for key in list(phones.cards) if key[1] not in begun and key[0] in representatives]
            for chat, number in new[: items - len(begun)]:
                begun.add(number)
                work.create_task(phones.work(chat, number, presses // items, Random(f"{random.random()}:{number}")))
            await asyncio.sleep(0.1)


def hook(way: str) -> dict[str, str]:
    """Tell a desk which way updates come."""
    port = free_port()
    if way == "polling":
        return {}
    address = f"127.0.0.1:{port}"
    return {"webhook_url": f"http://{address}/", "webhook_listen": address, "webhook_secret": "of-the-faults"}


async def _live(shape: str, way: str, given: Given) -> Outcome:
    numbers, random = given.numbers, given.random()
    people, presses = numbers["people"], numbers["presses"]
    each = numbers["messages"] // people
    patience_s = _CONTROL_S if given.off else _PATIENCE_S
    async with desk(given, shape, **hook(way)) as house:
        team = [await house.join(f"Person {one}", Role.REPRESENTATIVE) for one in range(numbers["representatives"])]
        phones, talks = Phones(house.client, house.api.sandbox.world, patience_s), Talks(house, patient=_MANY)
        persons = [await house.client.person(f"Chatter {one:03}") for one in range(people)]
        bot = "run" if shape == "embedded" else "bot"
        drawn = plan(given.seed, [bot], numbers["kills"], each * people + presses)
        async with asyncio.TaskGroup() as crowd:
            for person in persons:
                crowd.create_task(talks.talk(person, each, Random(f"{random.random()}")))
            crowd.create_task(_press(phones, team, presses, people, random))
            crowd.create_task(play(drawn, lambda: talks.messages() + phones.over(), house.strike))
        broken = await wait_until_whole(talks, phones, patience_s)
    broken += _unmarked(house, talks.wrote)
    broken += [] if given.off else faults_of_ours(house)
    broken += [f"stuck: №{number}" for number in phones.stuck]
    figures = {"messages": talks.messages(), "presses": phones.presses(), "kills": sum(house.struck.values())}
    return Outcome(tuple(broken), figures)


_FULL = {"messages": 5000, "presses": 5000, "people": 100, "kills": 50, "representatives": 10}
_SMALL = {"messages": 60, "presses": 30, "people": 6, "kills": 2, "representatives": 2}
_CONTROL = {"messages": 100, "presses": 0, "people": 20}

RUNS = [
    Run(
        "chats-polling",
        partial(_live, "chat", "polling"),
        numbers=_FULL,
        small=_SMALL,
        edition=Edition.FULL,
        controls=(Control("inbox", ("lost",), _CONTROL, Edition.FULL),),
        minutes=18,
    ),
    Run(
        "chats-webhook",
        partial(_live, "embedded", "webhook"),
        numbers=_FULL,
        small=_SMALL,
        controls=(Control("inbox", ("lost",), _CONTROL),),
        minutes=18,
    ),
]
