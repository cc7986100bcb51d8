"""Is it a receipt: delivered, displayed, deleted (RFC 8098, RFC 3461)?"""

from __future__ import annotations

import re

from core.intake.letter import Letter

_GOOD = re.compile(r"^action\s*:\s*(?:delivered|relayed|expanded)\b", re.IGNORECASE | re.MULTILINE)
_BAD = re.compile(r"^action\s*:\s*(?:failed|delayed)\b", re.IGNORECASE | re.MULTILINE)


def is_receipt(letter: Letter) -> bool:
    """Tell whether it says that a letter of ours arrived or was read."""
    # A person who shows us one writes a letter of another form (RFC 8098, section 3).
    is_report = "report" in letter.header("content-type").lower()
    if is_report and any(part.content_type == "message/disposition-notification" for part in letter.reports):
        return True
    statuses = [part.text for part in letter.reports if part.content_type == "message/delivery-status"]
    return bool(statuses) and all(_GOOD.search(text) and not _BAD.search(text) for text in statuses)
