"""Did the mail server before us take it for spam? What filters write into headers."""

from __future__ import annotations

import re

from core.intake.letter import Letter

_SCORE = re.compile(r"(?:score|hits)\s*=\s*(-?\d{1,6}(?:\.\d{1,6})?)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(-?\d{1,6}(?:\.\d{1,6})?)\b")


def spam_header(letter: Letter, bar: float) -> str | None:
    """Find the header that calls it spam; None where none does.

    Args:
        bar: a score from which on it is spam; 0 to go by the plain word of the filter alone.
    """
    for name in ("X-Spam-Flag", "X-Spam-Status", "X-Spam"):
        value = letter.header(name)
        if value.strip().lower().startswith("yes"):
            return f"{name}: {value}"
    for name in ("X-Spam-Score", "X-Spam-Status") if bar > 0 else ():
        value = letter.header(name)
        found = _NUMBER.match(value) or _SCORE.search(value)
        if found and float(found[1]) >= bar:
            return f"{name}: {value}"
    return None
