"""Words are the same however they are typed, and a case's documents hold all of them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.words import DOCUMENT_WORDS, Head, documents, places, with_message, words

#: What people write, and much else.
TEXTS = st.text(alphabet=st.one_of(st.sampled_from("аїґё'’ -@.№#1aB\u0301\u00ad\n"), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Принтер мовчить", ["принтер", "мовчить"]),
        ("п'ять п’ять пʼять п`ять", ["пять"] * 4),
        ("Ёлка ёлка ЕЛКА", ["елка"] * 3),
        ("ґанок Ґанок ганок", ["ганок"] * 3),
        ("за\u0301мок", ["замок"]),
        ("и\u0306од йод", ["йод", "йод"]),
        ("№123 #45 7", ["123", "45", "7"]),
        ("Ivan.P@Example.COM", ["ivan", "p", "example", "com"]),
        ("онлайн-запис, foo_bar", ["онлайн", "запис", "foo", "bar"]),
        ("O'Brien’s", ["obriens"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("перене\u00adсення", ["перенесення"]),
        ("«лапки» — “quotes”…", ["лапки", "quotes"]),
        ("😀 ! …", []),
        ("x" * 50, ["x" * 40]),
    ],
)
def test_words_are_what_is_compared(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(TEXTS)
def test_words_are_those_of_the_plain_rule(text: str) -> None:
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    unseen = "'’ʼ‘‛`´′ʹ＇\u00ad\u2060\ufeff"
    kept = [
        one
        for one in plain
        if one not in unseen
        and not 0x300 <= ord(one) < 0x370
        and not 0x200B <= ord(one) < 0x2010
        and not 0x202A <= ord(one) < 0x202F
    ]
    folded = "".join(kept).replace("ё", "е").replace("ґ", "г")
    assert words(text) == [word[:40] for word in re.findall(r"[^\W_]+", folded)]


@given(TEXTS)
def test_places_tell_where_each_word_was_written(text: str) -> None:
    told = list(places(text))
    assert [word for place in told for word in place.words] == words(text)
    assert all(words(text[place.start : place.end]) == place.words for place in told)


@given(TEXTS, st.lists(TEXTS, max_size=4))
def test_a_document_is_read_by_its_spaces_alone(title: str, messages: list[str]) -> None:
    (made,) = documents(Head(title, ["Ivan", "ivan@example.com"]), messages)
    assert made.startswith(" ")
    assert made.endswith(" ")
    assert "  " not in made.strip()
    held = made.split(" ")
    assert all(word in held for text in (title, *messages) for word in words(text))


@given(st.lists(st.integers(0, 700), min_size=1, max_size=8))
def test_messages_that_are_added_make_the_same_documents_as_all_at_once(lengths: list[int]) -> None:
    head = Head("The printer", ["Ivan"])
    messages = [f"m{place} " + "word " * length for place, length in enumerate(lengths)]
    made = documents(head, messages[:1])
    for place, message in enumerate(messages[1:], start=2):
        longer = with_message(made[-1], message)
        made = [*made[:-1], longer] if longer is not None else documents(head, messages[:place])
    assert made == documents(head, messages)
    assert all(one.count(" ") < DOCUMENT_WORDS + 720 for one in made)


def test_no_phrase_reaches_from_one_message_into_the_next() -> None:
    (made,) = documents(Head("Title", ["Ivan"]), ["ends with paper", "jam begins"])
    assert " paper jam " not in made
