"""Questions about time that others asked: `python -m tests.replay scheduling DIR` answers them as it should."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.replay import main

CASES = Path(__file__).parents[4] / "shared" / "cases" / "scheduling"


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this project")
def test_agrees_with_every_case_of_working_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scheduling", str(CASES)]) == 0
    assert ", 0 failed" in capsys.readouterr().out


def _case(name: str, kind: str, asked: dict[str, Any], expected: object = None) -> str:
    return json.dumps({"id": name, "kind": kind, "input": asked, "assert": "exact", "expected": expected})


def test_prints_each_disagreement_and_what_is_not_answered_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"op": "union", "unit": "int", "sets": [[[1, 2], [2, 3]]]}
    (tmp_path / "a.json").write_text(_case("right", "setops", asked, [[1, 3]]))
    (tmp_path / "b.json").write_text(_case("wrong", "setops", asked, [[1, 2], [2, 3]]))
    (tmp_path / "c.json").write_text(_case("broken", "open_at", {}, expected=True))
    (tmp_path / "d.json").write_text(_case("other", "tides", {}))
    assert main(["scheduling", str(tmp_path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 passed, 2 failed"
    assert said[1] == "wrong: expected [[1, 2], [2, 3]], got [[1, 3]]"
    assert said[2].startswith("broken: expected True, got ")
    assert said[3] == "skipped: 1 of kind tides, which is not answered yet"
