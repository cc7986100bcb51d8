"""Who letters are from is found out by ourselves where we are told to, by what real name servers say."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from time import monotonic, process_time

import dkim
import pytest
from asn1crypto.keys import RSAPublicKey

from core.inbox.actions import Raw
from core.intake.parse import parse
from core.texts.say import LANGUAGES, has
from tests.core.office import Office
from tests.mail_out.keys import rsa_pem
from tests.mail_out.test_signing import SEED
from tests.nameserver import BROKEN, SILENT, NameServer, name_server
from tests.workers.letters import Post, letter
from workers.actors.understanding import understander
from workers.mail_out.signing import DkimKey, read_key, record_name, signer
from workers.reading.names import Names
from workers.reading.senders import checker, sender_flags

OURS, ELSEWHERE = "192.88.99.1", "198.20.0.1"
PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def _key(domain: str) -> dict[str, list[str]]:
    return {record_name("mail", domain): [f'TXT "v=DKIM1; k=ed25519; p={PUBLIC}"']}


WORLD: dict[str, list[str]] = {
    "bank.example": [f'TXT "v=spf1 ip4:{OURS} -all"', 'TXT "something else"'],
    "_dmarc.bank.example": ['TXT "v=DMARC1; p=reject; rua=mailto:d@bank.example"'],
    "news.bank.example": [f'TXT "v=spf1 ip4:{OURS} -all"'],
    "shop.example": ['TXT "v=spf1 include:spf.shop.example mx -all"', "MX 10 mail.shop.example."],
    "spf.shop.example": ['TXT "v=spf1 ip4:203.0.112.0/24 -all"'],
    "mail.shop.example": [f"A {OURS}"],
    "evil.example": [f'TXT "v=spf1 ip4:{ELSEWHERE} -all"'],
    "_dmarc.strict.example": ['TXT "v=DMARC1; p=quarantine; adkim=s; aspf=s"'],
    "strict.example": [f'TXT "v=spf1 ip4:{OURS} -all"'],
    "mail.strict.example": [f'TXT "v=spf1 ip4:{OURS} -all"'],
    **_key("bank.example"),
    **_key("news.bank.example"),
    **_key("shop.example"),
    **_key("evil.example"),
    **_key("list.example"),
    **_key("mail.strict.example"),
}  # fmt: skip


@pytest.fixture
def world() -> Iterator[NameServer]:
    with name_server(WORLD) as server:
        yield server


@pytest.fixture
def names(world: NameServer) -> Names:
    return Names(["127.0.0.1"], world.port)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    path = tmp_path_factory.mktemp("keys") / "key"
    path.write_text(SEED)
    return read_key(path)


@pytest.fixture
def signed(key: DkimKey) -> Callable[[bytes, str], bytes]:
    """Sign a letter as a domain."""
    return signer(key, "mail")


def of(domain: str) -> bytes:
    return letter(sender=f"Ivan <ivan@{domain}>")


def sent(raw: bytes, mail_from: str = "ivan@bank.example", peer: str = OURS, helo: str = "mx.example") -> Raw:
    return Raw(1, "desk@localhost", mail_from, raw, peer, helo)


def told(names: Names, one: Raw) -> tuple[str, ...]:
    flags = sender_flags(one, parse(one.content), names.asking())
    assert all(has(flag, language) for flag in flags for language in LANGUAGES)
    return tuple(flag.removeprefix("flag.") for flag in flags)


def test_a_server_of_the_domain_confirms_a_letter(names: Names) -> None:
    assert told(names, sent(of("bank.example"))) == ("authentic",)
    below = sent(of("mail.bank.example"), "bounce@news.bank.example")
    assert told(names, below) == ("authentic",), "they are of one owner"


def test_what_the_owner_does_not_confirm_is_told_with_their_wish(names: Names) -> None:
    assert told(names, sent(of("bank.example"), peer=ELSEWHERE)) == ("dmarc_rejected",)
    assert told(names, sent(of("bank.example"), "eve@evil.example", ELSEWHERE)) == ("dmarc_rejected",)
    assert told(names, sent(of("strict.example"), "x@mail.strict.example")) == ("dmarc_failed",)


def test_a_signature_confirms_wherever_the_letter_came_from(
    names: Names, signed: Callable[[bytes, str], bytes]
) -> None:
    raw = signed(of("bank.example"), "bank.example")
    assert told(names, sent(raw, "list@list.example", ELSEWHERE)) == ("authentic",)
    assert told(names, sent(signed(of("bank.example"), "news.bank.example"), peer=ELSEWHERE)) == ("authentic",)
    assert told(names, sent(raw.replace(b"silent", b"loud"), peer=ELSEWHERE)) == ("dmarc_rejected",)
    others = signed(of("bank.example"), "evil.example")
    assert told(names, sent(others, "eve@evil.example", ELSEWHERE)) == ("dmarc_rejected",), "somebody else's signature"
    once = signed(raw, "list.example")
    assert told(names, sent(once, "list@list.example", ELSEWHERE)) == ("authentic",), "a list signed it too"
    strict = signed(of("strict.example"), "mail.strict.example")
    assert told(names, sent(strict, peer=ELSEWHERE)) == ("dmarc_failed",)


def test_without_a_wish_of_the_owner_server_and_signature_speak_for_themselves(
    names: Names, signed: Callable[[bytes, str], bytes]
) -> None:
    assert told(names, sent(of("shop.example"), "a@shop.example")) == (), "its server may send, which proves no sender"
    assert told(names, sent(of("shop.example"), "a@shop.example", "203.0.112.9")) == ()
    assert told(names, sent(of("shop.example"), "a@shop.example", ELSEWHERE)) == ("spf_failed",)
    raw = signed(of("shop.example"), "shop.example")
    assert told(names, sent(raw, "a@shop.example", ELSEWHERE)) == ("authentic",)
    assert told(names, sent(raw.replace(b"silent", b"loud"), "a@shop.example")) == ("dkim_failed",)
    assert told(names, sent(of("nobody.example"), "a@nobody.example")) == ()


def test_of_a_letter_without_a_sender_the_name_of_the_client_is_asked(names: Names) -> None:
    assert told(names, sent(of("bank.example"), "", OURS, "bank.example")) == ("authentic",)
    assert told(names, sent(of("bank.example"), "", ELSEWHERE, "bank.example")) == ("dmarc_rejected",)
    assert told(names, sent(of("bank.example"), "<>", ELSEWHERE, "[198.20.0.1]")) == ("dmarc_rejected",)


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.1.2.3", "fe80::1", "imap.example.com", ""])
def test_what_a_server_of_ours_brings_is_not_held_against_its_sender(
    names: Names, signed: Callable[[bytes, str], bytes], peer: str
) -> None:
    assert told(names, sent(of("bank.example"), peer=peer)) == ()
    assert told(names, sent(signed(of("bank.example"), "bank.example"), peer=peer)) == ("authentic",)


def test_several_senders_are_never_confirmed(names: Names) -> None:
    both = letter(sender="Ivan <ivan@bank.example>, Eve <eve@evil.example>")
    assert told(names, sent(both)) == ()


def _public(path: Path, private: bytes) -> str:
    path.write_bytes(private)
    return read_key(path).public


def test_who_passed_a_letter_on_may_say_that_it_was_right(
    world: NameServer, names: Names, signed: Callable[[bytes, str], bytes], tmp_path: Path
) -> None:
    private = rsa_pem()
    raw = signed(of("bank.example"), "bank.example")
    found = b"Authentication-Results: list.example; dkim=pass header.d=bank.example; dmarc=pass\r\n"
    public = _public(tmp_path / "arc", private)
    world.records["arc._domainkey.list.example"] = [f'TXT "v=DKIM1; k=rsa; p={public[:200]}" "{public[200:]}"']
    # A footer of the list breaks the sender's signature; it signs what it made of it.
    sealed = b"".join(dkim.arc_sign(found + raw + b"-- footer\r\n", b"arc", b"list.example", private, b"list.example"))
    changed = sealed + found + raw + b"-- footer\r\n"
    assert told(names, sent(changed, "list@list.example", ELSEWHERE)) == ("passed_on",)
    broken = changed.replace(b"footer", b"forger")
    assert told(names, sent(broken, "list@list.example", ELSEWHERE)) == ("dmarc_rejected",)


@pytest.mark.parametrize("fault", [pytest.param(SILENT, marks=pytest.mark.long), BROKEN])
def test_name_servers_that_are_away_tell_nothing(world: NameServer, fault: str, signed: Callable[..., bytes]) -> None:
    raw = signed(of("bank.example"), "bank.example")
    world.records |= {"_dmarc.bank.example": [fault]}
    assert told(Names(["127.0.0.1"], world.port), sent(of("bank.example"), peer=ELSEWHERE)) == ()
    assert told(Names(["127.0.0.1"], world.port), sent(raw, peer=ELSEWHERE)) == ("authentic",), "its key is known"
    world.records |= {**WORLD, "bank.example": [fault]}
    assert told(Names(["127.0.0.1"], world.port), sent(of("bank.example"), peer=ELSEWHERE)) == ()
    forged = sent(of("bank.example"), "eve@evil.example", ELSEWHERE)
    world.records |= {"evil.example": [fault]}
    assert told(Names(["127.0.0.1"], world.port), forged) == ("dmarc_rejected",), "whom a stranger names is not asked"
    world.records |= {record_name("mail", "bank.example"): [fault], "bank.example": WORLD["bank.example"]}
    assert told(Names(["127.0.0.1"], world.port), sent(raw, peer=ELSEWHERE)) == ()


@pytest.mark.long
def test_letters_wait_only_so_long_for_servers_that_are_slow() -> None:
    with name_server({}) as server:
        server.slow_s = 0.4
        names = Names(["127.0.0.1"], server.port, patience_s=2)
        begun = monotonic()
        for number in range(20):
            assert told(names, sent(of(f"far{number}.example"))) == ()
        assert monotonic() - begun < 8
        assert len(server.asked) < 12


@pytest.mark.long
def test_letters_wait_only_so_long_for_servers_that_are_silent() -> None:
    with name_server({}) as server:
        server.records |= {f"_dmarc.far{number}.example": [SILENT] for number in range(20)}
        names = Names(["127.0.0.1"], server.port, patience_s=2.5)
        begun = monotonic()
        for number in range(20):
            assert told(names, sent(of(f"far{number}.example"))) == ()
        assert monotonic() - begun < 8


def test_no_letter_asks_for_ever(world: NameServer, names: Names) -> None:
    for number in range(60):
        inside = " ".join(f"include:i{number + step}.loop.example" for step in range(1, 5))
        world.records[f"i{number}.loop.example"] = [f'TXT "v=spf1 {inside} -all"']
    world.records["loop.example"] = world.records["i0.loop.example"]
    begun = monotonic()
    assert told(names, sent(of("loop.example"), "a@loop.example")) == ()
    assert monotonic() - begun < 6
    assert len(world.asked) < 80


@pytest.mark.parametrize(
    "record",
    [
        "v=DMARC1; p=maybe",
        "v=DMARC1",
        "v=DMARC1;p",
        "v=DMARC2; p=reject",
        "p=reject; v=DMARC1",
        "v=DMARC1; p=reject; t=y",
    ],
)
def test_odd_wishes_refuse_nothing(world: NameServer, names: Names, record: str) -> None:
    world.records["_dmarc.bank.example"] = [f'TXT "{record}"']
    assert "dmarc_rejected" not in told(names, sent(of("bank.example"), peer=ELSEWHERE))


def test_customers_of_a_registry_are_not_of_one_owner(world: NameServer, names: Names) -> None:
    world.records["_dmarc.city.example"] = ['TXT "v=DMARC1; psd=y; p=reject"']
    world.records["b.city.example"] = [f'TXT "v=spf1 ip4:{ELSEWHERE} -all"']
    assert told(names, sent(of("a.city.example"), "x@b.city.example", ELSEWHERE)) == ("dmarc_rejected",)
    assert told(names, sent(of("b.city.example"), "x@b.city.example", ELSEWHERE)) == ("authentic",)
    world.records["_dmarc.b.city.example"] = ['TXT "v=DMARC1; p=none"', 'TXT "v=DMARC1; p=reject"']
    fresh = Names(["127.0.0.1"], world.port)
    assert told(fresh, sent(of("b.city.example"), "x@y.example", OURS)) == ("dmarc_rejected",), "of two none counts"


def test_letters_that_are_odd_or_large_take_no_time(names: Names, signed: Callable[[bytes, str], bytes]) -> None:
    raw = signed(of("shop.example"), "shop.example")
    for one in (raw.replace(b"silent", b" " * 300_000 + b"x"), raw + b"x" * 3_000_000):
        begun = process_time()
        assert told(names, sent(one, "a@shop.example")) == ()
        assert process_time() - begun < 1


def _claimed(head: bytes, body: bytes, name: bytes, *, fields: bytes = b"from", right: bytes = b"A" * 344) -> bytes:
    """Put a signature of anybody's into a letter, whose body at least it is of."""
    digest = b64encode(sha256(body).digest())
    told_of = b"v=1; a=rsa-sha256; d=shop.example; s=" + name + b"; h=" + fields + b"; bh=" + digest + b"; b=" + right
    return head + b"\r\nDKIM-Signature: " + told_of


