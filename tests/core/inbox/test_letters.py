"""A letter is kept once, settled once, and never lost."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, func, select

from core.desk import Tx
from core.errors import NotFound
from core.inbox import actions as inbox
from core.inbox import queries as waiting
from core.inbox.actions import MAX_TRIES, NewLetter
from core.inbox.model import InboxState, Letter
from core.store.engine import Engines
from core.store.files import FileStore
from tests.core.databases import empty
from tests.core.office import Office, fails
from tests.core.races import at_once

RAW = b"From: ivan@example.com\r\nSubject: printer\r\n\r\nIt is silent.\r\n"


def _letter(
    office: Office, raw: bytes = RAW, recipient: str = "desk@localhost", message_id: str | None = "<1@x>"
) -> NewLetter:
    return NewLetter(
        recipient=recipient,
        mail_from="ivan@example.com",
        peer="192.0.2.1",
        received_at=office.clock(),
        size=len(raw),
        digest=hashlib.sha256(raw).hexdigest(),
        message_id=message_id,
        raw=raw,
    )


def _kept(office: Office) -> int:
    return office.desk.look(lambda tx: tx.session.scalar(select(func.count()).select_from(Letter))) or 0


def _row(office: Office, letter: int) -> Letter:
    return office.desk.look(lambda tx: tx.session.get_one(Letter, letter))


def _keep(office: Office, letter: NewLetter | None = None) -> int:
    return office.desk.run(inbox.keep_letter, letter or _letter(office))


def test_the_same_letter_twice_is_kept_once(office: Office) -> None:
    first = _keep(office)
    office.clock.advance(timedelta(days=30))
    assert _keep(office) == first
    assert _kept(office) == 1


def test_the_same_letter_in_one_batch_is_kept_once(office: Office) -> None:
    letter = _letter(office)
    first, second = office.desk.run_many(inbox.keep_letter, [letter, letter])
    assert first == second
    assert _kept(office) == 1


def test_the_same_letter_by_eight_doors_at_once_is_kept_once(office: Office) -> None:
    letter = _letter(office)
    assert len(set(at_once(lambda: office.desk.run(inbox.keep_letter, letter), 8))) == 1
    assert _kept(office) == 1


def test_the_same_letter_to_another_address_of_ours_is_another(office: Office) -> None:
    assert _keep(office) != _keep(office, _letter(office, recipient="vip@localhost"))


def test_the_writing_of_an_address_makes_no_other_letter(office: Office) -> None:
    assert _keep(office) == _keep(office, _letter(office, recipient="Desk@LOCALHOST"))


def test_other_content_under_the_same_message_id_is_another(office: Office) -> None:
    assert _keep(office) != _keep(office, _letter(office, raw=RAW + b"more"))


def test_without_a_message_id_a_repeat_within_a_day_counts_as_one(office: Office) -> None:
    first = _keep(office, _letter(office, message_id=None))
    office.clock.advance(timedelta(hours=23, minutes=59))
    assert _keep(office, _letter(office, message_id=None)) == first


def test_without_a_message_id_the_same_words_a_day_later_are_new(office: Office) -> None:
    first = _keep(office, _letter(office, message_id=None))
    office.clock.advance(timedelta(hours=24))
    assert _keep(office, _letter(office, message_id=None)) != first
    assert _kept(office) == 2


def test_a_new_letter_wakes_a_worker_and_a_repeat_does_not(office: Office) -> None:
    first = _keep(office)
    _keep(office)
    assert office.woken == [("understand", first)]


def test_a_letter_is_read_back_to_the_byte(office: Office, tmp_path: Path) -> None:
    raw = bytes(range(256)) * 10
    letter = _keep(office, _letter(office, raw=raw))
    (found,) = office.desk.look(inbox.raw_letters, [letter], FileStore(tmp_path))
    assert found[:4] == (letter, "desk@localhost", "ivan@example.com", raw)


def test_a_large_letter_is_read_from_its_file(office: Office, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    large = replace(_letter(office), raw=None, file=files.keep(RAW))
    letter = _keep(office, large)
    (found,) = office.desk.look(inbox.raw_letters, [letter], files)
    assert found[:4] == (letter, "desk@localhost", "ivan@example.com", RAW)


def test_a_letter_is_settled_once_together_with_its_effect(office: Office) -> None:
    letter = _keep(office)
    assert office.desk.run(inbox.settle_letter, letter) is not None
    assert office.desk.run(inbox.settle_letter, letter) is None
    assert _row(office, letter).state is InboxState.DONE


def test_eight_workers_settle_a_letter_once(office: Office) -> None:
    letter = _keep(office)
    settled = at_once(lambda: office.desk.run(inbox.settle_letter, letter), 8)
    assert sum(one is not None for one in settled) == 1


def test_a_settled_letter_is_not_handed_out_again(office: Office, tmp_path: Path) -> None:
    letter = _keep(office)
    office.desk.run(inbox.settle_letter, letter)
    assert office.desk.look(inbox.waiting_letters) == []
    assert office.desk.look(inbox.raw_letters, [letter], FileStore(tmp_path)) == []


def test_an_effect_that_fails_leaves_its_letter_waiting(office: Office) -> None:
    letter = _keep(office)

    def fail(tx: Tx) -> None:
        inbox.settle_letter(tx, letter)
        raise LookupError

    with pytest.raises(LookupError):
        office.desk.run(fail)
    assert office.desk.look(inbox.waiting_letters) == [letter]


def test_a_letter_that_failed_is_tried_again_later_and_later(office: Office) -> None:
    letter, pauses = _keep(office), []
    for _ in range(MAX_TRIES - 1):
        fails(office, letter, "ValueError")
        assert office.desk.look(inbox.waiting_letters) == []
        pauses.append(_row(office, letter).due_at - office.clock())
        office.clock.at = _row(office, letter).due_at
        assert office.desk.look(inbox.waiting_letters) == [letter]
    assert pauses == sorted(set(pauses))


def _set_aside(office: Office) -> int:
    letter = _keep(office)
    for _ in range(MAX_TRIES):
        fails(office, letter, "ValueError: " + "x" * 1000)
    return letter


def test_a_letter_that_failed_five_times_is_set_aside_with_the_reason(office: Office) -> None:
    letter = _set_aside(office)
    row = _row(office, letter)
    assert (row.state, row.settled_at) == (InboxState.SET_ASIDE, office.clock())
    assert (row.reason or "").startswith("ValueError")
    assert [one.id for one in office.desk.look(waiting.set_aside_letters)] == [letter]
    assert office.desk.look(inbox.waiting_letters) == []


def test_a_settled_letter_cannot_fail_any_more(office: Office) -> None:
    letter = _keep(office)
    office.desk.run(inbox.settle_letter, letter)
    for _ in range(MAX_TRIES):
        fails(office, letter, "late")
    assert _row(office, letter).state is InboxState.DONE


def test_a_released_letter_waits_anew_with_all_its_tries(office: Office) -> None:
    olena, letter = office.join("Olena"), _set_aside(office)
    office.woken.clear()
    office.desk.run(inbox.release_letter, letter, olena.actor)
    row = _row(office, letter)
    assert (row.state, row.tries, row.reason, row.released_by) == (InboxState.KEPT, 0, None, olena.id)
    assert office.desk.look(inbox.waiting_letters) == [letter]
    assert office.woken == [("understand", letter)]


def test_only_what_is_set_aside_can_be_released(office: Office) -> None:
    olena, letter = office.join("Olena"), _keep(office)
    with pytest.raises(NotFound, match=r"letter\.unknown"):
        office.desk.run(inbox.release_letter, letter, olena.actor)
    with pytest.raises(NotFound):
        office.desk.run(inbox.release_letter, 10**9, olena.actor)


def _all(tx: Tx) -> list[Row[tuple[int, str, bytes | None, str | None, InboxState]]]:
    query = select(Letter.id, Letter.recipient, Letter.raw, Letter.message_id, Letter.state)
    return list(tx.session.execute(query.order_by(Letter.id)))


@given(brought=st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.sampled_from("ab")), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_letters_kept_together_are_kept_as_one_by_one(engines: Engines, brought: list[tuple[int, bool, str]]) -> None:
    found = []
    for together in (False, True):
        empty(engines)
        office = Office(engines)
        letters = [
            replace(
                _letter(office, raw=b"letter %d" % number), recipient=to, message_id=f"{number}@x" if named else None
            )
            for number, named, to in brought
        ]
        if together:
            kept = office.desk.run(inbox.keep_letters, letters)
        else:
            kept = [office.desk.run(inbox.keep_letter, one) for one in letters]
        order = {row: place for place, row in enumerate(dict.fromkeys(kept))}
        rows = office.desk.look(_all)
        facts = [(order[row], *more) for row, *more in rows]
        assert bool(office.woken) == bool(brought), "somebody is called"
        found.append(([order[row] for row in kept], facts))
    assert found[0] == found[1]
