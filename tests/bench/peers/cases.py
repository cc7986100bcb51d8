"""From a letter to its case: the desk with its door, beside a django-helpdesk that finds its letters in a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench import letters
from tests.bench.door import Sent, made
from tests.bench.peers import helpdesk
from tests.bench.peers.missing import Missing
from tests.bench.rates import Rate, median

#: Letters a round for each.
LETTERS = 800

Contender = Callable[[Sequence[Sent]], Rate]


def measure(folder: Path, say: Callable[[str], None], rounds: int, count: int = LETTERS) -> None:
    """Give each the same letters, in turn, round by round."""
    with ExitStack() as stack:
        contenders = {"Cherha, one process, SQLite": _ours(stack, folder / "ours")}
        try:
            python = helpdesk.python(say)
        except Missing as missing:
            say(f"{missing}\n")
        else:
            contenders |= _theirs(stack, python, folder)
        told: dict[str, list[Rate]] = {name: [] for name in contenders}
        for _ in range(rounds + 1):  # the first warms up
            brought = list(made(count, letters.SIZE, apart=True))
            for name, take in contenders.items():
                told[name].append(take(brought))
    for line in table({name: median(rates[1:]) for name, rates in told.items()}):
        say(line)


def _ours(stack: ExitStack, folder: Path) -> Contender:
    folder.mkdir()
    database = f"sqlite:///{folder / 'desk.sqlite3'}"
    shape = stack.enter_context(letters.shape(folder, database, "", {("run",): "is running"}))
    return lambda brought: letters.round_of(shape, brought)


def _theirs(stack: ExitStack, python: Path, folder: Path) -> dict[str, Contender]:
    answering = stack.enter_context(helpdesk.running(python, folder / "answering"))
    silent = stack.enter_context(helpdesk.running(python, folder / "silent", "--unanswered"))
    return {answering.name: answering.round_of, f"{silent.name}, answering nobody": silent.round_of}


def table(medians: dict[str, Rate]) -> list[str]:
    """Set ours, the first, beside the others: the ratios are those of the medians."""
    ours = next(iter(medians.values()))
    lines = [
        "| what | letters/s | CPU ms a letter | ours / theirs, letters/s | ours / theirs, CPU |",
        "|---|---|---|---|---|",
    ]
    for name, one in medians.items():
        ratios = ("–", "–")
        if one is not ours:
            ratios = (f"{ours.per_second / one.per_second:.2f}", f"{ours.cpu_ms / one.cpu_ms:.2f}")
        lines.append(f"| {name} | {one.per_second:.0f} | {one.cpu_ms:.1f} | {' | '.join(ratios)} |")
    return lines
