"""A mail address is linked with a chat by its code and by nothing else, and nothing tells whether it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cases import actions as cases
from core.cases import linking, opening, queries
from core.cases.linking import Linked, Outcome
from core.customers import codes
from core.customers.model import AddressCode, ContactAddress
from core.customers.views import ContactView
from core.desk import Tx
from core.errors import DeskError, Misused, NotFound, Refused
from core.outbox.model import Channel
from core.people.rules import Role
from core.work.model import MailAddress
from tests.core.office import Office

ADDRESS = "maria@example.com"


@pytest.fixture
def maria(office: Office) -> ContactView:
    """A customer in chat."""
    return office.customer("Maria")


def _chat(office: Office, contact: ContactView) -> int:
    return int(office.address_of(contact)[1])


def _code(office: Office) -> str:
    """Read the letter that was owed last."""
    row = max(row.facts["code"] for row in office.owed(channel=Channel.EMAIL) if "code" in row.facts)
    return office.desk.look(codes.code_to_send, row) or ""


def _ask(office: Office, contact: ContactView, address: str = ADDRESS) -> str:
    office.desk.run(linking.ask_code, contact, address)
    return _code(office)


def _link(office: Office, contact: ContactView, code: str) -> Outcome:
    return office.desk.run(linking.link, contact, _chat(office, contact), code)


def _owner(office: Office, address: str = ADDRESS) -> int | None:
    query = select(ContactAddress.contact_id).where(ContactAddress.address == address)
    return office.desk.look(lambda tx: tx.session.scalar(query))


def test_the_right_code_makes_the_address_theirs(office: Office, maria: ContactView) -> None:
    code = _ask(office, maria, "Maria@Example.com")
    assert len(code) == codes.DIGITS
    assert code.isdigit()
    assert _link(office, maria, code) == Outcome(Linked.YES, ADDRESS)
    assert _owner(office) == maria.id
    with pytest.raises(NotFound, match=r"code\.none"):
        _link(office, maria, code)


def test_whoever_wrote_from_the_address_goes_on_as_them_with_all_their_cases(
    office: Office, maria: ContactView
) -> None:
    office.join("Olena")
    by_mail = office.customer("M. Koval", Channel.EMAIL, ADDRESS)
    number = office.open_case(by_mail, "The lamp is dark")
    assert _link(office, maria, _ask(office, maria)).linked is Linked.YES
    assert office.desk.look(queries.open_cases_of, maria.id) == [number]
    case = office.desk.look(queries.case, number)
    assert (case.contact.id, case.reply_channel, case.reply_address) == (maria.id, Channel.EMAIL, ADDRESS)
    assert "customer_merged" in office.verbs(number)


def test_the_code_stands_in_no_row(office: Office, maria: ContactView) -> None:
    code = _ask(office, maria)
    assert code not in repr([row.facts for row in office.owed()])
    kept = office.desk.look(lambda tx: [vars(row) for row in tx.session.scalars(select(AddressCode))])
    assert code not in repr(kept)


def test_a_wrong_code_counts_and_after_five_the_right_one_is_of_no_use(office: Office, maria: ContactView) -> None:
    code = _ask(office, maria)
    wrong = f"{(int(code) + 1) % 10**codes.DIGITS:08d}"
    assert [_link(office, maria, wrong).left for _ in range(codes.TRIES)] == [4, 3, 2, 1, 0]
    with pytest.raises(NotFound, match=r"code\.none"):
        _link(office, maria, code)
    assert _owner(office) is None


def test_the_code_of_somebody_else_links_nothing(office: Office, maria: ContactView) -> None:
    stranger = office.customer("Stranger")
    code = _ask(office, maria)
    _ask(office, stranger)
    assert _link(office, stranger, code).linked is Linked.WRONG
    assert _owner(office) is None


def test_a_code_is_of_no_use_after_its_time_and_its_letter_says_so(office: Office, maria: ContactView) -> None:
    code = _ask(office, maria)
    office.clock.advance(codes.CODE_LIFE)
    assert _code(office) == ""
    with pytest.raises(NotFound, match=r"code\.none"):
        _link(office, maria, code)


def test_another_code_takes_the_place_of_the_first(office: Office, maria: ContactView) -> None:
    first = _ask(office, maria)
    _ask(office, maria)
    assert _link(office, maria, first).linked is Linked.WRONG


def test_a_contact_asks_for_so_many_codes_a_day(office: Office, maria: ContactView) -> None:
    for place in range(codes.CODES_A_DAY):
        _ask(office, maria, f"m{place}@example.com")
    with pytest.raises(Refused, match=r"code\.too_often"):
        _ask(office, maria, "one@example.com")
    office.clock.advance(timedelta(days=1))
    _ask(office, maria, "one@example.com")


def test_so_many_codes_go_to_one_address_whoever_asks(office: Office) -> None:
    for _ in range(codes.CODES_A_DAY):
        _ask(office, office.customer())
    with pytest.raises(Refused, match=r"code\.too_often"):
        _ask(office, office.customer())


def test_nothing_tells_whether_an_address_is_known(office: Office, maria: ContactView) -> None:
    office.customer("M. Koval", Channel.EMAIL, ADDRESS)
    told = [office.desk.run(linking.ask_code, maria, one) for one in (ADDRESS, "new@example.com")]
    assert told == [ADDRESS, "new@example.com"]
    kinds = [(row.kind, sorted(row.facts)) for row in office.owed(channel=Channel.EMAIL)]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("words", ["", "maria", "a b@example.com", "maria@example.com\nBcc: x@y.example"])
def test_what_is_no_address_is_refused(office: Office, maria: ContactView, words: str) -> None:
    with pytest.raises(Misused, match=r"code\.no_address" if words else r"usage\.customer_link"):
        office.desk.run(linking.ask_code, maria, words)


def test_no_letter_goes_to_the_desk_itself(office: Office, maria: ContactView) -> None:
    office.desk.run(lambda tx: tx.add(MailAddress(address="desk@localhost")))
    for address in ("desk@localhost", "Desk+c1.abcdefgh@localhost"):
        with pytest.raises(Refused, match=r"code\.ours"):
            office.desk.run(linking.ask_code, maria, address)


def test_what_is_theirs_already_needs_no_code(office: Office, maria: ContactView) -> None:
    _link(office, maria, _ask(office, maria))
    with pytest.raises(Refused, match=r"code\.yours"):
        _ask(office, maria)


def test_an_address_that_was_only_said_of_another_is_theirs_and_no_case_goes_over(
    office: Office, maria: ContactView
) -> None:
    """The desk heard of the address and may have misheard it: the code shows whose it is, not who called."""
    olena = office.join("Olena")
    number = office.desk.run(opening.open_for_new, f"Ivan {ADDRESS}", "The lamp", olena)
    ivan = office.desk.look(queries.case, number).contact.id
    assert _link(office, maria, _ask(office, maria)).linked is Linked.YES
    assert _owner(office) == maria.id
    assert office.desk.look(queries.case, number).contact.id == ivan


def test_a_contact_with_a_chat_of_its_own_is_not_taken_over(office: Office, maria: ContactView) -> None:
    """Whoever reads a mailbox for a moment reads no chats by it: a manager must know that they are one."""
    other = office.customer("Other")
    _link(office, other, _ask(office, other))
    office.open_case(other, "My secret")
    assert _link(office, maria, _ask(office, maria)) == Outcome(Linked.OTHER_CHAT, ADDRESS)
    assert _owner(office) == other.id
    assert office.desk.look(queries.open_cases_of, maria.id) == []


def test_a_ban_is_of_the_person(office: Office, maria: ContactView) -> None:
    boss = office.join("Boss", Role.ADMINISTRATOR)
    banned = office.customer("Spammer", Channel.EMAIL, ADDRESS)
    office.desk.run(cases.mark_spam, office.open_case(banned), boss)
    _link(office, maria, _ask(office, maria))
    from core.customers import actions as customers

    assert office.desk.look(customers.get, maria.id).banned


def test_codes_are_forgotten(office: Office, maria: ContactView) -> None:
    _ask(office, maria)
    assert office.desk.run(codes.forget_codes, office.clock()) == 0
    office.clock.advance(timedelta(days=1))
    assert office.desk.run(codes.forget_codes, office.clock()) == 1


def test_of_many_guesses_at_once_no_more_count_than_are_allowed(office: Office, maria: ContactView) -> None:
    from concurrent.futures import ThreadPoolExecutor

    code = _ask(office, maria)
    wrong = [f"{(int(code) + one) % 10**codes.DIGITS:08d}" for one in range(1, 13)]

    def guess(typed: str) -> str:
        try:
            return str(_link(office, maria, typed).linked)
        except DeskError as error:
            return error.key

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(guess, wrong))
    assert came.count("wrong") == codes.TRIES
    assert came.count("code.none") == len(wrong) - codes.TRIES


def test_the_letter_ends_with_the_code(office: Office, maria: ContactView) -> None:
    _ask(office, maria)
    row = next(row for row in office.owed(channel=Channel.EMAIL) if "code" in row.facts)

    def life(tx: Tx) -> timedelta:
        return tx.session.get_one(type(row), row.id).expires_at - tx.now

    assert office.desk.look(life) == codes.CODE_LIFE
