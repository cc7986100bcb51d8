"""Letters that nobody wrote: whatever comes, it is read, in time, and nothing is thrown."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from multiprocessing import get_context
from pathlib import Path
from time import process_time

from core.intake.parse.bodies import TEXT_CHARACTERS
from core.intake.reading import read
from core.intake.rules.identity import content_hash
from tests.faults.harness import Control, Given, Outcome, Run
from tests.faults.mutations import corpus, mutated

#: Seconds that a letter may take, of the processor.
_LONGEST_S = 1.0

#: Seconds of the processor after which a letter is given up: some have been read without end.
_GIVEN_UP_S = 10.0

#: So many letters are read at one go in one process.
_BLOCK = 2_000

#: Megabytes that a process may grow by while it reads.
_GROWTH_MB = 300


@dataclass(frozen=True, slots=True)
class _Block:
    """What came of the letters from one number on.

    Attributes:
        slowest_s: seconds of the processor that the slowest took.
        grown_mb: what the process grew by meanwhile.
    """

    first: int
    letters: int
    broken: list[str]
    kinds: dict[str, int]
    slowest_s: float
    grown_mb: float


async def _live(given: Given) -> Outcome:
    first = given.seed * 10_000_000
    last = first + given.numbers["letters"]
    blocks = _done(given.going)
    left = [at for at in range(first, last, _BLOCK) if at not in {one.first for one in blocks}]
    if blocks:
        print(f"{sum(one.letters for one in blocks)} of them were read before", flush=True)
    # A process of its own for a few blocks: what it keeps of memory is then its own too.
    pool = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), max_tasks_per_child=20)
    try:
        turns = [asyncio.wrap_future(pool.submit(_read_block, at, min(at + _BLOCK, last), given.off)) for at in left]
        for turn in asyncio.as_completed(turns):
            blocks.append(await turn)
            _keep(given.going, blocks[-1])
    finally:
        pool.shutdown(cancel_futures=True)
    kinds = sum((Counter(one.kinds) for one in blocks), Counter[str]())
    figures = {
        "letters": sum(one.letters for one in blocks),
        "slowest ms": round(max(one.slowest_s for one in blocks) * 1000),
        "grown MB": round(max(one.grown_mb for one in blocks)),
    }
    return Outcome(tuple(words for one in blocks for words in one.broken), {**figures, **kinds})


def _done(going: Path | None) -> list[_Block]:
    """Read what was done before; a line that a kill cut off is done again."""
    found = []
    for line in going.read_text().splitlines() if going and going.exists() else []:
        with suppress(ValueError):
            found.append(_Block(**json.loads(line)))
    return found


def _keep(going: Path | None, block: _Block) -> None:
    if going is not None:
        with going.open("a") as file:
            file.write(f"{json.dumps(asdict(block))}\n")


def _read_block(first: int, last: int, off: str) -> _Block:
    letters, ask = corpus(), _as_others_do if off else _as_the_desk_does
    broken, kinds, slowest = list[str](), Counter[str](), 0.0
    ask(letters[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(first, last):
        raw = mutated(number, letters)
        begun = process_time()
        words = _try(ask, raw, kinds)
        took = process_time() - begun
        slowest = max(slowest, took)
        words += [f"slow: {took:.2f} s"] if took > _LONGEST_S else []
        broken += [f"{one} (letter {number})" for one in words]
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    broken += [f"grown: {grown_mb:.0f} MB"] if grown_mb > _GROWTH_MB else []
    return _Block(first, last - first, broken, dict(kinds), slowest, grown_mb)


class _GivenUp(BaseException):
    """A letter takes too long; nothing that reads it may catch this."""


def _give_up(_number: int, _frame: object) -> None:
    raise _GivenUp


def _try(ask: Callable[[bytes], list[str]], raw: bytes, kinds: Counter[str]) -> list[str]:
    signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, _GIVEN_UP_S)
    try:
        found = ask(raw)
    except _GivenUp:
        return []  # it is told that it was slow
    except Exception as error:  # noqa: BLE001 - what is thrown is what is looked for
        return [f"thrown: {type(error).__name__}: {str(error)[:100]}"]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    kinds.update(found)
    return [one for one in found if ":" in one]


def _as_the_desk_does(raw: bytes) -> list[str]:
    """Read a letter, and tell what kind it is or what is wrong."""
    understood = read(raw, "eve@example.com")
    letter, kind = understood.letter, understood.kind
    content_hash(raw)
    told = [
        name for name in ("bounce", "auto_reply", "feedback_report", "receipt", "mailing_list") if getattr(kind, name)
    ]
    if len(letter.text) > 2 * TEXT_CHARACTERS:
        told.append(f"long: {len(letter.text)} characters")
    if letter.text.strip() and not letter.own_words.strip():
        told.append("lost: words, but none of the sender's")
    for what, text in (("subject", letter.subject), ("text", letter.text), ("words", letter.own_words)):
        if "\x00" in text or (not text.isascii() and text.encode("utf-8", "replace").decode() != text):
            told.append(f"unspeakable: {what}")
    return told


def _as_others_do(raw: bytes) -> list[str]:
    """Read a letter with the library alone, as most programs do."""
    message = message_from_bytes(raw, policy=policy.default)
    for name in ("from", "to", "subject", "message-id", "references", "date"):
        str(message[name])
    for part in message.walk():
        if not part.is_multipart():
            part.get_content()
            part.get_filename()
    return []


RUNS = [
    Run(
        "letters",
        _live,
        numbers={"letters": 200_000},
        small={"letters": 2_000},
        quick={"letters": 500},
        seeds=(1, 2, 3, 4, 5),
        controls=(Control("care", ("thrown", "slow"), {"letters": 1_000}),),
        minutes=8,
    )
]
