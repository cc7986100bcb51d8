"""Bounces of many programs, written by us in their ways; and letters of people that look like one."""

# ruff: noqa: E501, ISC004 - letters are written as they are

from __future__ import annotations

import random
import time

import pytest

from core.intake.parse import parse
from core.intake.rules import Bounce, Kind, classify
from core.intake.rules.statuses import Why

COPY = "From: desk@localhost\r\nTo: petro@example.com\r\nSubject: Re: Printer\r\n\r\nHello\r\n"


def kind(head: str, body: str, mail_from: str | None = "sender@elsewhere.example") -> Kind:
    raw = f"{head.strip()}\nMIME-Version: 1.0\n\n{body}".replace("\r\n", "\n").replace("\n", "\r\n").encode()
    if "content-type" not in head.lower():
        raw = raw.replace(b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8", 1)
    return classify(parse(raw), mail_from, raw)


def bounce(head: str, body: str) -> Bounce:
    found = kind(head, body).bounce
    assert found is not None
    return found


def report(
    status: str, *, text: str = "Your message could not be delivered.", subject: str = "Undelivered Mail"
) -> Kind:
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: desk@localhost\nSubject: {subject}\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b"
    )
    body = (
        f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{status}\n"
        f"--b\nContent-Type: message/rfc822\n\n{COPY}\n--b--\n"
    )
    return kind(head, body, "")


@pytest.mark.parametrize(
    ("status", "code", "why", "hard"),
    [
        ("Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown", "5.1.1", Why.ADDRESS, True),
        ("Action: Failed (really)\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 No such user", "5.0.0", Why.ADDRESS, True),
        ("Action: error\nStatus: 5.1.2", "5.1.2", Why.ADDRESS, True),
        ("Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 Mailbox full", "5.2.2", Why.FULL, False),
        ("Action: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 554 looks like spam", "5.7.1", Why.REFUSED, False),
        ("Action: failed\nStatus: 5.3.4", "5.3.4", Why.SIZE, False),
        ("Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; delivery time expired", "4.4.7", Why.LATE, False),
        ("Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; connection timed out", "4.4.1", Why.LATE, False),
        (
            "Action: delayed\nStatus: 4.1.1\nDiagnostic-Code: smtp; 450 user unknown for now",
            "4.1.1",
            Why.ADDRESS,
            False,
        ),
    ],
)
def test_a_delivery_status_says_who_why_and_for_how_long(status: str, code: str, why: Why, hard: bool) -> None:
    found = report(f"Final-Recipient: rfc822; Petro@Example.com\n{status}").bounce
    assert found is not None
    assert (found.recipients, found.code, found.why, found.hard) == (("petro@example.com",), code, why, hard)
    assert found.final is ("delayed" not in status)


def test_every_recipient_of_a_delivery_status_is_named_as_written_to_and_as_it_went() -> None:
    found = report(
        "Original-Recipient: rfc822;a@example.com\nFinal-Recipient: rfc822;b@elsewhere.example\nAction: failed\n\n"
        "Final-Recipient: rfc822; c@example.com\nAction: failed\n\n"
        "Final-Recipient: rfc822; fine@example.com\nAction: delivered\n"
    ).bounce
    assert found is not None
    assert found.recipients == ("a@example.com", "b@elsewhere.example", "c@example.com")


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_a_receipt(action: str) -> None:
    found = report(f"Final-Recipient: rfc822; petro@example.com\nAction: {action}", subject="Return receipt")
    assert (found.bounce, found.receipt) == (None, True)


