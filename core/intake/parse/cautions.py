"""What a reader must know of a letter before they believe it: sealed, signed, or a sender in disguise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from core.intake.letter import Address, Attachment

#: Of multiparts and parts: the words stand in a part that only a key opens, or may be read while a signature is beside.
_SEALED = frozenset({"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_ARMOUR = ("-----BEGIN PGP MESSAGE-----", "-----BEGIN PGP SIGNED MESSAGE-----")

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

#: Alphabets with letters that look like those of another.
_ALIKE = ("LATIN", "CYRILLIC", "GREEK")


def cautions(text: str, files: Iterable[Attachment], sender: Address | None) -> list[str]:
    """List the keys of the sentences that a reader must see."""
    kinds = {one.content_type for one in files}
    found = []
    if kinds & _SEALED or _ARMOUR[0] in text:
        found.append("flag.sealed")
    elif kinds & _SIGNED or _ARMOUR[1] in text:
        found.append("flag.signed")
    if sender is not None and _names_another(sender):
        found.append("flag.other_address")
    if sender is not None and any(_is_mixed(label) for label in re.split(r"[@.]", _shown(sender.address))):
        found.append("flag.mixed_letters")
    return found


def _names_another(sender: Address) -> bool:
    """Tell whether the name shows an address, and none is the sender's."""
    shown = [one.casefold() for one in _ADDRESS.findall(sender.name)]
    return bool(shown) and sender.address not in shown


def _shown(address: str) -> str:
    """Write the domain of an address as programs show it (RFC 5891)."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address


def _is_mixed(label: str) -> bool:
    """Tell whether letters of two alphabets that look alike stand in one word (UTS 39, section 5.1)."""
    if label.isascii():
        return False
    words = {unicodedata.name(one, "").split(" ", 1)[0] for one in label if one.isalpha()}
    return sum(alphabet in words for alphabet in _ALIKE) > 1
