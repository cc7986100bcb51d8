"""What stands in the world of the access matrix: people, cases, letters, invitations."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.chat import Sender
from core.accounts import actions as accounts
from core.accounts import members
from core.activities import actions as activities
from core.activities.views import Plan
from core.calendars.rules import Closure
from core.cases import actions as cases
from core.cases import answering, appointments, conversations, copying, opening, queries, rating, templates, unsent
from core.cases.incoming import add_to
from core.cases.model import Case
from core.cases.views import NewFile
from core.customers import actions as customers
from core.customers.senders import Verdict, say_of_sender
from core.customers.views import ContactView
from core.desk import Tx
from core.outbox.model import Channel
from core.people import actions as people
from core.people import queries as staff
from core.people.model import Person
from core.people.rules import Role
from core.people.views import Representative
from core.sla import actions as sla
from core.sla.rules import ClockKind, Terms
from core.store.engine import Engines
from core.work import cards, editing, merging
from core.work.model import MailAddress
from core.work.rules import QueueKind, WorkKind
from tests.core.aside import set_aside
from tests.core.office import Office
from tests.security.world import World


def furnish(engines: Engines) -> World:
    """Make the desk."""
    office = Office(engines, Path("unused"))
    world = World(office)
    vip = office.queue("VIP").id
    boss = office.join("Boss", Role.ADMINISTRATOR)
    team = {
        "representative": office.join("Olena"),
        "manager": office.join("Mila", Role.MANAGER),
        "administrator": boss,
        "taras": office.join("Taras"),
        "daryna": office.join("Daryna"),
        "dismissed": office.join("Danylo"),
    }
    petro, ivan = office.customer("Petro", address="6001"), office.customer("Ivan", address="6002")
    shared = _hidden(office, team, petro, vip) | _shared(office, team, petro, ivan, vip) | _own(office, ivan)
    for who in ("representative", "manager", "administrator"):
        world.things[who] = shared | _of_staff(office, team[who], vip) | {"me": team[who].id}
    held = _held(office, team["dismissed"], petro, vip)
    nothing = {
        "mine": held,
        "snoozed": held,
        "closed": shared["their_closed"],
        "answer": shared["their_answer"],
        "phoned": held,
        "unsent": shared["their_unsent"],
        "naming": shared["letter"],
    }
    for who in ("customer", "dismissed", "stranger"):
        world.things[who] = shared | nothing | {
            "task": shared["their_task"], "meeting": shared["their_meeting"], "ended": shared["their_closed"],
        }  # fmt: skip
    dismiss(office, team["dismissed"])
    petros = {int(shared[name]) for name in ("other", "free", "their_closed", "banned", "secret")} | {held}
    ivans = {int(shared[name]) for name in ("own", "own2", "own_closed", "own_rated")}
    world.foreign = {"customer": petros, "dismissed": petros | ivans, "stranger": petros | ivans}
    for who, person in team.items():
        chat = person.chat_id or 0
        world.senders[who] = Sender(chat - 1000, chat, person.name, None, "en", private=True)
    world.senders["customer"] = Sender(6002, 6002, "Ivan", None, "en", private=True)
    world.senders["stranger"] = Sender(6003, 6003, "Somebody", None, "en", private=True)
    return world


def _shared(
    office: Office, team: dict[str, Representative], petro: ContactView, ivan: ContactView, vip: int
) -> dict[str, int | str]:
    desk, taras = office.desk, team["taras"]
    file = NewFile("document", "elephant.pdf", "application/pdf", 5, telegram_id="AAA")
    other = office.open_case(petro, "PINK ELEPHANT in the lift", queue=vip, files=(file,))
    entry = desk.look(conversations.conversation, other)[0].id
    desk.run(cases.accept, other, taras)
    desk.run(answering.note, other, "INNER NOTE", taras)
    theirs = desk.run(answering.answer, other, "MY ANSWER", taras).entry_id
    closed = office.open_case(petro, "PINK ELEPHANT again", queue=vip)
    desk.run(cases.resolve, closed, taras)
    banned = office.open_case(office.customer("Spammer"), "Buy this", queue=vip)
    desk.run(lambda tx: customers.ban(tx, queries.case(tx, banned).contact.id, taras))
    invited = desk.run(people.invite, Role.REPRESENTATIVE, None)
    return {
        "queue": vip, "other": other, "entry": entry, "their_answer": theirs, "their_closed": closed, "banned": banned,
        "free": office.open_case(petro, "PINK ELEPHANT is free", queue=vip),
        "personal": office.personal(taras, QueueKind.IN_PROGRESS), "their_task": _task(office, taras),
        "their_meeting": _meeting(office, taras, other),
        "taras": taras.id, "daryna": team["daryna"].id, "danylo": team["dismissed"].id,
        "gone": office.customer("Gone", Channel.EMAIL, "gone@far.example").id,
        "petro": petro.id, "ivan": ivan.id, "ours": _ours(office),
        "beside": office.open_case(office.customer("Zoe", Channel.EMAIL, "zoe@far.example"), "About it", queue=vip),
        "token": invited.token, "invitation": invited.id, "used": _used(office), "letter": _letter(office),
        "sender": office.desk.run(say_of_sender, "lists.example", Verdict.ACCEPT, team["manager"]).id,
        "closure": _levels(office, team["manager"]), "template": _template(office, "refund", team["manager"]),
        "their_template": _template(office, "theirs", taras), "their_unsent": _unsent(office, other, taras),
        **_accounts(office, team["manager"], petro),
    }  # fmt: skip


def _accounts(office: Office, manager: Representative, petro: ContactView) -> dict[str, int | str]:
    """Make an account with a customer who has open cases, and one without."""
    acme, globex = (office.desk.run(accounts.new_account, name, manager) for name in ("Acme", "Globex"))
    office.desk.run(members.join, acme, [petro.id], manager)
    return {"acme": acme, "globex": globex}


def _ours(office: Office) -> str:
    """Make an address of the desk, and let a customer be known by another."""
    office.customer("Letters", Channel.EMAIL, "letters@far.example")
    office.desk.run(lambda tx: tx.add(MailAddress(address="help@desk.example")))
    return "help@desk.example"


def _hidden(office: Office, team: dict[str, Representative], petro: ContactView, vip: int) -> dict[str, int | str]:
    """Make a private queue with a case in it, an empty queue, and one that was merged."""
    desk, mila = office.desk, team["manager"]
    queue, gone = office.queue("Secret").id, office.queue("Gone").id
    office.queue("Empty")
    secret = office.open_case(petro, "PINK ELEPHANT in private", queue=queue)
    desk.run(editing.set_members, queue, [team["taras"].id], mila)
    merged = desk.run(merging.merge, gone, vip, mila).id
    entry = desk.look(conversations.conversation, secret)[0].id
    return {"hidden": queue, "secret": secret, "secret_entry": entry, "merge": merged}


def _template(office: Office, name: str, person: Representative) -> int:
    return office.desk.run(templates.add, templates.NewTemplate(name, "Hello {name}"), person).id


def _unsent(office: Office, number: int, person: Representative) -> int:
    waiting = unsent.Waiting(0, number, "MY ANSWER", (), None, 10**6)
    return office.desk.run(unsent.keep, number, waiting, person).id


def _levels(office: Office, manager: Representative) -> int:
    """Make a service level that is for nothing, and a closure."""
    terms = Terms({ClockKind.FIRST: dict.fromkeys((1, 2, 3), timedelta(hours=4))})
    office.desk.run(sla.new_level, "Gold", terms, manager)
    day = date(2026, 12, 31)
    return office.desk.run(sla.add_closure, "Eve", Closure(day, day), manager).id


def _of_staff(office: Office, person: Representative, vip: int) -> dict[str, int | str]:
    desk = office.desk
    mine, snoozed, closed, ended = (office.open_case(text=f"{person.name} has {one}", queue=vip) for one in range(4))
    for number in (mine, snoozed):
        desk.run(cases.accept, number, person)
    until = office.clock().replace(hour=20)
    desk.run(activities.snooze, snoozed, until, "", person)
    desk.run(cases.resolve, closed, person)
    desk.run(activities.plan_task, "Ask them again", person, regarding=ended)
    desk.run(cases.resolve, ended, person)
    answer = desk.run(answering.answer, mine, "Hello", person).entry_id
    desk.run(copying.copy, mine, "boss@far.example", person)
    return {
        "mine": mine, "snoozed": snoozed, "closed": closed, "answer": answer, "phoned": _phoned(office, person),
        "task": _task(office, person), "meeting": _meeting(office, person, mine), "ended": ended,
        "unsent": _unsent(office, mine, person), "naming": _letter(office, mine),
    }  # fmt: skip


def _phoned(office: Office, person: Representative) -> int:
    zoe = office.customer(f"Zoe of {person.name}")
    return office.desk.run(opening.open_for, zoe.id, "The lamp is dark", person)


def _own(office: Office, ivan: ContactView) -> dict[str, int | str]:
    """Give Ivan three cases, of which one is closed."""
    one, two = office.open_case(ivan, "My lamp"), office.open_case(ivan, "My chair")
    words = office.says(ivan, "It is dark", chat_id=6002, chat_message_id=77)
    said_id = office.desk.run(lambda tx: _add(tx, one, ivan, words))
    done, rated = office.open_case(ivan, "My desk"), office.open_case(ivan, "My lamp")
    for number in (done, rated):
        office.desk.run(lambda tx, number=number: _resolved(tx, number))
    office.desk.run(lambda tx: _rate(tx, rated, ivan))
    return {"own": one, "own2": two, "said": said_id, "own_closed": done, "own_rated": rated}


def _add(tx: Tx, number: int, contact: ContactView, what: Any) -> int:
    return add_to(tx, number, contact, what).id


def _resolved(tx: Tx, number: int) -> None:
    boss = next(one for one in staff.staff(tx) if one.role is Role.ADMINISTRATOR)
    cases.resolve(tx, number, boss)
    tx.lock_one(Case, number).rating_asked_at = tx.now


def _rate(tx: Tx, number: int, contact: ContactView) -> None:
    rating.rate(tx, number, 5, contact)


def _held(office: Office, danylo: Representative, petro: ContactView, vip: int) -> int:
    """Let somebody who will be dismissed work on a case, and have its card in their chat."""
    held = office.open_case(petro, "PINK ELEPHANT with Danylo", queue=vip)
    office.desk.run(cases.accept, held, danylo)
    office.desk.run(cards.posted, held, danylo.chat_id or 0, 55, danylo.id)
    return held


def dismiss(office: Office, person: Representative) -> None:
    """Let somebody be no longer of the staff, at once: nothing of theirs is given to others."""

    def away(tx: Tx) -> None:
        tx.session.get_one(Person, person.id).dismissed_at = tx.now

    office.desk.run(away)


def _meeting(office: Office, person: Representative, case: int) -> int:
    at = office.clock().replace(hour=18)
    plan = Plan(WorkKind.APPOINTMENT, "Show them", at, regarding=case)
    return office.desk.run(appointments.plan, plan, person).item.number


def _task(office: Office, person: Representative) -> int:
    return office.desk.run(activities.plan_task, "Call them", person).number


def _used(office: Office) -> str:
    token = office.desk.run(people.invite, Role.ADMINISTRATOR, None).token
    office.desk.run(people.join, token, people.TelegramUser(9001, 9001, "Halyna", "en"), "en")
    return token


def _letter(office: Office, case: int | None = None) -> int:
    return office.desk.run(set_aside, "letter-writer@far.example", str(case or 0), case, to="help@localhost")
