"""Programs of others that make tickets of letters: put into a Python of their own that is kept, and run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import ModuleType

from tests.bench import kept
from tests.bench.costs import cpu_s
from tests.bench.door import Sent
from tests.bench.peers.missing import Missing
from tests.bench.rates import Rate


def python(name: str, pins: Sequence[str], say: Callable[[str], None]) -> Path:
    """Find the Python that has a program, made if need be.

    Raises:
        Missing: it cannot be installed.
    """
    place = kept.folder() / name
    found, stamp, edition = place / "bin" / "python", place / "edition", "\n".join((sys.version, *pins))
    with kept.alone():
        if not stamp.exists() or stamp.read_text() != edition:
            say(f"({name} is being installed)")
            shutil.rmtree(place, ignore_errors=True)
            _install(name, pins, place, found)
            stamp.write_text(edition)
    return found


def _install(name: str, pins: Sequence[str], place: Path, found: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    said = ("--quiet", "--disable-pip-version-check")
    pip: tuple[str | Path, ...] = (sys.executable, "-m", "pip", "--python", found, "install", *said, *pins)
    try:
        for words in ((sys.executable, "-m", "venv", "--without-pip", place), pip):
            subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    except (OSError, subprocess.CalledProcessError) as error:
        told = (getattr(error, "stderr", "") or str(error)).strip().rpartition("\n")[2]
        raise Missing(f"{name} is left out, for pip could not install it here: {told}") from error


@dataclass(slots=True)
class Beside:
    """A running program, alone with its SQLite database.

    Attributes:
        name: what exactly it is, as it said itself.
        meets: it is made to know the senders of a round before the clock starts.
    """

    name: str
    _folder: Path
    _process: subprocess.Popen[str]
    meets: bool = False
    _tickets: int = 0

    def round_of(self, letters: Sequence[Sent]) -> Rate:
        """Let it make tickets of letters that lie in its folder, as a mail server would have put them there."""
        for number, (_, letter) in enumerate(letters):
            (self._folder / "mail" / f"{number}.eml").write_bytes(letter)
        if self.meets:
            self._ask("meet\n", "met:")
        before, start = cpu_s(self._process.pid), perf_counter()
        told = self._ask("take\n", "tickets:")
        rate = Rate.of(len(letters), perf_counter() - start, cpu_s(self._process.pid) - before)
        self._tickets += len(letters)
        if int(told) != self._tickets:
            raise RuntimeError(f"{told} tickets of {self._tickets} letters: {self._errors()}")
        return rate

    def learn_name(self) -> None:
        """Wait until it is ready, and learn what exactly it is."""
        self.name = self._ask("", "ready:")

    def _ask(self, words: str, expected: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(words)
        self._process.stdin.flush()
        head, _, told = self._process.stdout.readline().strip().partition(" ")
        if head != expected:
            raise RuntimeError(f"{self.name or 'it'} ended: {self._errors()}")
        return told

    def _errors(self) -> str:
        return (self._folder / "errors.log").read_text()[-2000:]


@contextmanager
def running(inside: ModuleType, python: Path, folder: Path, *words: str, meets: bool = False) -> Iterator[Beside]:
    """Run a program in a folder of its own for the block.

    Args:
        inside: what runs in its Python, and says "ready:" with a name and then "tickets:" with a count for each line.
    """
    (folder / "mail").mkdir(parents=True)
    command: list[str | Path] = [python, "-I", str(inside.__file__), folder, *words]
    with (folder / "errors.log").open("w") as errors:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    try:
        one = Beside("", folder, process, meets)
        one.learn_name()
        yield one
    finally:
        process.kill()
        process.communicate()
