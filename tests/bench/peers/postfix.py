"""Postfix: an instance of its own below a folder, that takes letters on a free port and puts them into a Maildir."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter

import psutil

from tests.bench.costs import cpu_s
from tests.bench.door import Sent, bring
from tests.bench.peers.missing import Missing
from tests.bench.rates import Rate
from tests.cherha.processes import free_port

#: Seconds until a letter that was taken must lie in the Maildir.
_PATIENCE_S = 60.0

#: Nothing slows down who sends: no limits of clients, no pause while more comes in than goes out, no look for names.
_AT_ITS_BEST = {
    "smtpd_client_connection_count_limit": "0",
    "in_flow_delay": "0",
    "smtpd_peername_lookup": "no",
    "initial_destination_concurrency": "20",
}

_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
smtp unix - - n - - smtp
postlog unix-dgram n - n - 1 postlogd
"""


def main_cf(folder: Path, owner: int, more: Mapping[str, object] | None = None) -> str:
    """Write the settings of an instance that touches nothing outside a folder, and delivers as one user.

    Args:
        more: settings that come on top, or in the place of others.
    """
    own = {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "maillog_file": folder / "log",
        "maillog_file_prefixes": folder,
        "inet_protocols": "ipv4",
        "myhostname": "desk.example",
        "mydestination": "",
        "alias_maps": "",
        "local_recipient_maps": "",
        "fast_flush_domains": "",
        "virtual_mailbox_domains": "localhost",
        "virtual_mailbox_base": folder / "mail",
        "virtual_mailbox_maps": "static:desk/",
        "virtual_uid_maps": f"static:{owner}",
        "virtual_gid_maps": f"static:{owner}",
        "virtual_minimum_uid": "1",
    }
    return "".join(f"{name} = {value}\n" for name, value in {**own, **_AT_ITS_BEST, **(more or {})}.items())


@dataclass(frozen=True, slots=True)
class Taken:
    """One round, told until the last 250 and until all lie in the Maildir; the CPU is that of the whole in both."""

    until_250: Rate
    until_delivered: Rate


@dataclass(frozen=True, slots=True)
class Postfix:
    """A running instance."""

    name: str
    port: int
    pid: int
    _folder: Path

    def round_of(self, connections: int, letters: Sequence[Sent]) -> Taken:
        """Bring it letters, and wait until all are delivered; they are taken away afterwards."""
        before, start = cpu_s(self.pid), perf_counter()
        asyncio.run(bring(self.port, connections, letters))
        taken_s = perf_counter() - start
        self._wait_for(len(letters))
        delivered_s, cpu = perf_counter() - start, cpu_s(self.pid) - before
        for letter in self._new().iterdir():
            letter.unlink()
        return Taken(Rate.of(len(letters), taken_s, cpu), Rate.of(len(letters), delivered_s, cpu))

    def _new(self) -> Path:
        return self._folder / "mail" / "desk" / "new"

    def _wait_for(self, letters: int) -> None:
        deadline = monotonic() + _PATIENCE_S
        while not self._new().exists() or len(os.listdir(self._new())) < letters:  # noqa: PTH208 - the cheapest look
            if monotonic() > deadline:
                raise RuntimeError(f"Postfix did not deliver: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)


@contextmanager
def running(folder: Path, more: Mapping[str, object] | None = None) -> Iterator[Postfix]:
    """Run an instance below a folder, which everybody may pass through, for the block.

    Args:
        more: settings that come on top, or in the place of others.

    Raises:
        Missing: there is no Postfix here, or nobody who may start it.
    """
    program = _program()
    port, config = free_port(), folder / "etc"
    _write(folder, config, port, more)
    told = subprocess.run([program, "-c", config, "start"], capture_output=True, text=True, check=False)
    if told.returncode:
        raise Missing(f"Postfix is left out, for it does not start here: {told.stderr.strip()}")
    pid = int((folder / "queue" / "pid" / "master.pid").read_text())
    try:
        version = _output("postconf", "-c", config, "-h", "mail_version")
        yield Postfix(f"Postfix {version}", port, pid, folder)
    finally:
        _stop(program, config, pid)


def _stop(program: str, config: Path, pid: int) -> None:
    """Stop this instance, and wait for those that it has started: they still write to its folder."""
    started = psutil.Process(pid).children(recursive=True)
    subprocess.run([program, "-c", config, "stop"], capture_output=True, check=True)
    psutil.wait_procs(started, timeout=10)


def _program() -> str:
    program = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise Missing("Postfix is left out, for it is not installed: `apt-get install postfix`, with no configuration.")
    if os.geteuid() != 0:
        raise Missing("Postfix is left out, for only root may start it.")
    return program


def _write(folder: Path, config: Path, port: int, more: Mapping[str, object] | None) -> None:
    """Make the folders that Postfix does not make itself, and its settings."""
    nobody = pwd.getpwnam("nobody").pw_uid
    owners: Mapping[str, int] = {"etc": 0, "queue": 0, "mail": nobody, "data": pwd.getpwnam("postfix").pw_uid}
    folder.mkdir(parents=True, exist_ok=True)
    for name, owner in owners.items():
        (folder / name).mkdir(mode=0o755)
        os.chown(folder / name, owner, -1)
    (config / "main.cf").write_text(main_cf(folder, nobody, more))
    (config / "master.cf").write_text(_SERVICES.format(port=port))


def _output(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
