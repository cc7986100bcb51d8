"""A customer who says that somebody else's address is theirs sees and gets nothing of whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cases import own
from core.cases.model import Case
from core.customers import actions as customers
from core.customers.views import ContactView
from core.intake.tags import tagged_address
from core.outbox.model import Channel
from core.people.views import Representative
from tests.core.office import Office
from tests.workers.letters import Post, letter

VICTIM = "victim@corp.example"


@pytest.fixture
def post(office: Office, tmp_path: Path) -> Post:
    return Post(office, tmp_path)


@pytest.fixture
def liar(office: Office, olena: Representative) -> ContactView:
    """Somebody in chat who told a representative that the address of another is theirs."""
    who = office.customer("Liar")
    office.open_case(who, "Write to me by mail too")
    office.desk.run(customers.add_address, who.id, VICTIM, olena)
    return who


def _case_of(post: Post, row: int) -> Case:
    return next(one for one in post.cases() if one.work_id == post.row(row).work_id)


def test_what_comes_from_an_address_that_was_only_said_is_not_the_liars(
    office: Office, post: Post, liar: ContactView
) -> None:
    row = post.bring(letter("My salary is 100", sender=f"Victim <{VICTIM}>", subject="Salary"))
    assert _case_of(post, row.id).contact_id != liar.id
    shown = office.desk.look(own.cases, liar)
    assert [one.item.title for one in shown] == ["Write to me by mail too"]


def test_the_same_holds_for_letters_that_are_understood_together(office: Office, post: Post, liar: ContactView) -> None:
    rows = [
        post.keep(letter("My salary is 100", sender=sender, subject=f"Salary {number}"))
        for number, sender in enumerate((VICTIM, "other@corp.example", VICTIM))
    ]
    post.understand(rows[0])
    found = [_case_of(post, row).contact_id for row in rows]
    assert found[0] == found[2] != found[1]
    assert liar.id not in found


def test_what_is_for_the_true_owner_never_goes_to_the_liars_chat(office: Office, post: Post, liar: ContactView) -> None:
    row = post.bring(letter("My salary is 100", sender=f"Victim <{VICTIM}>"))
    victim = _case_of(post, row.id).contact_id
    assert office.desk.look(customers.other_way, victim, Channel.EMAIL) is None
    assert office.desk.look(customers.other_way, liar.id, Channel.TELEGRAM) is None  # the address is theirs no more


def test_whoever_answers_our_mail_from_it_has_shown_that_it_is_theirs(
    office: Office, post: Post, liar: ContactView
) -> None:
    (number,) = office.desk.look(own.open_cases, liar)
    to = tagged_address(office.desk.house.secret, "desk@localhost", number)
    row = post.bring(letter("It is me", sender=f"Honest <{VICTIM}>"), to=to)
    assert post.row(row.id).work_id == number
    again = post.bring(letter("Another thing", sender=f"Honest <{VICTIM}>", subject="New"))
    assert _case_of(post, again.id).contact_id == liar.id


def test_an_address_that_was_written_from_is_not_taken_away(office: Office, post: Post, olena: Representative) -> None:
    first = post.bring(letter("One", sender=VICTIM))
    second = post.bring(letter("Two", sender=VICTIM, subject="Other"))
    assert _case_of(post, first.id).contact_id == _case_of(post, second.id).contact_id
