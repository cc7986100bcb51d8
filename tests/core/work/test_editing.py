"""How a queue is kept, and what that does to new work, to letters and to the settings of a restart."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.activities import actions as activities
from core.desk import Tx
from core.errors import DeskError, NotFound, Refused
from core.people.model import Person
from core.people.views import Representative
from core.work import actions as work
from core.work import closing, editing, names, queries, queues
from core.work.model import Work
from core.work.rules import QueueKind
from tests.core.office import Office


def _priority(office: Office, number: int) -> int:
    return office.desk.look(lambda tx: tx.session.get_one(Work, number).priority)


def test_new_cases_of_a_queue_start_with_its_priority(office: Office, maria: Representative) -> None:
    vip, other = office.queue("VIP").id, office.queue("Other").id
    office.desk.run(editing.set_priority, vip, 1, maria)
    assert _priority(office, office.open_case(queue=vip)) == 1
    moved = office.open_case(queue=other)
    office.desk.run(work.forward, moved, vip, maria)
    assert _priority(office, moved) == 2
    task = office.desk.run(activities.plan_task, "Call", maria).number
    assert _priority(office, task) == 2


def test_an_address_made_in_chat_survives_the_settings_of_a_restart(office: Office, maria: Representative) -> None:
    office.desk.run(queues.keep_addresses, {"desk@localhost": None})
    vip = office.queue("VIP").id
    office.desk.run(editing.add_address, vip, "Gold@LOCALHOST", maria)
    office.desk.run(queues.keep_addresses, {"desk@localhost": None})
    assert office.desk.look(queues.queue_of_address, "gold@localhost") == vip
    office.desk.run(editing.remove_address, vip, "gold@localhost", maria)
    office.desk.run(queues.keep_addresses, {"desk@localhost": None})
    assert office.desk.look(queues.queue_of_address, "gold@localhost") is None


def test_an_address_of_the_settings_that_was_moved_in_chat_stays_there(office: Office, maria: Representative) -> None:
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP"})
    gold = office.queue("Gold").id
    office.desk.run(editing.add_address, gold, "vip@localhost", maria)
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP"})
    assert office.desk.look(queues.queue_of_address, "vip@localhost") == gold
    with pytest.raises(Refused, match=r"queue\.address_of_settings"):
        office.desk.run(editing.remove_address, gold, "vip@localhost", maria)
    office.desk.run(queues.keep_addresses, {})  # no longer in the settings: now it can be
    office.desk.run(editing.remove_address, gold, "vip@localhost", maria)


def test_a_member_who_has_left_is_shown_no_more(office: Office, maria: Representative) -> None:
    olena, taras, vip = office.join("Olena"), office.join("Taras"), office.queue("VIP").id
    office.desk.run(editing.set_members, vip, [olena.id, taras.id], maria)

    def leave(tx: Tx) -> None:
        tx.session.get_one(Person, olena.id).dismissed_at = tx.now

    office.desk.run(leave)
    assert office.desk.look(editing.settings_of, vip, maria).members == ("taras",)
    with pytest.raises(NotFound, match=r"person\.unknown"):
        office.desk.run(editing.set_members, vip, [olena.id], maria)


def test_settings_lead_to_a_queue_that_was_renamed(office: Office, maria: Representative) -> None:
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP"})
    vip = office.desk.look(queries.find_queue, "VIP").id
    office.desk.run(editing.rename, vip, "Gold", maria)
    office.desk.run(queues.keep_addresses, {"vip@localhost": "VIP"})
    assert office.desk.look(queues.queue_of_address, "vip@localhost") == vip
    assert [one.name for one in office.desk.look(queries.public_queues)] == ["Gold"]


def test_nobodys_own_queue_is_changed_by_its_id(office: Office, maria: Representative) -> None:
    own = office.personal(maria, QueueKind.ASSIGNED)
    for change in (
        lambda tx: editing.rename(tx, own, "Mine", maria),
        lambda tx: editing.set_members(tx, own, [], maria),
        lambda tx: editing.settings_of(tx, own, maria),
        lambda tx: closing.close_queue(tx, own, maria),
    ):
        with pytest.raises(NotFound, match=r"queue\.gone"):
            office.desk.run(change)


def test_a_representative_changes_nothing(office: Office) -> None:
    olena, vip = office.join("Olena"), office.queue("VIP").id
    for change in (
        lambda tx: editing.rename(tx, vip, "Mine", olena),
        lambda tx: editing.add_alias(tx, vip, "Mine", olena),
        lambda tx: editing.remove_alias(tx, vip, "VIP", olena),
        lambda tx: editing.describe(tx, vip, "Mine", olena),
        lambda tx: editing.set_priority(tx, vip, 1, olena),
        lambda tx: editing.set_locale(tx, vip, "uk", olena),
        lambda tx: editing.add_address(tx, vip, "a@localhost", olena),
        lambda tx: editing.remove_address(tx, vip, "a@localhost", olena),
        lambda tx: editing.set_members(tx, vip, [olena.id], olena),
        lambda tx: editing.settings_of(tx, vip, olena),
        lambda tx: closing.close_queue(tx, vip, olena),
    ):
        with pytest.raises(Refused, match=r"right\.missing"):
            office.desk.run(change)


def test_what_was_accepted_out_of_a_closed_queue_goes_back_to_who_has_it(office: Office, maria: Representative) -> None:
    olena, vip = office.join("Olena"), office.queue("VIP").id
    number = office.open_case(queue=vip)
    office.desk.run(work.accept, number, olena)
    office.desk.run(closing.close_queue, vip, maria)
    office.desk.run(work.release, number, olena)
    assert office.place(number) == (QueueKind.ASSIGNED, olena.id)


_ACTS = st.sampled_from(["new", "rename", "alias", "remove", "close"])
_NAMES = st.sampled_from(["VIP", "vip ", "Gold", "gold", "Їжак", "ЇЖАК", "Home", "Assigned", "7"])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(_ACTS, _NAMES, st.integers(0, 5)), max_size=12))
def test_a_name_never_leads_to_two_queues(
    office: Office, maria: Representative, acts: list[tuple[str, str, int]]
) -> None:
    for act, name, pick in acts:
        there = office.desk.look(queries.public_queues)
        one = there[pick % len(there)].id if there else 0
        does = {
            "new": lambda tx, name=name: queues.new_queue(tx, name, maria),
            "rename": lambda tx, name=name, one=one: editing.rename(tx, one, name, maria),
            "alias": lambda tx, name=name, one=one: editing.add_alias(tx, one, name, maria),
            "remove": lambda tx, name=name, one=one: editing.remove_alias(tx, one, name, maria),
            "close": lambda tx, one=one: closing.close_queue(tx, one, maria),
        }[act]
        try:
            office.desk.run(does)  # type: ignore[arg-type] # any of them
        except DeskError:
            continue
    called = office.desk.look(_called)
    assert len(called) == len(set(called))


def _called(tx: Tx) -> list[str]:
    """List all the names by which open queues say they are called."""
    found = queries.public_queues(tx)
    return [names.key_of(name) for one in found for name in (one.name or "", *names.aliases(tx, one.id))]
