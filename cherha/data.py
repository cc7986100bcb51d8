"""The folder of the desk: whether it can be written, and the secret kept in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from core.errors import Misconfigured
from core.settings import Settings

#: The file in the data folder that holds the signing secret.
_SECRET = Path("secret")


def writable_folder(folder: Path) -> None:
    """Make a folder if need be, and try to write in it.

    Raises:
        Misconfigured: nothing can be written there.
    """
    trial = folder / f".trial-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        what = "write in" if folder.is_dir() else "make"
        way = "Let this user write there, or name" if isinstance(error, PermissionError) else "Name"
        raise Misconfigured(
            [f"Cannot {what} the folder {folder} ({error.strerror}). {way} another folder with CHERHA_DATA."]
        ) from None


def folder_faults(settings: Settings) -> list[str]:
    """Say what is wrong with the data folder, if anything is."""
    try:
        writable_folder(settings.data)
    except Misconfigured as error:
        return error.faults
    return []


def secret_of(settings: Settings) -> bytes:
    """Take the signing secret from the settings, or from its file in the data folder, made if there is none.

    Raises:
        Misconfigured: the folder cannot be written, or the file cannot be read.
    """
    given = settings.secret.get_secret_value()
    if given:
        return given.encode()
    writable_folder(settings.data)
    path = settings.data / _SECRET
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_secret(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return _read_secret(path)


def _read_secret(path: Path) -> bytes:
    try:
        kept = path.read_bytes().strip()
    except OSError as error:
        raise Misconfigured([f"Cannot read {path} ({error.strerror}). Let this user read it."]) from None
    if not kept:
        raise Misconfigured([f"{path} is empty. Put the old secret back, or delete the file to get a new one."])
    return kept
