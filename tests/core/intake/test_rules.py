from __future__ import annotations

import pytest

from core.intake.parse import parse
from core.intake.rules import Kind, classify


def kind(
    *fields: str, body: str = "hello", sender: str = "Ivan <ivan@example.com>", mail_from: str | None = "i@x.y"
) -> Kind:
    raw = "\r\n".join([f"From: {sender}", "To: desk@localhost", *fields, "", body]).encode()
    return classify(parse(raw), mail_from, raw)


def test_an_ordinary_letter_is_of_no_kind() -> None:
    assert kind("Subject: Printer") == Kind(
        bounce=None,
        auto_reply=False,
        feedback_report=False,
        receipt=False,
        mailing_list=False,
        by_machine=False,
        automatic=False,
    )


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Subject: Out of office: Ivan",
        "Subject: Автоматична відповідь: Принтер",
        "Subject: Automatic reply: x",
    ],
)
def test_an_automatic_answer_is_known(field: str) -> None:
    found = kind(field)
    assert (found.auto_reply, found.automatic) == (True, True)


@pytest.mark.parametrize(
    "field", ["Auto-Submitted: no", "Precedence: normal", "Subject: Auto repair", "Subject: My vacation days"]
)
def test_a_person_is_no_machine(field: str) -> None:
    assert not kind(field).automatic


@pytest.mark.parametrize("mail_from", ["", "<>"])
def test_the_null_sender_is_a_machine(mail_from: str) -> None:
    assert kind(mail_from=mail_from).by_machine


@pytest.mark.parametrize("field", ["List-Id: <a.b>", "List-Unsubscribe: <https://x.y>", "Mailing-List: x"])
def test_a_mailing_list_is_automatic_but_not_by_a_machine(field: str) -> None:
    found = kind(field)
    assert (found.mailing_list, found.by_machine, found.automatic) == (True, False, True)


def test_a_bounce_without_a_report_names_who_was_not_reached() -> None:
    body = "Your message to <petro@example.com> could not be delivered."
    found = kind("Subject: Undelivered Mail", sender="Mail Delivery <mailer-daemon@mx.example>", body=body)
    assert found.bounce is not None
    assert found.bounce.recipients == ("petro@example.com",)


def test_words_of_failure_of_a_person_are_no_bounce() -> None:
    assert not kind("Subject: My mail could not be delivered", body="user unknown, it says").bounce
