"""One person who presses buttons on one item after the other, in a process of its own, and writes down each answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event

from core.activities import actions as work
from core.cases import actions as cases
from core.desk import Desk
from core.errors import Refused, TryLater
from core.people import queries as people
from core.people.views import Representative
from core.settings import House
from core.store.engine import Engines, open_engines

VERBS = ("accept", "accept", "forward", "assign")

#: What people do who come by the same few items again and again, as often as it stands here.
EVERY_VERB = (
    *("accept",) * 4, *("forward",) * 3, *("assign",) * 2, *("release",) * 2, *("reopen",) * 2, "steal", "resolve",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """What one person presses.

    Attributes:
        log: where it is written down what was pressed and answered; who begins again goes on after it.
        items: each of them so often as there are rounds.
        queues: public ones, to forward to.
        people: to assign to.
        off: the protection that is switched off.
    """

    url: str
    log: Path
    me: int
    seed: int
    items: tuple[int, ...]
    queues: tuple[int, ...]
    people: tuple[int, ...]
    off: str = ""
    rounds: int = 1
    verbs: tuple[str, ...] = VERBS


@dataclass(frozen=True, slots=True)
class Press:
    """A press, and its answer: "done", the key of a refusal with its facts, "later", or none that was seen."""

    item: int
    verb: str
    answer: str = ""
    facts: dict[str, Any] | None = None


def presses(log: Path) -> list[Press]:
    """Read a log; a line that was not written to its end tells of no answer."""
    if not log.exists():
        return []
    found: list[Press] = []
    for line in log.read_text().splitlines():
        try:
            told = json.loads(line)
        except json.JSONDecodeError:
            continue
        if "answer" in told:
            found[-1] = Press(**told)
        else:
            found.append(Press(**told))
    return found


def press(task: Task) -> None:
    """Press until every item was pressed on in every round."""
    engines = open_engines(task.url, pool_size=1)
    if task.off == "lock":
        unlock(engines)
    desk = Desk(engines, House())
    me = desk.look(people.get, task.me)
    done = len(presses(task.log))
    with task.log.open("a") as log:
        log.write("\n")  # whatever line was not ended
        for number, (item, verb, to) in enumerate(_wishes(task)):
            if number >= done:
                _write(log, {"item": item, "verb": verb})
                answer, facts = _answer(desk, me, item, verb, to)
                _write(log, {"item": item, "verb": verb, "answer": answer, "facts": facts})


def _write(log: Any, told: dict[str, Any]) -> None:
    """Write a line that outlives the end of this process, though not a power cut."""
    log.write(json.dumps(told, default=str) + "\n")
    log.flush()


def _wishes(task: Task) -> Iterator[tuple[int, str, int]]:
    """Draw what is pressed: everybody comes by the same items at about the same time."""
    random = Random(task.seed)
    for item in task.items * task.rounds:
        verb = random.choice(task.verbs)
        yield item, verb, random.choice(task.queues if verb == "forward" else task.people)


#: What a verb takes besides the item and who presses: a person, a queue, or nothing.
_ACTIONS: dict[str, Callable[[Desk, Representative, int, int], object]] = {
    "accept": lambda desk, me, item, _to: desk.run(cases.accept, item, me),
    "forward": lambda desk, me, item, to: desk.run(work.forward, item, to, me),
    "assign": lambda desk, me, item, to: desk.run(work.assign, item, desk.look(people.get, to), me),
    "release": lambda desk, me, item, _to: desk.run(work.release, item, me),
    "steal": lambda desk, me, item, _to: desk.run(cases.steal, item, "it burns", me),
    "resolve": lambda desk, me, item, _to: desk.run(cases.resolve, item, me),
    "reopen": lambda desk, me, item, _to: desk.run(cases.reopen, item, me),
}


def _answer(desk: Desk, me: Representative, item: int, verb: str, to: int) -> tuple[str, dict[str, Any]]:
    try:
        _ACTIONS[verb](desk, me, item, to)
    except Refused as refused:
        return refused.key, dict(refused.facts)
    except TryLater:
        return "later", {}
    return "done", {}


def unlock(engines: Engines) -> None:
    """Take no lock: on PostgreSQL none of rows, on SQLite none of the database, whose writers begin without a word."""

    @event.listens_for(engines.change, "before_cursor_execute", retval=True)
    def careless(
        _connection: object, _cursor: object, statement: str, parameters: Any, *_more: object
    ) -> tuple[str, Any]:
        if statement == "BEGIN IMMEDIATE":
            return "SELECT 1", parameters
        return statement.replace(" FOR UPDATE", ""), parameters
