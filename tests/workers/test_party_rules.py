"""Whatever letters come, with whatever marks and names in them, nobody takes part in a case but by the rules.

A book is kept of who may, by the words of the rules alone, and held against what stands in the database.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.cases import copying, parties
from core.errors import DeskError
from core.inbox.model import InboxState
from core.intake.tags import subject_tag, tagged_address
from core.people.rules import Role
from core.store.engine import Engines
from core.work import mailboxes, mailing
from core.work.queues import intake_queue
from core.work.rules import Copied
from tests.core.databases import empty
from tests.core.machines import play
from tests.core.office import Office
from tests.workers.letters import Post, letter

OURS, STAFF = "desk@localhost", "olena@desk.example"
PEOPLE = (
    "ivan@firm.example", "boss@firm.example", "zoe@firm.example", "eve@evil.example", "eve@gmail.com", "kim@gmail.com",
)  # fmt: skip
NOBODY = (OURS, "desk+x@localhost", STAFF, "no-reply@firm.example", "mailer-daemon@evil.example")
SENDERS = st.sampled_from(PEOPLE)
TO_AND_CC = st.lists(st.sampled_from((*PEOPLE, *NOBODY)), max_size=5)
CASES = st.integers(0, 6)
POLICIES = st.sampled_from([Copied.ALL, Copied.KNOWN, Copied.ALL, Copied.KNOWN, Copied.IGNORE])

#: How a letter names a case: not at all, by a mark of ours, by a letter of it, or by a mark that somebody made up.
WAYS = st.sampled_from(["", "subject", "address", "reference", "made up"])

#: What a letter is besides: in somebody else's name as our mail server says, from a list, or of a machine.
LIKES = st.sampled_from(["", "", "", "forged", "list", "machine"])
LETTERS = st.tuples(SENDERS | st.integers(0, 4), TO_AND_CC, WAYS, CASES, LIKES)
_HEADERS = {
    "forged": ("Authentication-Results: mx.desk.example; dmarc=fail",),
    "list": ("List-Id: <all.firm.example>",),
    "machine": ("Auto-Submitted: auto-generated",),
}


@dataclass
class Book:
    """What is known of a case by the rules: its customer, who takes part, and who was taken off."""

    customer: str
    inside: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    first_id: str = ""

    def has(self, address: str) -> bool:
        return address == self.customer or address in self.inside


class Letters(RuleBasedStateMachine):
    """People write to each other's cases, and to those whom they put in copy."""

    def __init__(self, engines: Engines) -> None:
        super().__init__()
        empty(engines)
        self.office = Office(engines)
        self.desk = self.office.desk
        self.desk.house = replace(self.desk.house, authserv_id="mx.desk.example", mail_per_hour=0)
        self.post = Post(self.office, Path(tempfile.gettempdir()) / "nothing-is-kept-here")
        self.books: dict[int, Book] = {}
        self.written: set[str] = set()
        self.policy = Copied.IGNORE

    @initialize(policy=POLICIES)
    def begin(self, policy: Copied) -> None:
        self.olena = self.office.join("Olena", Role.MANAGER)
        self.desk.run(mailboxes.set_mailbox, self.olena, STAFF)
        self.queue = self.desk.run(intake_queue)
        self.says(policy)

    @rule(policy=POLICIES)
    def says(self, policy: Copied) -> None:
        """Change what the queue says."""
        self.policy = policy
        self.desk.run(mailing.set_copied, self.queue, policy, self.olena)

    @rule(
        letters=st.lists(st.tuples(SENDERS | st.integers(0, 4), TO_AND_CC, WAYS, CASES, LIKES), min_size=2, max_size=8)
    )
    def write(self, letters: list[tuple[str | int, list[str], str, int, str]]) -> None:
        """Let letters come; one whose sender is a number is of somebody who is on the case that it names."""
        for sender, others, way, which, like in letters:
            named = list(self.books)[which % len(self.books)] if self.books and way else None
            book = self.books[named] if named is not None else Book(PEOPLE[0])
            may = [book.customer, *book.inside]
            self._writes(may[sender % len(may)] if isinstance(sender, int) else sender, others, way, named, like)

    def _writes(self, sender: str, others: list[str], way: str, named: int | None, like: str) -> None:
        """Let a letter come, and keep the book."""
        row = self.post.bring(self._raw(sender, others, way, named, like), self._to(way, named), mail_from=sender)
        named = None if way == "made up" else named
        inside = named is not None and self.books[named].has(sender)
        if row.state is InboxState.SET_ASIDE:
            assert like == "list"
            assert not inside
            return
        self.written.add(sender)
        number = row.work_id or 0
        assert (number == named) is inside, "a right mark alone let somebody in"
        if not inside:
            assert number not in self.books
            self.books[number] = Book(sender, first_id=f"first-{number}@example.com")
            self.books[number].first_id = row.message_id or ""
        if not like and (inside or named is None):
            self._bring(self.books[number], sender, others)

    def _raw(self, sender: str, others: list[str], way: str, named: int | None, like: str) -> bytes:
        headers = [f"Cc: {', '.join(others)}"] if others else []
        headers += _HEADERS.get(like, ())
        subject = "Printer"
        if named is not None and way == "subject":
            subject += f" {subject_tag(self.desk.house.secret, named)}"
        elif named is not None and way == "made up":
            subject += f" {subject_tag(b'another secret', named)}"
        elif named is not None and way == "reference":
            headers.append(f"In-Reply-To: <{self.books[named].first_id}>")
        return letter("Hello", sender=sender, subject=subject, headers=tuple(headers))

    def _to(self, way: str, named: int | None) -> str:
        by_address = named is not None and way == "address"
        return tagged_address(self.desk.house.secret, OURS, named or 0) if by_address else OURS

    def _bring(self, book: Book, sender: str, others: list[str]) -> None:
        for one in dict.fromkeys(others):
            machine = one.startswith(("no-reply@", "mailer-daemon@"))
            nobody = one in {OURS, "desk+x@localhost", STAFF} or machine or one in {sender, book.customer}
            if nobody or one in book.inside or one in book.outside or len(book.inside) >= parties.MOST:
                continue
            theirs, own = one.partition("@")[2], book.customer.partition("@")[2]
            known = one in self.written and theirs == own and own != "gmail.com"
            if self.policy is Copied.ALL or (self.policy is Copied.KNOWN and known):
                book.inside.append(one)

    @rule(which=CASES, address=SENDERS, off=st.booleans())
    def by_hand(self, which: int, address: str, *, off: bool) -> None:
        """Bring somebody in by hand, or take them off."""
        if self.books:
            number = list(self.books)[which % len(self.books)]
            (self._takes_off if off else self._copies)(number, address)

    def _copies(self, number: int, address: str) -> None:
        book, may = self.books[number], not self.books[number].has(address)
        with suppress(DeskError):
            self.desk.run(copying.copy, number, address, self.olena)
            assert may
            book.inside.append(address)
            book.outside.discard(address)
            may = False
        assert not may

    def _takes_off(self, number: int, address: str) -> None:
        with suppress(DeskError):
            self.desk.run(copying.uncopy, number, address, self.olena)
            self.books[number].inside.remove(address)
            self.books[number].outside.add(address)

    @invariant()
    def who_takes_part_is_who_may(self) -> None:
        for number, book in self.books.items():
            found = {one.address for one in self.desk.look(parties.parties_of, number)}
            assert found == set(book.inside), f"of №{number}"


def test_nobody_takes_part_but_by_the_rules(engines: Engines) -> None:
    play(lambda: Letters(engines), examples=8, steps=15)
