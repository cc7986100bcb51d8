"""The process that reads letters: it is handed their bytes, hands back values, and may end at any moment.

It imports what reading needs and nothing else: no database, no broker.
"""

from __future__ import annotations

import gc
import pickle
import resource
import signal
import socket

from core.intake.reading import read
from workers.reading.frames import receive, send

#: Bounds of one letter: processor time, and memory with all that the process has.
CPU_S, MEMORY_BYTES = 5, 1024 * 1024 * 1024

#: After a letter as large as this the process ends, and its memory with it; the next one finds a new process.
_LARGE_BYTES = 2 * 1024 * 1024


def main(line: socket.socket) -> None:
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
        send(line, _answer(raw, mail_from))
        if len(raw) > _LARGE_BYTES:
            return


def _limit_time() -> None:
    """Let the system end this process when a letter takes too long."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + CPU_S + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _answer(raw: bytes, mail_from: str) -> bytes:
    try:
        return pickle.dumps(read(raw, mail_from), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - whatever it is, the letter becomes a case, and the bytes are kept
        return b""


if __name__ == "__main__":
    main(socket.socket(fileno=0))
