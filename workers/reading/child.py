"""The process that reads letters: it is handed their bytes, hands back values, and may end at any moment.

It imports what reading needs and nothing else: no database, no broker; what opens sealed letters only when one comes.
Its arguments are the folders of keys, of S/MIME and of PGP; empty for none.
"""

from __future__ import annotations

import gc
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import clock
from core.intake.reading import read
from workers.reading.frames import receive, send

#: Bounds of one letter: processor time, and memory with all that the process has.
CPU_S, MEMORY_BYTES = 5, 1024 * 1024 * 1024

#: After a letter as large as this the process ends, and its memory with it; the next one finds a new process.
_LARGE_BYTES = 2 * 1024 * 1024

#: Without any of these a letter is neither sealed nor signed; it is looked for before the libraries are read in.
_MARKS = (b"pkcs7", b"PKCS7", b"-----BEGIN PGP ", b"multipart/signed", b"multipart/encrypted")

#: Makes of a letter the one that is in it, and tells what a reader is to know of that.
Open = Callable[[bytes], tuple[bytes, tuple[str, ...]]]


def main(line: socket.socket, open_: Open | None = None) -> None:
    """Read letters until the other side is gone: an empty answer says that one cannot be read within the bounds."""
    for ignored in (signal.SIGINT, signal.SIGTERM):  # they are for the parent, whose end is ours
        signal.signal(ignored, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()
    send(line, b"")
    while True:
        try:
            mail_from, raw = receive(line).decode("utf-8", "replace"), receive(line)
        except (EOFError, OSError):
            return
        _limit_time()
        send(line, _answer(raw, mail_from, open_))
        if len(raw) > _LARGE_BYTES:
            return


def _limit_time() -> None:
    """Let the system end this process when a letter takes too long."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + CPU_S + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def opener(smime: Path | None, pgp: Path | None) -> Open:
    """Make what opens letters with the keys in these folders, which are read when they are first needed."""
    keys: list[Any] = []

    def open_(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
        if not any(mark in raw for mark in _MARKS):
            return raw, ()
        from workers.sealed.folder import read_keys
        from workers.sealed.opening import open_letter

        if not keys:
            keys.append(read_keys(smime, pgp))
        return open_letter(raw, keys[0], clock.now())

    return open_


def _answer(raw: bytes, mail_from: str, open_: Open | None) -> bytes:
    flags: tuple[str, ...] = ()
    if open_ is not None:
        try:
            raw, flags = open_(raw)
        except Exception:  # noqa: BLE001 - whatever it is, the letter stays sealed
            flags = ()
    try:
        return pickle.dumps(read(raw, mail_from, flags), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - whatever it is, the letter becomes a case, and the bytes are kept
        return b""


if __name__ == "__main__":
    folders = [Path(one) if one else None for one in sys.argv[1:]]
    main(socket.socket(fileno=0), opener(*folders) if folders else None)
