"""The words of time in both languages: days, weekdays, months, parts of the day, units; and the look of numbers."""

from __future__ import annotations

import re
from datetime import date, time

#: The hours meant by a day without one, and by parts of the day.
MORNING, NOON, AFTERNOON, EVENING = time(9, 0), time(12, 0), time(15, 0), time(18, 0)

#: Words that lead to a span from now.
SPAN_LEADS = frozenset({"in", "within", "через", "за"})

#: Words behind a span that is counted back from now.
AGO = frozenset({"ago", "тому"})

#: Words before a weekday that is over.
LAST = frozenset({"last", "минулий", "минулого", "минулої", "минулу"})

#: Words that lead to an hour, and all words that may stand before a day or a clock.
CLOCK_LEADS = frozenset({"at", "о", "об", "@"})
LEADS = CLOCK_LEADS | {"on", "next", "this", "by", "for", "until", "till", "in", "у", "в", "до", "на", "цього", "цю"}
NEXT = frozenset({"next", "наступний", "наступного", "наступної", "наступну"})
LEADS |= NEXT | {"цієї"}

#: Words before the beginning and the end of a stretch of hours, and before its length.
FROM_LEADS, TO_LEADS = frozenset({"from", "з", "із", "зі"}), frozenset({"to", "till", "until", "до", "по"})
LENGTH_LEADS = frozenset({"for", "на"})
LEADS |= FROM_LEADS

DAYS = {"today": 0, "сьогодні": 0, "tomorrow": 1, "tmr": 1, "завтра": 1, "післязавтра": 2, "tonight": 0}
DAYS |= {"yesterday": -1, "вчора": -1, "учора": -1, "позавчора": -2}
_AFTER_TOMORROW = ("day", "after", "tomorrow")

SHORT_WEEKDAYS = tuple(re.compile(names) for names in (
    "mon|пн", "tues?|вт", "wed|ср", "thu(r|rs)?|чт", "fri|пт", "sat|сб", "sun|нд",
))  # fmt: skip
WEEKDAYS = tuple(re.compile(names) for names in (
    "monday|понеділ(ок|ка|ку)", "tuesday|вівтор(ок|ка|ку)", "wednesday|серед[ауи]", "thursday|четвер(га|гу)?",
    "friday|пʼятниц[яюі]", "saturday|субот[ауи]", "sunday|неділ[яюі]",
))  # fmt: skip
MONTHS = tuple(re.compile(names) for names in (
    "jan(uary)?|січ(ень|ня)", "feb(ruary)?|лют(ий|ого)", "mar(ch)?|берез(ень|ня)", "apr(il)?|квіт(ень|ня)",
    "may|трав(ень|ня)", "june?|черв(ень|ня)", "july?|лип(ень|ня)", "aug(ust)?|серп(ень|ня)",
    "sept?(ember)?|верес(ень|ня)", "oct(ober)?|жовт(ень|ня)", "nov(ember)?|листопада?", "dec(ember)?|груд(ень|ня)",
))  # fmt: skip
_NEXT_WEEK = {("next", "week"), ("наступного", "тижня")}

#: Parts of the day that stand for themselves, and those that need a day or a leading word before them.
PARTS = {"вранці": MORNING, "зранку": MORNING, "опівдні": NOON, "вдень": AFTERNOON, "удень": AFTERNOON}
PARTS |= {"ввечері": EVENING, "увечері": EVENING, "tonight": EVENING}
LED_PARTS = {"morning": MORNING, "noon": NOON, "midday": NOON, "afternoon": AFTERNOON, "evening": EVENING}
LED_PARTS |= {"ранок": MORNING, "обід": NOON, "вечір": EVENING}

#: What may follow an hour, and whether it makes it one of the second half of the day.
HALVES = {"am": False, "a.m.": False, "pm": True, "p.m.": True, "ранку": False, "вечора": True, "дня": True}
OCLOCK = frozenset({"oʼclock", "год", "година", "годині"})

#: Hours in words, and what says half an hour before or after one: in Ukrainian `пів на четверту` is half past three.
SPOKEN_HOURS = {name: hour for hour, names in enumerate((
    "one|першій|першу", "two|другій|другу", "three|третій|третю", "four|четвертій|четверту",
    "five|пʼятій|пʼяту", "six|шостій|шосту", "seven|сьомій|сьому", "eight|восьмій|восьму",
    "nine|девʼятій|девʼяту", "ten|десятій|десяту", "eleven|одинадцятій|одинадцяту",
    "twelve|дванадцятій|дванадцяту",
), 1) for name in names.split("|")}  # fmt: skip
HALF_PAST = {("half", "past"): 0, ("пів", "на"): 1}

