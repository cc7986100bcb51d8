"""Roundup, from PyPI."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.bench.peers import beside, inside_roundup
from tests.bench.peers.beside import Beside

#: Newest first, each within what was tried.
_PINS = ("roundup>=2.6,<2.7",)


def ways(stack: ExitStack, folder: Path, say: Callable[[str], None]) -> dict[str, Beside]:
    """Run it for senders whom it knows, and for senders of whom each is to become a user first.

    Raises:
        Missing: it cannot be installed.
    """
    found = beside.python("roundup", _PINS, say)
    known = stack.enter_context(beside.running(inside_roundup, found, folder / "known", meets=True))
    new = stack.enter_context(beside.running(inside_roundup, found, folder / "new"))
    return {f"{known.name}, known senders": known, f"{new.name}, new senders": new}
