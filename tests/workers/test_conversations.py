"""Conversations of Outlook's, where nothing else tells what a letter answers."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.core.office import Office
from tests.workers.letters import Post, letter

_NAME = bytes(range(16))
_FIRST = b"\x01" + b"\xda\x7f\x20\x00\x11" + _NAME
_ANSWER = _FIRST + b"\x80\x00\x00\x00\x10"


@pytest.fixture
def post(office: Office, tmp_path: Path) -> Post:
    return Post(office, tmp_path / "files")


def _index(content: bytes) -> tuple[str, ...]:
    return (f"Thread-Index: {base64.b64encode(content).decode()}",)


def test_what_goes_on_with_a_conversation_joins_its_case(post: Post) -> None:
    first = post.bring(letter(headers=_index(_FIRST)))
    assert post.bring(letter("More", headers=_index(_ANSWER))).work_id == first.work_id


def test_a_conversation_lets_no_stranger_in(post: Post) -> None:
    first = post.bring(letter(headers=_index(_FIRST)))
    row = post.bring(letter("Tell me all", sender="Eve <eve@example.com>", headers=_index(_ANSWER)))
    assert row.work_id != first.work_id
    assert post.entries(row.work_id)[0].flags == ["flag.unverified_sender"]


@pytest.mark.parametrize(
    "index", [b"", b"\x01", b"\x01" + bytes(21), b"\x01" + bytes(40), _FIRST[:6] + bytes(16) + b"\x80\x00\x00\x00\x10"]
)
def test_another_conversation_is_another_case(post: Post, index: bytes) -> None:
    first = post.bring(letter(headers=_index(_FIRST)))
    assert post.bring(letter("More", headers=_index(index))).work_id != first.work_id


def test_what_is_no_index_is_none(post: Post) -> None:
    post.bring(letter(headers=_index(_FIRST)))
    post.bring(letter("More", headers=("Thread-Index: not base64, and Ї",)))
    assert len(post.cases()) == 2
