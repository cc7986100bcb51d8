"""Letters sealed or signed by S/MIME (RFC 8551): opened by the library, signatures reckoned by the rules of CMS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7

from workers.sealed import envelopes
from workers.sealed.envelopes import is_named
from workers.sealed.folder import KeyFault, Signature, files_in

_PEM = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)

#: Certificates of a letter that are looked at, signatures, and steps from a signer to an authority that the desk knows.
_CERTIFICATES, _SIGNATURES, _STEPS = 20, 3, 4

_HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}

_PUBLIC = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)

#: What the libraries raise over values that are none of theirs.
_FAULTS = (
    *(ValueError, TypeError, KeyError, AttributeError, RecursionError),
    *(InvalidTag, UnsupportedAlgorithm),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)


@dataclass(frozen=True, slots=True)
class SmimeKeys:
    """Our certificates with their keys, and the certificates of others that the desk knows."""

    ours: tuple[tuple[Any, Any], ...]
    known: tuple[Any, ...]

    @classmethod
    def read(cls, folder: Path) -> SmimeKeys:
        """Read certificates and keys in the files (PEM) of a folder; a key belongs to the certificate that it fits.

        Raises:
            KeyFault: there is none, one cannot be read or has a password, or a key has no certificate.
        """
        certificates: list[Any] = []
        keys: list[tuple[str, Any]] = []
        for name, content in files_in(folder):
            for block in _PEM.finditer(content):
                try:
                    if block[1] == b"CERTIFICATE":
                        certificates.append(x509.load_pem_x509_certificate(block[0]))
                    elif block[1].endswith(b"PRIVATE KEY"):
                        keys.append((name, serialization.load_pem_private_key(block[0], None)))
                except _FAULTS:
                    raise KeyFault(f"{name} has a key that cannot be used; it must have no password") from None
        if not certificates:
            raise KeyFault(f"{folder} has no certificate in PEM in it")
        return cls(tuple(_pair(name, key, certificates) for name, key in keys), tuple(certificates))

    def opened(self, sealed: bytes) -> bytes | None:
        """Open what is sealed; None where no key of ours does, or in a way that the library does not know."""
        plain = _without_lengths_to_come(sealed)
        for certificate, key in self.ours:
            for way in (_by_library, envelopes.opened):
                with suppress(*_FAULTS):
                    return way(plain, certificate, key)
        return None

    def checked(self, signed: bytes, content: bytes | None, at: datetime) -> tuple[Signature, bytes | None]:
        """Check signatures.

        Args:
            content: what they are of; None where it stands between them.
            at: when certificates must hold.

        Returns:
            The best of them, and what it is of.
        """
        try:
            info = cms.ContentInfo.load(signed)
            data = info["content"] if info["content_type"].native == "signed_data" else None
            if data is None:
                return Signature(None), content
            inside = data["encap_content_info"]["content"].native if content is None else content
            found = [self._one(data, signer, inside, at) for signer in list(data["signer_infos"])[:_SIGNATURES]]
        except _FAULTS:
            return Signature(right=False), content
        best = next((one for one in found if one.right), None)
        wrong = next((one for one in found if one.right is False), Signature(None))
        return best or wrong, inside

    def _one(self, data: Any, signer: Any, content: bytes, at: datetime) -> Signature:
        sent = [x509.load_der_x509_certificate(one.chosen.dump()) for one in list(data["certificates"])[:_CERTIFICATES]]
        certificate = _of_signer(signer["sid"], (*sent, *self.known))
        if certificate is None:
            return Signature(None)
        fits = _fits(signer, certificate, content)
        if not fits or not self._knows(certificate, sent, at):
            return Signature(None if fits else fits)
        return Signature(right=True, addresses=_addresses(certificate))

    def _knows(self, certificate: Any, sent: list[Any], at: datetime) -> bool:
        """Tell whether a certificate is known, or comes in a few steps from an authority that is; all must hold now."""
        for _ in range(_STEPS):
            if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
                return False
            if certificate in self.known:
                return True
            certificate = _issuer(certificate, (*self.known, *sent))
            if certificate is None:
                return False
        return False


def _pair(name: str, key: Any, certificates: Iterable[Any]) -> tuple[Any, Any]:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for one in certificates:
        if one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == public:
            return one, key
    raise KeyFault(f"the folder has no certificate for the key in {name}")


def _by_library(sealed: bytes, certificate: Any, key: Any) -> bytes:
    return bytes(pkcs7.pkcs7_decrypt_der(sealed, certificate, key, []))


def _without_lengths_to_come(sealed: bytes) -> bytes:
    """Write a value anew whose lengths were not known when it was begun: the library knows the strict form only."""
    try:
        return bytes(cms.ContentInfo.load(sealed).dump(force=True))
    except _FAULTS:
        return sealed


def _of_signer(named: Any, certificates: Iterable[Any]) -> Any:
    """Find the certificate that a signer names."""
    return next((one for one in certificates if is_named(named, one)), None)


def _fits(signer: Any, certificate: Any, content: bytes) -> bool | None:
    """Tell whether a signature is of the content, by the key of a certificate (RFC 5652, section 5.4).

    None where it is made in a way that is not known here, or not good any more, such as with SHA-1.
    """
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in _HASHES or not isinstance(certificate.public_key(), _PUBLIC):
        return None
    digest = hashes.Hash(_HASHES[name]())
    digest.update(content)
    signed = content
    attributes = signer["signed_attrs"]
    if attributes:
        told = {one["type"].native: one["values"].native for one in attributes}
        if told.get("message_digest") != [digest.finalize()]:
            return False
        signed = b"\x31" + attributes.dump()[1:]  # as the set that it is, not as the field that it stands in
    try:
        _verify(signer["signature_algorithm"], certificate.public_key(), signer["signature"].native, signed, name)
    except InvalidSignature:
        return False
    return True


def _verify(algorithm: Any, public: Any, signature: bytes, signed: bytes, digest: str) -> None:
    """Raise InvalidSignature unless a signature is right."""
    if isinstance(public, rsa.RSAPublicKey):
        is_pss = algorithm["algorithm"].native == "rsassa_pss"
        name = algorithm["parameters"]["hash_algorithm"]["algorithm"].native if is_pss else digest
        by = _HASHES[name]()
        how = padding.PSS(padding.MGF1(by), padding.PSS.AUTO) if is_pss else padding.PKCS1v15()
        public.verify(signature, signed, how, by)
    else:
        public.verify(signature, signed, ec.ECDSA(_HASHES[digest]()))


def _issuer(certificate: Any, certificates: Iterable[Any]) -> Any:
    """Find the authority that issued a certificate."""
    for one in certificates:
        if one.subject != certificate.issuer or one == certificate or not _is_authority(one):
            continue
        try:
            certificate.verify_directly_issued_by(one)
        except (InvalidSignature, *_FAULTS):
            continue
        return one
    return None


def _is_authority(certificate: Any) -> bool:
    """Tell whether a certificate may issue others; one of a mail address is somebody's, whatever it says of itself.

    What `openssl req -x509` makes for a person says that it may: a customer would vouch for all others.
    """
    try:
        may = bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False
    return may and not _addresses(certificate)


def _addresses(certificate: Any) -> frozenset[str]:
    """List the mail addresses that a certificate is of."""
    found = [one.value for one in certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found += names.get_values_for_type(x509.RFC822Name)
    except x509.ExtensionNotFound:
        pass
    return frozenset(str(one).casefold() for one in found)
