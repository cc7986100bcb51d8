"""`make faults`: live through every fault that has no result yet, and tell how each ended."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

from tests.faults.harness import Case, Edition, all_runs, cases
from tests.faults.results import Results, folder, this_commit

#: Nothing is begun that would take longer; what is left is done when it is called again.
_MINUTES = 30.0

#: What has not ended by then stands still: no call takes longer.
_MINUTES_IN_ALL = 39.0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of runs; none: all of them")
    parser.add_argument("--list", action="store_true", help="only tell what there is and how it ended")
    parser.add_argument("--again", action="store_true", help="do what is done once more")
    parser.add_argument("--any-commit", action="store_true", help="take results of other commits for done")
    parser.add_argument("--seed", type=int, action="append", help="this seed only; may be said again")
    parser.add_argument("--number", action="append", default=[], metavar="NAME=COUNT", help="such as letters=1000")
    parser.add_argument("--controls", choices=["too", "only", "none"], default="too")
    parser.add_argument("--minutes", type=float, default=_MINUTES, help="begin nothing that would take longer")
    return parser.parse_args()


def _cases(options: argparse.Namespace) -> Iterator[Case]:
    """Choose what is to be done, with the numbers and seeds that were asked for."""
    numbers = {name: int(count) for name, _, count in (one.partition("=") for one in options.number)}
    for run in all_runs():
        if options.names and not any(name in run.name for name in options.names):
            continue
        known = {name: count for name, count in numbers.items() if name in run.numbers}
        chosen = replace(run, numbers={**run.numbers, **known}, seeds=tuple(options.seed or run.seeds))
        for case in cases(chosen, Edition.FULL):
            if options.controls != {True: "none", False: "only"}[case.control is not None]:
                yield case


def _live(case: Case, results: Results, end: float) -> dict[str, Any] | None:
    """Live through a case and keep its result; None when it could not be lived through to its end.

    Args:
        end: when it is given up at the latest.
    """
    begun = monotonic()
    with tempfile.TemporaryDirectory(prefix="cherha-fault-", ignore_cleanup_errors=True) as place:
        try:
            outcome = asyncio.run(asyncio.wait_for(case.live(Path(place), results.going(case)), end - begun))
        except Exception:  # noqa: BLE001 - the others are to be tried all the same
            traceback.print_exc()
            return None
    return results.keep(case, outcome, monotonic() - begun)


def _tell(case: Case, kept: dict[str, Any] | None, when: str) -> None:
    if kept is None:
        print(f"?      {case.name}, seed {case.seed}: {when}", flush=True)
        return
    figures = ", ".join(f"{name} {value:g}" for name, value in kept["figures"].items())
    word = "BROKEN" if kept["faults"] else "held" if case.control is None else "broke"
    print(f"{word:6} {case.name}, seed {case.seed} ({when}, {kept['took_s']:.0f} s): {figures}", flush=True)
    for words in kept["broken"] if kept["faults"] else []:
        print(f"       {words}", flush=True)


def main() -> int:
    """Do what is left; 0 when everything is done and every promise was held."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # what was started is ended then
    options, end = _options(), monotonic()
    results = Results(folder() / "results.jsonl", this_commit(), options.any_commit)
    print(f"results: {results.path}; commit {results.commit}", flush=True)
    end, given_up = end + options.minutes * 60, end + max(options.minutes, _MINUTES_IN_ALL) * 60
    faults = left = 0
    for case in _cases(options):
        kept = None if options.again else results.find(case)
        when = f"done at {kept['commit']}" if kept else "now"
        if kept is None and (options.list or monotonic() + case.minutes * 60 > end):
            left += 1
            _tell(case, None, "not done yet")
            continue
        kept = kept or _live(case, results, given_up)
        _tell(case, kept, when if kept else "it came to no end")
        faults += kept is None or bool(kept["faults"])
    print(f"{faults} not as they should be, {left} left" + ("; say it again to go on" if left else ""), flush=True)
    return int(bool(faults or left))


if __name__ == "__main__":
    sys.exit(main())
