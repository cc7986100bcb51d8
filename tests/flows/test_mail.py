"""The journey of a letter, over real SMTP on both sides, in both shapes and both languages."""

from __future__ import annotations

import asyncio
import smtplib
from email.policy import SMTP

import pytest

from cherha.demo.mailbox import text_of
from core.people.rules import Role
from tests.flows.house import PNG, FlowDesk, cases_and_messages, data, letter

MARIA = "maria@customer.example"


def raw(head: str, body: str | bytes, charset: str = "utf-8") -> bytes:
    """Write a letter byte by byte."""
    content = body if isinstance(body, bytes) else body.encode(charset)
    return head.strip().replace("\n", "\r\n").encode() + b"\r\n\r\n" + content


async def hand_in(house: FlowDesk, content: bytes, *to: str, sender: str = MARIA) -> None:
    """Hand bytes in at the door, as some mail server does."""

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", house.smtp_port, timeout=20) as client:
            client.sendmail(sender, to or ("help@desk.example",), content)

    await asyncio.to_thread(send)


async def wait_until_understood(house: FlowDesk, letters: int) -> None:
    async with asyncio.timeout(20):
        while True:
            counts = (await house.stats())["letters"]
            if sum(counts.values()) - counts["kept"] >= letters:
                return
            await asyncio.sleep(0.2)


@pytest.mark.parametrize("house", ["embedded", pytest.param("scaled", marks=pytest.mark.long)], indirect=True)
async def test_a_letter_goes_its_whole_way(house: FlowDesk) -> None:
    client, mailbox = house.client, house.mailbox
    olena = await house.join("Olena Koval", Role.ADMINISTRATOR, language="uk")
    written = letter(f"Maria Lopez <{MARIA}>", "Cheap invoice", "Hello,\n\nthe total of invoice 17 is wrong.\n\nMaria")
    written.add_attachment(PNG, maintype="image", subtype="png", filename="invoice.png")
    await house.post(written)
    receipt = await mailbox.wait_for(MARIA, "№1")
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["In-Reply-To"] == written["Message-ID"]
    assert "We have your letter" in text_of(receipt)
    assert "invoice" not in f"{receipt['Subject']} {text_of(receipt)}".lower()

    card = await client.wait_for(olena, "invoice 17")
    assert "Maria Lopez" in card.text
    await client.press_data(olena, card.id, data(card, "files"))
    await client.wait_for(olena, lambda one: bool(one.file) and one.id > card.id)
    await client.press_data(olena, card.id, data(card, "accept"))
    await client.send_files(
        olena, [("corrected.txt", "text/plain", b"17,00")], caption="/reply 1 Ось виправлений рахунок"
    )
    answer = await mailbox.wait_for(MARIA, "виправлений рахунок")
    (file,) = answer.iter_attachments()
    assert (file.get_filename(), str(file.get_content()).strip()) == ("corrected.txt", "17,00")
    assert answer["Subject"].startswith("Re: Cheap invoice [#1.")
    assert answer["Reply-To"].addresses[0].addr_spec.startswith("help+c1.")
    assert answer["References"].split()[0] == written["Message-ID"]
    assert answer["Auto-Submitted"] is None

    back = letter(MARIA, f"Re: {answer['Subject']}", f"Got it, thank you!\n\n> {text_of(answer)}")
    back.replace_header("To", str(answer["Reply-To"].addresses[0].addr_spec))
    back["In-Reply-To"] = answer["Message-ID"]
    await house.post(back)
    shown = await client.wait_for(olena, "Got it, thank you!")
    assert "виправлений" not in shown.text
    progress = await client.say(olena, "/progress")
    await client.wait_for(olena, "№1", after=progress.id)
    assert await cases_and_messages(house) == (1, 2)
    said = await client.say(olena, "/resolve 1 рахунок виправлено")
    await client.wait_for(olena, "№1", after=said.id)
    closed = await mailbox.wait_for(MARIA, "рахунок виправлено")
    assert "simply reply to this letter" in text_of(closed)
    assert len([one for one in mailbox.letters if one["Auto-Submitted"]]) == 2, "receipt, resolved"


@pytest.mark.long
async def test_a_repeat_is_no_second_case_and_a_used_message_id_hides_nothing(small_house: FlowDesk) -> None:
    house, client = small_house, small_house.client
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    first = letter(MARIA, "Broken", "It is broken.")
    first.replace_header("To", "help@desk.example, vip@desk.example")
    for _ in range(2):
        await house.post(first)
    await hand_in(house, first.as_bytes(policy=SMTP), "help@desk.example", "vip@desk.example")
    await hand_in(house, b"Received: from elsewhere.example\r\n" + first.as_bytes(policy=SMTP))
    await wait_until_understood(house, 3)  # rows: what came in twice to the same address is one
    assert await cases_and_messages(house) == (1, 1)

    other = letter(MARIA, "Something else", "This must not be swallowed.")
    other.replace_header("Message-ID", str(first["Message-ID"]))
    await house.post(other)
    shown = await client.wait_for(olena, "must not be swallowed")
    assert "⚠️" in shown.text


