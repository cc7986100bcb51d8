"""What is said between a process and one that reads for it: frames, each with its length before it."""

from __future__ import annotations

import socket
from struct import Struct
from time import monotonic

_LENGTH = Struct(">Q")


def send(line: socket.socket, *frames: bytes) -> None:
    """Send frames.

    Raises:
        TimeoutError: not all was taken within the time that is set for the line.
        OSError: the other side is gone.
    """
    for frame in frames:
        line.sendall(_LENGTH.pack(len(frame)))
        line.sendall(frame)


def receive(line: socket.socket, deadline_s: float | None = None) -> bytes:
    """Receive a frame.

    Args:
        deadline_s: of the monotonic clock; None waits for ever.

    Raises:
        TimeoutError: it did not come in time.
        EOFError: the other side is gone; or `OSError`.
    """
    (length,) = _LENGTH.unpack(_exactly(line, _LENGTH.size, deadline_s))
    return bytes(_exactly(line, length, deadline_s))


def _exactly(line: socket.socket, length: int, deadline_s: float | None) -> bytearray:
    taken = bytearray(length)
    rest = memoryview(taken)
    while rest:
        if deadline_s is not None:
            line.settimeout(max(0.001, deadline_s - monotonic()))
        count = line.recv_into(rest)
        if not count:
            raise EOFError
        rest = rest[count:]
    return taken
