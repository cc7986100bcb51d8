"""What mail programs quote in HTML, and what their writers only indent."""

from __future__ import annotations

import pytest

from core.intake.parse import parse

ATTRIBUTION = "On Wed, Nov 25, 2026 at 6:11 PM, Desk &lt;desk@demo.example&gt; wrote:"
HEADERS = (
    "<b>From:</b> Desk &lt;desk@demo.example&gt;<br><b>Sent:</b> Wednesday, November 25, 2026 6:11 PM<br>"
    "<b>To:</b> Olena<br><b>Subject:</b> RE: Printer"
)

QUOTES = {
    "Gmail": f'<div class="gmail_quote">{ATTRIBUTION}<br><blockquote class="gmail_quote">asked</blockquote></div>',
    "Gmail, compact": f'<div class="gmail_quote"><div class="gmail_quote">{ATTRIBUTION} <div>asked</div></div></div>',
    "Apple": f'<div><br><blockquote type="cite"><div>{ATTRIBUTION}</div><br><div>asked</div></blockquote></div>',
    "Thunderbird": f'<div class="moz-cite-prefix">{ATTRIBUTION}<br></div><blockquote type="cite">asked</blockquote>',
    "Outlook": f'<div style="border:none;border-top:solid 1pt"><p class="MsoNormal">{HEADERS}</p></div><p>asked</p>',
    "Outlook 2003": f'<div align="center"><hr size="2" width="100%"></div><p>{HEADERS}</p><p>asked</p>',
    "Outlook on the web": f'<hr style="width:98%"><div id="divRplyFwdMsg">{HEADERS}</div><div>asked</div>',
    "Hotmail": f'<hr id="stopSpelling">{HEADERS}<br><br>asked',
    "Zimbra": f'<hr id="zwchr"><div>{HEADERS}</div><div>asked</div>',
    "AOL": f"<div>-----Original Message-----<br>{HEADERS}<br><br>asked</div>",
    "Yahoo": f'<div class="yahoo_quoted"><div>{ATTRIBUTION}</div><div>asked</div></div>',
    "Proton": f'<div class="protonmail_quote">{ATTRIBUTION}<br><blockquote type="cite">asked</blockquote></div>',
    "Mail.ru": "<br>Среда, 25 ноября 2026, 18:11 +02:00 от Desk &lt;desk@demo.example&gt;:<br>"
    '<blockquote style="border-left:1px solid #0857A6; margin:10px;">asked</blockquote>',
    "Yandex": '<div>25.11.2026, 18:11, "Desk" &lt;desk@demo.example&gt;:</div><blockquote>asked</blockquote>',
    "a block quote and nothing more": "<blockquote>asked</blockquote>",
    "quotes in quotes": "<blockquote>asked<blockquote>before</blockquote>again</blockquote>",
}


_ANSWER = b"From: a@b.example\r\nSubject: Re: Printer\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def _own(html: str) -> str:
    return parse(_ANSWER + html.encode()).own_words


@pytest.mark.parametrize("program", QUOTES)
def test_what_a_program_quotes_is_none_of_its_writers_words(program: str) -> None:
    assert _own(f"<div>Друкує.</div><div><br></div><div>Olena</div>{QUOTES[program]}") == "Друкує.\n\nOlena"


@pytest.mark.parametrize(
    "style", ["margin:0 0 0 40px;border:none;padding:0px", "margin-left: 40px; border-left: none", "BORDER: 0px"]
)
def test_what_is_only_indented_is_its_writers_own(style: str) -> None:
    html = f'<div>It prints:</div><blockquote style="{style}">error 5</blockquote><div>What is it?</div>'
    assert _own(html) == "It prints:\n\nerror 5\n\nWhat is it?"


def test_of_block_quotes_that_say_nothing_the_last_one_quotes() -> None:
    html = "Look <blockquote>my words</blockquote> there.<blockquote>asked</blockquote>"
    assert _own(html) == "Look\n\nmy words\n\nthere."


def test_a_block_quote_below_an_attribution_quotes() -> None:
    html = f"{ATTRIBUTION}<blockquote>asked</blockquote>Yes.<blockquote>asked too</blockquote>No."
    assert _own(html) == "Yes.\n\nNo."
