"""What the folders of keys hold: read once, and every fault told in a sentence that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Bytes of a file that may hold keys, and files that are looked at.
_FILE_BYTES, _FILES = 1024 * 1024, 1000


class KeyFault(ValueError):
    """A folder holds no key that could be used; its sentence tells why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What came of a signature.

    Attributes:
        right: it fits; None where the desk does not know the key, or nobody does.
        addresses: mail addresses, folded, that the key is known to be of.
    """

    right: bool | None
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of both kinds; None where a kind is not opened."""

    smime: Any = None
    pgp: Any = None


def files_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Read the files of a folder, by name.

    Raises:
        KeyFault: it, or a file in it, cannot be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        for path in paths[:_FILES]:
            if path.stat().st_size <= _FILE_BYTES:
                yield path.name, path.read_bytes()
    except OSError as error:
        raise KeyFault(f"{error.filename or folder} cannot be read ({error.strerror})") from None


def read_keys(smime: Path | None, pgp: Path | None) -> Keys:
    """Read the keys of the folders that are given.

    Raises:
        KeyFault: one has none that could be used.
        ImportError: what opens letters is not installed.
    """
    keys = Keys()
    if smime is not None:
        from workers.sealed.smime import SmimeKeys

        keys = Keys(smime=SmimeKeys.read(smime))
    if pgp is not None:
        from workers.sealed.pgp import PgpKeys

        keys = Keys(keys.smime, PgpKeys.read(pgp))
    return keys
