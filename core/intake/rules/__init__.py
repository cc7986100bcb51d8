"""What kind of letter it is: one question a file, put together here."""

from __future__ import annotations

from dataclasses import dataclass

from core.intake.letter import Letter
from core.intake.rules.auto_reply import is_auto_reply
from core.intake.rules.automatic import is_automatic
from core.intake.rules.bounce import Bounce, bounce_of
from core.intake.rules.feedback import is_feedback_report
from core.intake.rules.mailing_list import is_mailing_list
from core.intake.rules.receipt import is_receipt


@dataclass(frozen=True, slots=True)
class Kind:
    """What a letter is, besides what it says; `automatic` is true of every other kind too.

    Attributes:
        bounce: what failed; None of every letter that is none.
        by_machine: its headers or its sender say so, whether it came over a list or not.
    """

    bounce: Bounce | None
    auto_reply: bool
    feedback_report: bool
    receipt: bool
    mailing_list: bool
    by_machine: bool
    automatic: bool


def classify(letter: Letter, mail_from: str | None, raw: bytes) -> Kind:
    """Ask every question about a letter.

    Args:
        raw: the letter as it came: who failed in a bounce is read of it.
        mail_from: of the envelope; empty or `<>` for the null sender, None when it is not known.
    """
    feedback = is_feedback_report(letter)
    receipt = is_receipt(letter)
    bounced = None if feedback else bounce_of(letter, mail_from, raw)
    receipt = receipt and bounced is None
    auto_reply = bounced is None and not receipt and is_auto_reply(letter)
    mailing_list = is_mailing_list(letter)
    by_machine = is_automatic(letter, mail_from)
    return Kind(
        bounce=bounced,
        auto_reply=auto_reply,
        feedback_report=feedback,
        receipt=receipt,
        mailing_list=mailing_list,
        by_machine=by_machine,
        automatic=by_machine or feedback or receipt or bounced is not None or auto_reply or mailing_list,
    )