PLAIN = [
    # qmail and its kin
    ("MAILER-DAEMON@mx.example", "failure notice",
     "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following "
     "addresses.\n\n<petro@example.com>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 no such user\n\n"
     "--- Below this line is a copy of the message.\n\n" + COPY),
    # exim
    ("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed: returning message to sender",
     "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to "
     "one or more of\nits recipients. The following address(es) failed:\n\n  petro@example.com\n    Unrouteable address\n\n"
     "------ This is a copy of the message, including all the headers. ------\n\n" + COPY),
    # sendmail of old
    ("Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Returned mail: User unknown",
     "   ----- The following addresses had permanent fatal errors -----\n<petro@example.com>\n\n   ----- Transcript of session "
     "follows -----\n550 <petro@example.com>... User unknown\n\n   ----- Original message follows -----\n" + COPY),
    # postfix without a report
    ("MAILER-DAEMON@mx.example (Mail Delivery System)", "Undelivered Mail Returned to Sender",
     "This is the mail system at host mx.example.\n\n<petro@example.com>: host 192.0.2.1 said: 550 5.1.1 unknown\n"),
    # a groupware server
    ("postmaster@mx.example", "Undeliverable: Re: Printer",
     "Your message\n\n  To:      petro@example.com\n  Subject: Re: Printer\n\ndid not reach the following recipient(s):\n\n"
     "petro@example.com on Mon, 2 Mar 2026 10:00:00 +0200\n    The recipient name is not recognized\n"),
    # a gateway against viruses
    ("Antivirus_for_SMTP@mx.example", "Delivery failure notification",
     "Your message with Subject: Re: Printer\ncould not be delivered to the following recipients:\n\npetro@example.com\n"),
    # nobody sends it
    ("", "Undeliverable message",
     "Your message could not be delivered to petro@example.com\nError 550: mailbox unavailable\n"),
    # German, French, Spanish, Polish, Ukrainian, Russian, Japanese
    ("Mailer-Daemon@mx.example", "Nicht zustellbar: Drucker",
     "Ihre Nachricht an <petro@example.com> konnte nicht zugestellt werden: 550 Empfänger unbekannt\n"),
    ("postmaster@mx.example", "Échec de la remise (non remis)",
     "Votre message n'a pas pu être remis aux destinataires suivants :\n\n<petro@example.com>\n550 inconnu\n"),
    ("postmaster@mx.example", "No se pudo entregar el mensaje",
     "Su mensaje no se pudo entregar a:\n<petro@example.com>\n550 no existe\n"),
    ("MAILER-DAEMON@poczta.example", "Wiadomość niedostarczona",
     "Wiadomość nie mogła zostać dostarczona do:\n<petro@example.com>\n"),
    ("Mailer-Daemon@mx.example", "Лист не доставлено",
     "Ваш лист не вдалося доставити одержувачу <petro@example.com>: немає такого користувача\n"),
    ("postmaster@mx.example", "Недоставленное сообщение",
     "Ваше письмо не может быть доставлено:\n<petro@example.com>\n550 нет такого пользователя\n"),
    ("no-reply@mx.example\nReturn-Path: <>", "メールエラー通知",
     "メールを送信できませんでした。\nYour mail could not be delivered to: <petro@example.com>\n550 5.1.1 user unknown\n"),
    # a warning in words of its own
    ("Mail Deliver System <MAILER-DAEMON@mx.example>", "Warning--could not send mail for 8 hours",
     "---The following addresses had delivery errors---\n\npetro@example.com [connection timed out]\n"),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "body"), PLAIN, ids=[str(n) for n in range(len(PLAIN))])
def test_a_bounce_in_plain_words_names_who_was_not_reached(sender: str, subject: str, body: str) -> None:
    head = f"From: {sender}\n" if sender else ""
    found = bounce(f"{head}To: desk@localhost\nSubject: {subject}", body)
    assert found.recipients == ("petro@example.com",)
    assert found.reason


def test_several_addresses_in_plain_words_are_all_named() -> None:
    body = (
        "Unable to deliver message to the following address(es).\n\n<a@example.com>:\nunknown user\n\n"
        "<b@example.com>:\nover quota\n\n--- Original message follows.\n" + COPY
    )
    found = bounce("From: MAILER-DAEMON@mx.example\nTo: desk@localhost\nSubject: Delivery failure", body)
    assert set(found.recipients) == {"a@example.com", "b@example.com"}


def test_a_warning_is_not_final() -> None:
    body = (
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been "
        "delivered to:\n\n  petro@example.com\n\nNo action is required on your part. Delivery attempts will continue.\n"
    )
    found = bounce(
        "From: Mailer-Daemon@mx.example\nTo: desk@localhost\nSubject: Warning: message delayed 24 hours", body
    )
    assert (found.recipients, found.final, found.hard) == (("petro@example.com",), False, False)


@pytest.mark.parametrize(("form", "final"), [("Permanent", True), ("Transient", False)])
def test_the_json_of_a_sending_service_is_a_bounce(form: str, final: bool) -> None:
    one = '{"emailAddress":"petro@example.com","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}'
    body = f'{{"notificationType":"Bounce","bounce":{{"bounceType":"{form}","bouncedRecipients":[{one}]}}}}\n\n-- \nsigned\n'
    found = bounce("From: no-reply@notices.example\nTo: desk@localhost\nSubject: Notification", body)
    assert (found.recipients, found.final, found.code) == (("petro@example.com",), final, "5.1.1")


