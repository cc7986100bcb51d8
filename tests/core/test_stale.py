"""The guard against changes of what was read before it was locked finds them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.cases.model import Case
from core.desk import Tx
from core.work.model import Work
from tests.core.office import Office
from tests.stale import ReadBeforeLocked


def _read_only(tx: Tx, number: int) -> None:
    tx.session.get_one(Case, number).hushed = True


def _read_then_locked_item(tx: Tx, number: int) -> None:
    row = tx.session.get_one(Case, number)
    tx.lock_one(Work, number)
    row.hushed = True


def _locked_item_then_read(tx: Tx, number: int) -> None:
    tx.lock_one(Work, number)
    tx.session.get_one(Case, number).hushed = True


def _read_then_locked(tx: Tx, number: int) -> None:
    tx.session.get_one(Case, number)
    tx.lock_one(Case, number).hushed = True


@pytest.mark.parametrize("change", [_read_only, _read_then_locked_item])
def test_a_change_of_what_others_could_change_meanwhile_is_found(
    office: Office, change: Callable[[Tx, int], None]
) -> None:
    number = office.open_case(office.customer())
    with pytest.raises(ReadBeforeLocked, match=r"Case \d+: hushed"):
        office.desk.run(change, number)


@pytest.mark.parametrize("change", [_locked_item_then_read, _read_then_locked])
def test_what_is_read_under_the_lock_is_changed(office: Office, change: Callable[[Tx, int], None]) -> None:
    number = office.open_case(office.customer())
    office.desk.run(change, number)
    assert office.desk.look(lambda tx: tx.session.get_one(Case, number).hushed)
