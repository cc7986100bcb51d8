"""The catalogues match each other and the sources; and what would catch a fault in them does."""

from __future__ import annotations

import pytest

from tests import catalogues
from tests.catalogues import Used, faults_of_form, keys_in_source


@pytest.mark.parametrize("locale", ["en", "uk"])
def test_each_catalogue_is_whole(locale: str) -> None:
    assert list(catalogues.faults_of_catalogue(locale)) == []


def test_the_catalogues_have_the_same_keys_and_slots() -> None:
    assert list(catalogues.faults_between("en", "uk")) == []


def test_every_key_in_the_sources_has_words_and_every_word_is_used() -> None:
    assert list(catalogues.faults_with_sources("en")) == []


@pytest.mark.parametrize(
    "form",
    [
        "",
        "  ",
        "<b>open",
        "closed</b>",
        "<b><i>crossed</b></i>",
        "<script>x</script>",
        "{at:%H}",
        "{one.two}",
        "{0}",
        "{name!r}",
        "a & b",
        "1 < 2",
    ],
)
def test_a_faulty_sentence_is_caught(form: str) -> None:
    assert list(faults_of_form(form))


@pytest.mark.parametrize(
    "form",
    [
        "plain",
        "<b>{name}</b>, {at:ago}",
        "<pre><code>x</code></pre>",
        "a &amp; b &lt; c",
        '<a href="https://x.y/">z</a>',
    ],
)
def test_a_sound_sentence_is_not(form: str) -> None:
    assert list(faults_of_form(form)) == []


def _keys(source: str) -> Used:
    used = Used()
    keys_in_source(source, "here", {"item", "person"}, used)
    return used


@pytest.mark.parametrize(
    "source",
    [
        "said('item.taken', name=1)",
        "raise Refused('item.taken')",
        "x = y if z else 'item.taken'",
        "f(key='item.taken')",
        "{'a': 'item.taken'}",
    ],
)
def test_a_key_is_found_wherever_it_stands(source: str) -> None:
    assert _keys(source).keys.keys() == {"item.taken"}


@pytest.mark.parametrize(
    "source", ["ForeignKey('person.id')", "'item'", "'Item.taken'", "'other.thing'", "f'{x}.item'"]
)
def test_what_is_no_key_is_not_found(source: str) -> None:
    assert not _keys(source).keys


def test_a_key_made_at_run_time_is_a_pattern() -> None:
    assert list(_keys("said(f'item.{state}_by_{who}')").patterns) == [r"item\.[a-z_0-9]+_by_[a-z_0-9]+"]


@pytest.mark.parametrize("source", ["f'item.{number}@{domain}'", "f'{item}.taken'", "f'other.{x}'", "f'item{x}'"])
def test_other_words_made_at_run_time_are_none(source: str) -> None:
    assert not _keys(source).patterns


def test_the_facts_that_are_told_are_known_unless_some_come_unseen() -> None:
    assert _keys("notice('item.taken', name=1, buttons=b)").told == [("item.taken", "here:1", {"name"})]
    assert _keys("said('item.taken', **facts)").told == []
