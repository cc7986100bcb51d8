"""From a letter to its case: the desk with its door, beside programs that find their letters in a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter, process_time

from tests.bench import letters
from tests.bench.door import Sent, made
from tests.bench.peers import helpdesk, roundup
from tests.bench.peers.missing import Missing
from tests.bench.rates import Rate, median
from tests.bench.reading import looked_at

#: Letters a round for each.
LETTERS = 800

Contender = Callable[[Sequence[Sent]], Rate]


def measure(folder: Path, say: Callable[[str], None], rounds: int, count: int = LETTERS) -> None:
    """Give each the same letters, in turn, round by round."""
    with ExitStack() as stack:
        contenders = {"Cherha, one process, SQLite": _ours(stack, folder / "ours")}
        for name, peer in (("helpdesk", helpdesk), ("roundup", roundup)):
            try:
                found = peer.ways(stack, folder / name, say)
            except Missing as missing:
                say(f"{missing}\n")
            else:
                contenders |= {name: one.round_of for name, one in found.items()}
        contenders["Python's `email` alone: taken apart and looked at, nothing kept"] = _only_read
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


def _only_read(brought: Sequence[Sent]) -> Rate:
    """Do what everybody does at least: the floor of them all."""
    before, start = process_time(), perf_counter()
    for _, letter in brought:
        looked_at(letter)
    return Rate.of(len(brought), perf_counter() - start, process_time() - before)


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
