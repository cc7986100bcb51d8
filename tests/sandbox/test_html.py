"""The HTML of bots, read as strictly as Telegram reads it."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import parse, trimmed
from bot.sandbox.errors import ApiError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("I <3 u", 'Unsupported start tag "3" at byte offset 2'),
        ("I <3", "Unclosed start tag at byte offset 2"),
        ("<!-- hidden -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("й <b", "Unclosed start tag at byte offset 3"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href", "Unclosed start tag at byte offset 0"),
        ("<tg-emoji emoji-id='x'>y</tg-emoji>", "Invalid custom emoji identifier specified"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
    ],
)
def test_what_telegram_cannot_parse_is_refused_in_its_words(text: str, said: str) -> None:
    with pytest.raises(ApiError) as told:
        parse(text, "HTML")
    assert told.value.description == f"Bad Request: can't parse entities: {said}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a &lt; b &gt; c &amp; d &quot;e&quot;", 'a < b > c & d "e"'),
        ("&nbsp;&copy;&apos;", "&nbsp;&copy;&apos;"),  # only four names are known; the rest stays as it is written
        ("&#39;&#x27; &#0; &", "'' &#0; &"),
        ("a > b", "a > b"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_four_names_and_numbers_are_all_that_an_ampersand_means(text: str, shown: str) -> None:
    assert parse(text, "HTML") == (shown, [])


def test_tags_nest_and_their_attributes_are_read() -> None:
    text = '<b>a<I>b</i></B> <a href="https://x.example/?a=1&amp;b=2">c</a> <span class="tg-spoiler">d</span>'
    assert parse(text, "HTML") == (
        "ab c d",
        [
            {"type": "bold", "offset": 0, "length": 2},
            {"type": "italic", "offset": 1, "length": 1},
            {"type": "text_link", "url": "https://x.example/?a=1&b=2", "offset": 3, "length": 1},
            {"type": "spoiler", "offset": 5, "length": 1},
        ],
    )
    assert parse("<blockquote expandable>x</blockquote>", "HTML")[1][0]["type"] == "expandable_blockquote"


def test_blank_edges_are_taken_away_and_what_is_marked_moves_with_its_words() -> None:
    text, entities = trimmed(*parse("\n\n 😀<b>x</b> <i>y\n</i>\n", "HTML"))
    assert text == "😀x y"
    assert entities == [{"type": "bold", "offset": 2, "length": 1}, {"type": "italic", "offset": 4, "length": 1}]
    assert trimmed(*parse("x <b> </b>", "HTML")) == ("x", [])
    assert trimmed(*parse(" <b> x</b>", "HTML")) == (" x", [{"type": "bold", "offset": 0, "length": 2}])


@given(st.text())
def test_any_fact_that_is_escaped_is_shown_as_it_is(fact: str) -> None:
    assert parse(f"<b>{html.escape(fact)}</b>", "HTML")[0] == fact
