"""Fault 8: the power is cut. Each letter is on disk before its 250; a log cut anywhere is a prefix of the commits."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import smtplib
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

from tests.cherha.processes import ROOT, environment, free_port
from tests.faults.clients import letter
from tests.faults.harness import Control, Edition, Given, Outcome, Run
from tests.faults.tornlog import Log, torn
from tests.faults.tracing import Disk, traced

_TO = "help@desk.example"

#: Above what is kept in a row.
_LARGE_BYTES = 1_200_000

_PATIENCE_S = 60.0


async def _traced(given: Given) -> Outcome:
    return await asyncio.to_thread(_trace, given)


def _trace(given: Given) -> Outcome:
    """Hand in letters, many at a time, at a desk that is traced; then read in what order it did things."""
    port, log = free_port(), given.folder / "trace"
    module = "tests.faults.unprotected" if given.off else "cherha"
    env = environment(
        data=given.folder / "var", smtp_listen=f"127.0.0.1:{port}", mail_domain="desk.example",
        mail_addresses="help", test_off=given.off, log_level="WARNING",
    )  # fmt: skip
    with (given.folder / "desk.log").open("wb") as said:
        desk = subprocess.Popen(
            traced([sys.executable, "-m", module, "run"], log), cwd=ROOT, env=env, stdout=said, stderr=said
        )
        try:
            letters = _hand_in(given, port)
        finally:
            _end(desk)
    disk = Disk(re.compile(r"Letter-\d{5}"), letters)
    with log.open(errors="replace") as lines:
        disk.read(lines)
    wanted = given.numbers["letters"] + given.numbers["large"]
    if len(set(disk.answered)) != wanted or len(disk.files) < given.numbers["large"]:
        disk.broken.append(f"untraced: {len(set(disk.answered))} of {wanted} letters, {len(disk.files)} files")
    return Outcome(tuple(disk.broken), {"letters": len(disk.answered), "files": len(disk.files)})


def _hand_in(given: Given, port: int) -> dict[int, list[str]]:
    """Hand in letters by several clients at once, each with a connection of its own; returns which port had which."""
    ports: dict[int, list[str]] = defaultdict(list)
    _wait_for(port)

    def hand_in(number: int) -> None:
        name = f"Letter-{number:05}"  # in its Message-ID, which its row has, wherever its bytes are
        text = "x" * 70 + "\r\n"
        text = text * (_LARGE_BYTES // len(text) if number < given.numbers["large"] else 4)
        made = letter(f"w{number}@customer.example", _TO, "Printer", text, f"{name}@customer.example")
        with smtplib.SMTP("127.0.0.1", port, timeout=_PATIENCE_S) as client:
            ports[client.sock.getsockname()[1]].append(name)
            client.sendmail(f"w{number}@customer.example", [_TO], made)

    with ThreadPoolExecutor(given.numbers["clients"]) as pool:
        list(pool.map(hand_in, range(given.numbers["large"] + given.numbers["letters"])))
    return ports


def _wait_for(port: int) -> None:
    end = monotonic() + _PATIENCE_S
    while True:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=5).close()
        except OSError:
            if monotonic() > end:
                raise
            sleep(0.1)
        else:
            return


def _end(desk: subprocess.Popen[bytes]) -> None:
    """End the desk, and not only who looks at it."""
    for child in Path(f"/proc/{desk.pid}/task/{desk.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGTERM)
    try:
        desk.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        desk.kill()
        desk.wait()


async def _torn(given: Given) -> Outcome:
    return await asyncio.to_thread(_cut, given)


def _cut(given: Given) -> Outcome:
    """Let a desk write a log, and open the database with that log cut at random places."""
    log = Log(given.folder, commits=given.numbers["commits"])
    random, broken, seen = given.random(), [], set()
    for turn in range(given.numbers["cuts"]):
        offset = random.randrange(len(log.content) + 1)
        commits, fault = torn(log, offset, noise=random if turn % 2 else None, in_place=given.off == "log")
        seen.add(commits)
        if fault:
            broken.append(f"torn: cut at {offset}: {fault}")
    figures = {"bytes": len(log.content), "commits": len(log.states) - 1, "different": len(seen)}
    return Outcome(tuple(broken), figures)


RUNS = [
    Run(
        "sync-before-250",
        _traced,
        numbers={"letters": 1000, "large": 20, "clients": 8},
        small={"letters": 40, "large": 1},
        controls=(Control("sync", ("unsynced",), {"letters": 20, "large": 0}),),
        minutes=3,
    ),
    Run(
        "torn-log",
        _torn,
        numbers={"commits": 300, "cuts": 1000},
        small={"commits": 40, "cuts": 60},
        quick={"commits": 20, "cuts": 30},
        edition=Edition.QUICK,
        seeds=(1, 2, 3),
        controls=(Control("log", ("torn",), {"commits": 20, "cuts": 30}),),
        minutes=2,
    ),
]
