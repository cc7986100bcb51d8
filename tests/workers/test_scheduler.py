from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import insert, select, update

from core.activities.actions import plan_task
from core.cases import actions as cases
from core.cases import indexing
from core.desk import Desk, Tx
from core.digests import slots
from core.inbox.actions import SMALL_BYTES, NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState, Update
from core.intake.tries import begin_tries
from core.outbox.actions import PATIENCE, To, give_up, owe_notice
from core.outbox.claims import claim_mail
from core.outbox.model import Channel, Owed, OwedState
from core.people.rules import Role
from core.people.views import Representative
from core.settings import House
from core.store.engine import Engines
from core.texts.said import Notice, notice
from core.texts.say import Reader, notice_html
from core.timers.actions import set_timer
from core.timers.model import Lease
from core.work.placing import snooze
from core.work.rules import QueueKind
from tests.core.office import Office, key_of
from tests.waiting import until
from workers.actors.edge import declare
from workers.broker import Workers, make_broker
from workers.scheduler import KEPT, ClockConfig, Scheduler
from workers.waking import Waker

LEASE = timedelta(seconds=15)


def scheduler(office: Office, name: str = "one", *, sweep: bool = True) -> Scheduler:
    return Scheduler(office.desk, ClockConfig(name, LEASE, sweep))


def letter(number: int, at: datetime) -> NewLetter:
    raw = b"Subject: %d\r\n\r\nhello" % number
    digest = hashlib.sha256(raw).hexdigest()
    return NewLetter(
        "desk@localhost", "ivan@example.com", "127.0.0.1", at, len(raw), digest, f"<{number}@example>", raw
    )


def test_of_two_schedulers_one_is_live(office: Office) -> None:
    assert scheduler(office, "one").tick()
    assert not scheduler(office, "two").tick()


