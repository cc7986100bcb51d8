"""What a relay says is told apart: taken, later, never, this address never, and nobody knows."""

from __future__ import annotations

import pytest

from tests.mail_out.scripted import HANG_UP, Scripted, relay
from workers.mail_out.relay import PermanentFailure, Relay, TemporaryFailure, UnknownOutcome, read_relay

LETTER = b"Subject: x\r\n\r\n.dots\r\nand words\r\n"


def _send(script: Scripted, *, login: str = "", to: str = "maria@customer.example") -> None:
    sender = Relay(f"smtp://{login}127.0.0.1:{script.port}?tls=none")
    try:
        sender.send("desk@desk.example", to, LETTER)
    finally:
        sender.close()


def test_a_letter_is_handed_over_with_its_dots_stuffed() -> None:
    with relay() as script:
        _send(script)
    assert script.letters == [b"Subject: x\r\n\r\n..dots\r\nand words\r\n.\r\n"]
    assert "rcpt TO:<maria@customer.example>" in script.heard


@pytest.mark.parametrize(
    "answers",
    [
        {"MAIL": "451 later"},
        {"RCPT": "450 busy"},
        {"DATA": "421 closing"},
        {"dot": "452 full"},
        {"MAIL": HANG_UP},
        {"DATA": HANG_UP},
    ],
)
def test_what_may_work_later_is_temporary(answers: dict[str, str]) -> None:
    with relay(**answers) as script, pytest.raises(TemporaryFailure):
        _send(script)
    assert len(script.letters) == ("dot" in answers)


@pytest.mark.parametrize(
    ("answers", "of_recipient"),
    [
        ({"RCPT": "550 no such user"}, True),
        ({"RCPT": "550 5.1.1 <a@b.example>: no such user, see our block of rules"}, True),
        ({"RCPT": "550 5.2.1 mailbox disabled"}, True),
        ({"RCPT": "554 5.7.1 <a@b.example>: Relay access denied"}, False),
        ({"RCPT": "550 relaying denied"}, False),
        ({"RCPT": "550 5.4.1 Recipient address rejected: Access denied"}, True),
        ({"RCPT": "530 Authentication required"}, False),
        ({"RCPT": "550 192.0.2.1 is listed by zen.spamhaus.org"}, False),
        ({"MAIL": "550 you may not"}, False),
        ({"dot": "554 spam"}, False),
    ],
)
def test_what_will_never_work_is_permanent(answers: dict[str, str], of_recipient: bool) -> None:
    with relay(**answers) as script, pytest.raises(PermanentFailure) as told:
        _send(script)
    assert told.value.of_recipient is of_recipient


@pytest.mark.parametrize("to", ["іван@пошта.укр", "a\u2028b@customer.example"])
def test_an_address_that_the_relay_cannot_be_told_is_refused_at_once(to: str) -> None:
    with relay() as script, pytest.raises(PermanentFailure) as told:
        _send(script, to=to)
    assert told.value.of_recipient
    assert not [one for one in script.heard if one.startswith("mail")]


def test_when_the_answer_to_the_final_dot_is_lost_nobody_knows() -> None:
    with relay(dot=HANG_UP) as script, pytest.raises(UnknownOutcome):
        _send(script)
    assert len(script.letters) == 1


def test_nobody_there_and_a_wrong_password_are_temporary() -> None:
    with relay(AUTH="535 no") as script:
        with pytest.raises(TemporaryFailure, match="name and password") as told:
            _send(script, login="desk:s3cret@")
        assert "s3cret" not in str(told.value)
        port = script.port
    with pytest.raises(TemporaryFailure, match="no connection"):
        Relay(f"smtp://127.0.0.1:{port}").send("a@b.example", "c@d.example", LETTER)


def test_a_connection_is_used_again_and_a_dead_one_replaced() -> None:
    with relay() as script:
        sender = Relay(f"smtp://127.0.0.1:{script.port}?tls=none")
        for _ in range(3):
            sender.send("a@b.example", "c@d.example", LETTER)
        assert script.connections == 1
        script.answers["NOOP"] = HANG_UP
        sender.send("a@b.example", "c@d.example", LETTER)
        assert script.connections == 2
        sender.close()
    assert len(script.letters) == 4


def test_a_relay_that_cannot_starttls_gets_nothing_in_the_clear() -> None:
    with relay() as script, pytest.raises(TemporaryFailure):
        Relay(f"smtp://desk:s3cret@127.0.0.1:{script.port}?tls=starttls").send("a@b.example", "c@d.example", LETTER)
    assert not any(word.upper().startswith(("AUTH", "MAIL")) for word in script.heard)


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://localhost", 25, "none"),
        ("smtp://mail.example", 587, "starttls"),
        ("smtps://mail.example", 465, "implicit"),
        ("smtp://mail.example:2525?tls=none", 2525, "none"),
    ],
)
def test_relays_are_written_as_addresses(url: str, port: int, tls: str) -> None:
    assert (read_relay(url).port, read_relay(url).tls) == (port, tls)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example?tls=perhaps"])
def test_what_is_no_relay_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"relay is written|tls is one of"):
        read_relay(url)
