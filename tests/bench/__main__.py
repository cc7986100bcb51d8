"""`make bench`: measure, and print tables."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import contention, door, letters, lists


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    """Run every measurement, in a folder that goes away."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("aiosmtpd", "SQLAlchemy", "python-telegram-bot"))
    _say(f"Python {platform.python_version()} on {platform.machine()}; {parts}\n")
    _say("## The mail door\n")
    with TemporaryDirectory() as folder:
        door.measure(Path(folder), _say)
    _say("\n## A letter, from the door to its case\n")
    with TemporaryDirectory() as folder:
        letters.measure(Path(folder), _say)
    _say("\n## Accept, by eight at once\n")
    with TemporaryDirectory() as folder:
        contention.measure(Path(folder), _say)
    _say("\n## Lists, cards and sweeps, with very many cases\n")
    lists.measure(_say)


if __name__ == "__main__":
    main()
