"""Sealed in ways of today that the library does not open: AES in GCM, keys wrapped by OAEP (RFC 5083, 5084, 8017)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

#: Recipients of a letter that are looked at, and bytes of what a proof may be short of its whole length.
_RECIPIENTS, _PROOF_BYTES = 100, 12

_HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


class _GcmParameters(core.Sequence):  # type: ignore[misc] # the library has no types
    _fields = [("nonce", core.OctetString), ("length", core.Integer, {"default": 12})]  # noqa: RUF012 - the library's way


def is_named(identifier: Any, certificate: Any) -> bool:
    """Tell whether a signer or a recipient is named by a certificate's issuer and number, or by its key."""
    if identifier.name != "issuer_and_serial_number":
        return bool(identifier.chosen.native == _key_identifier(certificate))
    same = identifier.chosen["serial_number"].native == certificate.serial_number
    return bool(same and identifier.chosen["issuer"].dump() == certificate.issuer.public_bytes())


def _key_identifier(certificate: Any) -> bytes:
    try:
        return bytes(certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest)
    except x509.ExtensionNotFound:
        return b""


def opened(sealed: bytes, certificate: Any, key: Any) -> bytes:
    """Open what is sealed for a certificate.

    Raises:
        ValueError: it is not, or in a way that is not known; or what the libraries raise.
    """
    info = cms.ContentInfo.load(sealed)
    data = info["content"]
    box = data["auth_encrypted_content_info" if isinstance(data, cms.AuthEnvelopedData) else "encrypted_content_info"]
    content, how = box["encrypted_content"].native, box["content_encryption_algorithm"]
    for secret in _secrets(data["recipient_infos"], certificate, key):
        cipher, _, mode = how["algorithm"].native.partition("_")
        if not cipher.startswith("aes"):
            break
        if mode == "gcm":
            return _by_gcm(secret, content, how["parameters"].parse(_GcmParameters), data)
        if mode == "cbc":
            return _by_cbc(secret, content, how["parameters"].native)
    raise ValueError("not for this key, or not in a way that is known")


def _secrets(recipients: Any, certificate: Any, key: Any) -> Iterator[bytes]:
    """Unwrap what the letter is sealed by, where it is wrapped for us."""
    for one in list(recipients)[:_RECIPIENTS]:
        if one.name == "ktri" and isinstance(key, rsa.RSAPrivateKey) and is_named(one.chosen["rid"], certificate):
            how = one.chosen["key_encryption_algorithm"]
            yield key.decrypt(one.chosen["encrypted_key"].native, _padding(how))


def _padding(how: Any) -> Any:
    if how["algorithm"].native != "rsaes_oaep":
        return padding.PKCS1v15()
    told = how["parameters"]
    mask = told["mask_gen_algorithm"]["parameters"]["algorithm"].native
    return padding.OAEP(padding.MGF1(_HASHES[mask]()), _HASHES[told["hash_algorithm"]["algorithm"].native](), None)


def _by_cbc(secret: bytes, content: bytes, begin: bytes) -> bytes:
    opening = Cipher(algorithms.AES(secret), modes.CBC(begin)).decryptor()
    padded = opening.update(content) + opening.finalize()
    cut = PKCS7(algorithms.AES.block_size).unpadder()
    return bytes(cut.update(padded) + cut.finalize())


def _by_gcm(secret: bytes, content: bytes, told: Any, data: Any) -> bytes:
    proof = data["mac"].native
    if len(proof) < _PROOF_BYTES:
        raise ValueError("the proof is too short")
    opening = Cipher(algorithms.AES(secret), modes.GCM(told["nonce"].native, proof, _PROOF_BYTES)).decryptor()
    attributes = data["auth_attrs"]
    if attributes:
        opening.authenticate_additional_data(b"\x31" + attributes.dump()[1:])  # as the set that it is
    return bytes(opening.update(content) + opening.finalize())
