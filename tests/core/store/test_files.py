"""Files are kept by their content, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.store.files import FileStore
from tests.core.races import at_once


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=5000))
def test_gives_back_what_was_kept_under_the_hash_of_it(tmp_path: Path, content: bytes) -> None:
    store = FileStore(tmp_path)
    digest = store.keep(content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert store.read(digest) == content


def test_keeps_in_pieces_what_comes_in_pieces(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert store.keep(iter([b"one", b"", b"two"])) == store.keep(b"onetwo")


def test_keeping_again_changes_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "deep" / "folder")
    digests = at_once(lambda: store.keep(b"same"), 8)
    assert len(set(digests)) == 1
    assert [path.name for path in (tmp_path / "deep").rglob("*") if path.is_file()] == [digests[0]]


def test_what_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        FileStore(tmp_path).keep(broken())
    assert list(tmp_path.rglob("*")) == []


def test_what_was_never_kept_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).read("0" * 64)
