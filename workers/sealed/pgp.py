"""Letters sealed or signed by PGP (RFC 9580), read by Sequoia within bounds of ours."""

from __future__ import annotations

import os
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysequoia
from pysequoia.packet import PacketPile

from workers.sealed.folder import KeyFault, Signature, files_in

#: Bytes of what comes out of a sealed letter: it may be packed a thousand times smaller.
OPENED_BYTES = 64 * 1024 * 1024

#: What the library raises; its words may quote what it read.
_FAULTS = (RuntimeError, ValueError, OSError, MemoryError)

_BLOCK = re.compile(rb"-----BEGIN PGP (PRIVATE|PUBLIC) KEY BLOCK-----.*?-----END PGP \1 KEY BLOCK-----", re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


@dataclass(frozen=True, slots=True)
class PgpKeys:
    """Our secret keys, and the public ones that the desk knows, each with all its subkeys."""

    secrets: tuple[Any, ...]
    known: tuple[_Known, ...]

    @classmethod
    def read(cls, folder: Path) -> PgpKeys:
        """Read the armoured keys in the files of a folder.

        Raises:
            KeyFault: there is none, or one cannot be read or has a password.
        """
        secrets: list[Any] = []
        known: list[_Known] = []
        for name, content in files_in(folder):
            for block in _BLOCK.finditer(content):
                try:
                    if block[1] == b"PRIVATE":
                        secret = pysequoia.Tsk.from_bytes(block[0])
                        secrets.append(secret.decryptor())
                        known.append(_Known.of(secret.extract_certificate()))
                    else:
                        known += [_Known.of(one) for one in pysequoia.Cert.split_bytes(block[0])]
                except _FAULTS:
                    raise KeyFault(f"{name} has a key that cannot be used; it must have no password") from None
        if not known:
            raise KeyFault(f"{folder} has no armoured PGP key in it")
        return cls(tuple(secrets), tuple(known))

    def opened(self, sealed: bytes) -> tuple[bytes, Signature | None] | None:
        """Open a message; None where no key of ours does, or too much comes out of it.

        Returns:
            What was in it, and what came of its signature, if it has one.
        """
        for secret in self.secrets:
            found = self._opened(sealed, secret)
            if found is not None:
                return found
        return None

    def _opened(self, sealed: bytes, secret: Any) -> tuple[bytes, Signature | None] | None:
        asked = _Asked(self.known)
        try:
            content, signers = _within_bounds(sealed, secret, asked)
        except _FAULTS:
            pass  # nobody signed, or who did is not known, or wrongly: the words are read all the same
        else:
            return content, self._of(signers)
        try:
            content, _ = _within_bounds(sealed, secret, None)
        except _FAULTS:
            return None
        return content, asked.refused if asked.names else None

    def checked(self, content: bytes, signature: bytes) -> Signature:
        """Check a signature that stands beside what it signs."""
        asked = _Asked(self.known)
        try:
            found = pysequoia.verify(bytes=content, store=asked, signature=pysequoia.Sig.from_bytes(signature))
        except _FAULTS:
            return asked.refused
        return self._of(found.valid_sigs)

    def cleared(self, message: bytes) -> tuple[bytes, Signature]:
        """Check a text with its signature around it; what was signed is its words alone, else the whole message."""
        asked = _Asked(self.known)
        try:
            found = pysequoia.verify(bytes=message, store=asked)
        except _FAULTS:
            return message, asked.refused
        return found.bytes or b"", self._of(found.valid_sigs)

    def _of(self, signers: list[Any]) -> Signature:
        names = {one.certificate for one in signers}
        return Signature(
            right=True, addresses=frozenset().union(*(one.addresses for one in self.known if one.name in names))
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """A public key: its fingerprint, those of all its parts, and the addresses that it says it is of."""

    key: Any
    name: str
    parts: tuple[str, ...]
    addresses: frozenset[str]

    @classmethod
    def of(cls, key: Any) -> _Known:
        parts = tuple(one.fingerprint.lower() for one in PacketPile.from_bytes(bytes(key)) if one.fingerprint)
        said = (_ADDRESS.findall(str(one)) for one in key.user_ids)
        return cls(key, key.fingerprint, parts, frozenset(one.casefold() for some in said for one in some))

    def is_named(self, name: str) -> bool:
        """Tell whether a fingerprint, or the end of one, names a part of it."""
        return any(part.endswith(name.lower()) for part in self.parts)


class _Asked:
    """Hands the library the keys that it asks for, and remembers the names it asked by."""

    def __init__(self, known: tuple[_Known, ...]) -> None:
        self._known = known
        self.names: list[str] = []

    def __call__(self, names: list[str]) -> list[Any]:
        self.names += names
        return [one.key for one in self._known if any(one.is_named(name) for name in names)]

    @property
    def refused(self) -> Signature:
        """What to say of a signature that was not taken: it is wrong if the desk knows the key."""
        known = any(one.is_named(name) for one in self._known for name in self.names)
        return Signature(right=False if known else None)


def _within_bounds(sealed: bytes, secret: Any, store: Callable[..., Any] | None) -> tuple[bytes, list[Any]]:
    """Open a message into a file in memory that the system lets grow to the bound alone: it may be a bomb."""
    with _file_in_memory() as source, _file_in_memory() as target:
        Path(_path(source)).write_bytes(sealed)
        with _files_of_at_most(OPENED_BYTES):
            found = pysequoia.decrypt_file(_path(source), _path(target), decryptor=secret, store=store)
        return Path(_path(target)).read_bytes(), list(found.valid_sigs)


@contextmanager
def _file_in_memory() -> Iterator[int]:
    handle = os.memfd_create("letter")
    try:
        yield handle
    finally:
        os.close(handle)


def _path(handle: int) -> str:
    return f"/proc/self/fd/{handle}"


@contextmanager
def _files_of_at_most(limit_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    lower = limit_bytes if soft == resource.RLIM_INFINITY else min(limit_bytes, soft)
    resource.setrlimit(resource.RLIMIT_FSIZE, (lower, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
