"""How names are compared: whatever apostrophe, case or alphabet they are typed in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

#: What people type where Ukrainian has its apostrophe; the first is the letter itself (U+02BC).
_APOSTROPHES = "ʼ'’‘`´′ʹ＇"
_APOSTROPHE = str.maketrans(dict.fromkeys(_APOSTROPHES, _APOSTROPHES[0]))

#: Romanisation of Ukrainian (Resolution No. 55 of the Cabinet of Ministers of Ukraine, 27 January 2010).
_ROMAN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia",
    "ь": "", "ʼ": "",
}  # fmt: skip
_ROMAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_FIRST = re.compile(rf"\b[{''.join(_ROMAN_FIRST)}]")
_LETTERS = str.maketrans(_ROMAN)


def folded(text: str) -> str:
    """Fold a name for comparison: NFC, casefolded, with one kind of apostrophe and single spaces."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(plain.translate(_APOSTROPHE).split())


def romanised(text: str) -> str:
    """Fold a name and put it into Latin letters; those of other alphabets than the Ukrainian stay as they are."""
    plain = _FIRST.sub(lambda found: _ROMAN_FIRST[found[0]], folded(text)).replace("зг", "zgh")
    return " ".join(plain.translate(_LETTERS).split())


def meant(word: str, known: Iterable[T], names_of: Callable[[T], Sequence[str]]) -> list[T]:
    """Find those whom a word may mean, by their names: the same as one, or the beginning of a word in one.

    What is the same beats what only begins alike, and of both what is spelt alike beats what sounds alike.
    """
    everybody = list(known)
    for is_near in (_same, _begins):
        for spelt in (folded, romanised):
            wanted = spelt(word)
            found = [one for one in everybody if wanted and any(is_near(wanted, spelt(name)) for name in names_of(one))]
            if found:
                return found
    return []


def _same(wanted: str, name: str) -> bool:
    return wanted == name


def _begins(wanted: str, name: str) -> bool:
    return f" {wanted}" in f" {name}"
