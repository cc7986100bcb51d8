"""Letters are signed with a key of our domain, so that whoever gets them can tell that nobody else wrote (RFC 6376)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Signs a letter as the domain it is from.
Sign = Callable[[bytes, str], bytes]

#: Shorter keys are taken by nobody (RFC 8301, section 3.2); shorter ones than the second are easily too short tomorrow.
SHORTEST_BITS, GOOD_BITS = 1024, 2048

_SEED_LENGTH = 32

#: Characters of one string of a TXT record.
_STRING = 255

#: How the PKCS #8 form of an Ed25519 key begins (RFC 8410, section 7); its seed follows.
_ED25519_HEAD = bytes.fromhex("302e020100300506032b657004220420")

#: The algorithm of an RSA key in a SubjectPublicKeyInfo (RFC 8017, appendix A.1).
_RSA_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")

_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----\s*(.+?)\s*-----END \1-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key to sign with.

    Attributes:
        kind: `rsa` or `ed25519`.
        private: as the library wants it.
        public: as it is published, in base64.
        bits: how long it is.
    """

    kind: str
    private: bytes = field(repr=False)
    public: str
    bits: int

    @property
    def record(self) -> str:
        """What the name server is to say under the name of the selector (RFC 6376, section 3.6.1; RFC 8463)."""
        return f"v=DKIM1; k={self.kind}; p={self.public}"

    @property
    def strings(self) -> str:
        """The record as zone files have it: strings of 255 characters at most, in quotation marks (RFC 7208, 3.3)."""
        words = self.record
        return " ".join(f'"{words[start : start + _STRING]}"' for start in range(0, len(words), _STRING))


def record_name(selector: str, domain: str) -> str:
    """Tell under which name the record is published."""
    return f"{selector}._domainkey.{domain}"


def read_key(path: Path) -> DkimKey:
    """Read a key from a file: RSA as PEM (PKCS #1 or #8), Ed25519 as PEM or as the base64 of its seed.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no key that can sign; the words are a whole sentence.
    """
    content = path.read_bytes().strip()
    found = _PEM.search(content)
    der = _decoded(found[2] if found else content)
    if found and b"ENCRYPTED" in content:
        msg = "The key is encrypted. Write it without a password: openssl pkey -in the_key -out the_file"
        raise ValueError(msg)
    if found and b"PRIVATE" not in found[1]:
        msg = "The file holds no private key."
        raise ValueError(msg)
    if der.startswith(_ED25519_HEAD) or (not found and len(der) == _SEED_LENGTH):
        return _ed25519(der[-_SEED_LENGTH:])
    if found:
        return _rsa(der)
    msg = "The file holds no key: neither RSA nor Ed25519, in PEM."
    raise ValueError(msg)


def _decoded(words: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(words.split()), validate=True)
    except binascii.Error:
        return b""


def _ed25519(seed: bytes) -> DkimKey:
    from nacl.signing import SigningKey

    public = bytes(SigningKey(seed).verify_key)
    return DkimKey("ed25519", base64.b64encode(seed), base64.b64encode(public).decode(), 256)


def _rsa(der: bytes) -> DkimKey:
    from dkim.crypto import UnparsableKeyError, parse_private_key

    try:
        parts: dict[str, int] = parse_private_key(der)
    except (UnparsableKeyError, ValueError, IndexError, TypeError):
        msg = "The file holds no key that can sign letters: neither RSA nor Ed25519."
        raise ValueError(msg) from None
    bits = parts["modulus"].bit_length()
    if bits < SHORTEST_BITS:
        msg = f"The key has {bits} bits; nobody takes one with fewer than {SHORTEST_BITS}."
        raise ValueError(msg)
    both = _der(0x30, _integer(parts["modulus"]) + _integer(parts["publicExponent"]))
    public = _der(0x30, _RSA_ALGORITHM + _der(0x03, b"\0" + both))
    lines = base64.encodebytes(der).strip()
    pem = b"-----BEGIN PRIVATE KEY-----\n" + lines + b"\n-----END PRIVATE KEY-----\n"
    return DkimKey("rsa", pem, base64.b64encode(public).decode(), bits)


def _der(tag: int, content: bytes) -> bytes:
    """Write a value as DER does (X.690, section 8.1)."""
    length = len(content)
    if length < 0x80:  # noqa: PLR2004 - X.690
        return bytes((tag, length)) + content
    written = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(written))) + written + content


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def signer(key: DkimKey, selector: str) -> Sign:
    """Make what puts a signature before a letter; relaxed in headers and body, for relays fold and trim lines."""
    import dkim

    algorithm = b"ed25519-sha256" if key.kind == "ed25519" else b"rsa-sha256"
    library: Any = dkim

    def sign(raw: bytes, domain: str) -> bytes:
        ours = {"canonicalize": (b"relaxed", b"relaxed"), "signature_algorithm": algorithm, "linesep": b"\r\n"}
        signature: bytes = library.sign(raw, selector.encode(), domain.encode("idna"), key.private, **ours)
        return signature + raw

    return sign
