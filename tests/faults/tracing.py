"""Reads what the kernel was asked for, as strace wrote it down: was each letter on disk before its 250?"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import Unavailable

#: What is written down: to disk and to the network; whole pages of the log.
_CALLS = "trace=fdatasync,fsync,pwrite64,sendto,rename"
_PAGE_BYTES = 4200

_LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)")
_LOG = re.compile(r"\d+<[^>]*-wal>")
_CLIENT = re.compile(r"\d+<TCP:\[[^>]*->[^>]*:(\d+)\]>")
_PATH = re.compile(r"\d+<([^>]*)>")
_RENAMED = re.compile(r'"([^"]*)", "([^"]*)"')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_KEPT = '"250 2.0.0 Kept'


def traced(command: list[str], log: Path) -> list[str]:
    """Make a command that is traced.

    Raises:
        Unavailable: there is no strace here, or it may not look.
    """
    program = shutil.which("strace")
    if program is None:
        raise Unavailable("strace is not installed: apt-get install strace")
    trial = subprocess.run([program, "-o", "/dev/null", "true"], check=False, capture_output=True, text=True)
    if trial.returncode:
        raise Unavailable(f"strace may not look here: {trial.stderr.strip()}")
    return [program, "-f", "--seccomp-bpf", "-yy", "-s", str(_PAGE_BYTES), "-e", _CALLS, "-o", str(log), *command]


@dataclass
class Disk:
    """What is on disk for certain, as far as the trace has been read.

    Attributes:
        mark: finds what tells letters apart in what is written.
        broken: what was told or referred to before it was on disk.
        answered: letters that were answered with 250.
        files: kept files that a row refers to.
    """

    mark: re.Pattern[str]
    letters: dict[int, list[str]]
    broken: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    _written: set[str] = field(default_factory=set)
    _synced: set[str] = field(default_factory=set)
    _syncing: dict[str, set[str]] = field(default_factory=dict)
    _flushed: set[str] = field(default_factory=set)
    _renamed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _flushing: dict[str, str] = field(default_factory=dict)

    def read(self, lines: Iterable[str]) -> None:
        """Read a trace."""
        for pid, call, rest, begins, ends in _calls(lines):
            if call == "pwrite64" and begins and _LOG.match(rest):
                self._log_written(rest)
            elif call == "fdatasync":
                self._log_synced(pid, rest, begins=begins, ends=ends)
            elif call == "fsync":
                self._flushed_file(pid, rest, begins=begins, ends=ends)
            elif call == "rename" and begins and (names := _RENAMED.match(rest)):
                self._rename(Path(names[1]), Path(names[2]))
            elif call == "sendto" and begins and _KEPT in rest:
                self._told(rest)

    def _log_written(self, rest: str) -> None:
        self._written.update(self.mark.findall(rest))
        for folder in list(self._renamed):
            if early := {one for one in self._renamed[folder] if one in rest}:
                self.broken.append(f"file: the name of {early} may be lost")
        # Not by looking for digests: the number of a byte before one, as strace writes it, looks like a part of it.
        self.files.update(one for one in self._flushed if one in rest and _DIGEST.fullmatch(one))

    def _log_synced(self, pid: str, rest: str, *, begins: bool, ends: bool) -> None:
        """Take for synced what was written before the call began, once it has ended well."""
        if begins and _LOG.match(rest):
            self._syncing[pid] = set(self._written)
        if ends and rest.endswith("= 0"):
            self._synced |= self._syncing.pop(pid, set())

    def _flushed_file(self, pid: str, rest: str, *, begins: bool, ends: bool) -> None:
        if begins and (path := _PATH.match(rest)):
            self._flushing[pid] = path[1]
        if ends and rest.endswith("= 0"):
            name = Path(self._flushing.pop(pid, ""))
            self._flushed |= {name.name, *self._renamed.pop(name.name, set())}

    def _rename(self, old: Path, new: Path) -> None:
        if _DIGEST.fullmatch(new.name):
            if old.name not in self._flushed:
                self.broken.append(f"file: {new.name} has its name before its content is on disk")
            if new.name not in self._flushed:  # kept again it changes nothing
                self._renamed[new.parent.name].add(new.name)

    def _told(self, rest: str) -> None:
        client = _CLIENT.match(rest)
        waiting = self.letters.get(int(client[1])) if client else None
        letter = waiting.pop(0) if waiting else "?"
        self.answered.append(letter)
        if letter not in self._synced:
            self.broken.append(f"unsynced: {letter} was answered with 250 before it was on disk")


def _calls(lines: Iterable[str]) -> Iterator[tuple[str, str, str, bool, bool]]:
    """Part lines into process, call and what is said of it, and whether it begins and ends there."""
    for line in lines:
        if found := _LINE.match(line.rstrip("\n")):
            ends = not found[3].endswith("<unfinished ...>")
            yield found[1], found[2], found[3].rstrip(), "resumed>" not in line[:60], ends
