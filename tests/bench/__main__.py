"""`make bench`: measure, and print tables."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import chat, contention, door, house, letters, lists, peers, presses, reading

#: What is measured, by the word that asks for it alone.
PARTS = {
    "door": ("The mail door", door.measure),
    "letters": ("A letter, from the door to its case", letters.measure),
    "reading": ("Reading a letter", reading.measure),
    "chat": ("An update or a press, until it is answered", chat.measure),
    "house": ("A desk that waits", house.measure),
    "accept": ("Accept, by eight at once", contention.measure),
    "lists": ("Lists, cards and sweeps, with very many cases", lambda _folder, say: lists.measure(say)),
    "presses": ("A press, with very many open items", lambda _folder, say: presses.measure(say)),
    "peers": ("Beside peers", peers.measure),
}


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    """Run every measurement, or those named on the command line, each in a folder that goes away."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("aiosmtpd", "SQLAlchemy", "python-telegram-bot"))
    _say(f"Python {platform.python_version()} on {platform.machine()}; {parts}\n")
    for name in sys.argv[1:] or PARTS:
        head, measure = PARTS[name]
        _say(f"## {head}\n")
        with TemporaryDirectory() as folder:
            measure(Path(folder), _say)
        _say("")


if __name__ == "__main__":
    main()
