"""What a case can be and what may follow on what: values in, values out."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

#: Characters of a title; a longer one ends in an ellipsis.
TITLE_LENGTH = 80

#: The largest file that Telegram gives to a bot, in bytes (core.telegram.org/bots/api#getfile).
TELEGRAM_FILE_BYTES = 20 * 1024 * 1024


class CaseStatus(StrEnum):
    """How a case stands; whether it is assigned or in progress is told by its queue."""

    OPEN = "open"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    SPAM = "spam"
    MERGED = "merged"


class EntryKind(StrEnum):
    """What a message of a case is: the customer's, an answer of ours, or a note that stays inside.

    What a machine answered in the customer's place is none of their words: nothing waits for an answer to it.
    """

    CUSTOMER = "customer"
    MACHINE = "machine"
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


#: At a message: it came sealed, and was opened with our key.
CAME_SEALED = "flag.opened"

#: For so long what a customer writes next, after they were told that a case is resolved, is about that case.
STILL_ABOUT = timedelta(hours=24)

#: Thanks, by word or sign; and what may stand beside them without asking for anything.
_THANKS = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|дякую|дякуємо|дяки|дякс|спасибі|спасибо|вдячн\w+)\b|[🙏👍❤👌]", re.IGNORECASE
)
_BESIDE_THANKS = re.compile(
    r"(?:дуже|щиро|велике|many|so much|a lot|very much|вам|all good|ok|ок|okay|окей|добре|супер|great|perfect|you"
    r"|за допомогу|for (?:your|the) help|it|is|everything|works|working|now|fine|все|усе|всё|тепер|вже|працює"
    r"|запрацюв\w+|чудово|класно|отлично|[!.,)\s\uFE0F\U0001F3FB-\U0001F3FF])*",
    re.IGNORECASE,
)


def only_thanks(text: str) -> bool:
    """Tell whether words are thanks and nothing else, so that they need not open a resolved case again."""
    if len(text) > 80 or not _THANKS.search(text):  # noqa: PLR2004 - characters
        return False
    return _BESIDE_THANKS.fullmatch(_THANKS.sub(" ", text)) is not None


_RATING = re.compile(r"([1-5])(?:\s*/\s*5)?[\s.!]*", re.ASCII)


def rating_in(text: str) -> int | None:
    """Read a rating from 1 to 5, and nothing else: `4`, `4/5` or `4!`."""
    found = _RATING.fullmatch(text.strip())
    return int(found[1]) if found else None


def rating_of_letter(subject: str, words: str) -> tuple[int | None, str]:
    """Read a rating out of a letter: its subject is one, or the first line that has words; and the words after it."""
    lines = words.strip().splitlines() or [""]
    if (found := rating_in(lines[0])) is not None:
        return found, "\n".join(lines[1:]).strip()
    return rating_in(subject), words.strip()


def reopens(status: CaseStatus, resolved_at: datetime | None, now: datetime, days: int) -> bool:
    """Tell whether a customer's message on this closed case opens it again, rather than a new one.

    Args:
        days: so many after it was closed it does; 0 is never.
    """
    ended = status in {CaseStatus.RESOLVED, CaseStatus.CANCELLED}
    return ended and resolved_at is not None and now - resolved_at <= timedelta(days=days)


_CYRILLIC_UK = re.compile(r"[іїєґІЇЄҐ]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_LATIN = re.compile(r"[A-Za-z]+")
_TELLING = 4000


def language_of(text: str) -> str | None:
    """Guess the language to answer in: `uk` for Cyrillic writing, `en` for Latin, None when it cannot be told.

    The first `_TELLING` characters tell it.
    """
    text = text[:_TELLING]
    cyrillic, latin = (sum(map(len, one.findall(text))) for one in (_CYRILLIC, _LATIN))
    if _CYRILLIC_UK.search(text) or cyrillic > latin:
        return "uk" if cyrillic else None
    return "en" if latin >= 3 else None  # noqa: PLR2004 - fewer letters tell nothing
