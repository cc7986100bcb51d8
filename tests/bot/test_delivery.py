"""What has become of an answer by mail, on the card and in `/case`; and the task where it did not arrive."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.render.delivery import delivery_line
from core.cases import actions as cases
from core.cases import answering, queries
from core.customers.model import ContactAddress
from core.intake.tags import make_message_id
from core.outbox.model import Channel
from core.outbox.pauses import Fault
from core.outbox.views import Parcel
from core.settings import House
from core.texts.say import LANGUAGES, Reader, say_plain
from core.work import cards
from core.work.model import Card
from core.work.rules import QueueKind, WorkKind
from tests.bot.talk import Talk
from tests.core.office import Office
from tests.workers.letters import Post, letter
from workers.actors.sending import Fate, Result, sender
from workers.scheduler import ClockConfig, Scheduler


class Answer:
    """An answer by mail on its way, in a case that Olena has."""

    def __init__(self, office: Office) -> None:
        self.office, self.olena = office, office.join("Olena")
        self.maria = office.customer("Maria", channel=Channel.EMAIL)
        self.number = office.open_case(self.maria)
        office.desk.run(cases.accept, self.number, self.olena)
        office.desk.run(answering.answer, self.number, "Here it is", self.olena)
        office.clock.advance(House().undo)
        self.try_all(Result(Fate.SENT))  # the receipt

    def try_all(self, *results: Result) -> None:
        """Send what is due with the first of these ends, then what is next."""
        left = list(results)

        def post(_parcel: Parcel) -> Result:
            return left.pop(0)

        rows = [row for row in self.office.owed(channel=Channel.EMAIL) if row.due_at <= self.office.clock()]
        for row in rows:
            if left:
                sender(self.office.desk, post, go_on_s=0.0)(row.id)

    def line(self, language: str = "en") -> str:
        """Read what is said of the answer."""
        last = self.office.desk.look(queries.case, self.number).last
        assert last is not None
        assert last.delivery is not None
        return say_plain(delivery_line(last.delivery), Reader(language, "UTC", self.office.clock()))

    def tick(self) -> None:
        Scheduler(self.office.desk, ClockConfig("one")).tick()

    def tasks(self) -> list[str]:
        """List what was planned for the case, by title."""
        planned = self.office.desk.look(queries.case, self.number).planned
        return [one.title for one in planned if one.kind is WorkKind.TASK]


@pytest.fixture
def answer(office: Office) -> Answer:
    return Answer(office)


async def test_an_answer_is_on_its_way_then_handed_over_and_the_card_says_so(answer: Answer, talk: Talk) -> None:
    assert answer.line() == "⏳ on its way"
    wanted = answer.office.desk.look(lambda tx: tx.now)
    answer.try_all(Result(Fate.SENT, answer="250 2.0.0 Ok: queued as <17>"))
    assert answer.line().startswith("✓ handed over")
    assert answer.line().endswith("250 2.0.0 Ok: queued as <17>")
    assert "queued as &lt;17&gt;" in (await talk.say(answer.olena, f"/case {answer.number}")).text
    assert wanted == answer.office.clock()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_is_tried_again_says_since_when_and_why(answer: Answer, language: str) -> None:
    answer.try_all(Result(Fate.NOT_SENT, "450 4.2.2 mailbox full", fault=Fault.MAILBOX))
    answer.office.clock.advance(timedelta(seconds=10))
    answer.try_all(Result(Fate.NOT_SENT, "450 4.2.2 mailbox full", fault=Fault.MAILBOX))
    assert "2 " in answer.line(language)
    assert "mailbox full" in answer.line(language)


def test_an_answer_that_waits_for_its_domain_says_so(answer: Answer) -> None:
    petro = answer.office.customer("Petro", channel=Channel.EMAIL, address="petro@example.com")
    answer.office.open_case(petro)
    answer.office.desk.run(answering.answer, answer.number, "One more", answer.olena)
    answer.try_all(Result(Fate.SENT), Result(Fate.NOT_SENT, "450 4.4.1 away", fault=Fault.DOMAIN))
    assert "4.4.1 away" in answer.line()
    assert "waits" in answer.line()


def test_an_answer_that_never_arrived_is_a_task_of_who_has_the_case_once(answer: Answer) -> None:
    answer.try_all(Result(Fate.REFUSED, "550 5.1.1 no such user"))
    assert answer.line() == "⚠️ not delivered: 550 5.1.1 no such user"
    for _ in range(2):
        answer.tick()
    assert len(answer.tasks()) == 1
    assert "not delivered to maria@example.com" in answer.tasks()[0]
    task = next(one for one in answer.office.desk.look(queries.case, answer.number).planned)
    assert task.place is not None
    assert (task.place.kind, task.place.owner) == (QueueKind.ASSIGNED, answer.olena.id)


@pytest.mark.long
def test_an_answer_that_took_two_days_in_vain_is_a_task_too(answer: Answer) -> None:
    for _ in range(100):
        answer.try_all(Result(Fate.NOT_SENT, "450 4.4.1 away", fault=Fault.DOMAIN))
        answer.office.clock.advance(timedelta(minutes=45))
    answer.tick()  # its time is up, which the clock finds out
    answer.tick()
    assert "away" in answer.line()
    assert len(answer.tasks()) == 1


def test_an_answer_that_went_another_way_is_no_task(office: Office) -> None:
    answer = Answer(office)

    chat = {"contact_id": answer.maria.id, "channel": Channel.TELEGRAM, "address": "77"}
    office.desk.run(lambda tx: tx.session.add(ContactAddress(**chat)))
    answer.try_all(Result(Fate.REFUSED, "550 5.1.1 no such user"))
    answer.tick()
    assert answer.tasks() == []
    assert [row.kind for row in office.owed(address="77")] == ["answer"]


def test_the_task_for_a_closed_case_is_of_who_had_it(answer: Answer) -> None:
    answer.office.close(answer.number, answer.olena)
    answer.try_all(Result(Fate.REFUSED, "550 5.1.1 no such user"))
    answer.tick()
    told = [key for key in answer.office.told(answer.olena) if key == "card.why.not_delivered"]
    assert len(told) == 1


def test_a_bounce_is_told_on_the_card_and_is_a_task_too(answer: Answer, tmp_path: Path) -> None:
    desk = answer.office.desk
    (row,) = answer.office.owed(channel=Channel.EMAIL, kind="answer")
    message_id = make_message_id(desk.house.secret, answer.number, row.id, desk.house.domain)
    answer.try_all(Result(Fate.SENT, message_id=message_id, answer="250 fine"))
    answer.office.clock.advance(timedelta(hours=1))
    desk.run(cards.posted, answer.number, answer.olena.chat_id or 0, 77, answer.olena.id, None)
    desk.run(lambda tx: tx.session.execute(update(Card).values(shown=Card.wanted)))
    body = f"Your message to <maria@example.com> could not be delivered: user unknown.\n\nMessage-ID: <{message_id}>"
    sender = "Mail Delivery <mailer-daemon@mx.example>"
    Post(answer.office, tmp_path).bring(letter(body, sender=sender, subject="Undelivered Mail"), mail_from="")
    assert answer.line().startswith("⚠️ not delivered")
    assert desk.look(lambda tx: tx.session.scalar(select(Card.id).where(Card.wanted > Card.shown).limit(1)))
    answer.tick()
    assert len(answer.tasks()) == 1
