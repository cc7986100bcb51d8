"""Attributions as mail programs write them in many languages, and what people write that looks like one."""

from __future__ import annotations

import pytest

from core.intake.parse.quotes import own_words

OWN = "Нарешті друкує, дякую.\n\nOlena"

#: With an address, and so believed whether what follows is marked as quoted or not.
CERTAIN = {
    "Bulgarian": "На ср, 25.11.2026 г. в 18:11 Desk <desk@demo.example> написа:",
    "Catalan": "El dc., 25 de nov. 2026, 18:11, Desk <desk@demo.example> va escriure:",
    "Chinese": "在 2026年11月25日，下午6:11，Desk <desk@demo.example> 写道：",
    "Chinese, name first": "Desk <desk@demo.example> 于2026年11月25日周三 18:11写道：",
    "Croatian": "sri, 25. stu 2026. u 18:11 Desk <desk@demo.example> napisao je:",
    "Czech": "st 25. 11. 2026 v 18:11 odesílatel Desk <desk@demo.example> napsal:",
    "Danish": "ons. 25. nov. 2026 kl. 18.11 skrev Desk <desk@demo.example>:",
    "Dutch": "Op wo 25 nov. 2026 om 18:11 schreef Desk <desk@demo.example>:",
    "Estonian": "Kuupäev K, 25. november 2026 kell 18:11 kirjutas Desk <desk@demo.example>:",
    "Finnish": "ke 25. marrask. 2026 klo 18.11 Desk <desk@demo.example> kirjoitti:",
    "French": "Le mer. 25 nov. 2026 à 18:11, Desk <desk@demo.example> a écrit :",
    "French, broken twice": "Le mer. 25 nov. 2026 à 18:11, Le grand Desk\n<desk@demo.example>\na écrit :",
    "German": "Am Mi., 25. Nov. 2026 um 18:11 Uhr schrieb Desk <desk@demo.example>:",
    "German, name first": "Desk <desk@demo.example> schrieb am Mi., 25. Nov. 2026, 18:11:",
    "Greek": "Στις Τετ 25 Νοε 2026 στις 6:11 μ.μ., ο χρήστης Desk <desk@demo.example> έγραψε:",
    "Hungarian": "Desk <desk@demo.example> ezt írta (időpont: 2026. nov. 25., Sze, 18:11):",
    "Indonesian": "Pada tanggal Rab, 25 Nov 2026 pukul 18.11 Desk <desk@demo.example> menulis:",
    "Italian": "Il giorno mer 25 nov 2026 alle ore 18:11 Desk <desk@demo.example> ha scritto:",
    "Japanese": "2026年11月25日(水) 18:11 Desk <desk@demo.example>:",
    "Korean": "2026년 11월 25일 (수) 오후 6:11, Desk <desk@demo.example>님이 작성:",
    "Lithuanian": "2026-11-25, tr, 18:11 Desk <desk@demo.example> rašė:",
    "Norwegian": "ons. 25. nov. 2026 kl. 18:11 skrev Desk <desk@demo.example>:",
    "Polish": "śr., 25 lis 2026 o 18:11 Desk <desk@demo.example> napisał(a):",
    "Portuguese": "Em qua., 25 de nov. de 2026 às 18:11, Desk <desk@demo.example> escreveu:",
    "Romanian": "În mie., 25 nov. 2026 la 18:11, Desk <desk@demo.example> a scris:",
    "Russian": "ср, 25 нояб. 2026 г. в 18:11, Desk <desk@demo.example>:",
    "Russian, with a verb": "25.11.2026 18:11, Desk <desk@demo.example> пишет:",
    "Serbian": "сре, 25. нов 2026. у 18:11 Desk <desk@demo.example> написао је:",
    "Slovak": "st 25. 11. 2026 o 18:11 Desk <desk@demo.example> napísal(a):",
    "Spanish": "El mié, 25 nov 2026 a las 18:11, Desk (<desk@demo.example>) escribió:",
    "Swedish": "Den ons 25 nov. 2026 kl 18:11 skrev Desk <desk@demo.example>:",
    "Turkish": "25 Kas 2026 Çar, saat 18:11 tarihinde Desk <desk@demo.example> şunu yazdı:",
    "Turkish, name first": "Desk <desk@demo.example>, 25 Kas 2026 Çar, 18:11 tarihinde şunu yazdı:",
    "Ukrainian": "ср, 25 лист. 2026 р. о 18:11 Desk <desk@demo.example> пише:",
    "Vietnamese": "Vào Th 4, 25 thg 11, 2026 vào lúc 18:11 Desk <desk@demo.example> đã viết:",
    "between dashes": "---- On Wed, 25 Nov 2026 18:11:00 +0200 Desk <desk@demo.example> wrote ----",
    "behind a dash": "- On 2026-11-25 18:11, Desk <desk@demo.example> wrote:",
    "bold": "*On Wed, Nov 25, 2026 at 6:11 PM Desk <desk@demo.example> wrote:*",
}

