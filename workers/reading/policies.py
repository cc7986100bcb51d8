"""What the owner of a domain wants of letters in its name, and which domains are of one owner (DMARC, RFC 9989)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: Of a domain with more labels than so, only the last of them are looked at, and the domain itself (section 4.10).
_LABELS = 8

_TAG = re.compile(r"\s*([A-Za-z]+)\s*=\s*([^\s;]*)")
_WISHES = ("none", "quarantine", "reject")

#: Asks for the texts of a name.
Texts = Callable[[str], list[bytes]]


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for letters that are from a domain.

    Attributes:
        organization: the domain of the owner; those below it are theirs too.
        refuse: whether what cannot be confirmed is to be refused.
        strict_dkim, strict_spf: whether only the domain itself confirms, and none that is the owner's too.
    """

    organization: str
    refuse: bool
    strict_dkim: bool
    strict_spf: bool


def policy_of(domain: str, texts: Texts) -> Policy | None:
    """Find what holds for a domain; None where its owner says nothing.

    Raises:
        What `texts` does.
    """
    found = _records(domain, texts)
    owner = _organization(domain, found)
    at = domain if domain in found else owner if owner in found else next(iter(found), "")
    if not at:
        return None
    record = found[at]
    wish = record.get("p", "none")
    wish = wish if at == domain else record.get("sp", wish)
    refuse = wish == "reject" and record.get("t", "n") != "y"
    return Policy(owner, refuse, record.get("adkim") == "s", record.get("aspf") == "s")


def organization_of(domain: str, texts: Texts) -> str:
    """Find the domain of the owner of a domain.

    Raises:
        What `texts` does.
    """
    return _organization(domain, _records(domain, texts))


def _records(domain: str, texts: Texts) -> dict[str, Mapping[str, str]]:
    """Walk from a domain up to the top, and gather what is said on the way, that of the domain first (section 4.10)."""
    found: dict[str, Mapping[str, str]] = {}
    labels = domain.split(".")
    above = labels[1:] if len(labels) <= _LABELS else labels[1 - _LABELS :]
    for at in (domain, *(".".join(above[start:]) for start in range(len(above)))):
        record = _record(texts(f"_dmarc.{at}"))
        if record is not None:
            found[at] = record
            if record.get("psd") in {"y", "n"}:
                break
    return found


def _organization(domain: str, found: Mapping[str, Mapping[str, str]]) -> str:
    for at, record in found.items():
        if record.get("psd") == "n":
            return at
        if record.get("psd") == "y" and at != domain:  # of a registry: its customers are one label below it
            return ".".join(domain.split(".")[-at.count(".") - 2 :])
    return min(found, key=lambda at: at.count("."), default=domain)


def _record(texts: list[bytes]) -> Mapping[str, str] | None:
    """Read the only record of a name; of several none counts (section 4.10.1)."""
    read = [_tags(one.decode("ascii", "replace")) for one in texts]
    ours = [one for one in read if next(iter(one.items()), None) == ("v", "DMARC1")]
    return {name: value.casefold() for name, value in ours[0].items()} if len(ours) == 1 else None


def _tags(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in text.split(";"):
        tag = _TAG.fullmatch(one.rstrip())
        if tag is not None:
            found.setdefault(tag[1].lower(), tag[2])
    wish = found.get("p")
    return found if wish is None or wish.casefold() in _WISHES else found | {"p": "none"}
