"""What becomes of who takes part in a case when cases and customers are merged, split, erased or told."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import (
    contacts,
    conversations,
    copying,
    export,
    forgetting,
    merging,
    own,
    parties,
    retention,
    seeing,
    splitting,
)
from core.cases.incoming import add_to
from core.customers.addresses import contact_behind
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import NotFound
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.schema import metadata
from core.store.engine import Engines
from core.work import days as days_of
from core.work import editing
from tests.core.office import Office

BOSS, ZOE = "boss@firm.example", "zoe@firm.example"


@pytest.fixture
def desk(engines: Engines, tmp_path: Path) -> Office:
    return Office(engines, tmp_path)


@pytest.fixture
def mila(desk: Office) -> Representative:
    return desk.join("Mila", Role.MANAGER)


@pytest.fixture
def maria(desk: Office) -> ContactView:
    return desk.customer("Maria", Channel.EMAIL)


def _in_copy(desk: Office, number: int) -> list[str]:
    return [one.address for one in desk.desk.look(parties.parties_of, number)]


def _writes(desk: Office, number: int, address: str, text: str) -> ContactView:
    who = desk.customer(address.split("@", maxsplit=1)[0].title(), Channel.EMAIL, address)
    desk.desk.run(add_to, number, who, desk.says(who, text, copied=(BOSS, "other@firm.example")))
    return who


def test_merged_cases_of_one_customer_keep_everybody(desk: Office, mila: Representative, maria: ContactView) -> None:
    one, other = desk.open_case(maria), desk.open_case(maria)
    for number, address in ((one, BOSS), (other, BOSS), (other, ZOE)):
        desk.desk.run(copying.copy, number, address, mila)
    desk.desk.run(copying.uncopy, one, BOSS, mila)
    desk.desk.run(merging.merge, [other], one, mila)
    assert _in_copy(desk, one) == [ZOE], "who was taken off the one that goes on stays away"


def test_merged_cases_keep_no_more_than_there_is_room_for(
    desk: Office, mila: Representative, maria: ContactView
) -> None:
    one, other = desk.open_case(maria), desk.open_case(maria)
    for place in range(parties.MOST):
        desk.desk.run(copying.copy, one, f"a{place}@firm.example", mila)
        desk.desk.run(copying.copy, other, f"b{place}@firm.example", mila)
    desk.desk.run(merging.merge, [other], one, mila)
    assert _in_copy(desk, one) == [f"a{place}@firm.example" for place in range(parties.MOST)]


def test_whom_another_customer_brought_in_reads_nothing_of_this_ones_case(
    desk: Office, mila: Representative, maria: ContactView
) -> None:
    one, other = desk.open_case(maria), desk.open_case(desk.customer("Petro", Channel.EMAIL))
    desk.desk.run(copying.copy, other, ZOE, mila)
    desk.desk.run(merging.merge, [other], one, mila, confirmed=True)
    assert _in_copy(desk, one) == []
    zoe = desk.customer("Zoe", Channel.EMAIL, ZOE)
    assert desk.desk.look(parties.takes_part, one, zoe.id), "but their words come along, as the customer's do"


def test_a_case_that_was_split_off_has_the_same_people(desk: Office, mila: Representative, maria: ContactView) -> None:
    number = desk.open_case(maria)
    desk.desk.run(copying.copy, number, BOSS, mila)
    desk.desk.run(add_to, number, maria, desk.says(maria, "And the lamp"))
    second = desk.desk.look(conversations.conversation, number)[-1].id
    new = desk.desk.run(splitting.split, number, second, mila)
    assert _in_copy(desk, number) == _in_copy(desk, new) == [BOSS]


def test_a_party_who_is_the_customer_after_all_is_none(desk: Office, mila: Representative, maria: ContactView) -> None:
    number = desk.open_case(maria)
    desk.desk.run(copying.copy, number, BOSS, mila)
    other = desk.open_case(desk.customer("Petro"))
    desk.desk.run(copying.copy, other, BOSS, mila)
    boss = desk.desk.look(contact_behind, Channel.EMAIL, BOSS)
    desk.desk.run(contacts.merge_by_hand, boss, maria.id, mila)
    assert _in_copy(desk, number) == []
    assert [one.name for one in desk.desk.look(parties.parties_of, other)] == ["Maria"], "elsewhere they are Maria"


def test_what_a_party_said_goes_over_with_them(desk: Office, mila: Representative, maria: ContactView) -> None:
    number = desk.open_case(maria)
    desk.desk.run(copying.copy, number, BOSS, mila)
    boss = _writes(desk, number, BOSS, "So do I")
    stays = desk.customer("Boss in chat")
    desk.desk.run(contacts.merge_by_hand, boss.id, stays.id, mila)
    assert desk.desk.look(conversations.conversation, number)[-1].author == "Boss in chat"
    assert desk.desk.look(parties.takes_part, number, stays.id)


def _all_of_it(tx: Tx) -> str:
    """Everything that stands in any table, as text."""
    return "\n".join(repr(row) for table in metadata.sorted_tables for row in tx.session.execute(select(table)))


def test_who_is_erased_is_in_copy_of_nothing(desk: Office, mila: Representative, maria: ContactView) -> None:
    number = desk.open_case(maria)
    desk.desk.run(copying.copy, number, BOSS, mila)
    desk.desk.run(copying.copy, number, ZOE, mila)
    boss = _writes(desk, number, BOSS, "Zebrafinch")
    desk.desk.run(forgetting.erase_contact, boss.id, mila)
    assert _in_copy(desk, number) == [ZOE]
    left = desk.desk.look(_all_of_it)
    assert "Zebrafinch" not in left
    assert BOSS not in left
    assert "other@firm.example" not in left, "it was told with their words"
    assert ZOE in left
    assert desk.desk.look(seeing.find, BOSS, mila).total == 0
    assert desk.texts(number) == ["The printer is silent", ""]


def test_whom_letters_of_others_also_went_to_is_erased_from_what_is_told_of_them(
    desk: Office, mila: Representative, maria: ContactView
) -> None:
    number = desk.open_case(maria, copied=(BOSS, ZOE))
    boss = desk.customer("Boss", Channel.EMAIL, BOSS)
    desk.desk.run(forgetting.erase_contact, boss.id, mila)
    assert desk.desk.look(conversations.conversation, number)[0].copied == (ZOE,)


def test_with_the_words_of_a_case_goes_who_took_part(desk: Office, mila: Representative, maria: ContactView) -> None:
    vip = desk.queue("VIP").id
    number = desk.open_case(maria, queue=vip, copied=(ZOE,))
    desk.desk.run(copying.copy, number, BOSS, mila)
    desk.desk.run(cases.resolve, number, mila)
    desk.desk.run(days_of.set_keep_days, vip, 1, mila)
    desk.clock.advance(timedelta(days=2))
    desk.desk.run(retention.erase_due)
    assert _in_copy(desk, number) == []
    assert desk.desk.look(conversations.conversation, number)[0].copied == ()


def test_an_export_tells_where_somebody_takes_part_and_of_others_only_that_they_wrote(
    desk: Office, mila: Representative, maria: ContactView
) -> None:
    number = desk.open_case(maria, "Maria's secret")
    desk.desk.run(copying.copy, number, BOSS, mila)
    desk.desk.run(copying.copy, number, ZOE, mila)
    boss = _writes(desk, number, BOSS, "So do I")

    def told(contact: int) -> dict[str, object]:
        content = desk.desk.look(export.make_export, contact, mila) or b""
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return dict(json.loads(archive.read("everything.json")))

    of_boss, of_maria = told(boss.id), told(maria.id)
    assert [row["work_id"] for row in of_boss["in_copy_of"]] == [number]  # type: ignore[attr-defined] # JSON
    assert [row["text"] for row in of_boss["messages_in_copy"]] == ["So do I"]  # type: ignore[attr-defined] # JSON
    assert "Maria's secret" not in json.dumps(of_boss)
    assert ZOE not in json.dumps(of_maria)


def test_in_a_private_case_nobody_else_looks_or_brings_in(
    desk: Office, mila: Representative, maria: ContactView
) -> None:
    secret = desk.queue("Secret").id
    number = desk.open_case(maria, queue=secret)
    desk.desk.run(editing.set_members, secret, [], mila)
    taras = desk.join("Taras")
    for act in (copying.copy, copying.uncopy):
        with pytest.raises(NotFound, match=r"item\.unknown"):
            desk.desk.run(act, number, BOSS, taras)
    desk.desk.run(copying.copy, number, BOSS, mila)
    assert desk.desk.look(seeing.find, BOSS, taras).total == 0
    assert desk.desk.look(seeing.find, BOSS, mila).total == 1


def test_who_takes_part_by_mail_sees_no_case_in_chat(desk: Office, mila: Representative, maria: ContactView) -> None:

    number = desk.open_case(maria)
    desk.desk.run(copying.copy, number, BOSS, mila)
    boss = desk.customer("Boss", Channel.EMAIL, BOSS)
    assert not desk.desk.look(own.is_on, number, boss)
    assert not desk.desk.look(own.may_add_to, number, boss)
    assert desk.desk.look(own.cases, boss) == []