@pytest.mark.parametrize(
    "body", ['{"notificationType":"Bounce","bounce":[]}', '{"bounce":{}}', "{}", "{" * 5000, '{"Message": "x"}']
)
def test_other_json_is_none(body: str) -> None:
    assert kind("From: ivan@example.com\nTo: desk@localhost\nSubject: JSON", body).bounce is None


def test_a_refusal_that_looks_like_a_receipt_is_a_bounce() -> None:
    head = (
        "From: Mail Delivery Subsystem <admin@mx.example>\nTo: desk@localhost\nSubject: Automatically rejected mail\n"
        "Auto-Submitted: auto-replied (rejected)\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b"
    )
    body = (
        "--b\n\nYour message to <petro@example.com> was automatically rejected:\nQuota exceeded\n--b\n"
        "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; petro@example.com\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n"
    )
    found = kind(head, body)
    assert found.bounce is not None
    assert (found.receipt, found.bounce.recipients, found.bounce.why) == (False, ("petro@example.com",), Why.FULL)


def test_a_list_that_refuses_us_is_a_bounce() -> None:
    head = "From: cats-admin@lists.example\nTo: desk@localhost\nSubject: You desk@localhost are not member (cats)\nX-MLServer: fml"
    assert bounce(head, "You are not a member of this mailing list <cats@lists.example>.").recipients


