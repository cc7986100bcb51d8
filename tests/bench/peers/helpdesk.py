"""django-helpdesk, from PyPI."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.bench.peers import beside, inside_helpdesk
from tests.bench.peers.beside import Beside

#: Newest first, each within what was tried.
_PINS = ("django-helpdesk>=2.6.1,<2.7", "Django>=5.2,<5.3")


def python(say: Callable[[str], None]) -> Path:
    """Find the Python that has django-helpdesk, made if need be.

    Raises:
        Missing: it cannot be installed.
    """
    return beside.python("django-helpdesk", _PINS, say)


def ways(stack: ExitStack, folder: Path, say: Callable[[str], None]) -> dict[str, Beside]:
    """Run it as it answers each sender, and as it answers nobody.

    Raises:
        Missing: it cannot be installed.
    """
    found = python(say)
    answering = stack.enter_context(beside.running(inside_helpdesk, found, folder / "answering"))
    silent = stack.enter_context(beside.running(inside_helpdesk, found, folder / "silent", "--unanswered"))
    return {answering.name: answering, f"{silent.name}, answering nobody": silent}
