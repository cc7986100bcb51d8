"""The errors a person can do something about; each carries the key of its sentence and the facts in it.

    DeskError
    ├── Refused      the rules of the desk say no; nothing has changed
    │   └── Misused  the words were not understood; the sentence shows how to say it
    ├── NotFound     there is no such thing that the asker may see
    ├── TryLater     not now: something we depend on is away or busy
    └── Misconfigured the desk cannot start like this; every fault is told at once

Anything else that is raised is a fault of ours: it gets one log line and a reference number.
"""

from __future__ import annotations

from datetime import timedelta


class DeskError(Exception):
    """An error with a sentence for the person who caused or met it."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.key}({told})" if told else self.key


class Refused(DeskError):
    """The rules of the desk say no; nothing has changed."""


class Misused(Refused):
    """The words were not understood; the sentence shows how to say it."""


class NotFound(DeskError):
    """There is no such thing that the asker may see."""


class TryLater(DeskError):
    """Not now: something we depend on is away or busy."""

    def __init__(self, key: str, *, after: timedelta = timedelta(seconds=5), **facts: object) -> None:
        super().__init__(key, **facts)
        self.after = after


class Misconfigured(Exception):
    """The desk cannot start like this.

    Args:
        faults: one sentence each, with what to do about it.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
