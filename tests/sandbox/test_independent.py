"""A client that shares nothing with the library of our bot drives the local Bot API too."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.sandbox.server import Running


@pytest.mark.long
async def test_aiogram_drives_it(api: Running) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.sandbox.independent", api.address,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, said.decode()
