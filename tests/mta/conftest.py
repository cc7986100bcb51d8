"""A Postfix of its own before and behind a desk; where there is none, these tests are skipped, with CI=true too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.bench.peers import postfix
from tests.bench.peers.missing import Missing
from tests.cherha.processes import free_port
from tests.mta.post_office import PostOffice


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep them out of the quick edition."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.long)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A running Postfix that hands letters for desk.example to a port where a door is to be."""
    door = free_port()
    # Not in the folder of the test, where only root may pass.
    with TemporaryDirectory(prefix="cherha-mta-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o711)
        try:
            with postfix.running(folder, PostOffice.settings(folder, door)) as running:
                yield PostOffice(running.port, door, folder)
        except Missing as missing:
            pytest.skip(str(missing))
