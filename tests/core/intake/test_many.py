"""Letters understood together become what they would have become one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.accounts import actions as accounts
from core.cases.model import Case, Entry
from core.customers.accounts import account_of
from core.customers.model import Contact, ContactAddress
from core.desk import Tx
from core.history.model import Happened
from core.inbox.actions import SMALL_BYTES, begun_by, waiting_letters
from core.inbox.model import InboxState, Letter
from core.intake.actions import Content, understand
from core.intake.many import Read, in_runs, understand_many
from core.intake.reading import read
from core.intake.rules.identity import content_hash
from core.intake.tries import begin_tries
from core.outbox.model import Owed
from core.people.model import HeldNews
from core.people.rules import Role
from core.store.engine import Engines
from core.work.model import Work
from core.work.queues import keep_addresses, watch
from tests.core.databases import empty
from tests.core.office import Office
from tests.scale.statements import noted
from tests.workers.letters import Post, letter


@pytest.fixture
def post(office: Office, tmp_path: Path) -> Post:
    office.join("Olena")
    office.join("Taras")
    return Post(office, tmp_path / "files")


def _read(row: int, raw: bytes, to: str = "desk@localhost") -> Read:
    return Read(row, to, read(raw, "ivan@example.com"), Content(content_hash(raw)))


def _together(office: Office, reads: list[Read]) -> None:
    for run in in_runs(reads):
        if len(run) > 1:
            office.desk.run(understand_many, run)
        else:
            office.desk.run(understand, run[0].id, run[0].understood, run[0].content)


def _facts(tx: Tx) -> dict[str, object]:
    """Tell all that there is; for numbers, which may have gaps, the places of rows among those of their kind."""
    place = {
        model: {row: number for number, row in enumerate(tx.session.scalars(select(model.id).order_by(model.id)), 1)}
        for model in (Work, Contact, Entry)
    }

    def number(model: type[Work | Contact | Entry], value: int | None) -> int | None:
        return place[model][value] if value else value

    letters = tx.session.scalars(select(Letter).order_by(Letter.id))
    entries = tx.session.scalars(select(Entry).order_by(Entry.id))
    cases = tx.session.scalars(select(Case).order_by(Case.work_id))
    addresses = tx.session.scalars(select(ContactAddress).order_by(ContactAddress.id))
    history = tx.session.scalars(select(Happened).where(Happened.verb != "joined").order_by(Happened.id))
    owed = tx.session.scalars(select(Owed).order_by(Owed.id))
    return {
        "letters": [(one.state, one.reason, number(Work, one.work_id), number(Entry, one.entry_id)) for one in letters],
        "entries": [(number(Work, one.work_id), one.text, one.message_id, one.flags) for one in entries],
        "cases": [
            (number(Work, one.work_id), number(Contact, one.contact_id), one.receipt_sent, one.status) for one in cases
        ],
        "addresses": [(number(Contact, one.contact_id), one.address) for one in addresses],
        "history": sorted((one.verb, number(Work, one.work_id) or 0) for one in history),
        "owed": [
            (one.channel, one.kind, number(Work, one.work_id), one.due_at, one.state, one.tries, _words(one))
            for one in owed
        ],
    }


def _words(one: Owed) -> object:
    """Tell what is owed without the numbers in it."""
    stand = one.facts.get("stand")
    return [stand.split(":")[0] if stand else None, one.facts.get("why", {}).get("key"), sorted(one.facts)]


#: Each is a sender, an identity and whom it answers.
_written = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 5), st.none() | st.integers(1, 5)), min_size=1, max_size=8
)


@pytest.mark.long
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(written=_written)
def test_letters_together_become_what_they_become_one_by_one(
    engines: Engines, tmp_path: Path, written: list[tuple[str, int, int | None]]
) -> None:
    found = []
    for together in (False, True):
        empty(engines)
        office = Office(engines)
        office.join("Olena")
        post = Post(office, tmp_path / "files")
        raws = [
            letter(
                f"words of {who}",
                sender=f"{who} <{who}@example.com>",
                message_id=f"{number}@x",
                headers=(f"In-Reply-To: <{to}@x>",) if to else (),
            )
            for who, number, to in written
        ]
        reads = [_read(post.keep(raw, to=f"{place}@localhost"), raw) for place, raw in enumerate(raws)]
        if together:
            _together(office, reads)
        else:
            for one in reads:
                office.desk.run(understand, one.id, one.understood, one.content)
        found.append(office.desk.look(_facts))
    assert found[0] == found[1]


def test_copies_that_come_together_are_one_case(post: Post) -> None:
    raw = letter()
    reads = [_read(post.keep(raw, to=f"{place}@localhost"), raw) for place in range(3)]
    assert post.office.desk.run(understand_many, reads) == ["case", "repeated", "repeated"]
    assert len(post.cases()) == 1


def test_many_letters_of_one_sender_get_five_receipts(post: Post) -> None:
    raws = [letter(f"letter {number}", subject=f"About {word}") for number, word in enumerate("abcdefgh")]
    post.office.desk.run(understand_many, [_read(post.keep(raw), raw) for raw in raws])
    assert [case.receipt_sent for case in post.cases()] == [True] * 5 + [False] * 3


def test_many_letters_with_one_subject_get_two_receipts(post: Post) -> None:
    raws = [letter(f"letter {number}") for number in range(4)]
    post.office.desk.run(understand_many, [_read(post.keep(raw), raw) for raw in raws])
    assert [case.receipt_sent for case in post.cases()] == [True] * 2 + [False] * 2


def test_what_is_new_is_shared_out_as_if_it_came_one_by_one(post: Post) -> None:
    raws = [letter(f"letter {number}", sender=f"s{number}@example.com") for number in range(6)]
    post.office.desk.run(understand_many, [_read(post.keep(raw), raw) for raw in raws])
    places = [post.office.place(case.work_id) for case in post.cases()]
    assert sorted(Counter(places).values()) == [3, 3]


def test_who_is_met_in_a_batch_belongs_to_the_account_of_their_domain(post: Post) -> None:
    mila = post.office.join("Mila", Role.MANAGER)
    acme = post.office.desk.run(accounts.new_account, "Acme", mila)
    post.office.desk.run(accounts.add_domain, acme, "acme.example", mila)
    raws = [
        letter(f"letter {number}", sender=f"s{number}@{('home', 'acme')[number % 2]}.example") for number in range(4)
    ]
    post.office.desk.run(understand_many, [_read(post.keep(raw), raw) for raw in raws])
    whose = [post.office.desk.look(account_of, case.contact_id) for case in post.cases()]
    assert whose == [None, acme, None, acme]


@pytest.mark.parametrize("watchers", [1, 7])
def test_everybody_who_watches_is_told_of_each(office: Office, tmp_path: Path, watchers: int) -> None:
    post = Post(office, tmp_path / "files")
    queue = office.queue("VIP")
    for number in range(watchers):
        person = office.join(f"Watcher {number}")
        office.desk.run(watch, queue.id, person)
    office.desk.run(keep_addresses, {"vip@localhost": "VIP"})
    before = len(office.owed())
    raws = [letter(f"letter {number}", sender=f"s{number}@example.com") for number in range(3)]
    office.desk.run(understand_many, [_read(post.keep(raw, to="vip@localhost"), raw, "vip@localhost") for raw in raws])
    assert len(office.owed()) - before == 3 * (watchers + 1)


def test_of_letters_that_come_together_no_more_are_told_than_within_a_minute(office: Office, tmp_path: Path) -> None:
    office.desk.house = replace(office.desk.house, news_per_minute=4)
    olena = office.join("Olena")
    post = Post(office, tmp_path / "files")
    raws = [letter(f"words {number}", sender=f"s{number}@example.com") for number in range(8)]
    for half in (raws[:4], raws[4:]):
        office.desk.run(understand_many, [_read(post.keep(raw), raw) for raw in half])
    told = office.owed(person_id=olena.id)
    later = office.desk.look(lambda tx: sorted(tx.session.scalars(select(HeldNews.work_id))))
    assert [one.news for one in told] == ["assigned"] * 4
    assert sorted([one.work_id for one in told] + later) == [case.work_id for case in post.cases()]


def test_one_that_is_settled_already_is_left_alone(post: Post) -> None:
    raws = [letter("one"), letter("two")]
    first, second = (post.keep(raw) for raw in raws)
    for row in (first, second):
        post.understand(row)
    assert post.states() == [InboxState.DONE] * 2
    assert post.office.desk.run(understand_many, [_read(first, raws[0]), _read(second, raws[1])]) == [None, None]


def test_letters_together_take_few_statements_each(post: Post, engines: Engines) -> None:
    raws = [letter(f"letter {number}", sender=f"s{number}@example.com") for number in range(16)]
    reads = [_read(post.keep(raw), raw) for raw in raws]
    with noted(engines) as told:
        post.office.desk.run(understand_many, reads)
    assert len(told) <= 3 * len(raws), told


def test_who_begins_with_a_letter_begins_with_the_small_and_fresh_ones_too(post: Post) -> None:
    desk, raw = post.office.desk, letter()
    rows = [post.keep(raw, to=f"{place}@localhost") for place in range(5)]
    large = post.keep(letter("x" * SMALL_BYTES))
    post.office.woken.clear()
    assert desk.run(begin_tries, rows[3], 3) == [rows[3], rows[0], rows[1]]
    assert post.office.woken == [("understand", rows[2])], "for what is left somebody else is called"
    assert desk.run(begin_tries, rows[3], 3) == [rows[2], rows[4]]
    assert desk.run(begin_tries, rows[3], 3) == []
    assert desk.run(begin_tries, large, 3) == [large]


def test_a_call_for_one_small_letter_is_enough_for_all_and_each_other_has_its_own(post: Post) -> None:
    letters = [(1, 10), (2, SMALL_BYTES + 1), (3, 20), (4, SMALL_BYTES), (5, SMALL_BYTES + 1)]
    assert begun_by(letters) == [1, 2, 5]
    desk = post.office.desk
    rows = [post.keep(letter(f"{number}")) for number in range(4)]
    assert desk.look(waiting_letters) == rows[:1]
    desk.run(begin_tries, rows[0], 2)
    post.office.clock.advance(timedelta(minutes=1))
    assert desk.look(waiting_letters) == [rows[2], *rows[:2]], "what was tried before is called for by itself"


def test_what_was_tried_before_is_begun_with_alone(post: Post) -> None:
    desk, raw = post.office.desk, letter()
    first, _ = (post.keep(raw, to=f"{place}@localhost") for place in range(2))
    assert len(desk.run(begin_tries, first, 5)) == 2
    post.office.clock.advance(timedelta(minutes=1))
    assert desk.run(begin_tries, first, 5) == [first]
