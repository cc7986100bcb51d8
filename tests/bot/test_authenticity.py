"""Whether a letter is from whom it says is read below it, where a mail server of ours has found out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot.talk import Talk
from tests.core.office import Office
from tests.workers.letters import Post, letter


@pytest.mark.parametrize(
    ("server", "result", "told"),
    [
        ("mx.desk.example", "dmarc=pass", "🔏"),
        ("mx.desk.example", "dmarc=fail", "may be forged"),
        ("mx.evil.example", "dmarc=pass", ""),
    ],
)
async def test_what_our_server_found_stands_at_the_message(
    office: Office, talk: Talk, tmp_path: Path, server: str, result: str, told: str
) -> None:
    olena = office.join("Olena")
    office.desk.house = replace(office.desk.house, authserv_id="mx.desk.example")
    post = Post(office, tmp_path)
    row = post.bring(f"Authentication-Results: {server}; {result}\r\n".encode() + letter("The printer is silent"))
    shown = (await talk.say(olena, f"/case {row.work_id}")).text
    assert (told or "The printer is silent") in shown
    assert ("🔏" in shown) is (told == "🔏")
