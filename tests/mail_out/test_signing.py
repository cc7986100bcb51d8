"""Letters are signed so that whoever gets them can check it, with the record that the desk says to publish."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dkim
import pytest

from cherha import checks
from core.errors import Misconfigured
from core.outbox.model import Channel
from core.settings import Settings, read_settings
from core.store.files import FileStore
from tests.core.office import Office
from tests.mail_out.keys import pem, rsa_pem
from tests.mail_out.scripted import relay
from tests.mail_out.test_compose import LETTER
from workers.actors.sending import sender
from workers.mail_out.compose import OutgoingFile, compose
from workers.mail_out.posting import poster
from workers.mail_out.relay import Relay, _stuffed
from workers.mail_out.signing import DkimKey, read_key, record_name, signer

# The key of RFC 8463, appendix A.2, and what is published of it.
SEED, PUBLIC = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_HEAD = bytes.fromhex("302e020100300506032b657004220420")

KEYS = {
    "rsa": rsa_pem,
    "ed25519": lambda: pem(_HEAD + base64.b64decode(SEED), "PRIVATE KEY"),
    "ed25519 by its seed": SEED.encode,
}


def _dns(key: DkimKey) -> Callable[..., bytes | None]:
    """Answer as a name server that has the record which is to be published."""
    known = {f"{record_name('cherha', 'desk.example')}.".encode(): key.record.encode()}
    return lambda name, timeout=5: known.get(name)  # noqa: ARG005 - the library's signature


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest, tmp_path: Path) -> DkimKey:
    path = tmp_path / "dkim.pem"
    path.write_bytes(KEYS[request.param]())
    return read_key(path)


def test_a_signed_letter_can_be_checked_with_the_published_record(key: DkimKey) -> None:
    file = OutgoingFile("a.bin", "application/octet-stream", bytes(range(256)) * 40)
    raw = signer(key, "cherha")(compose(replace(LETTER, files=(file,))), "desk.example")
    assert raw.startswith(b"DKIM-Signature: v=1; a=")
    assert b"c=relaxed/relaxed" in raw
    assert dkim.verify(raw, dnsfunc=_dns(key))
    on_the_way = _stuffed(raw).removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
    assert dkim.verify(b"Received: by relay.example\r\n" + on_the_way, dnsfunc=_dns(key))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"maria@customer.example", b"eve@customer.example"),
        (b"Message-ID: <case", b"Message-ID: <caze"),
        (b"=D0", b"=D1"),
    ],
)
def test_a_letter_that_was_changed_is_found_out(key: DkimKey, before: bytes, after: bytes) -> None:
    raw = signer(key, "cherha")(compose(LETTER), "desk.example")
    assert before in raw
    assert not dkim.verify(raw.replace(before, after), dnsfunc=_dns(key))
    assert not dkim.verify(b"From: eve@x.example\r\n" + raw, dnsfunc=_dns(key)), "a second sender"


def test_the_record_of_the_standard_is_the_record_of_the_desk(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SEED)
    assert read_key(tmp_path / "key").record == f"v=DKIM1; k=ed25519; p={PUBLIC}"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no key"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "neither RSA nor Ed25519"),
        (b"-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----", "neither RSA nor Ed25519"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "encrypted"),
        (rsa_pem(512), "512 bits"),
    ],
)
def test_what_is_no_key_to_sign_with_is_said_in_a_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(ValueError, match=why):
        read_key(tmp_path / "key")


def _settings(tmp_path: Path, content: bytes, **more: object) -> Settings:
    (tmp_path / "dkim.pem").write_bytes(content)
    given = {"dkim_key": tmp_path / "dkim.pem", "dkim_selector": "cherha", "mail_domain": "desk.example"}
    return read_settings(data=tmp_path, **given | more)


def test_doctor_says_what_to_publish_in_strings_that_a_name_server_takes(tmp_path: Path) -> None:
    (fine,) = checks.signing(_settings(tmp_path, rsa_pem(2048)))
    assert fine.verdict is checks.Verdict.FINE
    assert 'cherha._domainkey.desk.example. TXT "v=DKIM1; k=rsa; p=' in fine.told
    strings = fine.told.split(" TXT ")[1].strip('"').split('" "')
    assert all(len(one) <= 255 for one in strings)
    assert "".join(strings) == read_key(tmp_path / "dkim.pem").record
    _, short = checks.signing(_settings(tmp_path, rsa_pem(1024)))
    assert short.verdict is checks.Verdict.NOTE


def test_doctor_finds_a_key_that_cannot_be_used(tmp_path: Path) -> None:
    (found,) = checks.signing(_settings(tmp_path, b"nonsense"))
    assert (found.verdict, "CHERHA_DKIM_KEY" in found.told) == (checks.Verdict.FAULT, True)
    (note,) = checks.signing(read_settings(data=tmp_path))
    assert note.verdict is checks.Verdict.NOTE


@pytest.mark.parametrize("selector", ["", "a b", "-a", "ä", "a..b", "x" * 64])
def test_a_key_needs_a_selector(tmp_path: Path, selector: str) -> None:
    with pytest.raises(Misconfigured, match="CHERHA_DKIM_SELECTOR"):
        _settings(tmp_path, rsa_pem(1024), dkim_selector=selector)


def test_what_the_workers_hand_to_the_relay_is_signed(office: Office, tmp_path: Path, key: DkimKey) -> None:
    maria = office.customer("Maria", channel=Channel.EMAIL)
    office.open_case(maria)
    (receipt,) = office.owed(channel=Channel.EMAIL)
    with relay() as script:
        ours = Relay(f"smtp://127.0.0.1:{script.port}?tls=none")
        post = poster(office.desk, FileStore(tmp_path), ours, signer(key, "cherha"))
        assert sender(office.desk, post)(receipt.id) == "sent"
        ours.close()
    known = {b"cherha._domainkey.localhost.": key.record.encode()}
    assert dkim.verify(script.letters[0].removesuffix(b".\r\n"), dnsfunc=lambda name, timeout=5: known.get(name))  # noqa: ARG005
    assert office.owed(id=receipt.id)[0].answer == "250 fine"


def test_no_key_is_in_what_is_printed(key: DkimKey) -> None:
    assert key.private.decode() not in repr(key)
    assert "private" not in repr(key)
