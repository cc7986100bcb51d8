"""Every fault in the small edition: the promises hold, and without their protection they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import EVERYTHING, absent
from tests.faults.harness import Case, Edition, all_runs, cases
from tests.servers import Unavailable

_EDITION = Edition.SMALL if EVERYTHING else Edition.QUICK
_CASES = [case for run in all_runs() for case in cases(run, _EDITION)]


def _cases(*, controls: bool) -> list[object]:
    chosen = [case for case in _CASES if (case.control is not None) == controls]
    return [pytest.param(case, id=case.name.replace(" ", "-")) for case in chosen]


async def _live(case: Case, folder: Path) -> list[str]:
    try:
        outcome = await case.live(folder)
    except Unavailable as error:
        absent(str(error))
    print(dict(outcome.figures))
    return case.faults(outcome.broken)


@pytest.mark.timeout(240)  # what a slow machine needs; the patience with a desk that stands still is far shorter
@pytest.mark.parametrize("case", _cases(controls=False))
async def test_every_promise_is_held(case: Case, tmp_path: Path) -> None:
    assert await _live(case, tmp_path) == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("case", _cases(controls=True))
async def test_without_a_protection_a_promise_is_broken(case: Case, tmp_path: Path) -> None:
    assert await _live(case, tmp_path) == []
