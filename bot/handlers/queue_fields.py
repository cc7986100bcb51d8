"""What can be said of how a queue is kept, one row a field: its words, what changes it, and how its value is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot import args
from bot.calls import StaffCall
from bot.handlers import signing
from bot.render.signatures import lines_of
from core.errors import Misused
from core.people import seeing as people
from core.texts.said import Said, said
from core.work import days as days_of
from core.work import editing, mailing
from core.work.editing import QueueSettings
from core.work.rules import PRIORITIES, Copied, First, Policy

#: What takes a queue's own setting away, so that the desk's holds; what opens a queue to everybody.
OFF = frozenset({"off", "none", "ні", "немає", "вимкнути"})
ON = frozenset({"on", "yes", "так", "увімкнути"})
EVERYBODY = frozenset({"everybody", "everyone", "all", "усі", "всі"})

_PRIORITY_WORDS = {"urgent": 1, "термін": 1, "normal": 2, "usual": 2, "звичайн": 2, "low": 3, "низьк": 3}
_LANGUAGE_WORDS = {"en": "en", "англ": "en", "uk": "uk", "укр": "uk"}
_SIGNED = re.compile(r"([+\-–−])\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        words: that name it in commands, its name in button data first.
        change: reads the words of a new value, and changes the queue.
        value: what is shown of it; None where the desk's own holds, or there is nothing.
    """

    words: tuple[str, ...]
    change: Callable[[StaffCall, int, str], None]
    value: Callable[[QueueSettings], Any]

    @property
    def name(self) -> str:
        """What it is called in keys of sentences and in button data."""
        return self.words[0]

    def line(self, settings: QueueSettings) -> Said:
        """Show it."""
        value = self.value(settings)
        return said(
            f"queue.shows_{self.name}", value=said(f"queue.no_{self.name}") if value in (None, (), "") else value
        )


def _rename(call: StaffCall, queue: int, words: str) -> None:
    editing.rename(call.tx, queue, words, call.by)


def _describe(call: StaffCall, queue: int, words: str) -> None:
    editing.describe(call.tx, queue, "" if words.casefold() in OFF else words, call.by)


def _add_or_remove(
    add: Callable[..., None], remove: Callable[..., None], call: StaffCall, queue: int, words: str
) -> None:
    """Add one, as words with or without a plus before them, or remove it, with a minus."""
    signed = _SIGNED.fullmatch(words)
    change = add if signed is None or signed[1] == "+" else remove
    change(call.tx, queue, signed[2] if signed else words, call.by)


def _set_members(call: StaffCall, queue: int, words: str) -> None:
    """Take `everybody`, the names of all members, or one or more after a plus or a minus."""
    if words.casefold() in EVERYBODY:
        return editing.set_members(call.tx, queue, None, call.by)
    signed = _SIGNED.fullmatch(words)
    named = re.split(r"\s*,\s*" if "," in words else r"\s+", signed[2] if signed else words)
    meant = {people.find(call.tx, word, call.by).id for word in named if word}
    if signed:
        there = set(editing.members_of(call.tx, queue, call.by))
        meant = there | meant if signed[1] == "+" else there - meant
    return editing.set_members(call.tx, queue, meant, call.by)


def _set_priority(call: StaffCall, queue: int, words: str) -> None:
    editing.set_priority(call.tx, queue, _meant(words, _PRIORITY_WORDS, "queue.priority"), call.by)


def _set_language(call: StaffCall, queue: int, words: str) -> None:
    editing.set_locale(call.tx, queue, _meant(words, _LANGUAGE_WORDS, "queue.language"), call.by)


def _meant(words: str, known: dict[str, Any], refusal: str) -> Any:
    """Read a word by its beginning; None for what takes the setting away."""
    word = words.casefold()
    if word in OFF:
        return None
    found = next((value for start, value in known.items() if word.startswith(start)), None)
    if found is None:
        raise Misused(refusal)
    return found


def _set_missed(call: StaffCall, queue: int, words: str) -> None:
    days = None if words.casefold() in OFF else args.days(words, "usage.queue_missed")
    days_of.set_missed_days(call.tx, queue, days, call.by)


def _set_keep(call: StaffCall, queue: int, words: str) -> None:
    """Take a number of days, perhaps with the word, or what keeps words for ever."""
    found = re.fullmatch(r"(\d{1,4})(?:\s*(?:d|days?|дн\w*|д))?", words.casefold())
    if found is None and words.casefold() not in OFF:
        raise Misused("usage.queue_keep")
    days_of.set_keep_days(call.tx, queue, int(found[1]) if found else None, call.by)


def _set_signature(call: StaffCall, queue: int, words: str) -> None:
    text, language = signing.read(words)
    mailing.set_signature(call.tx, queue, text, language, call.by)


def _set_quote(call: StaffCall, queue: int, words: str) -> None:
    word = words.casefold()
    if word not in OFF | ON:
        raise Misused("usage.queue_quote")
    mailing.set_quotes(call.tx, queue, call.by, quotes=word in ON)


_UNKNOWN = {"aside": True, "park": True, "затрим": True, "accept": False, "take": False, "прийма": False}


def _set_unknown(call: StaffCall, queue: int, words: str) -> None:
    aside = _meant(words, _UNKNOWN, "usage.queue_unknown")
    editing.set_strangers_aside(call.tx, queue, bool(aside), call.by)


_COPIED = {
    **dict.fromkeys(("ignore", "nobody", *OFF, "нікого", "ігнор"), Copied.IGNORE),
    **dict.fromkeys(("known", "знайом", "відом"), Copied.KNOWN),
    **dict.fromkeys(EVERYBODY, Copied.ALL),
}


