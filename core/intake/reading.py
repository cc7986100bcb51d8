"""What the bytes of a letter tell by themselves: pure, so that a process with limits can find it out for us."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.intake.letter import Letter
from core.intake.parse import glimpse, parse
from core.intake.rules import Kind, classify
from core.intake.rules.auto_reply import is_auto_reply
from core.intake.rules.automatic import is_automatic
from core.intake.rules.mailing_list import is_mailing_list


@dataclass(frozen=True, slots=True)
class Understood:
    """A letter, and what kind it is."""

    letter: Letter
    kind: Kind


def read(raw: bytes, mail_from: str, flags: tuple[str, ...] = ()) -> Understood:
    """Understand a letter, which may take long if somebody meant it to: never do it in a process that must go on.

    Args:
        mail_from: of the envelope; empty or `<>` for the null sender.
        flags: what is known of it already, as keys of sentences.
    """
    letter = parse(raw)
    letter = replace(letter, flags=(*letter.flags, *flags)) if flags else letter
    return Understood(letter, classify(letter, mail_from, raw))


def glance(raw: bytes, mail_from: str) -> Understood:
    """Make of a letter that cannot be read within limits what its headers tell, in strictly linear time.

    It becomes a case whatever it is, with the whole letter as a file; its sender gets no automatic answer if the
    headers say that a machine wrote it.
    """
    letter = glimpse(raw)
    machine = is_automatic(letter, mail_from)
    return Understood(
        letter,
        Kind(
            bounce=None,
            auto_reply=False,
            feedback_report=False,
            receipt=False,
            mailing_list=False,
            by_machine=machine,
            automatic=machine or is_auto_reply(letter) or is_mailing_list(letter),
        ),
    )
