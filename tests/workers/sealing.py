"""Keys, certificates, and letters sealed and signed with them, made for a test: none lies about in the repository."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pysequoia
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

IVAN, DESK, EVE = "ivan@example.com", "desk@localhost", "eve@evil.example"


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key, without a password."""
        none = serialization.NoEncryption()
        return self.key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, none)


@cache
def identity(
    address: str, issuer: str = "", days: int = 30, *, authority: bool = False, by_person: bool = False
) -> Identity:
    """Make a certificate of an address, issued by itself or by an authority, which has none.

    Args:
        by_person: it says of itself that it may issue others, as `openssl req -x509` makes them; so does its issuer.
    """
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - of 2048 bits each look at one takes a tenth of a second
    above = {"by_person": True} if by_person else {"authority": True}  # as tests ask for it, or there would be two
    by = identity(issuer, **above) if issuer else None
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, address)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by.certificate.subject if by else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority or by_person, path_length=None), critical=True)
    )
    if not authority:
        made = made.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
    return Identity(made.sign(by.key if by else key, hashes.SHA256()), key)


@cache
def tsk(address: str) -> Any:
    """Make a PGP key of an address."""
    return pysequoia.Tsk.generate(f"Somebody <{address}>")


def smime_folder(folder: Path, *known: Identity) -> Path:
    """Put the desk's certificate and key into a folder, and certificates of others."""
    folder.mkdir(exist_ok=True)
    (folder / "desk.pem").write_bytes(identity(DESK).pem + identity(DESK).key_pem)
    for number, one in enumerate(known):
        (folder / f"known{number}.pem").write_bytes(one.pem)
    return folder


def pgp_folder(folder: Path, *known: str) -> Path:
    """Put the desk's secret key into a folder, and public ones of others."""
    folder.mkdir(exist_ok=True)
    (folder / "desk.asc").write_text(str(tsk(DESK)))
    for number, one in enumerate(known):
        (folder / f"known{number}.asc").write_text(str(tsk(one).extract_certificate()))
    return folder


def part(text: str, kind: str = "text/plain") -> bytes:
    """Write a part with a header of its own that nobody is to believe."""
    return f"From: Eve <{EVE}>\r\nSubject: Other\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n{text}\r\n".encode()


def entity(kind: str, content: bytes) -> bytes:
    """Write a part in base64."""
    lines = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + lines


def multipart(kind: str, *parts: bytes) -> bytes:
    """Put parts into one."""
    inside = b"".join(b"--b1\r\n" + one + b"\r\n" for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="b1"\r\n\r\n'.encode() + inside + b"--b1--\r\n"


def letter_of(content: bytes, sender: str = IVAN) -> bytes:
    """Put a part under the headers of a letter."""
    head = f"From: Ivan <{sender}>\r\nTo: {DESK}\r\nSubject: Printer\r\nMessage-ID: <s{hash(content)}@example.com>\r\n"
    return head.encode() + b"MIME-Version: 1.0\r\n" + content


def smime_sealed(content: bytes, to: Identity | None = None) -> bytes:
    """Seal a part for the desk."""
    recipient = (to or identity(DESK)).certificate
    made = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(recipient)
    return entity("application/pkcs7-mime; smime-type=enveloped-data", made.encrypt(Encoding.DER, []))


def _signed(content: bytes, by: Identity, *options: pkcs7.PKCS7Options) -> bytes:
    made = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(by.certificate, by.key, hashes.SHA256())
    return made.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


def smime_signed(content: bytes, by: Identity) -> bytes:
    """Sign a part, with the signature beside it."""
    beside = entity("application/pkcs7-signature", _signed(content, by, pkcs7.PKCS7Options.DetachedSignature))
    return multipart("signed; protocol=application/pkcs7-signature", content, beside)


def smime_within(content: bytes, by: Identity) -> bytes:
    """Sign a part, with the signature around it."""
    return entity("application/pkcs7-mime; smime-type=signed-data", _signed(content, by))


def pgp_sealed(content: bytes, by: str | None = None, to: str = DESK) -> bytes:
    """Seal a part for the desk, and sign it."""
    signer = tsk(by).signer() if by else None
    sealed = pysequoia.encrypt(recipients=[tsk(to).extract_certificate()], signer=signer, bytes=content)
    version = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    return multipart("encrypted", version, b"Content-Type: application/octet-stream\r\n\r\n" + sealed)


def pgp_signed(content: bytes, by: str) -> bytes:
    """Sign a part, with the signature beside it."""
    signature = pysequoia.sign(tsk(by).signer(), content, mode=pysequoia.SignatureMode.DETACHED)
    return multipart("signed", content, b"Content-Type: application/pgp-signature\r\n\r\n" + signature)