def _set_copied(call: StaffCall, queue: int, words: str) -> None:
    word = words.casefold()
    found = next((value for start, value in _COPIED.items() if word.startswith(start)), None)
    if found is None:
        raise Misused("usage.queue_copied")
    mailing.set_copied(call.tx, queue, found, call.by)


_POLICIES = {
    "manual": Policy.MANUAL,
    "вручну": Policy.MANUAL,
    "least": Policy.LEAST_LOADED,
    "найменше": Policy.LEAST_LOADED,
    "turns": Policy.ROUND_ROBIN,
    "черга": Policy.ROUND_ROBIN,
}
#: Before anybody else, those who know the customer.
_FIRST = {
    **dict.fromkeys(("last", "останній", "останньому"), First.LAST),
    **dict.fromkeys(("owner", "власник", "власнику", "відповідальному"), First.OWNER),
}
_SKILL = re.compile(r"\s+(?:skill|навичка)\s+", re.IGNORECASE)


def _set_give(call: StaffCall, queue: int, words: str) -> None:
    """Take `least`, `turns` or `manual`, perhaps with `owner` or `last` before and `skill WORDS` after it."""
    named, _, skill = _SKILL.sub("\0", words, count=1).partition("\0")
    written = named.casefold().split()
    count = next((place for place, word in enumerate(written) if word not in _FIRST), len(written))
    first, rest = {_FIRST[word] for word in written[:count]}, " ".join(written[count:])
    word = (rest or "least") if first else rest
    policy = Policy.MANUAL if word in OFF else _POLICIES.get(word)
    if policy is None:
        raise Misused("usage.queue_give")
    editing.set_policy(call.tx, queue, policy, skill or None, call.by, first=first)


def _set_accept(call: StaffCall, queue: int, words: str) -> None:
    minutes = None if words.casefold() in OFF else args.minutes(words, "usage.queue_accept")
    editing.set_accept_within(call.tx, queue, minutes, call.by)


def _gives(settings: QueueSettings) -> Said | None:
    if settings.policy is Policy.MANUAL:
        told = said("queue.no_give") if settings.first else None
    else:
        skilled = f"queue.gives_{settings.policy}_skilled" if settings.skill else f"queue.gives_{settings.policy}"
        told = said(skilled, skill=settings.skill) if settings.skill else said(skilled)
    first = "_".join(one for one in (First.OWNER, First.LAST) if one in settings.first)
    return said(f"queue.gives_{first}", otherwise=told) if first else told


def _waits(settings: QueueSettings) -> Said | None:
    minutes = settings.accept_within
    return None if minutes is None else said("queue.waits", count=minutes)


def _days(settings: QueueSettings) -> Said | None:
    days = settings.missed_after_days
    return None if days is None else said("queue.after_days", count=days)


def _keeps(settings: QueueSettings) -> Said | None:
    days = settings.keep_days
    return None if days is None else said("queue.keeps_days", count=days)


def _priority(settings: QueueSettings) -> Said | None:
    return None if settings.priority is None else said(f"queue.priority_{PRIORITIES[settings.priority]}")


def _members(settings: QueueSettings) -> Any:
    if settings.members is None:
        return None
    return list(settings.members) or said("queue.managers_only")


def _signed(settings: QueueSettings) -> list[Said] | None:
    return lines_of(settings.signatures) or None


def _quotes(settings: QueueSettings) -> Said | None:
    return said("queue.quotes") if settings.quotes else None


def _copied(settings: QueueSettings) -> Said | None:
    return said(f"queue.copied_{settings.copied}") if settings.copied is not Copied.IGNORE else None


def _language(settings: QueueSettings) -> Said | None:
    return None if settings.locale is None else said(f"language.{settings.locale}")


FIELDS: tuple[Field, ...] = (
    Field(("name", "назва"), _rename, lambda one: one.name),
    Field(
        ("aliases", "alias", "псевдоніми", "псевдонім"),
        partial(_add_or_remove, editing.add_alias, editing.remove_alias),
        lambda one: one.aliases,
    ),
    Field(("description", "опис"), _describe, lambda one: one.description),
    Field(
        ("mail", "address", "addresses", "пошта", "адреса", "адреси"),
        partial(_add_or_remove, editing.add_address, editing.remove_address),
        lambda one: one.addresses,
    ),
    Field(("members", "учасники"), _set_members, _members),
    Field(("priority", "пріоритет"), _set_priority, _priority),
    Field(("give", "policy", "роздає", "роздавати", "роздача"), _set_give, _gives),
    Field(("accept", "приймати", "прийняти"), _set_accept, _waits),
    Field(
        ("unknown", "strangers", "невідомі"),
        _set_unknown,
        lambda one: said("queue.strangers_aside") if one.strangers_aside else None,
    ),
    Field(("missed", "забуті"), _set_missed, _days),
    Field(("keep", "retention", "зберігати"), _set_keep, _keeps),
    Field(("language", "мова"), _set_language, _language),
    Field(("signature", "підпис"), _set_signature, _signed),
    Field(("quote", "quotes", "цитата", "цитувати"), _set_quote, _quotes),
    Field(("copied", "cc", "копія", "копії"), _set_copied, _copied),
)

_BY_WORD = {word: field for field in FIELDS for word in field.words}

#: All words that name a field.
FIELD_WORDS = frozenset(_BY_WORD)


def change(call: StaffCall, queue: int, words: str) -> None:
    """Change a field of a queue by words such as `priority urgent`.

    Raises:
        Misused: `usage.queue_edit`, and what the field says of its value.
    """
    word, value, *_ = *words.split(None, 1), "", ""
    field = _BY_WORD.get(word.casefold().rstrip(":"))
    if field is None or not value.strip():
        raise Misused("usage.queue_edit")
    field.change(call, queue, value.strip())
