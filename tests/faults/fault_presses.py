"""Fault 5: eight people in eight processes press on the same items, and are killed while they do."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from random import Random
from time import monotonic, sleep
from typing import Any

from sqlalchemy import select

from core.cases import incoming
from core.desk import Desk, Tx
from core.history.model import Happened
from core.outbox.model import Owed
from core.work.model import Queue, Work
from tests.core.office import Office, key_of
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.pressing import EVERY_VERB, VERBS, Press, Task, press, presses
from tests.faults.stores import store

_PEOPLE = 8
_MOVES = {
    "accept": "accepted",
    "forward": "forwarded",
    "assign": "assigned",
    "release": "released",
    "steal": "stolen",
    "resolve": "resolved",
    "reopen": "reopened",
}

#: The queue of what is closed.
_NOWHERE = 0
_TAKEN = ("item.taken", "item.assigned_to_other")

#: So many cases are opened in one transaction.
_BATCH = 100

_PATIENCE_S = 120.0

#: Each process is a fork of one that has imported all it needs.
_processes = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Move:
    """What the history says of an item: who moved it how, from where to where; what is closed is `_NOWHERE`."""

    item: int
    verb: str
    by: int
    origin: int
    target: int
    at: str


async def _live(kind: str, given: Given) -> Outcome:
    return await asyncio.to_thread(_press, kind, given)


def _press(kind: str, given: Given) -> Outcome:
    """Let everybody press on every item; then hold what each was answered against history, places and messages."""
    _processes.set_forkserver_preload(["tests.faults.pressing"])
    with store(given, kind) as (url, engines):
        office = Office(engines)
        tasks = _tasks(given, office, url)
        kills = _play(given, tasks)
        logs = {task.me: presses(task.log) for task in tasks}
        checker = Checker(office.desk, logs)
        figures = Counter(one.answer or "unseen" for log in logs.values() for one in log)
        return Outcome(tuple(checker.broken()), {"kills": kills, "moves": checker.count, **figures})


def _tasks(given: Given, office: Office, url: str) -> list[Task]:
    staff = [office.join(f"Person {number}").id for number in range(_PEOPLE)]
    queues = [office.queue(name).id for name in ("VIP", "Billing", "Parts")]
    customer, items = office.customer(), []

    def open_cases(tx: Tx, count: int) -> list[int]:
        return [
            incoming.open_case(tx, customer, office.says(customer), queue=queues[number % 3]) for number in range(count)
        ]

    while len(items) < given.numbers["items"]:
        items += office.desk.run(open_cases, min(_BATCH, given.numbers["items"] - len(items)))
    rounds = given.numbers.get("rounds", 1)
    verbs = EVERY_VERB if rounds > 1 else VERBS
    who = tuple(items), tuple(queues), tuple(staff)
    return [Task(url, given.folder / f"{me}.log", me, given.seed + me, *who, given.off, rounds, verbs) for me in staff]


def _play(given: Given, tasks: Sequence[Task]) -> int:
    """Start everybody, kill one after the other at random moments, and start them again; returns how often."""
    random, kills, end = given.random(), 0, monotonic() + _PATIENCE_S
    running = [_start(task) for task in tasks]
    presses_in_all = given.numbers["items"] * given.numbers.get("rounds", 1) * len(tasks)
    moments = sorted(random.sample(range(presses_in_all // 20, presses_in_all * 9 // 10), given.numbers["kills"]))
    pressed = -1
    while any(one.is_alive() for one in running):
        if (now := _pressed(tasks)) != pressed:
            pressed, end = now, monotonic() + _PATIENCE_S
        assert monotonic() < end, "nobody presses any more"
        while kills < len(moments) and moments[kills] <= pressed:
            kills += 1
            _kill_one(running, tasks, random)
        sleep(0.02)
    codes = [one.exitcode for one in running]
    assert not any(codes), codes
    return kills


def _start(task: Task) -> Any:
    process = _processes.Process(target=press, args=(task,))
    process.start()
    return process


def _kill_one(running: list[Any], tasks: Sequence[Task], random: Random) -> None:
    index = random.randrange(len(running))
    running[index].kill()
    running[index].join()
    running[index] = _start(tasks[index])


def _pressed(tasks: Sequence[Task]) -> int:
    """Count roughly, by the size of the logs, how often was pressed."""
    return sum(task.log.stat().st_size for task in tasks if task.log.exists()) // 120


class Checker:
    """Holds what people were answered against what the desk says happened, and that against itself."""

    def __init__(self, desk: Desk, logs: dict[int, list[Press]]) -> None:
        self._desk = desk
        self._logs = logs
        self._queues = {row.id: row for row in desk.look(lambda tx: tx.session.scalars(select(Queue)).all())}
        self.moves: dict[int, list[Move]] = desk.look(_moves)
        self.count = sum(map(len, self.moves.values()))

    def broken(self) -> list[str]:
        """Tell what is not as it should be."""
        return [*self._places(), *self._winners(), *self._answers(), *self._losers(), *self._told()]

    def _places(self) -> list[str]:
        """Each item is where its last move brought it, and each move begins where the one before ended."""
        places = self._desk.look(
            lambda tx: {row.id: row.queue_id for row in tx.session.execute(select(Work.id, Work.queue_id))}
        )
        broken = []
        for item, moves in self.moves.items():
            if (places[item] or _NOWHERE) != moves[-1].target:
                broken.append(f"place: №{item} is in {places[item]}, its history ends in {moves[-1].target}")
            broken += [f"chain: №{item}: {one} then {two}" for one, two in pairwise(moves) if two.origin != one.target]
        return broken

    def _winners(self) -> list[str]:
        """Nobody moved what was in somebody else's hands just before, but for who said that they take it away."""
        return [
            f"winner: №{item}: {two}, though it was {self._owner(one.target)}'s"
            for item, moves in self.moves.items()
            for one, two in pairwise(moves)
            if two.verb != "stolen" and self._owner(one.target) not in {None, two.by}
        ]

    def _owner(self, queue: int) -> int | None:
        return None if queue == _NOWHERE else self._queues[queue].owner_id

    def _answers(self) -> list[str]:
        """What was answered with "done" happened, once; nothing else did, but what was not answered may have."""
        there = Counter((one.by, one.item, one.verb) for moves in self.moves.values() for one in moves if one.by)
        pressed: dict[str, Counter[tuple[int, int, str]]] = {"done": Counter(), "unseen": Counter()}
        for me, log in self._logs.items():
            for one in log:
                answer = "unseen" if one.answer in {"", "later"} else one.answer
                if answer in pressed:
                    pressed[answer][me, one.item, _MOVES[one.verb]] += 1
        lost, more = pressed["done"] - there, there - pressed["done"] - pressed["unseen"]
        more -= Counter(
            {(me, item, "accepted"): many for (me, item, verb), many in there.items() if verb == "resolved"}
        )
        return [f"lost: {one}" for one in lost] + [f"twice: {one}" for one in more]

    def _losers(self) -> list[str]:
        """Who was told that somebody else has it was told the truth: that person got it at that moment."""
        got = {(one.item, one.at) for moves in self.moves.values() for one in moves}
        return [
            f"loser: №{one.item}: {one.answer} {one.facts}"
            for log in self._logs.values()
            for one in log
            if one.answer in _TAKEN and (one.item, str((one.facts or {})["since"])) not in got
        ]

    def _told(self) -> list[str]:
        """The customer of a case was told of each new person who accepted it: a change and its message are one.

        What was accepted only to be resolved in the same moment is not told: they read that it is resolved.
        """
        owed: Counter[int] = Counter(self._desk.look(_told_customers))
        broken = []
        for item, moves in self.moves.items():
            ended = {(one.by, one.at) for one in moves if one.verb == "resolved"}
            begun = [one for one in moves if one.verb in {"accepted", "stolen"}]
            accepted = [one.by for one in begun if one.verb == "stolen" or (one.by, one.at) not in ended]
            due = sum(one != two for one, two in pairwise([0, *accepted]))
            if due != owed[item]:
                broken.append(f"told: №{item}: the customer is told {owed[item]} times of {due}")
        return broken


