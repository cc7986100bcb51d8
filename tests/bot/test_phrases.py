"""The table of phrases, held against what the bot reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.moments import planned
from core.errors import Misused
from tests.bot.phrases import TABLES

KYIV = "Europe/Kyiv"


@dataclass(frozen=True)
class Phrase:
    """A row of a table; `told` is an instant with its end, a minus, or what is refused behind a question mark."""

    now: datetime
    words: str
    title: str
    told: str


def phrases() -> Iterator[Phrase]:
    """Read the tables."""
    for table in TABLES:
        first, *rows = table.strip().splitlines()
        now = datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(KYIV)).astimezone(UTC)
        for row in rows:
            words, title, told = (cell.strip() for cell in row.split("|"))
            yield Phrase(now, words, title, told)


def told_of(words: str, now: datetime) -> tuple[str, str]:
    """Tell what is read out of some words, as a row has it: the title, and the rest."""
    try:
        read = planned(words, KYIV, now)
    except Misused as error:
        return "", f"? {error.facts['words']}"
    if read.at is None:
        return read.title, "-"
    here = ZoneInfo(KYIV)
    until = f" {read.until.astimezone(here):%H:%M}" if read.until else ""
    return read.title, f"{read.at.astimezone(here):%Y-%m-%d %H:%M}{until}"


@pytest.mark.parametrize("phrase", list(phrases()), ids=lambda one: f"{one.words} @ {one.now:%m-%d}")
def test_a_phrase_is_read_as_it_is_meant_or_refused_by_name(phrase: Phrase) -> None:
    assert told_of(phrase.words, phrase.now) == (phrase.title, phrase.told)


def test_there_are_so_many_phrases_as_the_decision_says() -> None:
    assert len(list(phrases())) == 229
