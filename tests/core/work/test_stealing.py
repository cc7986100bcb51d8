"""Taking over what a colleague works on: with a reason, and never behind their back."""

from __future__ import annotations

import pytest

from core.cases import actions as cases
from core.errors import Misused, Refused
from core.people.views import Representative
from core.work import actions as work
from core.work.rules import QueueKind
from tests.core.office import Office
from tests.core.races import at_once


def _accepted(office: Office, by: Representative) -> int:
    number = office.open_case(queue=office.queue().id)
    office.desk.run(cases.accept, number, by)
    return number


def test_what_is_taken_over_is_in_your_progress_and_the_other_reads_why(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number = _accepted(office, olena)
    office.desk.run(cases.steal, number, " They  are ill ", taras)
    assert office.place(number) == (QueueKind.IN_PROGRESS, taras.id)
    assert office.told(olena)[-1] == "card.why.stolen"
    assert office.facts(number, "stolen")["why"] == "They are ill"


def test_released_after_that_it_goes_where_it_came_from_first(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number = _accepted(office, olena)
    office.desk.run(cases.steal, number, "They are ill", taras)
    office.desk.run(work.release, number, taras)
    assert office.place(number) == (QueueKind.PUBLIC, None)


def test_without_a_reason_nothing_is_taken_over(office: Office, olena: Representative, taras: Representative) -> None:
    number = _accepted(office, olena)
    with pytest.raises(Misused, match=r"steal\.no_reason"):
        office.desk.run(cases.steal, number, "  ", taras)
    assert office.place(number) == (QueueKind.IN_PROGRESS, olena.id)


@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("public", "item.not_begun"),
        ("mine", "item.yours"),
        ("assigned", "item.assigned_to_other"),
        ("closed", "item.closed"),
    ],
)
def test_what_nobody_else_works_on_is_not_taken_over(
    office: Office, olena: Representative, taras: Representative, where: str, key: str
) -> None:
    if where == "assigned":
        number = office.open_case(queue=office.personal(olena, QueueKind.ASSIGNED))
    elif where == "public":
        number = office.open_case(queue=office.queue().id)
    else:
        number = _accepted(office, taras if where == "mine" else olena)
    if where == "closed":
        office.close(number, olena)
    with pytest.raises(Refused) as refused:
        office.desk.run(cases.steal, number, "They are ill", taras)
    assert refused.value.key == key


def test_of_many_who_take_it_over_at_once_each_takes_it_from_the_one_before(
    office: Office, olena: Representative, taras: Representative
) -> None:
    number = _accepted(office, olena)
    others = [taras, office.join("Ivan"), office.join("Petro")]
    waiting = iter(others)
    at_once(lambda: office.desk.run(cases.steal, number, "Mine", next(waiting)), len(others))
    assert office.verbs(number).count("stolen") == len(others)
    losers = [one.id for one in [olena, *others] if "card.why.stolen" in office.told(one)]
    place = office.place(number)
    assert place is not None
    assert place[0] is QueueKind.IN_PROGRESS
    assert place[1] not in losers
    assert len(losers) == len(others)
