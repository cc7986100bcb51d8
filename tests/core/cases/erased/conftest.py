"""A customer of whom there is something everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.customers.views import ContactView
from core.people.rules import Role
from core.people.views import Representative
from core.store.engine import Engines
from core.store.files import FileStore
from tests.core.cases.erased.everywhere import fill
from tests.core.office import Office


@pytest.fixture
def desk(engines: Engines, tmp_path: Path) -> Office:
    """A desk that keeps files."""
    return Office(engines, tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    """The files of that desk."""
    return FileStore(tmp_path)


@pytest.fixture
def mila(desk: Office) -> Representative:
    """A manager of it."""
    return desk.join("Mila", Role.MANAGER)


@pytest.fixture
def everything(desk: Office, files: FileStore, mila: Representative) -> tuple[ContactView, int, str]:
    """A customer of whom there is something everywhere; with a closed case of theirs, and a file."""
    return fill(desk, files, mila)
