"""What a delivery status says of each recipient (RFC 3464), and what its codes mean (RFC 3463)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.intake.letter import Letter


class Why(StrEnum):
    """Why a letter did not arrive; of these only `ADDRESS` says that it never will."""

    ADDRESS = "address"
    FULL = "full"
    SIZE = "size"
    REFUSED = "refused"
    LATE = "late"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Status:
    """One recipient of a delivery status.

    Attributes:
        addresses: as they were written to first, then where the letter was going at last.
        action: failed, delayed, delivered, relayed, expanded; lower case.
        code: such as `5.1.1`, or nothing.
        words: the answer of the server that refused it, in one line.
    """

    addresses: tuple[str, ...]
    action: str
    code: str
    words: str


#: Characters of words that are kept, and of a report that are looked at.
WORDS, _LOOK_AT = 200, 64 * 1024

_FIELD = re.compile(r"^([a-z][a-z-]{2,40})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]+)*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>;,()\"']{1,320}@[^\s<>;,()\"']{1,255}")
_CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")

_WORDS: tuple[tuple[Why, re.Pattern[str]], ...] = (
    (
        Why.FULL,
        re.compile(
            r"quota|mail(?:box|file)? (?:is |size )?(?:full|limit)|full mailbox|insufficient (?:system )?storage"
            r"|(?:box|account) full"
                   r"|exceed\w* (?:\w+ ){0,3}(?:storage|mailbox|space)"
            r"|переповнен|переполнен|いっぱい|一杯", re.IGNORECASE),
    ),
    (Why.SIZE, re.compile(
        r"(?:message|mail) (?:size|too (?:big|large))|too large|size limit|exceeds? (?:the )?max", re.IGNORECASE)),
    (
        Why.ADDRESS,
        re.compile(
            r"(?:user|mailbox|recipient|address|addressee|account)(?: name)?(?: is| was)? ?(?:unknown|not found"
            r"|does ?n['o]t exist|invalid"
                   r"|disabled|inactive|no longer|not listed|not known)|(?:unknown|no such|invalid|nonexistent"
                   r"|bad) (?:local |or illegal )?"
                   r"(?:user|recipient|address|addressee|mailbox|person|alias|account|domain|host)|(?:host"
                   r"|domain)(?: name)? (?:unknown|not found)"
                   r"|does not (?:exist|have an? (?:account|mailbox))|not a (?:valid|known) (?:user|recipient"
                   r"|mailbox)|(?:has |was )?moved to"
                   r"|nxdomain|no mailbox here|couldn't find (?:a mail exchanger|any host)"
                   r"|address rejected: (?:access denied|user|undeliverable|no such|bad)"
                   r"|not listed in|not in (?:the )?(?:directory|address book)|user doesn't|isn't a valid|null mx"
                   r"|does not accept mail|宛先不明|存在しません|不存在"
                   r"|не існує|не существует|нет такого|немає такого|unbekannt|inconnu|desconocid", re.IGNORECASE),
    ),
    (
        Why.REFUSED,
        re.compile(
            r"spam|block|black ?list|reputation|policy|dmarc|\bspf\b|dkim|denied|not allowed|relay|reject|refus"
            r"|virus|prohibit|member"
                   r"|unsolicited|not permitted|authenticat", re.IGNORECASE),
    ),
    (
        Why.LATE,
        re.compile(
            r"timed? ?out|expired|refused connection|connection refused|not responding|unreachable|too (?:many hops"
            r"|long)|delay|loop"
                   r"|no route|retry|warning|queue|deferred|try again|temporar", re.IGNORECASE),
    ),
)  # fmt: skip


def statuses(letter: Letter) -> tuple[Status, ...]:
    """Read every recipient of every delivery status."""
    texts = [one.text[:_LOOK_AT] for one in letter.reports if "delivery-status" in one.content_type]
    blocks = [block for text in texts for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))]
    return tuple(found for block in blocks if (found := _status(block)) is not None)


def _status(block: str) -> Status | None:
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(block):
        fields.setdefault(name.lower(), " ".join(value.split()))
    action = re.split(r"[^a-z]", fields.get("action", "").lower(), maxsplit=1)[0]
    # OpenSMTPD says "error" for "failed".
    action = "failed" if action.startswith(("fail", "error", "fatal", "undeliver")) else action
    named = (fields.get("original-recipient", ""), fields.get("final-recipient", ""))
    found = [one.strip(".:").lower() for value in named for one in _ADDRESS.findall(value)[:1]]
    code = _CODE.search(fields.get("status", "")) or _CODE.search(fields.get("diagnostic-code", ""))
    if not action and not found:
        return None
    words = re.sub(r"^[\w-]{1,20}\s*;\s*", "", fields.get("diagnostic-code", ""))
    return Status(tuple(dict.fromkeys(found)), action, code[0] if code else "", words[:WORDS])


def code_in(text: str) -> str:
    """Find the status code in words of a server; a plain reply such as 550 is `5.0.0`; nothing if there is none."""
    found = re.search(r"\b[45]\.\d{1,3}\.\d{1,3}\b", text)
    if found:
        return found[0]
    reply = _REPLY.search(text)
    return f"{reply[1]}.0.0" if reply else ""


def why(code: str, words: str) -> Why:
    """Tell why by the words of a server, which are truer than its codes; where they do not say, by those (RFC 3463)."""
    subject = ".".join(code.split(".")[1:])
    for reason, pattern in _WORDS:
        if reason is Why.REFUSED and subject in {"1.1", "1.2", "1.3", "1.6", "1.10"}:
            break  # "refused" is no reason: what is refused is the address
        if pattern.search(words):
            return reason
    if subject.startswith("1.") and subject not in {"1.0", "1.7", "1.8", "1.9"}:
        return Why.ADDRESS
    by_code = {"2.1": Why.ADDRESS, "2.2": Why.FULL, "2.3": Why.SIZE, "3.4": Why.SIZE, "4.4": Why.LATE, "4.7": Why.LATE}
    if subject in by_code:
        return by_code[subject]
    return {"7": Why.REFUSED, "4": Why.LATE}.get(subject.split(".")[0], Why.OTHER)
