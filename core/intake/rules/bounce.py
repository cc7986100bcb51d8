"""Did a letter of ours fail to arrive, and whose address was it (RFC 3464, RFC 6522, and what came before them)?"""

from __future__ import annotations

import re

from core.intake.letter import Letter

_RECIPIENT = re.compile(
    r"^(?:final|original)-recipient\s*+:\s*+(?:[\w-]++\s*+;)?+\s*+<?([^\s<>;@]++@[^\s<>;]+)>?",
    re.IGNORECASE | re.MULTILINE,
)
_FAILED = re.compile(r"^action\s*:\s*(?:failed|delayed)\b", re.IGNORECASE | re.MULTILINE)
_SENDER = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|mail\.?delivery|bounce)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|fail|report|notification|problem|error|has failed|incomplete|delayed)|returned (?:mail|to sender)"
    r"|failure (?:notice|notification)|mail (?:delivery|could not|system|failure)|message (?:undeliverable|not delivered|status)"
    r"|non[- ]?(?:deliver|remis)|could not be delivered|unzustellbar|nicht zugestellt|undelivered|unable to deliver|rejected"
    r"|warning: (?:could not|message)|échec|no entregad|non recapitabile|не доставлено|недоставлен|不能投递|退信|配信|delayed",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?:user|mailbox|recipient|address|account)\s+(?:is\s+)?(?:unknown|not found|unavailable|disabled|rejected|invalid|full"
    r"|does not exist|over quota)|unknown (?:user|recipient|address|host)|no such (?:user|recipient|mailbox|address|person)"
    r"|could not be delivered|couldn't be delivered|was not delivered|not be delivered|permanent (?:fatal )?errors?"
    r"|delivery (?:to the following|failed|attempts)|undeliverable|\b5\d\d[ -]5\.\d\.\d|\b[45]\.\d\.\d\b|host (?:unknown|not found)"
    r"|mail(?:box)? (?:quota|is full)|returned (?:mail|message)|over(?:\s|-)?quota|quota exceeded|mailbox full|rejected",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++@[A-Za-z0-9][A-Za-z0-9.-]{0,250}[A-Za-z0-9]"
)


def failed_recipients(letter: Letter) -> tuple[str, ...] | None:
    """Tell which addresses a letter of ours did not reach; None when this is no bounce at all."""
    statuses = [part.text for part in letter.reports if "delivery-status" in part.content_type]
    failed = [one for text in statuses for one in _failed_in(text)]
    if failed or any(_FAILED.search(text) for text in statuses):
        return tuple(dict.fromkeys(one.lower() for one in failed)) or _from_text(letter)
    known = letter.header("x-failed-recipients")
    if known:
        return tuple(dict.fromkeys(one.lower() for one in _ADDRESS.findall(known)))
    return _from_text(letter) if _looks_like_one(letter) else None


def _failed_in(text: str) -> list[str]:
    """Read the recipients of the blocks of a delivery status whose action is a failure."""
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        if _FAILED.search(block):
            found += _RECIPIENT.findall(block)[:1]
    return found


def _looks_like_one(letter: Letter) -> bool:
    """Tell by who sends it and what it says: a daemon, with words of failure in subject or text."""
    local = letter.from_.address.split("@")[0] if letter.from_ else ""
    name = letter.from_.name if letter.from_ else ""
    daemon = _SENDER.match(local) is not None or _SENDER.match(name) is not None
    daemon = daemon or letter.header("return-path").strip() == "<>" or not local
    report = "report-type=delivery-status" in letter.header("content-type").replace('"', "").replace(" ", "").lower()
    # The words are looked for last: in a letter of a person that took longer than all the rest of reading it.
    return report or (daemon and (_says(_SUBJECT, letter.subject) or _says(_WORDS, letter.text[:8000])))


def _says(words: re.Pattern[str], text: str) -> bool:
    return words.search(text) is not None


def _from_text(letter: Letter) -> tuple[str, ...]:
    """Take the first address in the text that is neither the daemon's nor ours to guess from."""
    own = {one.address for one in (*letter.to, *((letter.from_,) if letter.from_ else ()))}
    found = [one.lower() for one in _ADDRESS.findall(letter.text[:8000])]
    return tuple(dict.fromkeys(one for one in found if one not in own and not _SENDER.match(one)))[:1]
