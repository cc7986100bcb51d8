"""What is done with each kind of letter: a table, read from top to bottom; the first that fits wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.intake.letter import Letter
from core.intake.rules import Kind
from core.intake.rules.loop import goes_in_circles


class Action(StrEnum):
    """What becomes of a letter: a message with a receipt, one without, a note on what it tells, or set aside."""

    ACCEPT = "accept"
    SILENTLY = "silently"
    NOTE = "note"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Disposition:
    """The decision on a letter, the kind it was made by, and the key of the sentence that says why."""

    action: Action
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class _Facts:
    letter: Letter
    kind: Kind
    domain: str
    joins: Callable[[], bool]


TABLE: tuple[tuple[str, Callable[[_Facts], bool], Action], ...] = (
    ("aside.loop", lambda facts: goes_in_circles(facts.letter, facts.domain), Action.SET_ASIDE),
    ("aside.feedback_report", lambda facts: facts.kind.feedback_report, Action.SET_ASIDE),
    ("aside.bounce", lambda facts: facts.kind.bounce is not None, Action.NOTE),
    ("kind.receipt", lambda facts: facts.kind.receipt, Action.NOTE),
    ("aside.auto_reply", lambda facts: facts.kind.auto_reply, Action.NOTE),
    ("aside.no_sender", lambda facts: facts.letter.from_ is None, Action.SET_ASIDE),
    (
        "kind.answer",
        lambda facts: facts.kind.mailing_list and not facts.kind.by_machine and facts.joins(),
        Action.ACCEPT,
    ),
    ("kind.list_answer", lambda facts: facts.kind.mailing_list and facts.joins(), Action.SILENTLY),
    ("aside.mailing_list", lambda facts: facts.kind.mailing_list, Action.SET_ASIDE),
    ("kind.automatic", lambda facts: facts.kind.automatic, Action.SILENTLY),
    ("kind.ordinary", lambda _facts: True, Action.ACCEPT),
)


def decide(letter: Letter, kind: Kind, domain: str, joins: Callable[[], bool]) -> Disposition:
    """Decide what becomes of a letter.

    Args:
        domain: of our own addresses.
        joins: tells whether it names a case that its sender is on; asked of letters of mailing lists only.
    """
    facts = _Facts(letter, kind, domain, joins)
    for reason, fits, action in TABLE:
        if fits(facts):
            return Disposition(action, facts.kind, reason)
    raise AssertionError  # the last row fits everything
