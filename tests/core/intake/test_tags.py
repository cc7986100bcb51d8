from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake import tags

_SECRET = b"secret"
_numbers = st.integers(1, 10**12 - 1)


@given(_numbers, st.integers(1, 10**15 - 1))
def test_every_mark_is_read_back_in_any_case(number: int, row: int) -> None:
    address = tags.tagged_address(_SECRET, "desk@example.com", number)
    message_id = tags.make_message_id(_SECRET, number, row, "example.com")
    subject = f"Re: x {tags.subject_tag(_SECRET, number)} y"
    for change in (str, str.upper, str.lower):
        assert tags.read_address(_SECRET, change(address)) == number
        assert tags.read_message_id(_SECRET, change(f"<{message_id}>")) == number
        assert tags.read_subject(_SECRET, change(subject)) == number
    assert tags.untagged(address) == "desk@example.com"


@given(_numbers)
def test_a_mark_of_another_desk_names_nothing(number: int) -> None:
    assert tags.read_address(_SECRET, tags.tagged_address(b"other", "desk@example.com", number)) is None
    assert tags.read_message_id(_SECRET, tags.make_message_id(b"other", number, 1, "example.com")) is None
    assert tags.read_subject(_SECRET, tags.subject_tag(b"other", number)) is None


@given(st.text(max_size=60))
def test_no_text_is_refused(text: str) -> None:
    assert tags.read_address(_SECRET, text) is None
    assert tags.read_message_id(_SECRET, text) is None
    assert tags.read_subject(_SECRET, text) is None
    tags.untagged(text)


@pytest.mark.parametrize(
    ("address", "bare"), [("Desk@X.y", "desk@x.y"), ("desk+a+b@x.y", "desk@x.y"), ("desk", "desk")]
)
def test_a_sub_address_is_taken_off(address: str, bare: str) -> None:
    assert tags.untagged(address) == bare
