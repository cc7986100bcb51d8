"""What was run keeps its result, outside the repository, so that a full edition may be interrupted and goes on."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.harness import Case, Outcome

ROOT = Path(__file__).parents[2]

#: So many broken promises are kept of one run; how many there were is kept besides.
_BROKEN = 20


def folder() -> Path:
    """Name the folder of results, and of what is made once and used again; `CHERHA_FAULTS_DIR` names another one."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    found = Path(os.environ.get("CHERHA_FAULTS_DIR") or cache / "cherha-faults")
    found.mkdir(parents=True, exist_ok=True)
    return found


def this_commit() -> str:
    """Name the commit that is tried; with a plus and the hash of the difference while there is one."""

    def git(*words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout

    try:
        head, difference = git("rev-parse", "--short=12", "HEAD").decode().strip(), git("diff", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{head}+{hashlib.sha256(difference).hexdigest()[:8]}" if difference else head


@dataclass(frozen=True, slots=True)
class Results:
    """A file of JSON lines, one a result; what is the same case, number and seed at the same commit is done.

    Args:
        any_commit: what was done at another commit is done too.
    """

    path: Path
    commit: str
    any_commit: bool = False

    def find(self, case: Case) -> dict[str, Any] | None:
        """Find the latest result of a case."""
        if not self.path.exists():
            return None
        wanted = _key(case)
        for line in reversed(self.path.read_text().splitlines()):
            kept = json.loads(line)
            same = {name: kept[name] for name in wanted} == wanted
            if same and (self.any_commit or kept["commit"] == self.commit):
                return dict(kept)
        return None

    def going(self, case: Case) -> Path:
        """Name the file of what is done of a case that came to no end; what another commit did is in another one."""
        words = json.dumps([_key(case), self.commit], sort_keys=True).encode()
        return self.path.parent / f"going-{case.name.replace(' ', '-')}-{hashlib.sha256(words).hexdigest()[:12]}.jsonl"

    def keep(self, case: Case, outcome: Outcome, took_s: float) -> dict[str, Any]:
        """Write down a result at once, so that a power cut loses at most what runs."""
        kept = _key(case) | {
            "commit": self.commit,
            "took_s": round(took_s, 1),
            "figures": dict(outcome.figures),
            "faults": len(case.faults(outcome.broken)),
            "broken": [*outcome.broken[:_BROKEN], *([f"… {len(outcome.broken)}"] if outcome.broken[_BROKEN:] else [])],
        }
        with self.path.open("a") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.going(case).unlink(missing_ok=True)
        return kept


def _key(case: Case) -> dict[str, Any]:
    return {"name": case.name, "numbers": dict(case.numbers), "seed": case.seed}
