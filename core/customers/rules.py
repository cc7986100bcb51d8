"""What addresses are, and how fast one may write before its words are kept in silence: values in, values out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

#: What is counted in chat, and by mail.
CHAT_SPAN, MAIL_SPAN = timedelta(minutes=1), timedelta(hours=1)


_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()]{1,64}@[^\s@<>,;:\"()]{1,250}")


def is_mail_address(text: str) -> bool:
    """Tell whether somebody may have meant a mail address."""
    return _MAIL_ADDRESS.fullmatch(text) is not None


class Pace(StrEnum):
    """How fast somebody writes: as people do; too fast from this message on; or too fast for some time already."""

    USUAL = "usual"
    TOO_FAST_NOW = "too_fast_now"
    TOO_FAST = "too_fast"


def counted(since: datetime | None, heard: int, now: datetime, span: timedelta) -> tuple[datetime, int]:
    """Count one message more: since when, and how many; a new span begins when one is over."""
    if since is None or not since <= now < since + span:
        return now, 1
    return since, heard + 1


def pace(heard: int, limit: int) -> Pace:
    """Tell how fast somebody writes who was heard so often in a span; with a limit of 0 nobody is too fast."""
    if not limit or heard <= limit:
        return Pace.USUAL
    return Pace.TOO_FAST_NOW if heard == limit + 1 else Pace.TOO_FAST
