"""What a case can be and what may follow on what: values in, values out."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

#: For so long a customer's message on a resolved case opens it again.
REOPEN_WITHIN = timedelta(days=14)

#: Characters of a title; a longer one ends in an ellipsis.
TITLE_LENGTH = 80

#: The largest file that Telegram gives to a bot, in bytes (core.telegram.org/bots/api#getfile).
TELEGRAM_FILE_BYTES = 20 * 1024 * 1024


class CaseStatus(StrEnum):
    """How a case stands; whether it is assigned or in progress is told by its queue."""

    OPEN = "open"
    RESOLVED = "resolved"
    SPAM = "spam"


class EntryKind(StrEnum):
    """What a message of a case is: the customer's, an answer of ours, or a note that stays inside."""

    CUSTOMER = "customer"
    ANSWER = "answer"
    NOTE = "note"
    WITHDRAWN = "withdrawn"


class FileState(StrEnum):
    """Where a file is: to be fetched, kept, too big to be fetched, or lost at the other side."""

    WAITING = "waiting"
    KEPT = "kept"
    TOO_BIG = "too_big"
    LOST = "lost"


def title_from(text: str, fallback: str = "…") -> str:
    """Make a one-line title from the first words of a text; control and direction marks are taken out."""
    clean = "".join(
        " " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one
        for one in text
        if unicodedata.category(one) != "Cf"
    )
    line = re.sub(r"\s+", " ", clean).strip()
    if not line:
        return fallback
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


#: For so long what a customer writes next, after they were told that a case is resolved, is about that case.
STILL_ABOUT = timedelta(hours=24)

#: Words of thanks and nothing else: they ask for nothing.
_THANKS = re.compile(
    r"(?:(?:дуже|щиро|велике|many|so much|a lot|very much|you|вам|all good|ok|ок|okay|окей|добре|супер|great|perfect"
    r"|thanks|thank|thx|ty|cheers|дякую|дякуємо|дяки|дякс|спасибі|спасибо|вдячн\w+|за допомогу|for (?:your|the) help"
    r"|[!.,)\s]|[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F\U0001F3FB-\U0001F3FF])+)",
    re.IGNORECASE,
)


def only_thanks(text: str) -> bool:
    """Tell whether words are thanks and nothing else, so that they need not open a resolved case again."""
    return len(text) <= 80 and _THANKS.fullmatch(text.strip()) is not None  # noqa: PLR2004 - characters


def reopens(status: CaseStatus, resolved_at: datetime | None, now: datetime) -> bool:
    """Tell whether a customer's message on this closed case opens it again, rather than a new one."""
    return status is CaseStatus.RESOLVED and resolved_at is not None and now - resolved_at <= REOPEN_WITHIN


_CYRILLIC_UK = re.compile(r"[іїєґІЇЄҐ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")


def language_of(text: str) -> str | None:
    """Guess the language to answer in: `uk` for Cyrillic writing, `en` for Latin, None when it cannot be told."""
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    if _CYRILLIC_UK.search(text) or cyrillic > latin:
        return "uk" if cyrillic else None
    return "en" if latin >= 3 else None  # noqa: PLR2004 - fewer letters tell nothing
