"""Titles, languages and excerpts: values in, values out."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.rules import (
    TITLE_LENGTH,
    CaseStatus,
    language_of,
    only_thanks,
    reopens,
    title_from,
)
from core.cases.telling import excerpt

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@given(text=st.text())
def test_a_title_is_one_short_line_without_tricks(text: str) -> None:
    title = title_from(text)
    assert 0 < len(title) <= TITLE_LENGTH
    assert title == title.strip()
    assert not {unicodedata.category(one) for one in title} & {"Cc", "Cf", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Printer\r\n is\tsilent", "Printer is silent"),
        ("  ", "…"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * TITLE_LENGTH, "x" * TITLE_LENGTH),
        ("x" * (TITLE_LENGTH + 1), "x" * (TITLE_LENGTH - 1) + "…"),
    ],
)
def test_titles_by_example(text: str, title: str) -> None:
    assert title_from(text) == title


@given(text=st.text(), length=st.integers(2, 50))
def test_an_excerpt_is_a_beginning_of_the_text(text: str, length: int) -> None:
    short = excerpt(text, length)
    assert len(short) <= length
    assert short == text if len(text) <= length else text.startswith(short.removesuffix("…"))


def test_an_excerpt_ends_with_a_word_where_there_is_one() -> None:
    assert excerpt("one two three", 10) == "one two…"
    assert excerpt("onetwothree", 10) == "onetwothr…"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Принтер не друкує", "uk"),
        ("Принтер Canon", "uk"),
        ("The printer is silent", "en"),
        ("Printer Їжак", "uk"),
        ("12345 !!!", None),
        ("ok", None),
        ("", None),
    ],
)
def test_guesses_the_language_to_answer_in(text: str, code: str | None) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("status", "ago", "opens"),
    [
        (CaseStatus.RESOLVED, timedelta(0), True),
        (CaseStatus.RESOLVED, timedelta(days=14), True),
        (CaseStatus.RESOLVED, timedelta(days=14) + timedelta(microseconds=1), False),
        (CaseStatus.RESOLVED, None, False),
        (CaseStatus.SPAM, timedelta(0), False),
        (CaseStatus.OPEN, timedelta(0), False),
    ],
)
def test_only_what_was_resolved_lately_opens_again(status: CaseStatus, ago: timedelta | None, opens: bool) -> None:
    assert reopens(status, NOW - ago if ago is not None else None, NOW, 14) is opens


@pytest.mark.parametrize(
    "text",
    [
        "Дякую!",
        "дуже дякую, все ок 👍",
        "Thank you very much!",
        "thanks 🙏",
        "👍",
        "It works now, thank you very much!",
        "Дякую, все чудово працює!",
    ],
)
def test_thanks_are_thanks(text: str) -> None:
    assert only_thanks(text)


@pytest.mark.parametrize(
    "text", ["ok", "!!!", ".", "you", "Добре", "", "Дякую, але не працює", "thanks, and the scanner?", "great"]
)
def test_what_may_ask_for_something_is_no_thanks(text: str) -> None:
    assert not only_thanks(text)
