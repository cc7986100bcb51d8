"""What is to be said survives a row of the database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.texts.said import Button, Notice, Said, notice, said

KEYS = st.from_regex(r"[a-z_]{1,8}\.[a-z_0-9]{1,8}", fullmatch=True)
NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.datetimes(timezones=st.just(UTC)),
    st.dates(),
    st.timedeltas(timedelta(days=-36_500), timedelta(days=36_500)),
)
FACTS = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.builds(Said, KEYS, st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)
SAID = st.builds(Said, KEYS, st.dictionaries(NAMES, FACTS, max_size=4))
BUTTONS = st.builds(Button, SAID, NAMES, st.lists(st.integers(0, 2**40) | st.text(max_size=8), max_size=3).map(tuple))
NOTICES = st.builds(
    Notice,
    st.lists(SAID, max_size=3).map(tuple),
    st.lists(st.lists(BUTTONS, max_size=2).map(tuple), max_size=2).map(tuple),
)


@given(what=SAID)
def test_a_sentence_survives_json(what: Said) -> None:
    assert Said.from_json(json.loads(json.dumps(what.to_json()))) == what


@given(button=BUTTONS)
def test_a_button_survives_json(button: Button) -> None:
    assert Button.from_json(json.loads(json.dumps(button.to_json()))) == button


@settings(max_examples=40)
@given(what=NOTICES)
def test_a_notice_survives_json(what: Notice) -> None:
    assert Notice.from_json(json.loads(json.dumps(what.to_json()))) == what


def test_an_older_row_without_buttons_is_read() -> None:
    assert Notice.from_json({"lines": []}) == Notice(())


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("fact", "back"),
    [
        (Colour.RED, "red"),
        ((1, "two"), [1, "two"]),
        (datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC), datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)),
        (date(2026, 3, 2), date(2026, 3, 2)),
        (ValueError("odd"), "odd"),
    ],
)
def test_a_fact_comes_back_as_something_that_reads_the_same(fact: object, back: object) -> None:
    kept = json.loads(json.dumps(said("a.b", fact=fact).to_json()))
    assert Said.from_json(kept).facts["fact"] == back


def test_a_text_that_looks_like_a_packed_fact_stays_a_text() -> None:
    text = '{"$said": {"key": "x", "facts": {}}}'
    assert Said.from_json(json.loads(json.dumps(said("a.b", x=text).to_json()))).facts["x"] == text


def test_a_notice_of_one_sentence_is_made_in_one_call() -> None:
    rows = ((Button(said("button.case"), "case", (1,)),),)
    assert notice("item.open", number=1, buttons=rows) == Notice((said("item.open", number=1),), rows)
