"""Signatures of letters are checked by us where we are told to, with the name server's word and no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import dkim
import pytest

from core.intake.parse import parse
from tests.core.office import Office
from tests.mail_out.test_signing import SEED
from tests.workers.letters import Post, letter
from workers.actors.understanding import understander
from workers.mail_out.signing import read_key, record_name, signer
from workers.reading.signatures import checker, signature_flags


@pytest.fixture
def signed(tmp_path: Path) -> Callable[..., bytes]:
    """Sign a letter as a domain."""
    (tmp_path / "key").write_text(SEED)
    sign = signer(read_key(tmp_path / "key"), "mail")
    return lambda raw=b"", domain="example.com": sign(raw or letter(), domain)


def _dns(*domains: str) -> Callable[..., bytes | None]:
    public = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    known = {f"{record_name('mail', one)}.".encode(): f"v=DKIM1; k=ed25519; p={public}".encode() for one in domains}
    return lambda name, timeout=5: known.get(name)  # noqa: ARG005 - the library's signature


def _flags(raw: bytes, *domains: str) -> tuple[str, ...]:
    return signature_flags(raw, parse(raw), _dns(*domains))


def test_the_signature_of_the_senders_domain_confirms_a_letter(signed: Callable[..., bytes]) -> None:
    assert _flags(signed(), "example.com") == ("flag.authentic",)
    below = letter(sender="Ivan <ivan@mail.example.com>")
    assert _flags(signed(below), "example.com") == ("flag.authentic",)


def test_a_letter_that_was_changed_is_told_of(signed: Callable[..., bytes]) -> None:
    assert _flags(signed().replace(b"silent", b"loud"), "example.com") == ("flag.dkim_failed",)


def test_nothing_is_told_where_nobody_can_tell(signed: Callable[..., bytes]) -> None:
    def away(_name: bytes, timeout: int = 5) -> bytes | None:
        raise dkim.DnsTimeoutError("away")

    raw = signed()
    assert _flags(letter()) == ()
    assert _flags(raw) == (), "there is no record"
    assert signature_flags(raw, parse(raw), away) == ()
    assert _flags(b"DKIM-Signature: nonsense\r\n" + letter(), "example.com") == ()
    assert _flags(signed(domain="evil.example"), "evil.example") == (), "of somebody else"


def test_a_list_between_takes_nothing_away(signed: Callable[..., bytes]) -> None:
    once = signed()
    assert _flags(signed(once, "list.example"), "example.com", "list.example") == ("flag.authentic",)


def test_letters_that_are_odd_or_large_take_no_time(signed: Callable[..., bytes]) -> None:
    for raw in (signed().replace(b"silent", b" " * 300_000 + b"x"), signed() + b"x" * 3_000_000):
        begun = process_time()
        assert _flags(raw, "example.com") == ()
        assert process_time() - begun < 1


def test_the_desk_says_it_at_the_message(office: Office, tmp_path: Path, signed: Callable[..., bytes]) -> None:
    office.join("Olena")
    post = Post(office, tmp_path / "files")
    post.understand = understander(office.desk, post.files, check=checker(_dns("example.com")))
    (right,) = post.entries(post.bring(signed(letter("One"))).work_id)
    (none,) = post.entries(post.bring(letter("Two", sender="Petro <petro@far.example>")).work_id)
    assert (right.flags, none.flags) == (["flag.authentic"], [])
