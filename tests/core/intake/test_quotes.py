"""What somebody wrote is kept, whatever stands below it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.parse.quotes import own_words

_WORDS = st.text(alphabet="abcdefgh гґдеєжі", min_size=1, max_size=12).filter(str.strip)
_LINES = st.lists(st.lists(_WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=5)

#: What mail programs write above what they quote.
ABOVE = {
    "Gmail": "On Wed, Nov 25, 2026 at 6:11 PM Service desk <desk@desk.example> wrote:",
    "Gmail, Ukrainian": "ср, 25 лист. 2026 р. о 18:11 Служба підтримки <desk@desk.example> пише:",
    "Gmail, in two lines": "On Wed, Nov 25, 2026 at 6:11 PM Service desk\n<desk@desk.example> wrote:",
    "Thunderbird": "On 25/11/2026 18:11, Service desk wrote:",
    "Thunderbird, Ukrainian": "25.11.26 18:11, Служба підтримки пише:",
    "Apple Mail": "On 25 Nov 2026, at 18:11, Service desk <desk@desk.example> wrote:",
    "Outlook": "-----Original Message-----\nFrom: Service desk\nSent: 25 November 2026\nTo: M\nSubject: Re: x",
}


@pytest.mark.parametrize("program", sorted(ABOVE))
@given(lines=_LINES)
def test_all_that_stands_above_a_quote_is_kept_and_the_quote_is_not(program: str, lines: list[str]) -> None:
    own = "\n".join(lines)
    kept = own_words(f"{own}\n\n{ABOVE[program]}\n\n> WE HAVE YOUR LETTER\n> AND ANSWER IT\n")
    assert kept.split() == own.split()


@given(lines=_LINES)
def test_where_nothing_is_quoted_nothing_is_lost(lines: list[str]) -> None:
    assert own_words("\n".join(lines)).split() == "\n".join(lines).split()


@pytest.mark.parametrize("mark", ["—", "–", "__", "***", "==="])
def test_only_two_hyphens_begin_a_signature(mark: str) -> None:
    text = f"The printer is broken.\n{mark}\nAnd please cancel order 55."
    assert own_words(text) == text
    assert own_words("The printer is broken.\n-- \nMaria\n+380 44 123") == "The printer is broken."


def test_neither_long_lines_nor_long_texts_are_cut() -> None:
    text = "\n".join(["word " * 1200, *(f"line {number}" for number in range(6000))])
    assert own_words(text).split() == text.split()
