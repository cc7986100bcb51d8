"""A message that is a thousand times larger when it is opened, sealed so that only the desk finds out (RFC 9580)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

#: The part that packs, and the part that makes.
_PACK = ("gpg", "--batch", "--homedir")


def sealed_bomb(recipient: Any, size: int) -> bytes:
    """Pack so many bytes of nothing, and seal them; the test is skipped where GnuPG is not installed."""
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    with tempfile.TemporaryDirectory(prefix="gpg") as folder:
        home = (*_PACK, folder)
        subprocess.run([*home, "--import"], input=str(recipient).encode(), check=True, capture_output=True)
        how = ["--trust-model", "always", "--compress-algo", "zlib", "-z", "9", "-r", recipient.fingerprint, "-e"]
        (Path(folder) / "nothing").write_bytes(bytes(size))
        made = subprocess.run([*home, *how, "-o", "-", f"{folder}/nothing"], check=True, capture_output=True)
        subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=False, capture_output=True)
        return made.stdout
