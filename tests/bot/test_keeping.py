"""Letters that were set aside, bans and addresses, in chat."""

from __future__ import annotations

import pytest

from core.inbox import actions as inbox
from core.inbox.actions import MAX_TRIES, NewLetter
from core.inbox.model import InboxState, Letter
from tests.bot.talk import Talk
from tests.core.office import Office, fails


def _set_aside(office: Office, number: int, reason: str) -> int:
    """Keep a letter and set it aside, by a rule or because of an error."""
    new = NewLetter("desk@localhost", "ivan@x.com", "", office.clock(), 3, f"{number:064}", f"<{number}@x>", b"raw")
    row = office.desk.run(inbox.keep_letter, new)
    if reason.startswith("aside."):
        office.desk.run(inbox.settle_letter, row, InboxState.SET_ASIDE, reason)
    for _ in range(MAX_TRIES):
        fails(office, row, reason)
    return row


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("aside.mailing_list", "mailing list"),
        ("ValueError: <x@y> & {sender}", "could not be understood: ValueError: &lt;x@y&gt; &amp; {sender}"),
        ("", "could not be understood: –"),
    ],
)
async def test_each_letter_that_was_set_aside_says_why(office: Office, talk: Talk, reason: str, told: str) -> None:
    olena = office.join("Olena")
    _set_aside(office, 1, reason)
    assert told in (await talk.say(olena, "/letters")).text


async def test_older_letters_are_a_page_away_and_stay_there_after_a_release(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    rows = [_set_aside(office, number, "aside.loop") for number in range(18)]
    first = await talk.say(olena, "/letters")
    assert "18 letters" in first.text
    assert {f"1:letter:{rows[-1]}:0", "1:letters:8"} <= {*first.buttons}
    last = await talk.press(olena, "letters", 16)
    assert {f"1:letter:{rows[0]}:16", f"1:letter:{rows[1]}:16", "1:letters:8"} == {*last.buttons}
    left = await talk.press(olena, "letter", rows[0], 16)
    assert {f"1:letter:{rows[1]}:16", "1:letters:8"} == {*left.buttons}
    full = await talk.press(olena, "letter", rows[1], 16)
    assert f"1:letter:{rows[2]}:8" in full.buttons
    row = office.desk.look(lambda tx: tx.session.get_one(Letter, rows[0]))
    assert (row.state, row.released_by) == (InboxState.KEPT, olena.id)


async def test_bans_and_addresses_are_in_the_history_of_the_case_they_were_said_for(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    for words in (f"/ban {number}", f"/unban {number}", f"/email {number} ivan@x.com"):
        await talk.say(olena, words)
    told = (await talk.say(olena, f"/history {number}")).text
    for one in ("customer banned", "customer heard again", "mail address of the customer added"):
        assert f"Olena: {one}" in told


async def test_who_was_never_banned_cannot_be_unbanned(office: Office, talk: Talk) -> None:
    olena = office.join("Olena")
    number = office.open_case(office.customer("Ivan"))
    assert "Ivan is not banned" in (await talk.say(olena, f"/unban {number}")).text
    assert "heard again" not in office.verbs(number)
