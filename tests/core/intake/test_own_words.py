from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.parse import parse
from core.intake.parse.quotes import own_words

#: Attributions as mail programs write them above a quote.
ATTRIBUTIONS = {
    "Gmail": "On Wed, Nov 25, 2026 at 6:11 PM Service desk <desk@demo.example> wrote:",
    "Gmail, broken": "On Wed, Nov 25, 2026 at 6:11 PM Service desk of the whole house <\ndesk@demo.example> wrote:",
    "Gmail, broken before the address": "On Wed, Nov 25, 2026 at 6:11 PM Service desk\n<desk@demo.example> wrote:",
    "Gmail in Ukrainian": "ср, 25 лист. 2026 р. о 18:11 Служба підтримки <desk@demo.example> пише:",
    "Gmail in Ukrainian, broken": "ср, 25 лист. 2026 р. о 18:11 Служба всього дому <\ndesk@demo.example> пише:",
    "Thunderbird": "On 11/25/26 18:11, Service desk wrote:",
    "Thunderbird in Ukrainian": "25.11.26 18:11, Служба підтримки пише:",
    "Apple Mail": "On 25 Nov 2026, at 18:11, Service desk <desk@demo.example> wrote:",
    "Apple Mail in Ukrainian": "25 лист. 2026 р. о 18:11 Служба підтримки <desk@demo.example> пише:",
    "iOS": "Sent from my iPhone\n\nOn Nov 25, 2026, at 6:11 PM, Service desk <desk@demo.example> wrote:",
    "iOS in Ukrainian": "Надіслано з iPhone\n\n25 лист. 2026 р. о 18:11 Служба <desk@demo.example> пише:",
    "Outlook": "-----Original Message-----\n"
    "From: Service desk <desk@demo.example>\nSent: Wednesday, November 25, 2026 6:11 PM\n"
    "To: Ivan <ivan@example.com>\nSubject: RE: Printer",
    "Outlook without a line": "From: Service desk <desk@demo.example>\nSent: Wednesday, November 25, 2026 6:11 PM\n"
    "To: Ivan\nSubject: RE: Printer",
    "Outlook in Ukrainian": "________________________________\nВід: Служба підтримки <desk@demo.example>\n"
    "Надіслано: середа, 25 листопада 2026 р. 18:11\nКому: Ivan\nТема: RE: Принтер",
}

_LINE = st.text("abc XYZ абв ЇЄҐ 123 .,!?:;—–-()«»'/@#*_", min_size=1, max_size=120)

#: What a person writes: lines that are no marks of signatures, quotes or rules.
_own = st.lists(_LINE | st.just(""), min_size=1, max_size=12).map("\n".join).filter(lambda text: bool(_words(text)))

#: What people write that looks like what programs write.
_TRICKY = [
    "Thanks: it works.",
    "Дякую, працює",
    "Добрий день!\nЩе важливо, це другий раз.",
    "On Monday I called you.",
    "On 5 May the printer stopped.",
    "25.11.2026 принтер зламався",
    "ср, 25 лист. знову не працює",
    "From: Kyiv\nTo: Lviv\nDate: 12 May",
    "Write me over the phone",
    "Reply to all questions above please",
    "Sent with the courier yesterday",
    "Надіслано з Києва",
    "first\n—\nsecond\n–\nthird\n__\nfourth",
    "Please write to Bob <bob@example.com>:\nhe knows",
    "| a | b |\n| 1 | 2 |",
    "On 25 Nov 2026 I wrote:\nthe printer is broken\nAny news?",
    "Hello.\n\nOn 12.10.2024 at 10:30 your agent wrote:\nplease reset the box\nbut I have no box.",
    "Добрий день.\n\n12.10.2024 о 10:30 ваш оператор написав:\nперезавантажте\nНе допомогло. Що далі?",
    "Здравствуйте!\n\n12 октября 2024 г., в 10:30 мне менеджер написал:\nзаказ отменён\nПочему?",
    "Guten Tag,\n\nAm 12.10.2024 um 10:30 schrieb mir Ihr Kollege Peter:\nBitte neu starten.\nWas jetzt?",
    "The error says\nSent via Gmail: 550 rejected, mailbox full on tablet 7",
    "Лист не доходить.\nНадіслано з Пошти два рази, результату нема",
    "Sent from my iPhone, but it is the Android app that crashes",
    "From the site\n\nFrom: Olena <olena@example.com>\nSubject: door\nDate: 12.10.2024\nMessage: It is broken.",
    "З сайту\n\nВід: Олена <olena@example.com>\nТема: двері\nДата: 12.10.2024 10:00\nПовідомлення: Зламані.\nТел: 1",
    "=====================\nmy table\n---------------------",
    "-- reply: yes",
    "x" * 5000 + " end",
]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _is_marked(text: str) -> bool:
    """Tell whether a line is a mark that ends the words of a person by the rules of mail."""
    return any(re.fullmatch(r"\s*--\s*", line) for line in text.split("\n"))