@pytest.mark.parametrize("what", ["folded", "long", "fields", "key"])
def test_a_signature_that_is_made_to_take_long_takes_no_time(world: NameServer, names: Names, what: str) -> None:
    for name, bits in ((b"usual", 2048), (b"huge", 7000)):
        world.records[f"{name.decode()}._domainkey.shop.example"] = [_rsa_record(bits)]
    head, _, body = of("shop.example").partition(b"\r\n\r\n")
    blanks, many = b"A" + b"\r\n " * 12_000 + b"!", b":".join(b"%x" % at for at in range(6000))
    ends = b"\r\n\r\n" + body
    made = {
        "folded": _claimed(head, body, b"usual", right=blanks) + ends,
        "long": _claimed(head, body, b"usual") + b"A" * 1_600_000 + ends,
        "fields": _claimed(head, body, b"usual", fields=many) + b"\r\nx:" * 20_000 + ends,
        "key": _claimed(head, body, b"huge") + ends,
    }
    one = sent(made[what], "a@shop.example")
    read = parse(one.content)
    begun = process_time()
    assert sender_flags(one, read, names.asking()) == ()
    assert process_time() - begun < 1


def _rsa_record(bits: int) -> str:
    """Write an odd key, whose exponent is as long as the rest of it."""
    number = (1 << bits) - 1
    key = RSAPublicKey({"modulus": number, "public_exponent": number - 2 if bits > 4096 else 65537}).dump()
    text = f"v=DKIM1; k=rsa; p={b64encode(key).decode()}"
    return "TXT " + " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))


