"""What is done with each kind of letter: a table, read from top to bottom; the first that fits wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.customers.senders import Verdict
from core.intake.letter import Letter
from core.intake.rules import Kind
from core.intake.rules.loop import goes_in_circles
from core.intake.rules.spam import spam_header


class Action(StrEnum):
    """What becomes of a letter: a message with a receipt, one without, a note on what it tells, set aside, or dropped.

    What is dropped is kept with all its bytes, and shown to nobody.
    """

    ACCEPT = "accept"
    SILENTLY = "silently"
    NOTE = "note"
    SET_ASIDE = "set_aside"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Disposition:
    """The decision on a letter, the kind it was made by, and the key of the sentence that says why."""

    action: Action
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the desk knows around a letter, asked only where a row of the table wants to know.

    Attributes:
        domain: of our own addresses.
        spam_bar: from such a score on it is spam; 0 for the plain word of a filter alone.
        verdict: what people said of its sender.
        joins: whether it names a case that its sender is on.
        strange: whether nobody knows its sender, and such letters wait where it was written to.
    """

    domain: str
    spam_bar: float = 0
    verdict: Callable[[], Verdict | None] = lambda: None
    joins: Callable[[], bool] = lambda: False
    strange: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class _Facts:
    letter: Letter
    kind: Kind
    around: Around

    @property
    def tells(self) -> bool:
        """Whether it tells of our own mail, which no rule on senders changes."""
        kind = self.kind
        return kind.bounce is not None or kind.receipt or kind.feedback_report

    def is_said(self, verdict: Verdict) -> bool:
        """Whether people said so of its sender."""
        return not self.tells and self.around.verdict() is verdict

    @property
    def spam(self) -> bool:
        """Whether it was taken for spam before us; not the words of somebody on the case."""
        return spam_header(self.letter, self.around.spam_bar) is not None and not self.around.joins()


TABLE: tuple[tuple[str, Callable[[_Facts], bool], Action], ...] = (
    ("aside.loop", lambda facts: goes_in_circles(facts.letter, facts.around.domain), Action.SET_ASIDE),
    ("aside.feedback_report", lambda facts: facts.kind.feedback_report, Action.NOTE),
    ("aside.bounce", lambda facts: facts.kind.bounce is not None, Action.NOTE),
    ("kind.receipt", lambda facts: facts.kind.receipt, Action.NOTE),
    ("aside.auto_reply", lambda facts: facts.kind.auto_reply, Action.NOTE),
    ("aside.blocked", lambda facts: facts.is_said(Verdict.BLOCK), Action.DROP),
    ("aside.no_sender", lambda facts: facts.letter.from_ is None, Action.SET_ASIDE),
    ("kind.allowed_machine", lambda facts: facts.kind.automatic and facts.is_said(Verdict.ACCEPT), Action.SILENTLY),
    ("kind.allowed", lambda facts: facts.is_said(Verdict.ACCEPT), Action.ACCEPT),
    ("aside.spam", lambda facts: facts.spam, Action.SET_ASIDE),
    (
        "kind.answer",
        lambda facts: facts.kind.mailing_list and not facts.kind.by_machine and facts.around.joins(),
        Action.ACCEPT,
    ),
    ("kind.list_answer", lambda facts: facts.kind.mailing_list and facts.around.joins(), Action.SILENTLY),
    ("aside.mailing_list", lambda facts: facts.kind.mailing_list, Action.SET_ASIDE),
    ("aside.unknown_sender", lambda facts: facts.around.strange(), Action.SET_ASIDE),
    ("kind.automatic", lambda facts: facts.kind.automatic, Action.SILENTLY),
    ("kind.ordinary", lambda _facts: True, Action.ACCEPT),
)


def decide(letter: Letter, kind: Kind, around: Around) -> Disposition:
    """Decide what becomes of a letter."""
    facts = _Facts(letter, kind, around)
    for reason, fits, action in TABLE:
        if fits(facts):
            return Disposition(action, facts.kind, reason)
    raise AssertionError  # the last row fits everything
