"""A Telegram update is kept once, handled in order, settled once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.inbox import updates as inbox
from core.inbox.actions import MAX_TRIES
from core.inbox.model import InboxState, Update
from tests.core.office import Office
from tests.core.races import at_once

BOT = 42


def _keep(office: Office, *updates: int, bot: int = BOT) -> list[int]:
    kept = office.desk.run_many(inbox.keep_update, [(bot, one, f'{{"update_id":{one}}}') for one in updates])
    return [row for row in kept if isinstance(row, int)]


def _waiting(office: Office, bot: int = BOT, after: int = 0) -> list[int]:
    return [row for row, _ in office.desk.look(inbox.waiting_updates, bot, after)]


def test_an_update_is_kept_once_however_often_it_is_delivered(office: Office) -> None:
    first = _keep(office, 1, 2, 2)
    assert len(first) == 2
    assert len(_keep(office, 2, 3)) == 1
    assert [raw for _, raw in office.desk.look(inbox.waiting_updates, BOT)] == [
        '{"update_id":1}',
        '{"update_id":2}',
        '{"update_id":3}',
    ]


def test_eight_deliveries_of_one_batch_at_once_are_kept_once(office: Office) -> None:
    kept = at_once(lambda: _keep(office, 1, 2, 3), 8)
    assert sum(len(one) for one in kept) == 3


def test_the_same_number_of_another_bot_is_another_update(office: Office) -> None:
    assert len(_keep(office, 1) + _keep(office, 1, bot=43)) == 2
    assert len(_waiting(office)) == 1


def test_updates_wait_in_the_order_they_came(office: Office) -> None:
    rows = _keep(office, 5, 3, 9)
    assert _waiting(office) == rows
    assert _waiting(office, after=rows[0]) == rows[1:]


def test_updates_are_settled_once(office: Office) -> None:
    rows = _keep(office, 1, 2)
    assert office.desk.run(inbox.settle_updates, rows)
    assert not office.desk.run(inbox.settle_updates, rows)
    assert _waiting(office) == []


def test_eight_who_settle_at_once_do_it_once(office: Office) -> None:
    rows = _keep(office, 1, 2)
    assert sum(at_once(lambda: office.desk.run(inbox.settle_updates, rows), 8)) == 1


def test_an_album_of_which_a_part_is_settled_settles_the_rest(office: Office) -> None:
    rows = _keep(office, 1, 2)
    office.desk.run(inbox.settle_updates, rows[:1])
    assert office.desk.run(inbox.settle_updates, rows)
    assert _waiting(office) == []


def test_an_update_that_failed_five_times_is_set_aside(office: Office) -> None:
    rows = _keep(office, 1)
    outcomes = [office.desk.run(inbox.failed_updates, rows, "ValueError") for _ in range(MAX_TRIES)]
    assert outcomes == [False] * (MAX_TRIES - 1) + [True]
    assert _waiting(office) == []


def test_a_settled_update_cannot_fail_any_more(office: Office) -> None:
    rows = _keep(office, 1)
    office.desk.run(inbox.settle_updates, rows, InboxState.SET_ASIDE, "odd")
    assert not any(office.desk.run(inbox.failed_updates, rows, "late") for _ in range(MAX_TRIES + 1))


def test_what_cannot_be_handled_is_kept_once_and_never_handed_out(office: Office) -> None:
    for _ in range(2):
        office.desk.run(inbox.keep_update_aside, (BOT, -7, "{}"), "it has no number")
    assert _waiting(office) == []
    (row,) = office.desk.look(lambda tx: [(one.state, one.reason) for one in tx.session.query(Update)])
    assert row == (InboxState.SET_ASIDE, "it has no number")


def test_a_reason_with_characters_that_no_database_keeps_is_kept_without_them(office: Office) -> None:
    rows = _keep(office, 1)
    office.desk.run(inbox.settle_updates, rows, InboxState.SET_ASIDE, "half \ud83d and \0 zero" + "." * 600)
    (reason,) = office.desk.look(lambda tx: list(tx.session.scalars(select(Update.reason))))
    assert reason is not None
    assert reason.startswith("half ? and \N{REPLACEMENT CHARACTER} zero")
    assert len(reason) == 500


def test_updates_that_were_handled_long_ago_are_forgotten_and_no_others(office: Office) -> None:
    handled, aside, waiting = _keep(office, 1, 2, 3), _keep(office, 4), _keep(office, 5)
    office.desk.run(inbox.settle_updates, handled)
    office.desk.run(inbox.settle_updates, aside, InboxState.SET_ASIDE, "no sense in it")
    office.clock.advance(timedelta(days=30))
    late = _keep(office, 6)
    office.desk.run(inbox.settle_updates, late)
    before = office.clock() - timedelta(days=1)
    assert [office.desk.run(inbox.forget_updates, before, 2) for _ in range(3)] == [2, 1, 0]
    left = office.desk.look(lambda tx: tx.session.scalars(select(Update.id).order_by(Update.id)).all())
    assert left == [*aside, *waiting, *late]


def test_the_newest_update_is_never_forgotten_so_that_no_number_is_given_twice(office: Office) -> None:
    rows = _keep(office, 1, 2)
    office.desk.run(inbox.settle_updates, rows)
    office.clock.advance(timedelta(days=90))
    office.desk.run(inbox.forget_updates, office.clock())
    (later,) = _keep(office, 3)
    assert later > rows[-1]
