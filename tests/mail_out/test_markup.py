"""The page that a letter is shown as: small, and with nothing of the words become markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.mail_out.markup import as_html


class _Page(HTMLParser):
    """All that a reader of mail would see in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


_OURS = {"html", "head", "meta", "body", "p", "br", "a", "blockquote"}
_TEMPTING = st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=y>', "javascript:alert(1)", "&lt;b&gt;", "https://a.example/?q=1&r='\"x",
     "<a href=javascript:x>", "mailto:a@b.example?subject=<x>", "> > quoted", "-- ", "\t\t", "  two", "]]>", "<!--"]
)  # fmt: skip


@given(st.lists(_TEMPTING | st.text(max_size=20), max_size=8).map("\n".join))
def test_no_words_become_markup_and_all_of_them_are_there(words: str) -> None:
    page = _Page(as_html(words, "en"))
    assert set(page.tags) <= _OURS
    assert all(name in {"lang", "charset", "style", "href"} for name, _ in page.attributes)
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert all(re.match(r"(https?://|mailto:)", link, re.IGNORECASE) for link in links)

    def letters(text: str) -> str:
        return re.sub(r"[\s>\x00-\x1f\x7f-\xa0\ufffe\uffff]", "", text)

    assert letters(page.words) == letters(words)


def test_nothing_is_fetched_when_it_is_read() -> None:
    page = as_html("See https://evil.example/pixel.png and <img src='https://evil.example/x'>", "en")
    assert "<img" not in page
    assert _Page(page).tags == ["html", "head", "meta", "body", "p", "a", "a"]
    assert "url(" not in page


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("One\n\nTwo\nthree", "<p>One</p>\n<p>Two<br>\nthree</p>"),
        ("a  b\n  c", "<p>a &nbsp;b<br>\n&nbsp;&nbsp;c</p>"),
        ("See https://a.example/x_(y).", '<a href="https://a.example/x_(y)">https://a.example/x_(y)</a>.'),
        ("(https://a.example)", '(<a href="https://a.example">https://a.example</a>)'),
        ("a <b> & c", "a &lt;b&gt; &amp; c"),
        ("Yes\n-- \nOlena", '<p>Yes</p>\n<p style="color:#777">-- <br>\nOlena</p>'),
        ("> a\n>> b\nc", "<p>a</p>\n<blockquote"),
    ],
)
def test_words_are_drawn_as_they_stand(words: str, drawn: str) -> None:
    assert drawn in as_html(words, "en")


def test_a_thousand_signs_of_quoting_are_no_thousand_boxes() -> None:
    assert as_html(">" * 1000 + " deep", "en").count("<blockquote") == 5
