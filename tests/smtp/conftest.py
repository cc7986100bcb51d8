"""A door on a free port, with a shelf behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.smtp.people import Client, Shelf, noon
from workers.smtp_in import Door, DoorLimits, Listen, Seams

Open = Callable[..., Awaitable[Door]]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def open_door(shelf: Shelf, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens doors with the limits given; closes them all."""
    doors = []

    async def opener(*, listen: Listen | None = None, **limits: Any) -> Door:
        door = Door(
            listen or Listen("127.0.0.1", 0),
            Seams(shelf.knows, shelf.keep, noon, tmp_path),
            replace(DoorLimits(), **limits),
        )
        await door.start()
        doors.append(door)
        return door

    yield opener
    for door in doors:
        await door.stop(1.0)


@pytest.fixture(autouse=True)
async def _clients_leave(open_door: Open) -> AsyncIterator[None]:  # the door closes after them
    yield
    while Client.here:
        await Client.here.pop().leave()


@pytest.fixture
async def door(open_door: Open) -> Door:
    return await open_door()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate and its key."""
    if not shutil.which("openssl") and not os.environ.get("CI"):
        pytest.skip("openssl is not installed: no certificate for STARTTLS")
    folder = tmp_path_factory.mktemp("tls")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(key), "-out", str(chain)]
    subprocess.run(["openssl", "req", "-x509", *kind, *subject, *files], check=True, capture_output=True)
    return chain, key
