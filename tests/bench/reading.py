"""What reading one letter takes, beside the library that only takes it apart."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from core.intake.reading import read

ROUNDS = 7

#: Seconds that one of them is busy in one round.
_BUSY_S = 0.5

_WORDS = "Добрий день! Принтер на третьому поверсі знову не друкує, хоча його лагодили в понеділок. The code is E-17.\n"


def _letters() -> dict[str, bytes]:
    small = EmailMessage()
    small["From"], small["To"] = "Марія Лопес <maria@customer.example>", "help@desk.example"
    small["Subject"], small["Message-ID"] = "Принтер не друкує", "<1@customer.example>"
    small["References"] = "<0@customer.example>"
    small.set_content(_WORDS * 6 + "\nOn 25/11/2026 18:11, Desk wrote:\n" + f"> {_WORDS}" * 3 + "\n-- \nMaria\n")
    small.add_alternative(f"<div>{_WORDS * 6}</div><blockquote type='cite'>{_WORDS * 3}</blockquote>", "html")
    photo = EmailMessage()
    photo["From"], photo["Subject"], photo["Message-ID"] = "maria@customer.example", "Photo", "<2@customer.example>"
    photo.set_content(_WORDS)
    photo.add_attachment(Random(1).randbytes(7_400_000), "image", "jpeg", filename="a.jpg")
    return {"5 KB": small.as_bytes()[:5120], "10 MB": photo.as_bytes()}


def _taken_apart(raw: bytes) -> Message[Any, Any]:
    return message_from_bytes(raw)


def looked_at(raw: bytes) -> list[object]:
    """Take a letter apart by the library's newer policy, and look at what a desk needs."""
    message = message_from_bytes(raw, policy=policy.default)
    heads = [str(message[name]) for name in ("from", "to", "subject", "message-id", "references", "date")]
    return [*heads, *(part.get_content() for part in message.walk() if not part.is_multipart())]


WAYS: dict[str, Callable[[bytes], object]] = {
    "`email`, taken apart": _taken_apart,
    "`email` with `policy.default`, headers and bodies": looked_at,
    "Cherha: read, trimmed, told what it is": lambda raw: read(raw, "maria@customer.example"),
}


def _ms(do: Callable[[bytes], object], raw: bytes) -> float:
    begun, count = process_time(), 0
    while process_time() - begun < _BUSY_S:
        do(raw)
        count += 1
    return (process_time() - begun) / count * 1000


def measure(_folder: Path, say: Callable[[str], None]) -> None:
    """Measure them in turn, round by round."""
    letters = _letters()
    told: dict[tuple[str, str], list[float]] = {(way, name): [] for way in WAYS for name in letters}
    for _ in range(ROUNDS):
        for way, do in WAYS.items():
            for name, raw in letters.items():
                told[way, name].append(_ms(do, raw))
    say("| what | " + " | ".join(f"{name}, CPU ms" for name in letters) + " |")
    say("|---|" + "---|" * len(letters))
    for way in WAYS:
        say(f"| {way} | " + " | ".join(f"{statistics.median(told[way, name]):.2f}" for name in letters) + " |")