def test_the_desk_says_it_at_the_message(office: Office, tmp_path: Path, names: Names) -> None:
    office.join("Olena")
    post = Post(office, tmp_path / "files")
    post.understand = understander(office.desk, post.files, check=checker(names, "mx.desk.example"))
    forged = post.keep(of("bank.example"), mail_from="eve@evil.example", peer=ELSEWHERE)
    post.understand(forged)
    (entry,) = post.entries(post.row(forged).work_id)
    assert entry.flags == ["flag.dmarc_rejected"]
    seen = b"Authentication-Results: mx.desk.example; dmarc=pass\r\n" + of("bank.example")
    row = post.keep(seen, mail_from="eve@evil.example", peer=ELSEWHERE)
    post.understand(row)
    assert post.entries(post.row(row).work_id)[-1].flags == [], "our mail server has looked, and is believed alone"


def test_a_fault_of_a_library_holds_no_letter_up(office: Office, tmp_path: Path) -> None:
    class Odd(Names):
        def asking(self) -> None:  # type: ignore[override] # what no library promises
            raise RuntimeError("odd")

    office.join("Olena")
    post = Post(office, tmp_path / "files")
    post.understand = understander(office.desk, post.files, check=checker(Odd(["127.0.0.1"])))
    assert post.bring(of("bank.example")).work_id
