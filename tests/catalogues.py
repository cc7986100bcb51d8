"""Hold the catalogues against each other and against the sources; run as `python -m tests.catalogues`."""

from __future__ import annotations

import ast
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "core" / "texts" / "locale"
PACKAGES = ("core", "bot", "workers", "cherha")

#: What a format after the colon may be, in `{at:ago}`.
FORMATS = {"", "ago", "when", "time", "date"}

#: The tags of Telegram's HTML that sentences use (core.telegram.org/bots/api#html-style).
TAGS = {"b", "i", "u", "s", "code", "pre", "blockquote", "a"}

#: Calls whose first argument is a key; the keywords that are no facts of the sentence.
SAYING = {"said", "notice", "Said", "Refused", "Misused", "NotFound", "TryLater"}
NO_FACTS = {"buttons", "after"}

_KEY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
_TAG = re.compile(r"<(/?)([a-z-]+)([^<>]*)>")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot);)|<(?!/?[a-z])")


#: What keys stand in, of all that a source is made of.
_WORDS = (ast.Call, ast.keyword, ast.Constant, ast.JoinedStr)


@dataclass
class Used:
    """What the sources say: keys, with where and with which facts; and beginnings that are made whole at run time."""

    keys: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, str, set[str]]] = field(default_factory=list)


def read_catalogue(locale: str) -> Catalog:
    """Read a catalogue of the desk."""
    with (LOCALE / locale / "LC_MESSAGES" / "cherha.po").open("rb") as file:
        return read_po(file, locale=locale)


def sentences(catalogue: Catalog) -> dict[str, Message]:
    """List the sentences of a catalogue by key."""
    return {str(one.id if isinstance(one.id, str) else one.id[0]): one for one in catalogue if one.id}


def forms(message: Message) -> tuple[str, ...]:
    """List the plural forms of a sentence; one where it has none."""
    told = message.string
    return tuple(one or "" for one in ([told] if told is None or isinstance(told, str) else told))


