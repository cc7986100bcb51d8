"""Did a letter of ours fail to arrive, whose address was it, and why (RFC 3464, RFC 6522, and what came before them)?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from core.intake.letter import Letter
from core.intake.rules import failure_words as words
from core.intake.rules.auto_reply import subject_says_so
from core.intake.rules.automatic import says_it_is_automatic
from core.intake.rules.recipients import LOOK_AT, before_the_copy, by_library, in_text
from core.intake.rules.senders import Sender, keeps_mail, may_be_person, sender_of
from core.intake.rules.statuses import Status, Why, code_in, statuses, why

#: Characters in which a machine says what it has to say.
_BEGINNING = 1500

#: Actions of a delivery status that are no failure (RFC 3464, section 2.3.3).
_ARRIVED = {"delivered", "relayed", "expanded"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """That a letter of ours did not arrive.

    Attributes:
        recipients: whom it did not reach, lower case; none when nobody is named.
        final: no more tries are made.
        code: such as `5.1.1`; empty when there is none.
        reason: the words of the server that refused it, one line; empty when there are none.
    """

    recipients: tuple[str, ...]
    final: bool
    why: Why
    code: str
    reason: str

    @property
    def hard(self) -> bool:
        """Whether it will never reach this address."""
        return self.final and self.why is Why.ADDRESS


def bounce_of(letter: Letter, mail_from: str | None, raw: bytes) -> Bounce | None:
    """Tell what failed; None when this is no bounce.

    Args:
        mail_from: of the envelope; empty or `<>` for the null sender, None when it is not known.
        raw: the whole letter, of which who failed is read in the ways of many programs; only where a machine wrote it.
    """
    notice = _notice(letter)
    if notice is not None:
        return notice
    told = statuses(letter) if letter.reports else ()
    failed = tuple(one for one in told if one.action in {"failed", "delayed"})
    if failed and not _passed_on(letter):
        return _of_statuses(letter, failed, raw)
    known = letter.header("x-failed-recipients")
    if known and not _passed_on(letter):
        return _of_text(letter, in_text(letter, known), raw)
    if _machine_says_so(letter, mail_from, delivered=any(one.action in _ARRIVED for one in told)):
        return _of_text(letter, (), raw)
    return None


def _passed_on(letter: Letter) -> bool:
    """Tell whether somebody answers or forwards one, whose own program kept its parts."""
    return words.ANSWERED.match(letter.subject) is not None and not _is_report(letter)


def _is_report(letter: Letter) -> bool:
    kind = letter.header("content-type").lower()
    if "report" not in kind:
        return False
    kind = re.sub(r"[\s\"']", "", kind)
    return kind.startswith("multipart/report") and "report-type=delivery-status" in kind


def _of_statuses(letter: Letter, failed: tuple[Status, ...], raw: bytes) -> Bounce:
    final = tuple(one for one in failed if one.action == "failed")
    chosen = final or failed
    addresses = tuple(dict.fromkeys(address for one in chosen for address in one.addresses))
    first = chosen[0]
    said = first.words or _said(letter)
    return Bounce(
        recipients=addresses or by_library(letter, raw) or in_text(letter),
        final=bool(final),
        why=why(first.code, first.words or before_the_copy(letter)[:_BEGINNING]),
        code=first.code or code_in(first.words),
        reason=said,
    )


def _of_text(letter: Letter, named: tuple[str, ...], raw: bytes) -> Bounce:
    text = f"{letter.subject}\n{before_the_copy(letter)[:LOOK_AT]}"
    code = code_in(text)
    return Bounce(
        recipients=named or by_library(letter, raw) or in_text(letter),
        final=not code.startswith("4") and words.DELAY.search(text) is None,
        why=why(code, text),
        code=code,
        reason=_said(letter),
    )


def _said(letter: Letter) -> str:
    """Take the line that says it best: one with a code, else the first with words of failure, else the subject."""
    lines = [" ".join(one.split()) for one in before_the_copy(letter)[:LOOK_AT].split("\n")]
    for wanted in (code_in, words.SENTENCE.search):
        for line in lines:
            if wanted(line):
                return line[:200]
    return letter.subject[:200]


def _machine_says_so(letter: Letter, mail_from: str | None, *, delivered: bool) -> bool:
    """Tell by who sends it and what it says; the words are looked for only where a machine may have written them."""
    sender = sender_of(letter)
    null = letter.header("return-path").strip() == "<>" or (mail_from is not None and mail_from.strip("<> ") == "")
    if any(one.content_type == "message/disposition-notification" for one in letter.reports):
        return _is_refused(letter)
    if not delivered and _is_report(letter):
        return True
    if sender is Sender.SOMEBODY and not null and not says_it_is_automatic(letter):
        return False
    if sender is Sender.DAEMON:
        return not (delivered or _only_good_news(letter))
    if words.ANSWERED.match(letter.subject) or subject_says_so(letter.subject):
        return False
    return (sender is Sender.SERVICE and _is_refused_by_list(letter)) or _service_says_so(letter, null=null)


def _service_says_so(letter: Letter, *, null: bool) -> bool:
    """Tell of a letter that a machine or its keeper wrote: keepers greet, and shops speak of parcels."""
    text = before_the_copy(letter)[:_BEGINNING]
    attached = _has_a_copy(letter)
    if _only_good_news(letter) or (words.GREETING.match(text) and not (null and attached)):
        return False
    subject, sentence = words.SUBJECT.search(letter.subject), words.SENTENCE.search(text) is not None
    if not subject and not sentence:
        return False
    if keeps_mail(letter):
        returned = attached or words.DIVIDER.search(letter.text[:LOOK_AT]) is not None
        signed = returned or null or says_it_is_automatic(letter) or words.FORMULA.match(text) is not None
        if subject and sentence:
            return signed or not may_be_person(letter) or (letter.from_ is None and bool(in_text(letter)))
        return returned or (null and bool(code_in(text) or in_text(letter)))
    # A service that writes of everything: a ticket that is about mail has its number before the words.
    begins = subject is not None and not re.search(r"\w{2}", letter.subject[: subject.start()])
    coded = re.search(r"\b[45]\d\d[ -]#?[45]\.\d", text) is not None
    both = sentence and ((begins and coded) or (null and subject is not None and _names_mail(text)))
    return both or (attached and (sentence or begins))


def _names_mail(text: str) -> bool:
    return (
        re.search(r"\b(?:e-?mail|mail|message|mailbox|recipients?|smtp|address(?:es)?)\b|メール", text, re.IGNORECASE)
        is not None
    )


def _has_a_copy(letter: Letter) -> bool:
    kinds = {one.content_type for one in (*letter.attachments, *letter.inline)}
    kinds |= {one.content_type for one in letter.reports}
    return bool(kinds & {"message/rfc822", "message/global", "text/rfc822-headers", "message/delivery-status"})


def _only_good_news(letter: Letter) -> bool:
    text = f"{letter.subject}\n{before_the_copy(letter)[:_BEGINNING]}"
    return words.SUCCESS.search(text) is not None and words.SENTENCE.search(text) is None


def _is_refused(letter: Letter) -> bool:
    """Tell of a disposition notification that says "rejected": some programs deliver nothing and send it (RFC 5429)."""
    submitted = letter.header("auto-submitted").lower()
    text = before_the_copy(letter)[:_BEGINNING].lower()
    return "reject" in submitted or "automatically rejected" in text or "was refused by" in text


def _is_refused_by_list(letter: Letter) -> bool:
    """Tell whether the program of a mailing list did not take what we wrote."""
    manager = any(
        letter.header(one) for one in ("x-mlserver", "x-ml-info", "list-id", "x-mailman-version", "mailing-list")
    )
    refusal = re.compile(
        r"\bnot (?:a )?member\b|\brejected\b|not allowed to post|non-?members?\b|unmatched to a reg", re.IGNORECASE
    )
    return manager and refusal.search(f"{letter.subject}\n{letter.text[:_BEGINNING]}") is not None


def _notice(letter: Letter) -> Bounce | None:
    """Read the JSON that a sending service writes of a bounce: the form of Amazon SES, by itself or in that of SNS."""
    text = letter.text.strip()
    if not text.startswith("{") or '"' not in text[:80]:
        return None
    told = _json(text)
    wrapped = told.get("Message")
    told = _json(wrapped) if isinstance(wrapped, str) else told
    bounce = told.get("bounce")
    if (told.get("notificationType") or told.get("eventType")) != "Bounce" or not isinstance(bounce, dict):
        return None
    listed = bounce.get("bouncedRecipients")
    failed = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    code = next((str(one["status"]) for one in failed if one.get("status")), "")
    said = next((str(one["diagnosticCode"]) for one in failed if one.get("diagnosticCode")), "")
    return Bounce(
        recipients=tuple(dict.fromkeys(str(one.get("emailAddress", "")).strip("<> ").lower() for one in failed)),
        final=bounce.get("bounceType") != "Transient",
        why=why(code, said),
        code=code,
        reason=" ".join(said.split())[:200],
    )


def _json(text: str) -> dict[str, object]:
    """Read an object of JSON, the first of what is there; people sign below it, and lines are broken within it."""
    for one in (text, text.replace("\n", "")):
        try:
            found, _end = json.JSONDecoder(strict=False).raw_decode(one[:64_000].lstrip())
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}
