"""The reader of traces finds what is there, whatever stands beside it."""

from __future__ import annotations

import re

import pytest

from tests.faults.tracing import Disk

_DIGEST = "4f" * 32


@pytest.mark.parametrize("before", ["", r"\t", r"\001", r"\17", "a"])
def test_a_row_that_refers_to_a_file_is_found_whatever_byte_is_before_it(before: str) -> None:
    disk = Disk(re.compile(r"Letter-\d{5}"), {})
    disk.read(
        [
            "1 fsync(9</var/files/.new-1>) = 0\n",
            f'1 rename("/var/files/.new-1", "/var/files/4f/{_DIGEST}") = 0\n',
            "1 fsync(9</var/files/4f>) = 0\n",
            f'1 pwrite64(7</var/desk.sqlite3-wal>, "{before}{_DIGEST}", 4096, 0) = 4096\n',
        ]
    )
    assert disk.broken == []
    assert disk.files == {_DIGEST}
