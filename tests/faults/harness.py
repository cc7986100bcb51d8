"""What a fault run is: something lived through by number and seed, and what must be true after it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from random import Random

Numbers = Mapping[str, int]


class Edition(IntEnum):
    """Where something is played: in `make test` and all others, in `make check` and the full one, or only there."""

    QUICK = 1
    SMALL = 2
    FULL = 3


@dataclass(frozen=True, slots=True)
class Given:
    """What a run is given.

    Attributes:
        folder: one of its own, which goes away.
        numbers: how many of what; a run names its own.
        off: the protection that is switched off, in a control; empty otherwise.
        going: a file in which a long run may keep what is done of it, to go on there when it is begun again.
    """

    folder: Path
    numbers: Numbers
    seed: int
    off: str = ""
    going: Path | None = None

    def random(self) -> Random:
        """Begin the sequence of this seed; the same one each time."""
        return Random(self.seed)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found.

    Attributes:
        broken: each promise that was broken, in words that begin with its kind, such as "lost: Letter 00012".
        figures: what was counted on the way, for people.
    """

    broken: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Control:
    """The same run without a protection: it must break a promise, or the run shows nothing.

    Args:
        off: the protection, as `Given.off` names it.
        breaks: the kinds of promise of which at least one must be broken.
        numbers: what differs from the small edition; a control is no larger in the full one.
        edition: the least one it is played in.
    """

    off: str
    breaks: tuple[str, ...]
    numbers: Numbers = field(default_factory=dict)
    edition: Edition = Edition.SMALL


@dataclass(frozen=True, slots=True)
class Run:
    """One fault.

    Args:
        name: of words and hyphens; results are kept under it.
        live: lives through it, and tells what was found.
        numbers: of the full edition.
        small: what differs in the small edition.
        quick: what differs from the small edition in the quick one.
        edition: the least one it is played in.
        seeds: of the full edition; the small one takes the first.
        minutes: about how long one seed takes in the full edition.
    """

    name: str
    live: Callable[[Given], Awaitable[Outcome]]
    numbers: Numbers
    small: Numbers
    quick: Numbers = field(default_factory=dict)
    edition: Edition = Edition.SMALL
    seeds: tuple[int, ...] = (1,)
    controls: tuple[Control, ...] = ()
    minutes: float = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A run with its numbers and a seed, or one of its controls: what is done at one go and has one result."""

    run: Run
    numbers: Numbers
    seed: int
    control: Control | None = None

    @property
    def name(self) -> str:
        """Name it, as results and tests do."""
        return f"{self.run.name} without {self.control.off}" if self.control else self.run.name

    @property
    def minutes(self) -> float:
        """Tell about how long it takes."""
        return 1.0 if self.control else self.run.minutes

    async def live(self, folder: Path, going: Path | None = None) -> Outcome:
        """Live through it in a folder of its own; what is done of a long one may be kept in a file."""
        off = self.control.off if self.control else ""
        print(f"{self.name}, seed {self.seed}:", ", ".join(f"{name}={count}" for name, count in self.numbers.items()))
        return await self.run.live(Given(folder, self.numbers, self.seed, off, going))

    def faults(self, broken: tuple[str, ...]) -> list[str]:
        """Tell what is wrong: a broken promise, or a control that broke none."""
        if self.control is None:
            return list(broken)
        if any(words.startswith(self.control.breaks) for words in broken):
            return []
        return [f"without {self.control.off} nothing of {self.control.breaks} was broken: {broken[:3]}"]


def cases(run: Run, edition: Edition) -> list[Case]:
    """List what is played of a run in an edition: itself, with each seed in the full one, and its controls."""
    small = {**run.numbers, **run.small}
    numbers = {Edition.QUICK: {**small, **run.quick}, Edition.SMALL: small, Edition.FULL: run.numbers}[edition]
    seeds = run.seeds if edition is Edition.FULL else run.seeds[:1]
    chosen = [Case(run, numbers, seed) for seed in seeds] if run.edition <= edition else []
    controls = [control for control in run.controls if control.edition <= edition]
    return chosen + [Case(run, {**small, **control.numbers}, run.seeds[0], control) for control in controls]


def all_runs() -> list[Run]:
    """Find the runs: each module `fault_…` of this folder has a list `RUNS`."""
    modules = sorted(
        one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]) if one.name.startswith("fault_")
    )
    return [run for name in modules for run in importlib.import_module(f"tests.faults.{name}").RUNS]
