"""A letter that is sealed becomes the letter that is in it, with the headers that everybody could read.

It is opened only where all of it is sealed: what stands beside a sealed part may be somebody else's, and would carry
its words away (EFAIL). Headers within are nobody's: who wrote it is said by those without.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import datetime

from core.intake.parse.headers import addresses, read_headers
from core.intake.parse.mime import Entity, entity_of, outermost, with_content
from workers.sealed.folder import Keys, Signature

#: Signed, sealed and signed again (RFC 2634, section 1.1).
_LAYERS = 3

#: The parts of what is sealed or signed by PGP or S/MIME, each of its own kind (RFC 1847).
_PARTS = 2

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SMIME_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_PGP_SIGNATURE, _PGP_SEALED = "application/pgp-signature", "application/pgp-encrypted"

_LINE_ENDS = re.compile(rb"\r?\n")
_ARMOURED = re.compile(rb"\s*-----BEGIN PGP MESSAGE-----.*-----END PGP MESSAGE-----\s*", re.DOTALL)
_CLEAR = re.compile(rb"\s*-----BEGIN PGP SIGNED MESSAGE-----.*-----END PGP SIGNATURE-----\s*", re.DOTALL)
_AS_TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


@dataclass(frozen=True, slots=True)
class _Layer:
    """What was under a layer: a part with its own headers, what came of a signature, and whether a key was needed.

    Attributes:
        last: there is no other below it.
    """

    part: bytes
    signature: Signature | None = None
    sealed: bool = False
    last: bool = False


def open_letter(raw: bytes, keys: Keys, at: datetime) -> tuple[bytes, tuple[str, ...]]:
    """Open a letter, and check who signed it.

    Args:
        at: the time at which certificates must hold.

    Returns:
        The letter with what was in it, or as it came; and keys of sentences on that.
    """
    sender = addresses(read_headers(raw).get("from", ()))
    who = sender[0].address.casefold() if len(sender) == 1 else ""
    flags: dict[str, None] = {}
    for _ in range(_LAYERS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd certificates, in words that anybody may choose
            layer = _under(raw, keys, at)
        if layer is None:
            break
        raw = with_content(raw, layer.part)
        flags |= {"flag.opened": None} if layer.sealed else {}
        flags |= {} if layer.signature is None else {_told(layer.signature, who): None}
        if layer.last:
            break
    return raw, tuple(flags)


def _told(signature: Signature, sender: str) -> str:
    if signature.right is None:
        return "flag.signature_unknown"
    if not signature.right:
        return "flag.signature_broken"
    return "flag.signature_right" if sender in signature.addresses else "flag.signature_other"


def _under(raw: bytes, keys: Keys, at: datetime) -> _Layer | None:
    """Take off the outermost layer; None where there is none, or it cannot be opened."""
    whole, parts = outermost(raw)
    if keys.smime is not None and whole.kind in _SMIME:
        return _under_smime(whole.content(), keys, at)
    if whole.kind == "multipart/signed" and len(parts) == _PARTS:
        return _signed(parts[0], entity_of(parts[1]), keys, at)
    if keys.pgp is None:
        return None
    if whole.kind == "multipart/encrypted" and len(parts) == _PARTS and entity_of(parts[0]).kind == _PGP_SEALED:
        return _opened_by_pgp(entity_of(parts[1]).content(), keys)
    return _in_text(whole, keys) if whole.kind == "text/plain" else None


def _under_smime(content: bytes, keys: Keys, at: datetime) -> _Layer | None:
    opened = keys.smime.opened(content)
    if opened is not None:
        return _Layer(opened, sealed=True)
    signature, inside = keys.smime.checked(content, None, at)
    return _Layer(inside, signature) if inside else None


def _signed(part: bytes, beside: Entity, keys: Keys, at: datetime) -> _Layer | None:
    """Check a signature that stands beside what it signs, whose lines end as they do on the way (RFC 1847)."""
    content = _LINE_ENDS.sub(b"\r\n", part)
    if beside.kind in _SMIME_SIGNATURES and keys.smime is not None:
        return _Layer(part, keys.smime.checked(beside.content(), content, at)[0])
    if beside.kind == _PGP_SIGNATURE and keys.pgp is not None:
        return _Layer(part, keys.pgp.checked(content, beside.content()))
    return None


def _opened_by_pgp(content: bytes, keys: Keys, head: bytes = b"") -> _Layer | None:
    found = keys.pgp.opened(content)
    return None if found is None else _Layer(head + found[0], found[1], sealed=True)


def _in_text(whole: Entity, keys: Keys) -> _Layer | None:
    """Open what is sealed or signed as the whole text of a letter."""
    text = whole.content()
    if _ARMOURED.fullmatch(text):
        return _opened_by_pgp(text.strip(), keys, _AS_TEXT)
    if _CLEAR.fullmatch(text):
        words, signature = keys.pgp.cleared(text.strip())
        return _Layer(_AS_TEXT + words, signature, last=True)
    return None
