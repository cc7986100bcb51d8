"""What is to be said, before it is put into words: a key with its facts, lines, buttons, a notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

Fact = Any
#: How a notice asks to be heard: `sound` rings, `silent` does not.
Sound = Literal["sound", "silent"]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its key, with the facts in it (text, numbers, instants, durations, or another `Said`)."""

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Make it a JSON object, to be kept in a row."""
        return {"key": self.key, "facts": {name: _pack(fact) for name, fact in self.facts.items()}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Said:
        """Read it back from what `to_json` made."""
        return cls(kept["key"], {name: _unpack(fact) for name, fact in kept["facts"].items()})


def said(key: str, /, **facts: Fact) -> Said:
    """Say a sentence by its key."""
    return Said(key, facts)


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: its label, the verb it stands for and the verb's arguments (numbers or short words)."""

    label: Said
    verb: str
    args: tuple[int | str, ...] = ()

    def to_json(self) -> list[Any]:
        """Make it a JSON list."""
        return [self.label.to_json(), self.verb, list(self.args)]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Button:
        """Read it back from what `to_json` made."""
        return cls(Said.from_json(kept[0]), kept[1], tuple(kept[2]))


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Lines and buttons for one reader: all that is ever shown in a chat, whether as an answer or unasked."""

    lines: tuple[Said, ...]
    buttons: Rows = ()

    def to_json(self) -> dict[str, Any]:
        """Make it a JSON object, to be kept in a row of the outbox."""
        return {
            "lines": [line.to_json() for line in self.lines],
            "buttons": [[button.to_json() for button in row] for row in self.buttons],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Notice:
        """Read it back from what `to_json` made."""
        return cls(
            tuple(Said.from_json(line) for line in kept["lines"]),
            tuple(tuple(Button.from_json(button) for button in row) for row in kept.get("buttons", [])),
        )


def notice(key: str, /, *, buttons: Rows = (), **facts: Fact) -> Notice:
    """Make a notice of one sentence."""
    return Notice((Said(key, facts),), buttons)


def _pack(fact: Fact) -> Any:
    match fact:
        case Said():
            return {"$said": fact.to_json()}
        case datetime():
            return {"$at": fact.isoformat()}
        case date():
            return {"$on": fact.isoformat()}
        case timedelta():
            return {"$span": fact.total_seconds()}
        case list() | tuple():
            return [_pack(one) for one in fact]
        case None | bool() | int() | float():
            return fact
        case _:
            return str(fact)


def _unpack(kept: Any) -> Fact:
    match kept:
        case {"$said": inner}:
            return Said.from_json(inner)
        case {"$at": str() as at}:
            return datetime.fromisoformat(at)
        case {"$on": str() as on}:
            return date.fromisoformat(on)
        case {"$span": float() | int() as span}:
            return timedelta(seconds=span)
        case list():
            return [_unpack(one) for one in kept]
        case _:
            return kept
