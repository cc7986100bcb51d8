"""docs/security.md names the tests there are."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
MANUAL = (TESTS.parent / "docs" / "security.md").read_text()


def test_each_test_that_is_named_is_there_and_each_of_security_is_named() -> None:
    named = set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", MANUAL))
    assert all((TESTS / one).exists() for one in named if one != "tests/"), named
    own = {f"security/{one.name}" for one in (TESTS / "security").glob("test_*.py")}
    assert own - {"security/test_manual.py"} <= named
