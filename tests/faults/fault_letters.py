"""Letters that nobody wrote: whatever comes, it is read, in time, and nothing is thrown."""

from __future__ import annotations

import asyncio
import os
import resource
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from email import message_from_bytes, policy
from multiprocessing import get_context
from time import process_time

from core.intake.parse.bodies import TEXT_CHARACTERS
from core.intake.reading import read
from core.intake.rules.identity import content_hash
from tests.faults.harness import Control, Given, Outcome, Run
from tests.faults.mutations import corpus, mutated

#: Seconds that a letter may take, of the processor.
_LONGEST_S = 1.0

#: So many letters are read at one go in one process.
_BLOCK = 2_000

#: Bytes that a process may grow by while it reads.
_GROWTH_BYTES = 300 * 1024 * 1024


async def _live(given: Given) -> Outcome:
    first = given.seed * 10_000_000
    blocks = range(first, first + given.numbers["letters"], _BLOCK)
    last = first + given.numbers["letters"]
    loop = asyncio.get_running_loop()
    # A process of its own for a few blocks: what it keeps of memory is then its own too.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), max_tasks_per_child=20) as pool:
        turns = [loop.run_in_executor(pool, _read_block, at, min(at + _BLOCK, last), given.off) for at in blocks]
        found = await asyncio.gather(*turns)
    kinds = sum((one for _, one, _ in found), Counter[str]())
    broken = [words for one, _, _ in found for words in one]
    slowest = max(one for _, _, one in found)
    return Outcome(tuple(broken), {"letters": given.numbers["letters"], "slowest ms": round(slowest * 1000), **kinds})


def _read_block(first: int, last: int, off: str) -> tuple[list[str], Counter[str], float]:
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
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    return broken + ([f"grown: {grown} bytes"] if grown > _GROWTH_BYTES else []), kinds, slowest


def _try(ask: Callable[[bytes], list[str]], raw: bytes, kinds: Counter[str]) -> list[str]:
    try:
        found = ask(raw)
    except Exception as error:  # noqa: BLE001 - what is thrown is what is looked for
        return [f"thrown: {type(error).__name__}: {str(error)[:100]}"]
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
