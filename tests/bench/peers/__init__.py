"""What people would use instead of the desk, in the same run as ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bench.peers import cases, doors

ROUNDS = 5


def measure(folder: Path, say: Callable[[str], None], rounds: int = ROUNDS) -> None:
    """Measure letters to cases beside django-helpdesk, then the door beside Postfix."""
    folder.chmod(0o711)  # Postfix delivers as another user
    say("### Letters to cases\n")
    cases.measure(folder, say, rounds)
    say("\n### Letters kept\n")
    doors.measure(folder, say, rounds)