def slots(form: str) -> set[str]:
    """List the facts that a sentence has room for."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def faults_of_form(form: str) -> Iterator[str]:
    """Find what is wrong with one form of a sentence by itself."""
    if not form.strip():
        yield "is empty"
    for _, name, how, conversion in string.Formatter().parse(form):
        if name is not None and (not name.isidentifier() or (how or "") not in FORMATS or conversion):
            yield f"has the slot {{{name}:{how}}}, which nothing can fill"
    if _BARE.search(form):
        yield "has a bare < or &"
    yield from faults_of_tags(form)


def faults_of_tags(form: str) -> Iterator[str]:
    """Find tags that Telegram would refuse, and those that are not closed in their order."""
    open_tags: list[str] = []
    for closing, tag, rest in _TAG.findall(form):
        if tag not in TAGS or (rest and tag != "a" and (tag, rest) != ("blockquote", " expandable")):
            yield f"has the tag <{tag}{rest}>"
        if not closing:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            yield f"closes <{tag}> where it is not open"
    if open_tags:
        yield f"does not close <{open_tags[-1]}>"


def faults_of_catalogue(locale: str) -> Iterator[str]:
    """Find what is wrong with one catalogue."""
    catalogue = read_catalogue(locale)
    text = (LOCALE / locale / "LC_MESSAGES" / "cherha.po").read_text(encoding="utf-8")
    for key, times in Counter(re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)).items():
        if times > 1:
            yield f"{locale}: {key} is there {times} times"
    for key, message in sentences(catalogue).items():
        if message.fuzzy:
            yield f"{locale}: {key} is fuzzy"
        if message.pluralizable and len(forms(message)) != catalogue.num_plurals:
            yield f"{locale}: {key} has {len(forms(message))} plural forms, not {catalogue.num_plurals}"
        if len({frozenset(slots(form)) for form in forms(message)}) > 1:
            yield f"{locale}: {key} has other slots in another plural form"
        yield from (f"{locale}: {key} {fault}" for form in forms(message) for fault in faults_of_form(form))


def faults_between(one: str, other: str) -> Iterator[str]:
    """Find where two catalogues do not match."""
    here, there = sentences(read_catalogue(one)), sentences(read_catalogue(other))
    yield from (f"{other}: {key} is missing" for key in sorted(here.keys() - there.keys()))
    yield from (f"{one}: {key} is missing" for key in sorted(there.keys() - here.keys()))
    for key in sorted(here.keys() & there.keys()):
        if slots(forms(here[key])[0]) != slots(forms(there[key])[0]):
            yield f"{key} has other slots in {one} than in {other}"
        if here[key].pluralizable != there[key].pluralizable:
            yield f"{key} has plural forms in one of {one} and {other} only"


def _look_at_call(call: ast.Call, where: str, used: Used) -> None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in SAYING or not call.args:
        return
    key = call.args[0]
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        used.keys.setdefault(key.value, where)
        given = {one.arg for one in call.keywords}
        if None not in given and name != "Said":
            used.told.append((key.value, where, {one for one in given if one} - NO_FACTS))


def _look_at_words(node: ast.AST, where: str, prefixes: set[str], used: Used) -> None:
    match node:
        case ast.keyword(arg="key", value=ast.Constant(value=str() as key)):
            used.keys.setdefault(key, where)
        case ast.Constant(value=str() as key) if _KEY.fullmatch(key) and key.split(".")[0] in prefixes:
            used.keys.setdefault(key, where)
        case ast.JoinedStr(values=[ast.Constant(value=str() as begin), *_]) if begin.split(".")[0] in prefixes:
            parts = [one.value if isinstance(one, ast.Constant) else None for one in node.values]
            if "." in begin and all(part is None or re.fullmatch(r"[a-z_0-9.]+", str(part)) for part in parts):
                pattern = "".join("[a-z_0-9]+" if part is None else re.escape(str(part)) for part in parts)
                used.patterns.setdefault(pattern, where)


def keys_in_source(source: str, where: str, prefixes: set[str], used: Used) -> None:
    """Find the keys in one source, by its syntax tree; columns of foreign keys and pieces of f-strings are none."""
    nodes = list(ast.walk(ast.parse(source)))
    no_keys = set[int]()
    for node in nodes:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ForeignKey":
            no_keys.add(id(node.args[0]))
        if isinstance(node, ast.JoinedStr):
            no_keys.update(id(part) for part in node.values)
    for node in nodes:
        if not isinstance(node, _WORDS) or id(node) in no_keys:
            continue
        place = f"{where}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call):
            _look_at_call(node, place, used)
        _look_at_words(node, place, prefixes, used)


def keys_in_sources(prefixes: set[str]) -> Used:
    """Find the keys in everything that ships."""
    used = Used()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                keys_in_source(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)), prefixes, used)
    return used


def faults_with_sources(locale: str) -> Iterator[str]:
    """Find keys that are used and not there, there and not used, and sentences that are not told all their facts."""
    known = sentences(read_catalogue(locale))
    used = keys_in_sources({key.split(".")[0] for key in known})
    yield from (f"{where}: {key} is in no catalogue" for key, where in used.keys.items() if key not in known)
    made = {key for key in known for pattern in used.patterns if re.fullmatch(pattern, key)}
    for pattern, where in used.patterns.items():
        if not any(re.fullmatch(pattern, key) for key in known):
            yield f"{where}: nothing in the catalogues looks like {pattern}"
    yield from (f"{key} is used nowhere" for key in sorted(known.keys() - used.keys.keys() - made))
    for key, where, given in used.told:
        missing = slots(forms(known[key])[0]) - given if key in known else set()
        if missing:
            yield f"{where}: {key} is not told {', '.join(sorted(missing))}"


def faults() -> list[str]:
    """Find everything that is wrong with the catalogues, a line each."""
    found = [*faults_of_catalogue("en"), *faults_of_catalogue("uk"), *faults_between("en", "uk")]
    return [*found, *faults_with_sources("en")]


def main() -> int:
    """Print every fault; returns the exit status."""
    found = faults()
    print("\n".join(found) or "The catalogues are in order.")  # noqa: T201 - the command's output
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
