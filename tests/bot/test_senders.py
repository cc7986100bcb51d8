"""Letters that were set aside, with what they were for; and what is said of senders."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.customers.senders import Verdict, rules_on_senders, verdict_on
from core.inbox.model import InboxState, Letter
from core.people.views import Representative
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.workers.letters import Post, letter

SPAM = "Shop <shop@spam.example>"


@pytest.fixture
def chat(office: Office, mila: Representative) -> Chatting:
    return Chatting(office, mila)


@pytest.fixture
def post(office: Office, mila: Representative, tmp_path: Path) -> Post:
    return Post(office, tmp_path / "files")


def _listed(post: Post, *headers: str, sender: str = SPAM) -> Letter:
    return post.bring(letter(sender=sender, headers=headers or ("List-Id: Cats <cats.spam.example>",)))


def test_each_letter_is_listed_with_the_header_it_was_set_aside_for(post: Post, chat: Chatting) -> None:
    row = _listed(post)
    told = chat.say("/letters")
    assert "shop@spam.example" in told.text
    assert "List-Id: Cats &lt;cats.spam.example&gt;" in told.text
    assert told.verbs == ["letter", "sender_block", "sender_accept"]
    assert told.args("sender_block") == (row.id, 0)


def test_a_blocked_sender_is_heard_no_more_and_its_letters_are_kept(post: Post, chat: Chatting) -> None:
    row = _listed(post)
    told = chat.press("sender_block", row.id, 0)
    assert "shop@spam.example is blocked" in told.toast
    again = post.bring(letter("Buy!", sender=SPAM))
    assert (again.state, again.reason) == (InboxState.DONE, "aside.blocked")
    assert post.cases() == []
    assert "No letters" in chat.say("/letters").text
    assert post.office.desk.look(lambda tx: tx.session.get_one(Letter, again.id).raw) is not None


def test_a_sender_who_is_always_accepted_passes_every_rule_but_loops(post: Post, chat: Chatting) -> None:
    row = _listed(post)
    assert "always accepted" in chat.press("sender_accept", row.id, 0).toast
    post.understand(row.id)
    assert post.row(row.id).work_id
    other = _listed(post, "List-Id: <dogs.spam.example>", "X-Spam-Flag: YES")
    assert other.work_id
    assert _listed(post, "X-Cherha-Desk: localhost").reason == "aside.loop"


def test_a_rule_on_a_domain_holds_for_all_below_it_and_one_on_an_address_wins(
    office: Office, chat: Chatting, mila: Representative
) -> None:
    assert "spam.example" in chat.say("/senders block @Spam.example").text
    assert "ivan@spam.example" in chat.say("/senders accept ivan@spam.example").text
    found = {
        one: office.desk.look(verdict_on, one)
        for one in ("a@spam.example", "a@mx.spam.example", "Ivan@spam.example", "a@notspam.example", "spam.example@x.y")
    }
    assert [*found.values()] == [Verdict.BLOCK, Verdict.BLOCK, Verdict.ACCEPT, None, None]


def test_rules_are_listed_and_taken_back(office: Office, chat: Chatting, mila: Representative) -> None:
    assert "No sender is blocked" in chat.say("/senders").text
    chat.say("/senders block spam.example")
    told = chat.say("/senders")
    assert "spam.example: blocked" in told.text
    assert "like any other" in chat.press("sender_drop", *told.args("sender_drop")).toast
    assert office.desk.look(rules_on_senders, mila) == ([], 0)
    assert chat.press("sender_drop", *told.args("sender_drop")).error == "senders.unknown"


@pytest.mark.parametrize("words", ["block", "love a@b.example", "accept spam", "block a b", "accept @"])
def test_what_is_no_sender_is_refused_with_examples(chat: Chatting, words: str) -> None:
    assert chat.say(f"/senders {words}").error in {"usage.senders", "senders.pattern"}


@pytest.mark.parametrize("header", ["X-Spam-Flag: YES", "X-Spam-Status: Yes, score=9.1 required=5.0", "X-Spam: Yes"])
def test_what_a_filter_calls_spam_is_set_aside_with_its_header(post: Post, chat: Chatting, header: str) -> None:
    row = _listed(post, header)
    assert (row.state, row.reason) == (InboxState.SET_ASIDE, "aside.spam")
    assert header in chat.say("/letters").text


def test_a_score_counts_only_where_there_is_a_bar(post: Post) -> None:
    from dataclasses import replace

    assert _listed(post, "X-Spam-Score: 7.5").work_id
    post.office.desk.house = replace(post.office.desk.house, spam_score=7)
    assert _listed(post, "X-Spam-Score: 7.5").reason == "aside.spam"
    assert _listed(post, "X-Spam-Status: No, score=6.9 required=9").work_id


def test_a_customer_on_a_case_is_never_taken_for_spam(post: Post) -> None:
    from core.intake.tags import tagged_address

    first = post.bring(letter())
    to = tagged_address(post.office.desk.house.secret, "desk@localhost", first.work_id or 0)
    again = post.bring(letter("More", headers=("X-Spam-Flag: YES",)), to=to)
    assert again.work_id == first.work_id


def test_a_queue_parks_letters_of_senders_that_nobody_knows(post: Post, chat: Chatting, office: Office) -> None:
    office.queue("VIP")
    chat.say("/queue_edit VIP mail vip@localhost")
    told = chat.say("/queue_edit VIP unknown aside")
    assert "wait for a person" in told.text
    strange = post.bring(letter(sender="New <new@far.example>"), to="vip@localhost")
    assert (strange.state, strange.reason) == (InboxState.SET_ASIDE, "aside.unknown_sender")
    assert post.bring(letter(sender="New <new@far.example>")).work_id, "only there"
    assert post.bring(letter("Again", sender="New <new@far.example>"), to="vip@localhost").work_id, "known by now"
    chat.say("/queue_edit VIP unknown accept")
    assert post.bring(letter(sender="Other <other@far.example>"), to="vip@localhost").work_id


def test_a_representative_may_release_and_look_but_not_rule(post: Post, office: Office) -> None:
    olena = Chatting(office, office.join("Olena"))
    row = _listed(post)
    assert olena.say("/letters").verbs == ["letter"]
    assert olena.press("sender_block", row.id, 0).error == "right.missing"
    assert olena.say("/senders block spam.example").error == "right.missing"


def test_whoever_speaks_of_a_provider_at_which_anybody_may_be_is_told_so(chat: Chatting) -> None:
    assert "Anybody may have an address at gmail.com" in chat.say("/senders block gmail.com").text
    assert "Anybody" not in chat.say("/senders block spam.example").text
    assert "Anybody" not in chat.say("/senders block one@gmail.com").text
