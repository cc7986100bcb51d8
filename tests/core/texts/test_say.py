"""Words are made at the last moment, in the reader's language and zone, and every fact in them is escaped."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.said import Notice, Said, said
from core.texts.say import LANGUAGES, Reader, has, language, notice_html, notice_plain, say_html, say_plain

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EN = Reader("en", "Europe/Kyiv", NOON)
UK = Reader("uk", "Europe/Kyiv", NOON)
READERS = st.sampled_from([EN, UK])
TAG = re.compile(r"<[^>]*>")
#: Texts that try to be markup, an entity or a slot.
NASTY = st.text() | st.sampled_from(["<b>", "</b>", "&lt;", "<script>", "{name}", "{0}", "&", '"', "{", "}}", "%s"])


@given(text=NASTY, reader=READERS)
def test_a_fact_is_escaped_and_nothing_else_changes_in_it(text: str, reader: Reader) -> None:
    shown = say_html(said("text.quote", text=text), reader)
    inner = shown.removeprefix("<blockquote>").removesuffix("</blockquote>")
    assert not TAG.search(inner)
    assert html.unescape(inner) == html.unescape(html.escape(text, quote=False))


@given(name=NASTY, title=NASTY, reader=READERS)
def test_facts_add_no_tag_to_a_sentence(name: str, title: str, reader: Reader) -> None:
    tame = say_html(said("notice.customer_wrote", name="x", number="y"), reader)
    wild = say_html(said("notice.customer_wrote", name=name, number=title), reader)
    assert TAG.findall(wild) == TAG.findall(tame)


@given(text=NASTY, reader=READERS)
def test_plain_words_keep_facts_as_they_are(text: str, reader: Reader) -> None:
    assert say_plain(said("text.quote", text=text), reader) == text


@pytest.mark.parametrize("reader", [EN, UK])
def test_plain_words_have_no_tags(reader: Reader) -> None:
    assert "<b>" in say_html(said("card.why.new_assigned"), reader)
    assert "<" not in say_plain(said("card.why.new_assigned"), reader)


@pytest.mark.parametrize("house", LANGUAGES)
@pytest.mark.parametrize("key", ["erased.name", "erased.title"])
def test_what_was_erased_is_said_in_the_language_of_the_reader_and_not_of_the_house(house: str, key: str) -> None:
    kept = say_plain(said(key), Reader(house, "Europe/Kyiv", NOON))
    for reader in (EN, UK):
        assert say_plain(said("text.plain", text=kept), reader) == say_plain(said(key), reader)
        assert say_plain(said("card.customer", name=kept, channel="", at=NOON), reader).count(kept) == (
            reader.locale == house
        )


def test_facts_in_lists_and_in_sentences_within_sentences_are_escaped_once() -> None:
    inner = said("text.plain", text="<i>&")
    what = said("text.plain", text=[inner, "<b>"])
    assert say_html(what, EN) == "&lt;i&gt;&amp;, &lt;b&gt;"
    assert say_plain(what, EN) == "<i>&, <b>"


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (0, "файлів"),
        (1, "файл"),
        (2, "файли"),
        (4, "файли"),
        (5, "файлів"),
        (11, "файлів"),
        (14, "файлів"),
        (21, "файл"),
        (22, "файли"),
        (111, "файлів"),
        (121, "файл"),
    ],
)
def test_ukrainian_counts_in_three_forms(count: int, word: str) -> None:
    assert say_plain(said("text.files", count=count), UK).endswith(f"{count} {word}")


@pytest.mark.parametrize(("count", "words"), [(1, "1 file"), (2, "2 files"), (0, "0 files"), (21, "21 files")])
def test_english_counts_in_two(count: int, words: str) -> None:
    assert say_plain(said("text.files", count=count), EN).endswith(words)


@pytest.mark.parametrize("reader", [EN, UK])
@pytest.mark.parametrize("facts", [{}, {"count": None}, {"count": "many"}, {"count": True}])
def test_a_plural_without_a_number_still_says_something(reader: Reader, facts: dict[str, object]) -> None:
    shown = say_plain(Said("text.files", facts), reader)
    assert shown != "text.files"


def _when(at: datetime, reader: Reader) -> str:
    return say_plain(said("missed.last_change", at=at), reader).rpartition(": ")[2]


@pytest.mark.parametrize(
    ("at", "en", "uk"),
    [
        (NOON, "today 12:00", "сьогодні 12:00"),
        (datetime(2026, 3, 2, 21, 59, tzinfo=UTC), "today 23:59", "сьогодні 23:59"),
        (datetime(2026, 3, 2, 22, 0, tzinfo=UTC), "tomorrow 00:00", "завтра 00:00"),
        (datetime(2026, 3, 1, 21, 59, tzinfo=UTC), "yesterday 23:59", "вчора 23:59"),
        (datetime(2026, 3, 4, 8, 0, tzinfo=UTC), "4 Mar, 10:00", "4 бер., 10:00"),
        (datetime(2024, 3, 4, 8, 0, tzinfo=UTC), "4 Mar 2024, 10:00", "4 бер. 2024, 10:00"),
    ],
)
def test_an_instant_is_told_in_the_readers_zone_and_by_the_name_of_a_near_day(at: datetime, en: str, uk: str) -> None:
    said_en = _when(at, EN)
    assert said_en == en
    assert say_plain(said("missed.last_change", at=at), UK).endswith(uk)


def test_the_same_instant_is_another_day_elsewhere() -> None:
    at = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    assert _when(at, Reader("en", "Europe/Kyiv", NOON)) == "tomorrow 00:30"
    assert _when(at, Reader("en", "Europe/London", NOON)) == "today 22:30"
    assert _when(at, Reader("en", "America/New_York", NOON)) == "today 17:30"


def test_an_instant_follows_summer_time() -> None:
    reader = Reader("en", "Europe/Kyiv", datetime(2026, 3, 28, 10, 0, tzinfo=UTC))
    assert _when(datetime(2026, 3, 28, 10, 0, tzinfo=UTC), reader) == "today 12:00"
    assert _when(datetime(2026, 3, 29, 10, 0, tzinfo=UTC), reader) == "tomorrow 13:00"


@pytest.mark.parametrize(
    ("since", "en", "uk"),
    [
        (timedelta(seconds=4), "4 seconds ago", "4 секунди тому"),
        (timedelta(minutes=5), "5 minutes ago", "5 хвилин тому"),
        (timedelta(days=2), "2 days ago", "2 дні тому"),
    ],
)
def test_how_long_ago_is_counted_from_the_instant_of_reading(since: timedelta, en: str, uk: str) -> None:
    what = said("item.taken", name="Olena", since=NOON - since)
    assert en in say_plain(what, EN)
    assert uk in say_plain(what, UK)


def test_spans_and_days_are_told_in_the_readers_language() -> None:
    assert say_plain(said("text.plain", text=timedelta(hours=3)), EN) == "3 hours"
    assert say_plain(said("text.plain", text=timedelta(hours=3)), UK) == "3 години"
    assert say_plain(said("text.plain", text=date(2026, 3, 2)), EN) == "2 Mar"


@pytest.mark.parametrize("reader", [EN, UK])
@pytest.mark.parametrize("key", ["item.taken", "item.closed", "text.plain", "missed.line", "person.ambiguous"])
def test_a_missing_fact_shows_an_ellipsis_instead_of_failing(key: str, reader: Reader) -> None:
    assert "…" in say_html(Said(key), reader)
    assert "…" in say_plain(Said(key), reader)


def test_nothing_is_said_of_a_fact_that_is_none() -> None:
    assert say_plain(said("text.plain", text=None), EN) == ""


def test_the_lines_of_a_notice_stand_below_each_other() -> None:
    what = Notice((said("card.why.new_assigned"), said("text.quote", text="<")))
    assert notice_html(what, EN) == "📥 <b>New in your Assigned</b>\n<blockquote>&lt;</blockquote>"
    assert notice_plain(what, EN) == "📥 New in your Assigned\n<"


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("uk", "uk"),
        ("uk-UA", "uk"),
        ("UK_ua", "uk"),
        ("en-GB", "en"),
        ("ru", "uk"),
        ("be", "uk"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
    ],
)
def test_chooses_a_catalogue_for_a_language_tag(code: str | None, chosen: str) -> None:
    assert language(code) == chosen


def test_falls_back_to_the_language_of_the_house() -> None:
    assert language("de", "uk") == "uk"
    assert language(None, "uk") == "uk"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_knows_which_keys_there_are_words_for(locale: str) -> None:
    assert has("item.taken", locale)
    assert has("text.files", locale)
    assert not has("item.nonsense", locale)
