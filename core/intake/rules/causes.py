"""Which header of a letter it was that a rule went by, for whoever decides on it."""

from __future__ import annotations

from core.intake.letter import Letter
from core.intake.rules.loop import HOPS, OWN_MARK
from core.intake.rules.spam import spam_header

#: Characters of a header that are shown.
LENGTH = 120

_BY_REASON = {
    "aside.mailing_list": ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list"),
    "aside.auto_reply": ("auto-submitted", "x-autoreply", "x-autorespond", "precedence", "subject"),
    "aside.bounce": ("x-failed-recipients", "content-type", "subject"),
    "aside.feedback_report": ("x-apple-unsubscribe", "content-type", "subject"),
    "aside.no_sender": (),
    "kind.receipt": ("content-type",),
}  # fmt: skip


def cause_of(letter: Letter, reason: str, spam_bar: float) -> str:
    """Show the header that a letter was set aside for; empty where it was for none."""
    if reason == "aside.loop":
        mark = letter.header(OWN_MARK)
        count = len(letter.headers.get("received", ()))
        return _shown(OWN_MARK, mark) if mark else f"Received: {count} > {HOPS}"
    if reason == "aside.spam":
        return _cut(spam_header(letter, spam_bar) or "")
    for name in _BY_REASON.get(reason, ()):
        if letter.header(name).strip():
            return _shown(name, letter.header(name))
    return ""


def _shown(name: str, value: str) -> str:
    return _cut(f"{'-'.join(word.capitalize() for word in name.split('-'))}: {value}")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LENGTH else f"{line[: LENGTH - 1]}…"