_GLUED = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks", "д": "days"}
_UNITS = tuple((re.compile(names), unit) for names, unit in (
    ("min(ute)?s?|хв|хвилин[иу]?", "minutes"), ("h|hours?|hrs?|год|годин[иу]?", "hours"),
    ("d|days?|дн|дн[іяи]в?|день|доб[иу]|діб", "days"), ("weeks?|тиж(день|н[іяь]в?)?", "weeks"),
    ("months?|місяц[іья]в?", "months"),
))  # fmt: skip
_MINUTES = {("half", "an", "hour"): 30, ("half", "hour"): 30, ("півгодини",): 30, ("пів", "години"): 30}
_MINUTES |= {("an", "hour", "and", "a", "half"): 90, ("півтори", "години"): 90}

CLOCK = re.compile(r"@?([01]?\d|2[0-3])[:.]([0-5]\d)(am|pm)?")
HOUR = re.compile(r"@?([01]?\d|2[0-3])(am|pm)?")
_ONE_OF_TWO = r"@?(?:[01]?\d|2[0-3])(?::[0-5]\d)?(?:am|pm)?"
HOURS = re.compile(rf"({_ONE_OF_TWO})[-–—]({_ONE_OF_TWO})")
SPAN = re.compile(r"\+?(\d{1,3}(?:[.,]\d)?)([^\W\d_]*)")
DATE = re.compile(r"(\d{1,2})\.(\d{2})(?:\.(\d{4}|\d\d))?")
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|-?го|-?е)?")
YEAR = re.compile(r"20\d\d")

#: What nobody writes who does not mean a clock, or a date.
LIKE_A_CLOCK = re.compile(r"@?\d{1,2}:\d{2}(am|pm)?([-–—]\d{1,2}(:\d{2})?(am|pm)?)?")
LIKE_A_DATE = re.compile(r"\d{1,2}\.\d{2}(\.\d{2}|\.\d{4})?|\d{4}-\d{2}-\d{2}")

#: Day and month, or month and day: nobody can tell.
SLASHED = re.compile(r"\d{1,2}/\d{1,2}(/\d{2}|/\d{4})?")

#: A date that is no version of something.
LONG_DATE = re.compile(r"\d\d\.\d\d(\.\d+)?")


#: Years that a date may be of.
_YEARS = range(2000, 2100)

#: A date without a year is of the nearest that has it: the 29th of February can be eight years away.
_YEARS_AHEAD = 9


def weekday(word: str) -> int | None:
    """Tell which day of the week a word is, Monday being 0."""
    named = zip(SHORT_WEEKDAYS, WEEKDAYS, strict=True)
    return next((day for day, names in enumerate(named) if any(one.fullmatch(word) for one in names)), None)


def month(word: str) -> int | None:
    """Tell which month a word is, January being 1."""
    return next((number for number, names in enumerate(MONTHS, 1) if names.fullmatch(word.rstrip("."))), None)


def unit(word: str, *, glued: bool = False) -> str | None:
    """Tell which unit of `timedelta` a word is; single letters mostly when glued to their number: 5 m is a length."""
    known = next((unit for names, unit in _UNITS if names.fullmatch(word.rstrip("."))), None)
    return known or (_GLUED.get(word) if glued else None)


def some_minutes(words: tuple[str, ...]) -> tuple[int, int]:
    """Tell how many minutes words such as `half an hour` say, and how many of them, from the first, do; 0 for none."""
    return next(((span, len(one)) for one, span in _MINUTES.items() if words[: len(one)] == one), (0, 0))


def after_tomorrow(words: tuple[str, ...]) -> bool:
    """Tell whether words say the day after tomorrow."""
    return words == _AFTER_TOMORROW


def is_next_week(before: str, word: str) -> bool:
    """Tell whether two words mean the next week."""
    return (before, word) in _NEXT_WEEK


def numbered_date(word: str, today: date) -> tuple[date, ...]:
    """Read `24.12`, `24.12.2026` or `2026-12-24`, as `dates` does."""
    if iso := ISO_DATE.fullmatch(word):
        return dates(int(iso[3]), int(iso[2]), int(iso[1]), today)
    found = DATE.fullmatch(word)
    if not found:
        return ()
    year = int(found[3]) if found[3] else None
    return dates(int(found[1]), int(found[2]), year + 2000 if year is not None and year < 100 else year, today)  # noqa: PLR2004 - 26 is 2026


def dates(day: int, month: int, year: int | None, today: date) -> tuple[date, ...]:
    """List the days that a date may mean: this one, or without a year the next two that there are; none for none."""
    found: list[date] = []
    for one in range(today.year, today.year + _YEARS_AHEAD) if year is None else (year,):
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    return tuple([one for one in found if one.year in _YEARS and (year is not None or one >= today)][:2])
