"""Did who the letter names send it? What was found out of SPF, DKIM, DMARC and ARC, by a server of ours or by us."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from core.intake.letter import Letter

#: Fields that are looked at, and characters of each: anybody may write them.
_FIELDS, _CHARACTERS = 20, 8 * 1024

_RESULT = re.compile(r"\s*([a-z][a-z0-9-]*)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_DOMAIN = re.compile(r"header\.(?:d\s*=\s*|i\s*=\s*[^\s@]{0,64}@)\"?([^\s;\"]+)", re.IGNORECASE)

#: One character, or one that is escaped.
_CHARACTER = re.compile(r"\\.|.", re.DOTALL)

_FAILED, _PASSED = "fail", "pass"


#: Of those flags, the ones that say a letter may be in somebody else's name.
FORGED = frozenset(
    {"flag.dmarc_failed", "flag.dmarc_rejected", "flag.spf_failed", "flag.dkim_failed", "flag.passed_on"}
)


def authenticity_flags(letter: Letter, authserv_id: str) -> tuple[str, ...]:
    """Tell, as keys of sentences, what a reader is to know of who sent a letter.

    Args:
        authserv_id: the name by which our own mail server signs its results (RFC 8601); those of any other are
            anybody's words, and with none nothing is told. That server takes out fields that come with its name from
            outside (section 5); should it not, its own stand above them and win.
    """
    return told_of(letter, _results(letter, authserv_id.casefold())) if authserv_id else ()


def has_results(letter: Letter, authserv_id: str) -> bool:
    """Tell whether our own mail server, which signs by this name, has looked at a letter."""
    return bool(authserv_id and _results(letter, authserv_id.casefold()))


def told_of(letter: Letter, found: Mapping[str, tuple[str, str]], *, refuses: bool = False) -> tuple[str, ...]:
    """Tell what was found of a letter.

    Args:
        found: by method (`spf`, `dkim`, `dmarc`, `arc`) its result (RFC 8601, section 2.7), and of which domain.
        refuses: the sender's domain wishes that what DMARC does not confirm is refused.
    """
    if not found:
        return ()
    # DMARC has looked at both of the others, and at whose domain they are: what they say besides means nothing.
    dmarc, forwarded = found.get("dmarc", ("", ""))[0], found.get("arc", ("", ""))[0] == _PASSED
    if dmarc == _PASSED or (not dmarc and _is_signed_by_sender(letter, found)):
        return ("flag.authentic",)
    failed = ("dmarc",) if dmarc == _FAILED else ("spf", "dkim")
    told = tuple(f"flag.{one}_failed" for one in failed if found.get(one, ("", ""))[0] == _FAILED)
    told = ("flag.dmarc_rejected",) if refuses and dmarc == _FAILED else told
    # A whole chain says who passed it on, and they that it was right; anybody can make one (RFC 8617, section 9).
    return ("flag.passed_on",) if told and forwarded else told


def is_of_sender(letter: Letter, domain: str) -> bool:
    """Tell whether a domain speaks for the sender of a letter: it is theirs, or theirs is below it."""
    sender = letter.from_.address.rpartition("@")[2].casefold() if letter.from_ else ""
    return "." in domain and (sender == domain or sender.endswith(f".{domain}"))


def _is_signed_by_sender(letter: Letter, found: Mapping[str, tuple[str, str]]) -> bool:
    result, domain = found.get("dkim", ("", ""))
    return result == _PASSED and is_of_sender(letter, domain)


def _results(letter: Letter, authserv_id: str) -> dict[str, tuple[str, str]]:
    """Read what was found by each method, and of which domain; the topmost of several, but a right signature first."""
    found: dict[str, tuple[str, str]] = {}
    for field in letter.headers.get("authentication-results", ())[:_FIELDS]:
        named, *results = _parts(field[:_CHARACTERS])
        if named.split()[:1] != [authserv_id]:
            continue
        here: dict[str, tuple[str, str]] = {}
        for one in results:
            read = _RESULT.match(one)
            if read is None:
                continue
            method, result = read[1].casefold(), read[2].casefold()
            domain = _DOMAIN.search(one)
            told = result, domain[1].casefold() if domain else ""
            if method not in here or (method == "dkim" and result == _PASSED):
                here[method] = told
        found = here | found
    return found


def _parts(field: str) -> list[str]:
    """Cut a field at its semicolons, without comments; those in quotation marks are words (section 2.2)."""
    return "".join(_bare(field)).casefold().split("\0")


def _bare(field: str) -> Iterator[str]:
    depth, quoted = 0, False
    for one in _CHARACTER.findall(field.replace("\0", " ")):
        if quoted:
            quoted = one != '"'
        elif one == '"' and not depth:
            quoted = True
        elif one in "()":
            depth = max(0, depth + (1 if one == "(" else -1))
            continue
        elif one == ";" and not depth:
            yield "\0"
            continue
        if not depth:
            yield one[-1]
