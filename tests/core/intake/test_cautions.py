from __future__ import annotations

import pytest

from core.intake.parse import parse

_HEAD = b"MIME-Version: 1.0\r\n"


def _flags(sender: str, rest: bytes = b"Content-Type: text/plain\r\n\r\nhello") -> tuple[str, ...]:
    return parse(f"From: {sender}\r\n".encode() + _HEAD + rest).flags


def _parts(kind: bytes, *parts: bytes) -> bytes:
    return kind + b"; boundary=b\r\n\r\n" + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"


@pytest.mark.parametrize(
    ("sender", "flags"),
    [
        ("Olena <olena@demo.example>", ()),
        ("olena@demo.example", ()),
        ("olena@demo.example <olena@demo.example>", ()),
        ("Olena (olena@demo.example) <olena@demo.example>", ()),
        ("bank@bank.example <eve@evil.example>", ("flag.other_address",)),
        ("=?utf-8?q?Bank_=3Chelp=40bank.example=3E?= <eve@evil.example>", ("flag.other_address",)),
        ("Bank <help@bаnk.example>", ("flag.mixed_letters",)),  # with a Cyrillic letter
        ("Bank <help@xn--bnk-5cd.example>", ("flag.mixed_letters",)),
        ("Олена <олена@пошта.укр>", ()),
        ("Jürgen <jürgen@köln.example>", ()),
        ("Iван <ivan@demo.example>", ()),  # in names people mix letters, and mean no harm
    ],
)
def test_a_sender_in_disguise_is_told_of(sender: str, flags: tuple[str, ...]) -> None:
    assert _flags(sender) == flags


@pytest.mark.parametrize(
    ("rest", "flags"),
    [
        (
            _parts(
                b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"',
                b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
                b"Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----",
            ),
            ("flag.sealed",),
        ),
        (b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\nx", ("flag.sealed",)),
        (b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nx\r\n-----END PGP MESSAGE-----", ("flag.sealed",)),
        (b"\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhello", ("flag.signed",)),
        (
            _parts(
                b"Content-Type: multipart/signed",
                b"\r\nhello",
                b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx",
            ),
            ("flag.signed",),
        ),
        (b"\r\nMy key is attached.", ()),
    ],
    ids=["pgp", "s/mime", "pgp in text", "signed in text", "signed", "neither"],
)
def test_what_is_sealed_or_signed_is_told_of_and_kept(rest: bytes, flags: tuple[str, ...]) -> None:
    letter = parse(b"From: a@b.example\r\n" + _HEAD + rest)
    assert letter.flags == flags
    assert letter.text or letter.attachments