async def test_a_right_tag_from_a_stranger_opens_nothing_that_is_not_theirs(small_house: FlowDesk) -> None:
    house, client, mailbox = small_house, small_house.client, small_house.mailbox
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    await house.post(letter(MARIA, "Secret", "My secret trouble."))
    receipt = await mailbox.wait_for(MARIA, "№1")
    tagged = str(receipt["Reply-To"].addresses[0].addr_spec)
    await house.post(letter("eve@elsewhere.example", f"Re: {receipt['Subject']}", "Send it to me too.", to=tagged))
    shown = await client.wait_for(olena, "Send it to me too")
    assert "№2" in shown.text
    history = await client.say(olena, "/case 1")
    card = await client.wait_for(olena, "№1", after=history.id)
    assert "Send it to me" not in card.text
    await house.post(letter(MARIA, "Another", "Another trouble."))
    await mailbox.wait_for(MARIA, "№3")
    assert {str(one["To"]) for one in mailbox.letters} == {MARIA}, "a stranger is told nothing"


@pytest.mark.parametrize("charset", ["windows-1251", pytest.param("koi8-u", marks=pytest.mark.long)])
async def test_cyrillic_letters_are_read_and_answered_in_ukrainian(small_house: FlowDesk, charset: str) -> None:
    house, client = small_house, small_house.client
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    head = f"From: {MARIA}\nTo: help@desk.example\nSubject: help\nMessage-ID: <{charset}@x>\n"
    await hand_in(
        house, raw(f"{head}Content-Type: text/plain; charset={charset}", "Доброго дня, мій принтер не друкує.", charset)
    )
    await client.wait_for(olena, "мій принтер не друкує")
    receipt = await house.mailbox.wait_for(MARIA, "№1")
    assert "звернення" in text_of(receipt)
    html = "<html><style>p{}</style><body><p>Ще <b>одне</b>:</p><ul><li>папір застряг</li></ul></body></html>"
    await hand_in(
        house, raw(f"{head.replace(charset, 'html')}Content-Type: text/html; charset={charset}", html, charset)
    )
    shown = await client.wait_for(olena, "папір застряг")
    assert "<" not in shown.text


@pytest.mark.long
async def test_machines_get_no_answer_and_what_is_set_aside_can_be_released(small_house: FlowDesk) -> None:
    house, client = small_house, small_house.client
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    automatic = letter("robot@shop.example", "Your order", "Order 5 has shipped.")
    automatic["Auto-Submitted"] = "auto-generated"
    await house.post(automatic)
    away = letter("away@customer.example", "Out of office", "I am away until Monday.")
    away["Auto-Submitted"] = "auto-replied"
    await house.post(away)
    listed = letter("list@lists.example", "Weekly news", "All the news of the week.")
    listed["List-Id"] = "<news.lists.example>"
    await house.post(listed)
    head = "From: nobody@nowhere.example\nSubject: Undelivered Mail\nContent-Type: text/plain\nMessage-ID: <b@x>"
    await hand_in(house, raw(head, "Your message could not be delivered: user unknown"), sender="")
    await wait_until_understood(house, 4)
    stats = await house.stats()
    assert stats["letters"]["set_aside"] >= 1
    asked = await client.say(olena, "/letters")
    aside = await client.wait_for(olena, "list@lists.example", after=asked.id)
    assert "mailing list" in aside.text.lower()
    for release in [one for row in aside.buttons for _, one in row if one.startswith("1:letter:")]:
        await client.press_data(olena, aside.id, release)
    await client.wait_for(olena, "All the news of the week")
    await house.post(letter(MARIA, "A person", "A person writes."))
    await house.mailbox.wait_for(MARIA, "№")
    assert {str(one["To"]) for one in house.mailbox.letters} == {MARIA}


async def test_the_door_says_what_is_wrong_and_knows_whose_address_is_whose(small_house: FlowDesk) -> None:
    house, client = small_house, small_house.client
    olena = await house.join("Olena", Role.ADMINISTRATOR)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await hand_in(house, b"Subject: x\r\n\r\nx", "nobody@desk.example")
    assert refused.value.recipients["nobody@desk.example"][0] == 550
    with pytest.raises(smtplib.SMTPResponseException) as too_big:
        await hand_in(house, b"Subject: x\r\n\r\n" + b"x" * 70 * 1024 * 400)
    assert too_big.value.smtp_code == 552
    said = await client.say(olena, "/queue_new VIP")
    await client.wait_for(olena, "VIP", after=said.id)
    await house.post(letter(MARIA, "Important", "I am important.", to="vip@desk.example"))
    await house.mailbox.wait_for(MARIA, "№1")
    said = await client.say(olena, "/queue vip")
    await client.wait_for(olena, "Important", after=said.id)


@pytest.mark.long
async def test_a_picture_in_a_letter_is_shown_in_chat_and_a_photo_from_chat_goes_with_the_answer(
    small_house: FlowDesk,
) -> None:
    house, client = small_house, small_house.client
    olena = await house.join("Olena")
    written = letter(MARIA, "Broken", "")
    written.set_content('<p>It shows this:</p><img src="cid:shot@x"><p>Help!</p>', subtype="html")
    written.add_related(PNG, "image", "png", cid="<shot@x>", filename="shot.png", disposition="inline")
    await house.post(written)
    card = await client.wait_for(olena, "Help!")
    assert "It shows this:\n[picture: shot.png]\n\nHelp!" in card.text
    await client.press_data(olena, card.id, data(card, "accept"))
    await client.press_data(olena, card.id, data(card, "files"))
    await client.wait_for(olena, lambda one: bool(one.file) and one.id > card.id)
    await client.send_files(olena, [("what.png", "image/png", PNG)], caption="/reply 1 Does it look like this?")
    answer = await house.mailbox.wait_for(MARIA, "look like this")
    (file,) = answer.iter_attachments()
    assert (file.get_content_maintype(), file.get_content()) == ("image", PNG)
    page = answer.get_body(("html",))
    assert page is not None
    assert f"cid:{file['Content-ID'].strip('<>')}" in page.get_content()
