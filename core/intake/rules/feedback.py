"""Is it a feedback report: somebody called our mail spam (RFC 5965, and what providers sent before it)?"""

from __future__ import annotations

import re

from core.intake.letter import Letter

_SUBJECT = re.compile(
    r"^\s*(?:complaint about message from|e-?mail feedback report for(?: ip)?)\s+\[?[\da-f]{1,4}[.:]", re.IGNORECASE
)

#: Headers that a provider adds to the letter that was complained about.
_ADDED = re.compile(rb"^(?:x-hmxmroriginalrecipient|x-reporter-ip|x-aol-irs?)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(
    r"^feedback-type[ \t]*:[ \t]*(?:abuse|fraud|virus|not-spam|opt-out|auth-failure|dmarc|other)\b",
    re.IGNORECASE | re.MULTILINE,
)

#: Characters of a text, and bytes of a copy, that are looked at.
_LOOK_AT = 4000


def is_feedback_report(letter: Letter) -> bool:
    """Tell whether it is an abuse report for machines."""
    if any(part.content_type == "message/feedback-report" for part in letter.reports):
        return True
    kind = letter.header("content-type").replace('"', "").replace(" ", "").lower()
    if "report-type=feedback-report" in kind:
        return True
    if letter.header("x-apple-unsubscribe").strip().lower() == "true":
        return True
    copies = [one for one in (*letter.attachments, *letter.inline) if one.content_type == "message/rfc822"]
    if copies and _SUBJECT.match(letter.subject):
        return True
    if any(_ADDED.search(one.content[:_LOOK_AT]) for one in copies) and not letter.text.strip():
        return True
    return _told_as_json(letter.text) or (
        "multipart/report" in kind and _TYPE.search(letter.text[:_LOOK_AT]) is not None
    )


def _told_as_json(text: str) -> bool:
    """Tell of the JSON that a sending service writes of a complaint."""
    return (
        text.lstrip().startswith("{")
        and re.search(r'"(?:notification|event)Type\W{1,8}Complaint', text[:_LOOK_AT]) is not None
    )