def _assert_kept(own: str, found: str) -> None:
    lines = [line.strip() for line in own.split("\n") if re.search(r"\w", line) or line.strip("-_=* ")]
    kept = found.split("\n")
    assert [line for line in lines if line not in {one.strip() for one in kept}] == []


@pytest.mark.parametrize("own", _TRICKY)
def test_what_people_write_is_kept_above_every_kind_of_quote(own: str) -> None:
    belows = ("> Thank you!\n> It is done.", "Thank you!\nIt is done.")
    for style, between, below in product(sorted(ATTRIBUTIONS), ("\n", "\n\n"), belows):
        _assert_kept(own, own_words(own + between + ATTRIBUTIONS[style] + "\n\n" + below))


@pytest.mark.parametrize("style", sorted(ATTRIBUTIONS))
def test_the_quote_and_its_attribution_go(style: str) -> None:
    assert own_words(f"It works.\n\n{ATTRIBUTIONS[style]}\n> Thank you!\n> It is done.\n") == "It works."


@given(own=_own, style=st.sampled_from(sorted(ATTRIBUTIONS)), between=st.sampled_from(["\n", "\n\n"]))
def test_no_word_is_lost_above_a_quote(own: str, style: str, between: str) -> None:
    if not _is_marked(own):
        _assert_kept(own, own_words(own + between + ATTRIBUTIONS[style] + "\n> quoted"))


@given(own=_own, below=_own, style=st.sampled_from(sorted(ATTRIBUTIONS)))
def test_no_word_is_lost_between_and_below_what_is_quoted(own: str, below: str, style: str) -> None:
    if not _is_marked(own + "\n" + below):
        found = own_words(f"{own}\n\n{ATTRIBUTIONS[style]}\n> quoted\n{below}\n> quoted again\n")
        _assert_kept(own + "\n" + below, found)


@given(st.lists(_LINE | st.sampled_from([*_TRICKY, ""]), max_size=20).map("\n".join))
def test_no_line_is_lost_where_nothing_is_quoted(text: str) -> None:
    if not _is_marked(text):
        _assert_kept(text, own_words(text))


@given(st.text())
def test_of_any_text_something_is_left(text: str) -> None:
    assert bool(own_words(text)) is bool(text.strip())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Hello\n-- \nIvan\nCompany", "Hello"),
        ("Hello\n--\nIvan", "Hello"),
        ("Hello\n\nSent from my iPhone", "Hello"),
        ("Hello\n\nНадіслано з iPhone", "Hello"),
        ("Hello\n" + "-- \n" + "line\n" * 30, "Hello\n-- \n" + "line\n" * 29 + "line"),
        ("> quoted\nown\n> quoted", "own"),
        ("> quoted only", "> quoted only"),
        ("On 25 Nov 2026, at 18:11, A <a@b.c> wrote:\n> quoted\n\nbelow", "below"),
        ("one\n\nOn 25 Nov 2026, at 18:11, A <a@b.c> wrote:\n> quoted\n\ntwo", "one\n\ntwo"),
        ("> On 25 Nov 2026, at 18:11, A <a@b.c> wrote:\n> quoted\n\nbelow", "below"),
        ("above\n## Please reply above this line ##\nold", "above"),
    ],
)
def test_signatures_and_quotes_go(text: str, own: str) -> None:
    assert own_words(text) == own


def test_nothing_is_cut_however_long_it_is() -> None:
    text = "\n".join([*(f"line {number}" for number in range(20_000)), "y" * 100_000])
    assert own_words(text) == text


@pytest.mark.parametrize(
    ("kind", "body", "kept"),
    [
        ("plain", "I ran\n> npm install\n> npm start\nand it died", "> npm install"),
        ("plain", "Які межі?\n> 100 кг: вантажівка\n< 100 кг: авто", "> 100 кг: вантажівка"),
        ("html", "Hello:<blockquote>ls -la</blockquote>what is it?", "> ls -la"),
    ],
)
def test_what_looks_quoted_in_a_letter_that_answers_nothing_is_its_senders(kind: str, body: str, kept: str) -> None:
    head = f"From: a@b.example\r\nSubject: {{}}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
    new, answer = f"{head}\r\n{body}".format("Help"), f"{head}\r\n{body}".format("Re: Help")
    referring = f"{head}In-Reply-To: <1@x.example>\r\n\r\n{body}".format("Help")
    assert kept in parse(new.encode()).own_words
    assert kept not in parse(answer.encode()).own_words
    assert kept not in parse(referring.encode()).own_words


def test_what_somebody_is_said_to_have_written_is_quoted_in_a_new_letter_too() -> None:
    body = "Hi\r\n\r\nOn Wed, Nov 25, 2026 at 6:11 PM Desk <desk@demo.example> wrote:\r\n> Thank you\r\n"
    raw = f"From: a@b.example\r\nSubject: Help\r\n\r\n{body}"
    assert parse(raw.encode()).own_words == "Hi"
