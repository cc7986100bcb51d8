"""What a search finds: one table for both databases, and the same as whoever reads all cases with their own eyes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.cases import actions as cases
from core.cases import answering, finding, incoming, indexing
from core.customers.views import ContactView
from core.errors import DeskError, Misused
from core.outbox.model import Channel
from core.people.rules import Role
from core.people.views import Representative
from core.search.asked import read
from core.search.words import words
from core.work import actions as work
from core.work.rules import QueueKind
from tests.core.office import Office


@pytest.fixture
def olena(office: Office) -> Representative:
    return office.join("Olena", Role.MANAGER)


def found(office: Office, by: Representative, text: str, queue: int | None = None) -> list[int]:
    asked = read(text)
    return office.desk.look(lambda tx: finding.find(tx, asked, finding.narrow(tx, asked, queue, by)))


#: What is looked for in `_library`, and the names of the cases that are found, the best first.
TABLE = [
    ("принтер", ["lamp", "printer", "letter"]),  # in a title and then newest first; in a message
    ("ПРИНТЕРА", ["lamp", "letter"]),
    ("прин", ["lamp", "printer", "letter"]),
    ("интер", []),
    ("пять", ["printer"]),
    ("п'ять", ["printer"]),
    ("п’ят", ["printer"]),
    ("ганок", ["porch"]),
    ("ґанок", ["porch"]),
    ("елка", ["porch"]),
    ("Ёлка", ["porch"]),
    ("запис", ["lamp"]),
    ("онлайн-запис", ["lamp"]),
    ("запис-онлайн", []),
    ("№77", ["letter"]),
    ("77", ["letter"]),
    ("INV-2024", ["letter"]),
    ("petro@example.com", ["letter"]),
    ("example.com", ["letter"]),
    ("petro@exam", ["letter"]),
    ("Петренко", ["porch", "printer"]),
    ("from:петренко", ["porch", "printer"]),
    ("from:petro@example.com", ["letter"]),
    ("from:принтер", []),
    ("від:Петренко принтер", ["printer"]),
    ("принтер картридж", ["printer"]),  # the note and the message are of one case
    ("картридж", ["printer"]),  # in a note
    ('"синій картридж"', ["printer"]),
    ('"картридж синій"', []),
    ('"синій картри"', []),
    ("«синій картридж»", ["printer"]),
    ("принтер -картридж", ["lamp", "letter"]),
    ("принтер -from:петренко", ["lamp", "letter"]),
    ('принтер -"онлайн запис"', ["printer", "letter"]),
    ("принтер is:open", ["printer", "letter"]),
    ("принтер is:closed", ["lamp"]),
    ("принтер is:mine", ["printer"]),
    ("принтер стан:закриті", ["lamp"]),
    ("принтер is:mine is:closed", []),
    ("принтер after:2026-03-04", ["lamp", "letter"]),
    ("принтер before:2026-03-04", ["printer"]),
    ("принтер до:04.03.2026 після:01.03.2026", ["printer"]),
    ("принтер is:missed", ["printer"]),
    ("thanks", ["letter"]),
    ("відкликане", []),
    ("виправлене", ["porch"]),
    ("помилкове", []),
]


def _library(office: Office, olena: Representative) -> dict[str, int]:
    vip = office.queue("VIP")
    petrenko = office.customer("Іван Петренко")
    letters = office.customer("Petro", Channel.EMAIL, "petro@example.com")
    named = {"printer": office.open_case(petrenko, "Принтер мовчить уже п'ять днів", queue=vip.id)}
    office.desk.run(work.assign, named["printer"], olena, olena)
    office.desk.run(answering.note, named["printer"], "Замовлено синій картридж", olena)
    office.clock.advance(timedelta(days=3))
    named["porch"] = office.open_case(petrenko, "Біля ґанку стоїть ялинка", chat_id=1, chat_message_id=7)
    office.desk.run(answering.answer, named["porch"], "Елка і ґанок, помилкове", olena, chat=(9, 9))
    office.desk.run(answering.edit_answer, (9, 9), "Ёлка і ганок, виправлене", olena)
    gone = office.desk.run(answering.answer, named["porch"], "відкликане", olena)
    office.desk.run(answering.undo, gone.entry_id, olena)
    named["letter"] = office.open_case(letters, "Thanks!", subject="Invoice №77 INV-2024", queue=vip.id)
    office.desk.run(incoming.add_message, named["letter"], letters, office.says(letters, "Це про номер принтера"))
    named["lamp"] = office.open_case(office.customer("Olha"), "Лампа принтера", queue=vip.id)
    office.desk.run(answering.note, named["lamp"], "є онлайн-запис", olena)
    office.desk.run(cases.resolve, named["lamp"], olena)
    return named


def test_the_table_is_found_on_both_databases(office: Office, olena: Representative) -> None:
    named = _library(office, olena)
    by_number = {number: name for name, number in named.items()}
    told = {text: [by_number[one] for one in found(office, olena, text)] for text, _ in TABLE}
    assert told == dict(TABLE)


def test_the_filter_of_a_queue_takes_what_stands_there_and_what_came_from_there(
    office: Office, olena: Representative
) -> None:
    named = _library(office, olena)
    vip = office.item(named["letter"]).queue
    assert vip is not None
    assert found(office, olena, "принтер", vip.id) == [named["lamp"], named["printer"], named["letter"]]
    assert found(office, olena, "ганок", vip.id) == []


def test_everything_can_be_written_anew_and_nothing_is_different(office: Office, olena: Representative) -> None:
    named = _library(office, olena)
    before = _documents(office)
    for number in named.values():
        office.desk.run(indexing.changed, number)
    assert _documents(office) == before


def _documents(office: Office) -> dict[int, str]:
    from sqlalchemy import select

    from core.search.model import SearchDocument

    rows = office.desk.look(lambda tx: tx.session.execute(select(SearchDocument.id, SearchDocument.words)).all())
    return {row.id: row.words for row in rows}


def test_cases_from_before_the_search_are_found_after_some_steps(office: Office, olena: Representative) -> None:
    numbers = [office.open_case(text=f"The lamp {place}") for place in range(5)]
    _forget(office, numbers)
    assert found(office, olena, "lamp") == []
    assert not office.desk.look(indexing.is_complete)
    assert office.desk.run(indexing.step) == 5
    assert found(office, olena, "lamp") == numbers[::-1]
    assert office.desk.look(indexing.is_complete)
    assert office.desk.run(indexing.step) == 0


def test_a_message_on_a_case_from_before_the_search_makes_all_of_it_found(
    office: Office, olena: Representative
) -> None:
    ivan = office.customer()
    number = office.open_case(ivan, "The lamp is dark")
    _forget(office, [number])
    office.desk.run(incoming.add_message, number, ivan, office.says(ivan, "And the tray is empty"))
    assert found(office, olena, "lamp tray") == [number]


def _forget(office: Office, numbers: list[int]) -> None:
    from core.search import index

    office.desk.run(index.write_anew, dict.fromkeys(numbers, ()))
    office.desk.run(index.write_later, numbers)


@pytest.mark.long
def test_an_address_that_is_noted_finds_all_cases_of_its_customer(office: Office, olena: Representative) -> None:
    ivan = office.customer()
    numbers = [office.open_case(ivan, f"Case {place}") for place in range(indexing.AT_ONCE + 2)]
    office.desk.run(cases.add_address, numbers[0], ivan.id, "ivan@home.example", olena)
    assert found(office, olena, "from:ivan@home.example") == numbers[2:][::-1]
    office.desk.run(indexing.step)
    assert found(office, olena, "from:ivan@home.example") == numbers[::-1]


@pytest.mark.long
def test_a_long_conversation_is_found_by_its_first_and_its_last_words(office: Office, olena: Representative) -> None:
    ivan = office.customer()
    number = office.open_case(ivan, "Beginning " + "word " * 900)
    for place in range(4):
        office.desk.run(incoming.add_message, number, ivan, office.says(ivan, f"part{place} " + "more " * 600))
    assert len(_documents(office)) > 1
    for text in ("beginning", "part0", "part3", "from:ivan part3"):
        assert found(office, olena, text) == [number]


# --- the same as somebody who reads everything ----------------------------------------------------

_STEMS = ["лампа", "лампи", "printer", "print", "п'ять", "пять", "ёлка", "ялинка", "a@b.com", "7", "№7", "up-to"]
_TEXT = st.lists(st.sampled_from(_STEMS), min_size=0, max_size=4).map(" ".join)
_CASE = st.tuples(st.sampled_from([0, 1, 2]), _TEXT, st.lists(_TEXT, max_size=2), st.booleans())
_TERM = st.tuples(
    st.sampled_from(["", "", "", "-", "from:", "-from:"]),
    st.sampled_from([*_STEMS, "ла", "pri", '"printer print"', '"лампа"', '"7 7"', "b", "ivan", "example.com", "p"]),
).map("".join)
_QUERY = st.tuples(st.lists(_TERM, min_size=1, max_size=3), st.sampled_from(["", " is:open", " is:closed"]))

_PEOPLE = [("Ivan", None), ("Лампа Петрівна", None), ("Print", "print@example.com")]


@pytest.mark.parametrize(
    ("newest", "few"),
    [
        pytest.param(1, -1, id="index"),
        pytest.param(3, -1, id="both", marks=pytest.mark.long),
        pytest.param(2000, -1, id="all", marks=pytest.mark.long),
        pytest.param(1, 2000, id="few", marks=pytest.mark.long),
    ],
)
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_finds_what_a_reader_of_everything_finds(
    engines: object, newest: int, few: int, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    from tests.core.databases import empty

    monkeypatch.setattr(finding, "NEWEST", newest)
    monkeypatch.setattr(finding, "FEW", few)
    empty(engines)  # type: ignore[arg-type]
    office = Office(engines)  # type: ignore[arg-type]
    olena = office.join("Olena")
    people = [
        office.customer(name, Channel.EMAIL if address else Channel.TELEGRAM, address) for name, address in _PEOPLE
    ]
    library = [_shelve(office, olena, people, *one) for one in data.draw(st.lists(_CASE, max_size=8))]
    for terms, state in data.draw(st.lists(_QUERY, min_size=4, max_size=8)):
        text = " ".join(terms) + state
        try:
            asked = read(text)
        except Misused:
            continue
        best = [one for one in library if _has_all(one, terms, state, head=True)]
        rest = [one for one in library if _has_all(one, terms, state, head=False) and one not in best]
        wanted = [one["number"] for some in (best, rest) for one in sorted(some, key=lambda one: -one["number"])]
        told = office.desk.look(lambda tx, asked=asked: finding.find(tx, asked, finding.narrow(tx, asked, None, olena)))
        assert told == wanted, text


def _shelve(  # noqa: PLR0913 - what a case is drawn from
    office: Office,
    olena: Representative,
    people: list[ContactView],
    who: int,
    first: str,
    more: list[str],
    closed: bool,
) -> dict[str, object]:
    number = office.open_case(people[who], first or "…")
    for text in more:
        if text:
            office.desk.run(answering.note, number, text, olena)
    if closed:
        office.close(number, olena)
    name, address = _PEOPLE[who]
    title = office.item(number).title
    customer = [words(name), words(address or "")]
    return {
        "number": number, "closed": closed, "customer": customer, "head": [words(title), *customer],
        "all": [words(title), *customer, *(words(one) for one in (first, *more))],
    }  # fmt: skip


def _has_all(case: dict[str, object], terms: list[str], state: str, *, head: bool) -> bool:
    if state and (state == " is:closed") != case["closed"]:
        return False
    return all(_has(case, term, head=head) for term in terms)


def _has(case: dict[str, object], term: str, *, head: bool) -> bool:
    minus, customer, quoted, said = re.fullmatch(r'(-)?(from:)?(")?([^"]*)"?', term).groups()  # type: ignore[union-attr]
    wanted = words(said)
    where = "customer" if customer else "head" if head and not minus else "all"
    hit = any(_follow(section, wanted, whole=bool(quoted)) for section in case[where])  # type: ignore[attr-defined]
    return hit != bool(minus)


def _follow(section: list[str], wanted: list[str], *, whole: bool) -> bool:
    for start in range(len(section) - len(wanted) + 1):
        *before, last = section[start : start + len(wanted)]
        if before == wanted[:-1] and (last == wanted[-1] if whole else last.startswith(wanted[-1])):
            return True
    return False


@example("printer" * 40)
@example("'\"&|!:*()<->\\ printer")
@example("a:* & b | 'c'")
@given(st.text(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_breaks_the_search(engines: object, text: str) -> None:
    office = Office(engines)  # type: ignore[arg-type]
    try:
        asked = read(text)
    except DeskError:
        return
    search = finding.Narrow()
    office.desk.look(lambda tx: finding.find(tx, asked, search))
    office.desk.look(lambda tx: finding._Search(tx, asked, search).indexed(5, head=False))


def test_a_personal_queue_is_mine_and_nobody_else_s(office: Office, olena: Representative) -> None:
    taras = office.join("Taras")
    number = office.open_case(text="The lamp", queue=office.personal(taras, QueueKind.ASSIGNED))
    assert found(office, taras, "lamp is:mine") == [number]
    assert found(office, olena, "lamp is:mine") == []
