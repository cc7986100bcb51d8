"""The one way from a key and its facts to words, in the reader's language and time zone."""

from __future__ import annotations

import gettext
import html
import io
import re
import string
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from core.texts.said import Notice, Said

#: The languages there are catalogues for; the first is the one to fall back to.
LANGUAGES = ("en", "uk")

_TAG = re.compile(r"</?(?:b|i|u|s|code|pre|blockquote|a)(?:\s[^>]*)?>")
#: Between these and now a duration is told by the day's name rather than counted.
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the words are: a language of `LANGUAGES`, an IANA time zone, and the instant of reading."""

    locale: str
    zone: str
    now: datetime


def language(code: str | None, default: str = "en") -> str:
    """Choose the catalogue for a language tag such as `uk-UA`; `default` where there is none for it."""
    short = (code or "").lower().replace("_", "-").split("-")[0]
    # Belarusian and Russian readers are served in Ukrainian rather than in English.
    short = {"ru": "uk", "be": "uk"}.get(short, short)
    return short if short in LANGUAGES else default


def say_html(what: Said, reader: Reader) -> str:
    """Put it into words as Telegram's HTML; every fact is escaped, so no caller can forget to."""
    return _Words(reader, as_html=True).say(what)


def say_plain(what: Said, reader: Reader) -> str:
    """Put it into words as plain text, for mail, toasts and button labels."""
    return _Words(reader, as_html=False).say(what)


def notice_html(what: Notice, reader: Reader) -> str:
    """Put a notice's lines into words as Telegram's HTML, a line break between two."""
    return "\n".join(say_html(line, reader) for line in what.lines)


def notice_plain(what: Notice, reader: Reader) -> str:
    """Put a notice's lines into words as plain text."""
    return "\n".join(say_plain(line, reader) for line in what.lines)


@cache
def _catalogue(locale: str) -> gettext.GNUTranslations:
    kept = files("core.texts") / "locale" / locale / "LC_MESSAGES" / "cherha.po"
    compiled = io.BytesIO()
    with kept.open("rb") as file:
        write_mo(compiled, read_po(file, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _erased() -> dict[str, str]:
    """Map what stands in the place of what was erased, in any language, to its key: each reader reads it in theirs.

    It is kept in the language of the house, for rows hold words and no keys.
    """
    return {_template(key, locale, None): key for key in ("erased.name", "erased.title") for locale in LANGUAGES}


def has(key: str, locale: str) -> bool:
    """Tell whether the catalogue has words for a key."""
    return key in _catalogue(locale)._catalog or (key, 0) in _catalogue(locale)._catalog  # type: ignore[attr-defined] # noqa: SLF001 - gettext has no public look-up without fallback


def _template(key: str, locale: str, count: Any) -> str:
    catalogue = _catalogue(locale)
    if isinstance(count, int) and not isinstance(count, bool) and (key, 0) in catalogue._catalog:  # type: ignore[attr-defined] # noqa: SLF001 - likewise
        return catalogue.ngettext(key, key, abs(count))
    return catalogue.gettext(key)


@cache
def _parts(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Part a template into words, each with the name of the fact that follows it, if one does, and its format."""
    return tuple((words, name, how or "") for words, name, how, _ in string.Formatter().parse(template))


class _Words:
    """Fill a template of the catalogue with facts, each shown as its type and format ask.

    Formats of instants: `{at:ago}` (4 seconds ago), `{at:when}` (today, 15:00), `{at:time}`, `{at:date}`.
    """

    def __init__(self, reader: Reader, *, as_html: bool) -> None:
        self._reader = reader
        self._as_html = as_html

    def say(self, what: Said) -> str:
        template = _template(what.key, self._reader.locale, what.facts.get("count"))
        if not self._as_html:
            template = html.unescape(_TAG.sub("", template))
        said: list[str] = []
        for words, name, how in _parts(template):
            said.append(words)
            if name is not None:  # a row written by an older desk may lack a fact that the sentence has gained since
                said.append(self._fact(what.facts.get(name, "…"), how))
        return "".join(said)

    def _fact(self, value: Any, how: str) -> str:
        if isinstance(value, Said):
            return self.say(value)
        if isinstance(value, list | tuple):
            return ", ".join(self._fact(one, how) for one in value)
        text = self._shown(value, how)
        return html.escape(text, quote=False) if self._as_html else text

    def _shown(self, value: Any, how: str) -> str:
        locale = self._reader.locale
        if isinstance(value, datetime):
            return self._instant(value, how)
        if isinstance(value, date):
            return format_date(value, "d MMM", locale=locale)
        if isinstance(value, timedelta):
            return _span(value, locale)
        text = "" if value is None else str(value)
        erased = _erased().get(text)
        return _template(erased, locale, None) if erased else text

    def _instant(self, at: datetime, how: str) -> str:
        locale, zone = self._reader.locale, ZoneInfo(self._reader.zone)
        local = at.astimezone(zone)
        match how:
            case "ago":
                return format_timedelta(at - self._reader.now, add_direction=True, locale=locale)
            case "time":
                return format_time(local, "HH:mm", locale=locale)
            case "date":
                return format_date(local, "d MMM y", locale=locale)
            case _:
                return self._when(local, self._reader.now.astimezone(zone))

    def _when(self, local: datetime, now: datetime) -> str:
        locale = self._reader.locale
        clock = format_time(local, "HH:mm", locale=locale)
        days = (local.date() - now.date()).days
        near = {-1: "word.yesterday", 0: "word.today", 1: "word.tomorrow"}.get(days)
        if near:
            return f"{_template(near, locale, None)} {clock}"
        pattern = "d MMM, HH:mm" if abs(days) < 300 else "d MMM y, HH:mm"  # noqa: PLR2004 - then the year is needed
        return format_datetime(local, pattern, locale=locale)


def _span(span: timedelta, locale: str) -> str:
    return format_timedelta(span, locale=locale, threshold=1.2)
