"""Mailboxes to fetch from: a real IMAP server (pymap), and a small one of POP3 that keeps to RFC 1939."""

from __future__ import annotations

import imaplib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import BinaryIO, cast

from tests.cherha.processes import free_port
from tests.listening import listening

USER, PASSWORD = "help@desk.example", "open sesame"

#: A password is hashed half a million times at each login, which is most of what the server does for these tests.
_HASTY = "from pysasl.hashing import BuiltinHash; BuiltinHash.__init__.__kwdefaults__['rounds'] = 1"


@dataclass
class ImapServer:
    """A server in a process of its own, with an empty INBOX."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/INBOX?tls=none"

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Look into the mailbox as somebody else."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            client.login(USER, PASSWORD)
            client.select("INBOX")
            yield client
        finally:
            client.logout()

    def deliver(self, *letters: bytes, read: bool = False) -> None:
        """Put letters into the mailbox."""
        with self.client() as client:
            for one in letters:
                client.append("INBOX", "(\\Seen)" if read else "", "", one)

    def unread(self) -> int:
        """Count the letters that nobody has read."""
        with self.client() as client:
            return len(client.search(None, "UNSEEN")[1][0].split())


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Run a server for the block."""
    port = free_port()
    command = f"import warnings; warnings.simplefilter('ignore'); {_HASTY}; from pymap.main import main; main()"
    words = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
        "dict",
        "--demo-user",
        USER,
        "--demo-password",
        PASSWORD,
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", command, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )
    try:
        wait_for_port(port)
        yield ImapServer(port)
    finally:
        process.kill()
        process.wait()


def wait_for_port(port: int) -> None:
    end = monotonic() + 20
    while monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            sleep(0.05)
        else:
            return
    raise AssertionError("the server does not listen")


@dataclass
class PopServer:
    """A mailbox by POP3: letters by their names; what is deleted goes at QUIT only.

    Attributes:
        hangs_up_after: so many letters were read in a visit; another one is not answered.
    """

    letters: dict[str, bytes] = field(default_factory=dict)
    port: int = 0
    hangs_up_after: int | None = None
    hung_up: bool = False

    @property
    def url(self) -> str:
        return f"pop3://{USER.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}?tls=none"

    def serve(self, connection: socket.socket) -> None:
        with connection, cast("BinaryIO", connection.makefile("rwb")) as stream:
            session = _Session(self, list(self.letters))
            answers: list[bytes] = [b"+OK here"]
            while answers:
                stream.write(b"".join(line + b"\r\n" for line in answers))
                stream.flush()
                answers = [] if session.over else session.answer(stream.readline())


@dataclass
class _Session:
    """One visit: the letters as they were at its beginning, and those that go at its end."""

    served: PopServer
    names: list[str]
    gone: set[str] = field(default_factory=set)
    read: int = 0
    over: bool = False

    def answer(self, line: bytes) -> list[bytes]:
        """Answer a command; with nothing, and the visit is over."""
        word, *rest = line.decode().split(maxsplit=1) or [""]
        said = rest[0].strip() if rest else ""
        known = {"PASS": self._pass, "UIDL": self._uidl, "LIST": self._list, "RETR": self._text, "TOP": self._text}
        known |= {"USER": lambda _: [b"+OK"], "DELE": self._delete, "QUIT": self._quit}
        return known[word](said) if word in known else []

    def _pass(self, said: str) -> list[bytes]:
        return [b"+OK" if said == PASSWORD else b"-ERR no"]

    def _uidl(self, _said: str) -> list[bytes]:
        return [b"+OK", *(f"{n} {one}".encode() for n, one in enumerate(self.names, 1)), b"."]

    def _list(self, _said: str) -> list[bytes]:
        sizes = [len(self.served.letters[one]) for one in self.names]
        return [b"+OK", *(f"{n} {size}".encode() for n, size in enumerate(sizes, 1)), b"."]

    def _text(self, said: str) -> list[bytes]:
        if self.read == self.served.hangs_up_after:
            self.served.hung_up = True
            return []
        self.read += 1
        raw = self.served.letters[self._name(said)].removesuffix(b"\r\n")
        text = raw.partition(b"\r\n\r\n")[0] if " " in said else raw  # TOP has the number of lines besides
        return [b"+OK", *(b"." + one if one.startswith(b".") else one for one in text.split(b"\r\n")), b"."]

    def _delete(self, said: str) -> list[bytes]:
        self.gone.add(self._name(said))
        return [b"+OK"]

    def _quit(self, _said: str) -> list[bytes]:
        for one in self.gone:
            self.served.letters.pop(one, None)
        self.over = True
        return [b"+OK"]

    def _name(self, said: str) -> str:
        return self.names[int(said.split(maxsplit=1)[0]) - 1]


@contextmanager
def pop_server() -> Iterator[PopServer]:
    """Run a server for the block."""
    served = PopServer()
    with listening(served.serve) as served.port:
        yield served
