"""A letter that answers our question with a number is a rating, from its customer only, and no message."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cases import actions as cases
from core.cases import queries
from core.cases.model import Case
from core.desk import Tx
from core.intake.tags import tagged_address
from tests.core.office import Office
from tests.workers.letters import Post, letter


@pytest.fixture
def post(office: Office, tmp_path: Path) -> Post:
    return Post(office, tmp_path)


@pytest.fixture
def number(post: Post) -> int:
    """A resolved case whose customer was asked."""
    office = post.office
    olena = office.join("Olena")
    found = post.bring(letter()).work_id or 0
    office.desk.run(cases.resolve, found, olena)

    def asked(tx: Tx) -> None:
        tx.lock_one(Case, found).rating_asked_at = tx.now

    office.desk.run(asked)
    return found


def _to(post: Post, number: int) -> str:
    return tagged_address(post.office.desk.house.secret, "desk@localhost", number)


@pytest.mark.parametrize(
    ("subject", "words", "said"), [("2", "", None), ("Re: Printer", "2\n\nIt took a week", "It took a week")]
)
def test_a_number_is_kept_and_opens_nothing(
    post: Post, number: int, subject: str, words: str, said: str | None
) -> None:
    row = post.bring(letter(words, subject=subject), to=_to(post, number))
    assert row.work_id == number
    case = post.office.desk.look(queries.case, number)
    assert (case.satisfaction, case.satisfaction_words) == (2, said)
    assert not case.item.open
    assert case.messages == 1


def test_a_stranger_who_knows_the_address_rates_nothing(post: Post, number: int) -> None:
    post.bring(letter("1", sender="Eve <eve@example.com>", subject="1"), to=_to(post, number))
    assert post.office.desk.look(queries.case, number).satisfaction is None


def test_a_machine_rates_nothing(post: Post, number: int) -> None:
    raw = letter("1", subject="1").replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:")
    post.bring(raw, to=_to(post, number))
    assert post.office.desk.look(queries.case, number).satisfaction is None


def test_other_words_open_the_case_again(post: Post, number: int) -> None:
    post.bring(letter("4 of them are silent again", subject="Re: Printer"), to=_to(post, number))
    case = post.office.desk.look(queries.case, number)
    assert case.item.open
    assert case.satisfaction is None


def test_the_same_letter_twice_is_one_rating(post: Post, number: int) -> None:
    raw = letter("5", subject="Re: Printer")
    rows = [post.bring(raw, to=_to(post, number)) for _ in range(2)]
    assert rows[0].work_id == rows[1].work_id == number
    assert post.office.desk.look(queries.case, number).satisfaction == 5
    assert not post.office.item(number).open
