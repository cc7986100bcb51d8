"""An invitation lets in whoever opens it first, once, within a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.desk import Tx
from core.errors import NotFound, Refused
from core.history.model import Happened
from core.people import actions as people
from core.people import queries
from core.people.actions import TelegramUser
from core.people.model import Invitation, Person
from core.people.rules import Presence, Role
from core.people.views import InvitationView, Representative
from tests.core.office import Office
from tests.core.races import at_once


def _user(number: int = 77, name: str = "Olena Koval") -> TelegramUser:
    return TelegramUser(number, 1000 + number, name, "uk")


def _invite(office: Office, role: Role = Role.REPRESENTATIVE, by: Representative | None = None) -> InvitationView:
    return office.desk.run(people.invite, role, by)


def _join(office: Office, token: str, user: TelegramUser | None = None) -> Representative:
    return office.desk.run(people.join, token, user or _user(), "uk")


@pytest.mark.parametrize("role", list(Role))
def test_whoever_opens_an_invitation_becomes_what_it_says(office: Office, role: Role) -> None:
    person = _join(office, _invite(office, role).token)
    assert (person.role, person.name, person.handle, person.chat_id) == (role, "Olena Koval", "olena", 1077)
    assert person.zone == "Europe/Kyiv"
    assert office.desk.look(queries.by_telegram, 77) == person


def test_an_invitation_works_once(office: Office) -> None:
    token = _invite(office).token
    _join(office, token)
    with pytest.raises(Refused, match=r"invitation\.invalid"):
        _join(office, token, _user(78))
    assert office.desk.look(queries.by_telegram, 78) is None


def test_all_who_join_at_the_same_moment_have_handles_of_their_own(office: Office) -> None:
    left = [(_invite(office).token, _user(number, "Olena")) for number in range(12)]
    joined = at_once(lambda: _join(office, *left.pop()), crowd=len(left))
    assert {one.handle for one in joined} == {"olena", *(f"olena{number}" for number in range(2, 13))}


def test_twenty_who_open_it_at_once_let_one_in(office: Office) -> None:
    token = _invite(office).token

    def try_it(number: int) -> bool:
        try:
            _join(office, token, _user(number, f"Person {number}"))
        except Refused:
            return False
        return True

    numbers = iter(range(100, 120))
    assert sum(at_once(lambda: try_it(next(numbers)), 20)) == 1
    assert len(office.desk.look(queries.staff)) == 1


def test_an_invitation_lasts_a_day(office: Office) -> None:
    fresh, stale = _invite(office), _invite(office)
    assert fresh.expires_at == office.clock() + timedelta(hours=24)
    office.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    _join(office, fresh.token)
    office.clock.advance(timedelta(seconds=1))
    with pytest.raises(Refused, match=r"invitation\.invalid"):
        _join(office, stale.token, _user(78))


def test_a_revoked_invitation_lets_nobody_in(office: Office) -> None:
    invitation = _invite(office)
    office.desk.run(people.revoke, invitation.id, None)
    with pytest.raises(Refused, match=r"invitation\.invalid"):
        _join(office, invitation.token)
    with pytest.raises(NotFound, match=r"invitation\.unknown"):
        office.desk.run(people.revoke, invitation.id, None)


def test_what_was_used_or_is_too_old_cannot_be_revoked(office: Office) -> None:
    used, old = _invite(office), _invite(office)
    _join(office, used.token)
    office.clock.advance(timedelta(days=1))
    for invitation in (used.id, old.id, 10**9):
        with pytest.raises(NotFound, match=r"invitation\.unknown"):
            office.desk.run(people.revoke, invitation, None)


@pytest.mark.parametrize("token", ["", "guess", "x" * 200])
def test_a_guess_lets_nobody_in(office: Office, token: str) -> None:
    _invite(office)
    with pytest.raises(Refused, match=r"invitation\.invalid"):
        _join(office, token)


def test_the_token_is_not_kept(office: Office) -> None:
    invitation = _invite(office)
    row = office.desk.look(lambda tx: tx.session.get_one(Invitation, invitation.id))
    assert invitation.token not in row.token_hash
    assert len(invitation.token) >= 32
    assert len(invitation.token) <= 64  # the most that t.me/<bot>?start=… carries (core.telegram.org/bots/features)


def test_only_administrators_invite_and_revoke(office: Office) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR)
    invitation = _invite(office, by=boss)
    for role in (Role.REPRESENTATIVE, Role.MANAGER):
        someone = office.join(role.title(), role)
        with pytest.raises(Refused, match=r"right\.missing"):
            _invite(office, by=someone)
        with pytest.raises(Refused, match=r"right\.missing"):
            office.desk.run(people.revoke, invitation.id, someone)
    office.desk.run(people.revoke, invitation.id, boss)


def test_two_of_one_name_get_different_handles(office: Office) -> None:
    handles = [office.join("Olena Bondar").handle for _ in range(3)]
    assert handles == ["olena", "olena2", "olena3"]


@pytest.mark.parametrize(
    ("name", "handle"), [("Їжак К.", "їжак"), ("🦔", "person"), ("  Anna-Maria", "anna"), ("_", "person")]
)
def test_a_handle_is_made_from_any_name(office: Office, name: str, handle: str) -> None:
    assert office.join(name).handle == handle


def test_someone_who_joins_again_is_the_same_person_in_the_new_role(office: Office) -> None:
    first = _join(office, _invite(office).token)
    again = _join(office, _invite(office, Role.MANAGER).token)
    assert again.id == first.id
    assert again.role is Role.MANAGER


def test_nobody_loses_their_role_by_trying_out_a_link(office: Office) -> None:
    boss = _join(office, _invite(office, Role.ADMINISTRATOR).token)
    assert _join(office, _invite(office, Role.REPRESENTATIVE).token).role is Role.ADMINISTRATOR
    assert office.again(boss).role is Role.ADMINISTRATOR


def test_a_dismissed_person_is_a_stranger_until_invited_again(office: Office) -> None:
    person = _join(office, _invite(office).token)

    def dismiss(tx: Tx) -> None:
        tx.session.get_one(Person, person.id).dismissed_at = tx.now

    office.desk.run(dismiss)
    assert office.desk.look(queries.by_telegram, 77) is None
    assert office.desk.look(queries.staff) == []
    assert _join(office, _invite(office).token).id == person.id
    assert office.desk.look(queries.by_telegram, 77) is not None


def test_joining_is_in_the_history_with_the_role(office: Office) -> None:
    person = _join(office, _invite(office).token)

    query = select(Happened).where(Happened.verb == "joined")
    row = office.desk.look(lambda tx: tx.session.scalars(query).one())
    assert (row.facts, row.subject_id, row.actor_kind) == ({"role": "representative"}, person.id, "person")


def test_people_say_of_themselves_what_they_like(office: Office) -> None:
    olena = office.join("Olena", presence=None)
    assert office.desk.run(people.set_presence, olena, Presence.AWAY).presence is Presence.AWAY
    assert office.desk.run(people.set_locale, olena, "uk").locale == "uk"
    assert office.desk.run(people.set_zone, olena, "europe/london").zone == "Europe/London"
    assert office.desk.run(people.set_digest, olena, None).digest_at is None
    with pytest.raises(Refused, match=r"zone\.unknown"):
        office.desk.run(people.set_zone, olena, "Mars/Olympus")
    assert office.again(olena).zone == "Europe/London"


def test_who_blocked_the_bot_is_not_written_to_until_they_write(office: Office) -> None:
    olena = office.join("Olena")
    office.desk.run(people.unreachable, olena.id)
    assert office.again(olena).to is None
    office.desk.run(people.reachable, olena.id, 5)
    reached = office.again(olena).to
    assert reached is not None
    assert reached.address == "5"
