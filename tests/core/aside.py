"""A letter that waits for a person to decide on it."""

from __future__ import annotations

from core.desk import Tx
from core.inbox.actions import NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState


def set_aside(tx: Tx, sender: str, digest: str, case: int | None = None, *, to: str = "help@desk.example") -> int:
    """Keep a letter and set it aside, as one that goes round in a loop; returns its row.

    Args:
        digest: any name that no other letter has.
        case: the one that it names.
    """
    row = keep_letter(tx, NewLetter(to, sender, "192.0.2.1", tx.now, 3, f"{digest:0>64}", None, b"Hi!"))
    settled = settle_letter(tx, row, InboxState.SET_ASIDE, "aside.loop")
    assert settled is not None
    settled.facts = {} if case is None else {"case": case}
    return row