@pytest.mark.long
def test_what_a_daemon_says_is_read_within_a_second_whatever_it_is() -> None:
    chance = random.Random(7)
    for part in ("a@", "<", "- ", "\n", "-\n", ", a@b", "rcpt to: ", "a@b.c\n", "no such ", "(expanded from: "):
        for head in (
            "Content-Type: text/plain",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        ):
            body = part * (200_000 // len(part)) + str(chance.random())
            raw = f"From: mailer-daemon@mx.example\nSubject: Undelivered\n{head}\n\nthe following addresses had\n{body}".encode()
            letter = parse(raw)
            begun = time.process_time()
            classify(letter, "", raw)
            assert time.process_time() - begun < 1


MX = "This message was created automatically by mail delivery software. A message that you sent could not be delivered: 550 5.1.1"

PEOPLE = [
    ("Ivan <ivan@example.com>", "Mail delivery failed", "Hello, I got this when I wrote to you:\n\n> " + MX),
    ("Ivan <ivan@example.com>", "Undelivered Mail Returned to Sender", "Why does this come back? <petro@example.com> user unknown"),
    ("Ivan <ivan@example.com>", "Fwd: Undelivered Mail Returned to Sender", "---------- Forwarded message ----------\n" + MX),
    ("Ivan <ivan@example.com>", "Re: Returned mail: see transcript for details", "Did it arrive now?\n\n> " + MX),
    ("Ivan <ivan@example.com>", "Did my mail arrive?", "I wrote yesterday, and have no answer. Was it not delivered?"),
    ("Олена <olena@example.com>", "Не доставлено", "Добрий день! Пошта пише, що лист не доставлено: 550 5.1.1 user unknown."),
    ("Олена <olena@example.com>", "Чи дійшов мій лист?", "Вітаю, я писала вчора. Чи не повернувся він?"),
    ("Олена <olena@example.com>", "Помилка доставки", "Посилку не доставлено, кур'єр не приїхав."),
    ("Олена <olena@example.com>", "Fwd: Mail delivery failed", "Що з цим робити?\n\n" + MX),
    ("Сергей <sergey@example.com>", "Письмо не доставлено", "Здравствуйте! Мне пришло: письмо не может быть доставлено."),
    ("Сергей <sergey@example.com>", "Ошибка доставки заказа", "Заказ не доставлен, верните деньги."),
    ("Jörg <joerg@example.com>", "Unzustellbar", "Guten Tag, meine Mail an Sie war unzustellbar: 550 5.7.1 rejected."),
    ("Jörg <joerg@example.com>", "AW: Nicht zugestellt", "Das Paket konnte nicht zugestellt werden."),
    ("Jörg <joerg@example.com>", "WG: Mail delivery failed: returning message to sender", MX),
    ("Claire <claire@example.com>", "Échec de livraison", "Bonjour, mon message n'a pas pu être remis. Que faire ?"),
    ("Claire <claire@example.com>", "TR: Undeliverable: facture", "Voici ce que je reçois.\n\n" + MX),
    ("Ana <ana@example.com>", "No entregado", "Hola, mi pedido no se pudo entregar."),
    ("Marek <marek@example.com>", "Niedostarczona paczka", "Dzień dobry, paczka nie została dostarczona."),
    ("Postmaster <postmaster@customer.example>", "Delivery problem to your domain",
     "Hello,\n\nour users get 550 5.7.1 rejected when they write to you. Please check your filter.\n\nIvan, postmaster"),
    ("Mail admin <mailadmin@customer.example>", "Re: Undelivered mail", "Thanks, the mailbox is full no more. " + MX),
    ("Administrator <admin@customer.example>", "Mailbox full", "The mailbox of petro@customer.example is full. Please enlarge it."),
    ("sysadmin@customer.example", "Mail delivery problem", "Since yesterday mail to desk2@example.com could not be delivered. Please check."),
    ("Адміністратор <mailadmin@customer.example>", "Не доставлено", "Лист до вас не доставлено, бо сервер відхиляє: user unknown. Перевірте."),
    ("Administrator <admin@customer.example>", "Mailbox full", "Dear support, the mailbox of Petro is full. Please enlarge it."),
    ("Shop <noreply@shop.example>", "Delivery failed", "Your parcel could not be delivered to your address. Call support@shop.example."),
    ("Shop <noreply@shop.example>", "Returned to sender", "Your order was returned to sender. The recipient was not found at home."),
    ("Tickets <noreply@tickets.example>", "[HD-12] Mail delivery failed",
     "Ivan wrote: users get 550 5.1.1 user unknown from the mail server."),
    ("Tickets <notifications@tickets.example>", "Issue 7: undeliverable mail", "Ivan wrote:\n\n" + MX + "\n\n-----Original Message-----\nhello"),
    ("Bank <no-reply@bank.example>", "Payment rejected", "Your payment was rejected: unknown account. Write to help@bank.example."),
    ("Bank <no-reply@bank.example>", "Your account is disabled", "Your account has been disabled, for you exceeded its limits."),
    ("", "Printer", "The printer says: user unknown."),
    ("", "Full mailbox", "Hi, my mailbox is full and I was not able to deliver the report. ivan@example.com"),
    ("Delivery Hero <orders@delivery.example>", "Delivery status", "Your pizza could not be delivered."),
    ("Daemon Jones <daemonj@example.com>", "Returned mail", "I returned the mail you sent me, the recipient address was invalid."),
    ("Ivan <ivan@example.com>", "Warning: could not send message", "It is what Outlook tells me since today: error code 550."),
    ("李 <li@example.com>", "退信", "你好，我的邮件被退回了：550 user unknown。怎么办？"),
    ("佐藤 <sato@example.com>", "メールが届きません", "メールを送信できませんでした。確認してください。"),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "body"), PEOPLE, ids=[str(n) for n in range(len(PEOPLE))])
def test_who_talks_of_failure_is_no_bounce(sender: str, subject: str, body: str) -> None:
    head = f"From: {sender}\n" if sender else ""
    found = kind(f"{head}To: desk@localhost\nSubject: {subject}", body)
    assert (found.bounce, found.auto_reply, found.feedback_report) == (None, False, False)


def test_a_bounce_that_a_person_sends_on_with_its_parts_is_none() -> None:
    head = "From: Ivan <ivan@example.com>\nTo: desk@localhost\nSubject: Fwd: Undelivered Mail\nContent-Type: multipart/mixed; boundary=b"
    status = (
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; petro@example.com\nAction: failed\nStatus: 5.1.1\n"
    )
    body = f"--b\n\nWhat is that?\n--b\nContent-Type: message/delivery-status\n\n{status}\n--b--\n"
    assert kind(head, body).bounce is None
    whole = f"From: mailer-daemon@mx.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\n\n{MX}\n--c--"
    assert (
        kind(
            head.replace("Fwd: ", ""), f"--b\n\nWhat is that?\n--b\nContent-Type: message/rfc822\n\n{whole}\n--b--\n"
        ).bounce
        is None
    )