def test_a_desk_that_rests_is_not_woken_by_its_clock(
    engines: Engines, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady, desk = [1000.0], Desk(engines, House(), now=office.clock, alone=True)
    monkeypatch.setattr("core.desk.monotonic", lambda: steady[0])
    clock = Scheduler(desk, ClockConfig("one", LEASE), steady=lambda: steady[0])
    desk.run(lambda _tx: None)
    looked: list[float] = []
    monkeypatch.setattr(indexing, "is_complete", lambda _tx: bool(looked.append(steady[0])) or True)
    for _ in range(120):
        clock.tick()
        office.clock.advance(timedelta(seconds=1))
        steady[0] += 1
    assert desk.rests()
    assert len(looked) < 10  # what follows from changes alone is hardly looked for
    desk.run(lambda _tx: None)
    looked.clear()
    clock.tick()
    assert looked == [steady[0]]  # and at once when something has changed


def test_a_standby_takes_over_when_the_lease_has_run_out(office: Office) -> None:
    standby = scheduler(office, "two")
    scheduler(office, "one").tick()
    assert not standby.tick()
    office.clock.advance(LEASE + timedelta(seconds=1))
    assert standby.tick()


def test_a_standby_takes_over_at_once_from_one_that_was_stopped(office: Office) -> None:
    stopping = Event()
    first = scheduler(office, "one")
    thread = Thread(target=first.run, args=(stopping,))
    thread.start()
    standby = scheduler(office, "two")
    until(lambda: office.desk.look(_lease_of) == "one")
    assert not standby.tick()
    stopping.set()
    thread.join()
    assert standby.tick()


def _lease_of(tx: Tx) -> str | None:
    row = tx.session.get(Lease, "scheduler")
    return row.holder if row else None


def test_two_schedulers_that_both_think_they_are_live_send_one_digest(office: Office) -> None:
    office.clock.at = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    olena = office.join("Olena")
    office.desk.run(slots.plan)
    one, two = scheduler(office, "one"), scheduler(office, "two")
    assert one.tick()
    office.clock.advance(timedelta(hours=1, seconds=1))
    barrier = Barrier(2)

    def tick(which: Scheduler) -> None:
        barrier.wait()
        which.tick()

    threads = [Thread(target=tick, args=(which,)) for which in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert office.told(olena).count("digest.head") == 1


def test_the_end_of_a_snooze_reminds_the_holder_once(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    office.desk.run(cases.accept, number, olena)
    office.desk.run(snooze, number, office.clock.at + timedelta(hours=1), "parts", olena)
    live = scheduler(office)
    live.tick()
    assert "card.why.snooze_over_for" not in office.told(olena)
    office.clock.advance(timedelta(hours=1))
    live.tick()
    live.tick()
    assert office.told(olena).count("card.why.snooze_over_for") == 1
    assert office.item(number).planned_at is None


def test_a_task_that_is_still_to_come_keeps_a_case_planned_after_its_snooze(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    later = office.clock.at + timedelta(hours=5)
    office.desk.run(plan_task, "Call", olena, due_at=later, regarding=number)
    office.desk.run(snooze, number, office.clock.at + timedelta(hours=1), "parts", olena)
    office.clock.advance(timedelta(hours=1))
    scheduler(office).tick()
    assert office.item(number).planned_at == later


def test_a_due_task_reminds_its_holder(office: Office) -> None:
    olena = office.join("Olena")
    office.desk.run(plan_task, "Call", olena, due_at=office.clock.at + timedelta(minutes=5))
    office.clock.advance(timedelta(minutes=5))
    scheduler(office).tick()
    assert "card.why.task_due" in office.told(olena)


def test_missed_cases_are_told_of_within_the_hour(office: Office) -> None:
    olena = office.join("Olena")
    office.open_case()
    office.clock.advance(timedelta(days=3, minutes=1))
    live = scheduler(office)
    live.tick()  # plans this hour
    live.tick()  # and fires it
    assert office.told(olena).count("missed.yours") == 1


def test_a_timer_nobody_knows_does_not_keep_others_from_firing(office: Office) -> None:
    olena = office.join("Olena")
    office.desk.run(set_timer, "no_such_task", "1", office.clock.at)
    office.desk.run(plan_task, "Call", olena, due_at=office.clock.at + timedelta(seconds=1))
    office.clock.advance(timedelta(seconds=1))
    live = scheduler(office)
    live.tick()
    live.tick()
    assert office.told(olena).count("card.why.task_due") == 1


def _dead(office: Office, number: int, contact: int) -> int:
    to = To(Channel.EMAIL, "ivan@example.com", contact=contact)
    row = office.desk.run(owe_notice, to, notice("receipt.new", number=number), work=number).id
    parcel = office.desk.run(claim_mail, row)
    assert parcel is not None
    assert office.desk.run(give_up, parcel, "550 no such user")
    return row


def test_what_could_not_be_delivered_is_told_to_who_has_the_case_once(office: Office) -> None:
    olena = office.join("Olena")
    ivan = office.customer()
    number = office.open_case(ivan)
    _dead(office, number, ivan.id)
    scheduler(office).tick()
    scheduler(office).tick()
    assert office.told(olena).count("undelivered.notice") == 1


def test_what_could_not_be_delivered_is_told_to_managers_when_nobody_has_the_case(office: Office) -> None:
    boss = office.join("Boss", Role.MANAGER)
    ivan = office.customer()
    number = office.open_case(ivan, queue=office.queue("VIP").id)
    _dead(office, number, ivan.id)
    scheduler(office).tick()
    assert office.told(boss)[1:] == ["undelivered.notice"]


def test_mail_that_nobody_sent_in_time_is_dead_and_told_of(office: Office) -> None:
    olena = office.join("Olena")
    ivan = office.customer(channel=Channel.EMAIL)
    number = office.open_case(ivan)
    office.desk.run(cases.accept, number, olena)
    office.clock.advance(PATIENCE[Channel.EMAIL] + timedelta(seconds=1))
    scheduler(office).tick()
    scheduler(office).tick()
    assert {row.state for row in office.owed(contact_id=ivan.id)} == {OwedState.DEAD}
    assert "undelivered.notice" in office.told(olena)


def test_managers_are_told_in_one_line_of_what_did_not_reach_a_colleague(office: Office) -> None:
    boss, olena = office.join("Boss", Role.MANAGER), office.join("Olena")
    for number in range(3):
        office.desk.run(owe_notice, _to(olena), notice("item.open", number=number))
    office.clock.advance(PATIENCE[Channel.TELEGRAM] + timedelta(seconds=1))
    scheduler(office).tick()
    scheduler(office).tick()
    (told,) = [row for row in office.owed(person_id=boss.id) if key_of(row) == "undelivered.to_staff"]
    assert "3 messages to Olena" in notice_html(Notice.from_json(told.facts), Reader("en", "UTC", office.clock.at))


def test_of_a_line_about_a_colleague_that_did_not_arrive_either_no_line_is_told(office: Office) -> None:
    boss, olena = office.join("Boss", Role.MANAGER), office.join("Olena")
    office.desk.run(owe_notice, _to(olena), notice("item.open", number=1))
    office.desk.run(_all_dead)
    scheduler(office).tick()
    assert office.told(boss) == ["undelivered.to_staff"]
    office.desk.run(_all_dead)
    scheduler(office).tick()
    assert office.told(boss) == ["undelivered.to_staff"]


def _all_dead(tx: Tx) -> None:
    tx.session.execute(update(Owed).values(state=OwedState.DEAD, settled_at=tx.now))


def _to(person: Representative) -> To:
    return To(Channel.TELEGRAM, str(person.chat_id), person.id)


def test_letters_whose_wake_up_calls_were_lost_are_understood_by_the_sweep(office: Office) -> None:
    broker = make_broker()
    waker = Waker(broker)
    desk = Desk(office.desk.engines, office.desk.house, now=office.clock, wake=waker)
    large = [
        replace(letter(number, office.clock.at), size=SMALL_BYTES + 1) for number in range(30)
    ]  # each is called for
    kept = [desk.run(keep_letter, one) for one in large]
    waker.close()
    broker.flush_all()
    understood: list[int] = []

    def understand(called: int) -> str:
        rows = desk.run(begin_tries, called, 8)  # as whoever understands: with some, and for the others it calls
        understood.extend(row for row in rows if desk.run(settle_letter, row) is not None)
        return "done"

    declare(broker, "understand", understand, lambda _row, _why: None)
    worker = Workers(broker, 2)
    worker.start()
    desk.wake = second = Waker(broker)
    Scheduler(desk, ClockConfig("one", LEASE)).tick()
    until(lambda: len(understood) == 30)
    second.close()
    worker.stop(2000)
    assert sorted(understood) == kept


def test_without_the_sweep_they_are_not(office: Office) -> None:
    row = office.desk.run(keep_letter, letter(1, office.clock.at))
    office.woken.clear()
    scheduler(office, sweep=False).tick()
    assert office.woken == []
    scheduler(office, "one", sweep=True).tick()
    assert office.woken == [("understand", row)]


def test_the_places_of_items_are_as_they_were_after_a_tick(office: Office) -> None:
    olena = office.join("Olena")
    number = office.open_case()
    scheduler(office).tick()
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


def test_updates_that_were_handled_a_month_ago_are_forgotten_however_many(office: Office) -> None:
    now = office.clock()
    handled = {"bot_id": 42, "raw": "{}", "received_at": now, "state": InboxState.DONE, "settled_at": now, "tries": 0}
    rows = [handled | {"update_id": number} for number in range(1500)]
    office.desk.run(lambda tx: tx.session.execute(insert(Update), rows))
    office.clock.advance(KEPT + timedelta(seconds=1))
    scheduler(office).tick()
    left = office.desk.look(lambda tx: tx.session.scalars(select(Update.update_id)).all())
    assert left == [1499], "the newest stays"
