"""Keys to sign with, made for a test: none lies about in the repository."""

from __future__ import annotations

import base64
import math
import random
from functools import cache

from workers.mail_out.signing import _der, _integer

_EXPONENT = 65537

#: Not for keys that anybody relies on: the same ones come out each time.
_RANDOM = random.Random(17)

#: All odd numbers below; most of what is no prime has one of their prime factors, which is soon seen.
_SMALL = math.prod(range(3, 3000, 2))


def _is_prime(number: int) -> bool:
    """Tell by Miller and Rabin whether a number is prime, but for a chance that matters to no test."""
    if math.gcd(number, _SMALL) != 1:
        return False
    odd, halved = number - 1, 0
    while odd % 2 == 0:
        odd, halved = odd // 2, halved + 1
    for _ in range(12):
        power = pow(_RANDOM.randrange(2, number - 1), odd, number)
        if power in {1, number - 1}:
            continue
        for _ in range(halved - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _prime(bits: int) -> int:
    while True:
        number = _RANDOM.getrandbits(bits) | (3 << (bits - 2)) | 1
        if number % _EXPONENT != 1 and _is_prime(number):
            return number


@cache
def rsa_pem(bits: int = 1024, label: str = "RSA PRIVATE KEY") -> bytes:
    """Make an RSA key in PEM (PKCS #1)."""
    first, second = _prime(bits // 2), _prime(bits // 2)
    private = pow(_EXPONENT, -1, (first - 1) * (second - 1))
    parts = (
        0, first * second, _EXPONENT, private, first, second, private % (first - 1), private % (second - 1),
        pow(second, -1, first),
    )  # fmt: skip
    return pem(_der(0x30, b"".join(_integer(one) for one in parts)), label)


def pem(der: bytes, label: str) -> bytes:
    """Put a key into PEM (RFC 7468)."""
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n".encode()
