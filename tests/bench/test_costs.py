"""What the operating system says of processes is added up in full."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.bench.costs import cpu_s, of_postgres

#: Spends a quarter of a second of the processor in a child that ends, and says so.
_CHILD = "import time\nwhile time.process_time() < 0.25: pass"
_PARENT = (
    f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {_CHILD!r}])\nprint('done', flush=True)\ninput()"
)


def test_counts_the_processor_time_of_children_that_have_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        assert cpu_s(process.pid) >= 0.25
        process.kill()


def test_refuses_to_count_a_process_that_is_gone() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    with pytest.raises(psutil.NoSuchProcess):
        cpu_s(process.pid)


def test_finds_our_postgresql_by_the_folder_of_its_data(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text("4711\n/data\n1700000000\n")
    assert of_postgres(tmp_path) == 4711