#: Believed only where what follows is marked as quoted.
UNCERTAIN = {
    "a date and an address": "2026/11/25 Desk <desk@demo.example>",
    "an address alone": "Desk <desk@demo.example>:",
    "no date": "Desk wrote:",
    "a date behind it": "Desk schrieb am 25.11.2026 um 18:11:",
    "a time within it": "A 25-11-2026 18:11, Desk escreveu:",
    "of news": "In article <1@demo.example>, Desk writes:",
    "of old webmail": "Quoting Desk (desk@demo.example):",
    "without a colon": "On 25/11/2026 Desk wrote",
    "no verb that is known": "Desk <desk@demo.example>, 25.11.2026 18:11, na paqsirqan:",
}

#: Lines that need nothing besides.
LINES = {
    "a name between dashes": "---- Desk wrote ----",
    "GroupWise": ">>> Desk <desk@demo.example> 25.11.2026 18:11 >>>",
    "equals signs": "=== Original message ===",
    "a marker": "##- Please type your reply above this line -##",
    "Chinese": "於 2026年11月25日 18:11，Desk <desk@demo.example> 寫道：",
}

BLOCKS = {
    "Czech": "Od: Desk <desk@demo.example>\nOdesláno: středa 25. listopadu 2026 18:11\nKomu: Olena\nPředmět: RE: Tisk",
    "French": "====\n\nMessage du : 25/11/2026 18:11\nDe : Desk <desk@demo.example>\nA : olena@demo.example\nCopie à : \nSujet : Presse",
    "German": "Von: Desk <desk@demo.example>\nGesendet: Mittwoch, 25. November 2026 18:11\nAn: Olena\nBetreff: AW: Druck",
    "Hungarian": "Feladó: Desk <desk@demo.example>\nElküldve: 2026. november 25. 18:11\nCímzett: Olena\nTárgy: RE: Nyomda",
    "Japanese": "差出人: Desk <desk@demo.example>\n送信日時: 2026年11月25日 18:11\n宛先: Olena\n件名: RE: 印刷",
    "Korean": "보낸 사람: Desk <desk@demo.example>\n보낸 날짜: 2026년 11월 25일\n받는 사람: Olena\n제목: RE: 인쇄",
    "Polish": "Od: Desk <desk@demo.example>\nWysłano: środa, 25 listopada 2026 18:11\nDo: Olena\nTemat: RE: Druk",
    "Romanian": "De la: Desk <desk@demo.example>\nTrimis: miercuri, 25 noiembrie 2026\nCătre: Olena\nSubiect: RE: Presa",
    "Turkish": "Kimden: Desk <desk@demo.example>\nGönderildi: 25 Kasım 2026 Çarşamba 18:11\nKime: Olena\nKonu: YNT: Yazıcı",
    "two lines, with a date as headers have it": "From: desk@demo.example\nDate: Wed, 25 Nov 2026 18:11:00 +0200",
    "words between dashes, in a language that nobody taught": "---- Jatorrizko mezua ----\n"
    "From: Desk <desk@demo.example>\nSent: Wednesday, November 25, 2026\nTo: Olena\nSubject: Press",
}

