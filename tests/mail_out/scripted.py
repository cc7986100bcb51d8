"""A mail relay that answers as a test wants it to, over a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from tests.listening import listening

#: An answer that is none: the connection is closed instead.
HANG_UP = ""


@dataclass
class Scripted:
    """A relay.

    Attributes:
        answers: by the command's first word; `.` is the final dot; what is not named is taken.
        recipients: answers to RCPT, by address.
        heard: commands, in order.
        letters: what came between DATA and the final dot.
    """

    answers: dict[str, str] = field(default_factory=dict)
    recipients: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def _serve(self, connection: socket.socket) -> None:
        self.connections += 1
        with connection, cast("BinaryIO", connection.makefile("rwb")) as stream:
            stream.write(b"220 relay.example\r\n")
            stream.flush()
            while line := stream.readline():
                self.heard.append(line.decode().strip())
                word = line.split()[0].decode().upper().split(":")[0]
                if word == "EHLO":
                    stream.write(b"250-relay.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n")
                elif not self._answer(stream, word, line.decode()):
                    return
                stream.flush()

    def _answer(self, stream: BinaryIO, word: str, line: str = "") -> bool:
        taken = {"DATA": "354 go on", "AUTH": "235 come in", "QUIT": "221 bye"}.get(word, "250 fine")
        if word == "RCPT":
            taken = next((answer for one, answer in self.recipients.items() if f"<{one}>" in line), taken)
        answer = self.answers.get(word, taken)
        if answer != HANG_UP:
            stream.write(f"{answer}\r\n".encode())
            stream.flush()
        if word == "DATA" and answer.startswith("354"):
            content = b""
            while not content.endswith(b"\r\n.\r\n"):
                content += stream.readline()
            self.letters.append(content)
            return self._answer(stream, ".")
        return answer != HANG_UP


@contextmanager
def relay(**answers: str) -> Iterator[Scripted]:
    """Listen for the block."""
    script = Scripted({word.replace("dot", "."): answer for word, answer in answers.items()})
    with listening(script._serve) as script.port:
        yield script