def _moves(tx: Tx) -> dict[int, list[Move]]:
    found: dict[int, list[Move]] = defaultdict(list)
    for row in tx.session.scalars(select(Happened).where(Happened.work_id.is_not(None)).order_by(Happened.id)):
        if "target" in row.facts or row.verb == "resolved":
            by = row.actor_id or 0 if row.actor_kind == "person" else 0
            origin = row.facts.get("origin", _NOWHERE)
            found[row.work_id or 0].append(
                Move(row.work_id or 0, row.verb, by, origin, row.facts.get("target", _NOWHERE), str(row.at))
            )
    return found


def _told_customers(tx: Tx) -> list[int]:
    rows = tx.session.scalars(select(Owed).where(Owed.contact_id.is_not(None)))
    return [row.work_id or 0 for row in rows if key_of(row) == "customer.accepted"]


_BREAKS = ("place", "chain", "winner", "lost", "twice", "told")
_FULL = {"items": 10_000, "kills": 50}
_SMALL = {"items": 30, "kills": 2}

#: 50,000 presses of every verb on the same twenty items.
_HAMMER, _SMALL_HAMMER = {"items": 20, "rounds": 313, "kills": 20}, {"items": 3, "rounds": 12, "kills": 2}

_KINDS = (("sqlite", Edition.FULL), ("postgresql", Edition.SMALL))

RUNS = [
    Run(
        f"presses-{kind}",
        partial(_live, kind),
        numbers=_FULL,
        small=_SMALL,
        edition=edition,
        seeds=(1, 2),
        controls=(Control("lock", _BREAKS, {"items": 60, "kills": 0}, edition=edition),),
        minutes=12,
    )
    for kind, edition in _KINDS
] + [
    Run(
        f"hammer-{kind}",
        partial(_live, kind),
        numbers=_HAMMER,
        small=_SMALL_HAMMER,
        edition=edition,
        seeds=(1,),
        controls=(Control("lock", _BREAKS, {"items": 3, "rounds": 40, "kills": 0}, edition=edition),),
        minutes=15,
    )
    for kind, edition in _KINDS
]