#: What people write: all of it is theirs.
OWN_SENTENCES = [
    "On Monday we wrote:\nplease come.\nNobody came.",
    "Desk <desk@demo.example> is where I wrote first.\nThen I called.",
    "See --- on the left --- what I mean.",
    "We wrote --- twice.",
    "Tabelle:\n====\nA 1\nB 2",
    "---- part two ----\nIt is still broken.",
    "На 25.11.2026 10:00 чекаю майстра:\nвін не прийшов.",
    "Тема: принтер\nВін не друкує.",
    "From: the second floor\nDate: today\nPlease hurry.",
    "In the letter of Bob <bob@demo.example> of 25.11.2026 10:00 there is an error:\nthe sum is wrong.",
    "La 25.11.2026 am scris:\nnimeni nu a răspuns.",
    "2026-11-25 18:11 the printer stopped\nand went on at 19:00",
    "Отправлено с курьером вчера",
    "Lähetetty eilen postissa",
    "Who wrote:\nnobody knows",
    ">>> print(1)\n1\n>>> exit()",
    "Quoting rules:\nnone",
]


@pytest.mark.parametrize("program", CERTAIN)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_an_attribution_with_an_address_announces_is_quoted(program: str, mark: str) -> None:
    below = "\n".join(f"{mark}{line}" for line in ("What is broken?", "", "Yours, the desk"))
    assert own_words(f"{OWN}\n\n{CERTAIN[program]}\n{below}\n") == OWN


@pytest.mark.parametrize("program", UNCERTAIN)
def test_what_only_looks_like_an_attribution_needs_a_quote_below(program: str) -> None:
    assert own_words(f"{OWN}\n\n{UNCERTAIN[program]}\n> What is broken?\n") == OWN
    assert UNCERTAIN[program] in own_words(f"{OWN}\n\n{UNCERTAIN[program]}\nit is silent\n")


@pytest.mark.parametrize("program", LINES)
def test_what_stands_below_a_line_that_only_programs_write_is_quoted(program: str) -> None:
    assert own_words(f"{OWN}\n\n{LINES[program]}\nWhat is broken?\n") == OWN


@pytest.mark.parametrize("program", BLOCKS)
@pytest.mark.parametrize("apart", ["\n\n", "\n\n________________________________\n"])
def test_what_stands_below_a_block_of_headers_is_quoted(program: str, apart: str) -> None:
    if program in {"French", "words between dashes, in a language that nobody taught"}:
        apart = "\n\n"
    assert own_words(f"{OWN}{apart}{BLOCKS[program]}\n\nWhat is broken?\n") == OWN


@pytest.mark.parametrize("words", OWN_SENTENCES)
def test_what_people_write_is_theirs(words: str) -> None:
    assert own_words(words) == words
    assert own_words(f"{OWN}\n\n{words}") == f"{OWN}\n\n{words}"


@pytest.mark.parametrize("program", CERTAIN)
def test_an_attribution_with_the_answer_below_it_says_nothing(program: str) -> None:
    assert (
        own_words(f"{CERTAIN[program]}\n\n    if a && b:\n\nIt prints that.\n") == "    if a && b:\n\nIt prints that."
    )


def test_an_answer_on_the_line_of_the_attribution_is_kept() -> None:
    assert own_words("It works--- On Wed, Nov 25, 2026 at 6:11 PM, desk@demo.example wrote:\n> Does it?") == "It works"
    assert own_words("It works--- On Wed we saw it:\n> Does it?") == "It works--- On Wed we saw it:"


def test_links_that_a_program_broke_off_a_quote_belong_to_it() -> None:
    quoted = "> See the case\n (https://demo.example/c/1) >\n> or ask (https://demo.example/ask\n?case=1)\n>\n"
    assert own_words(f"{OWN}\n\nOn 25/11/2026 18:11, Desk wrote:\n{quoted}") == OWN
    between = "> See the case\n(it is wrong)\n> or ask\n"
    assert own_words(f"On 25/11/2026 18:11, Desk wrote:\n{between}") == "(it is wrong)"
