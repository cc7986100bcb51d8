"""Letters, chat messages and service activities: planned, written, logged, and what stands in their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import logwords
from bot.moments import happened
from core.activities import actions as activities
from core.activities.rules import Direction
from core.activities.views import Plan
from core.cases import conversations
from core.desk import Tx
from core.digests.numbers import numbers
from core.errors import Misused
from core.outbox.model import Channel
from core.people.absence import go_away
from core.people.rules import Role
from core.people.views import Representative
from core.work.editing import set_members
from core.work.rules import QueueKind, WorkKind
from tests.bot.chatting import Chatting
from tests.core.office import Office, fire_due

# The desk's clock stands at Monday, 2 March 2026, 12:00 in Kyiv.
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def taras(office: Office, case: int) -> Representative:
    return office.join("Taras")  # after the case was opened, or it could be his


def _fire(office: Office, at: datetime) -> None:
    office.clock.at = at
    fire_due(office.desk)


# --- what is to be written --------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "mark"), [("write", "✉️"), ("chat", "💬")])
def test_what_is_to_be_written_reminds_and_offers_the_answer_when_it_is_done(
    office: Office, olena: Representative, chat: Chatting, case: int, command: str, mark: str
) -> None:
    chat.say(f"/{command} {case} friday 10:00 the contract")
    planned = office.newest()
    assert f"{mark} <b>№{planned}</b> the contract" in chat.card_text(planned)
    assert "⏰ Due 6 Mar, 10:00" in chat.card_text(planned)
    assert office.place(planned) == (QueueKind.IN_PROGRESS, olena.id)
    _fire(office, datetime(2026, 3, 6, 8, 0, tzinfo=UTC))
    assert office.told(olena)[-1] in {"card.why.letter_due", "card.why.chat_due"}
    assert "What came of" in chat.press("done", planned).text
    told = chat.press("finish", planned)
    assert told.args("answer") == (case,)
    assert f"answer in case №{case}" in told.text
    assert f"№{planned}" not in chat.say("/progress").text, "what is done stands in no list"
    assert chat.press("answer", case).error == ""


def test_what_is_to_be_written_for_a_closed_case_offers_no_answer(office: Office, chat: Chatting, case: int) -> None:
    chat.say(f"/write {case} friday 10:00 the contract")
    planned = office.newest()
    chat.say(f"/resolve {case} Repaired")
    assert "answer" not in chat.say(f"/done {planned} sent").verbs


def test_a_letter_for_a_customer_without_a_case_offers_no_answer(office: Office, chat: Chatting, case: int) -> None:
    chat.say('/write "maria" friday 10:00 greetings')
    planned = office.newest()
    assert "👤 Maria Lopez" in chat.card_text(planned)
    assert "answer" not in chat.say(f"/done {planned} sent 10m").verbs
    assert "Besides their cases:" in chat.press("tab", case, "customer").text


# --- what happened outside the desk -----------------------------------------------------------------------


def test_a_letter_got_elsewhere_stands_in_the_conversation_with_time_way_outcome_and_length(
    office: Office, chat: Chatting, case: int
) -> None:
    chat.say(f"/log {case} letter in yesterday 15:00 the signed contract 10m\nThey pay on Friday")
    logged = office.newest()
    text = chat.card_text(logged)
    for line in ("✉️", "📥 Received yesterday 15:00", "Outcome: They pay on Friday", "⏱ 10 min", f"№{case}"):
        assert line in text
    talk = chat.say(f"/case {case}").text
    assert "the signed contract" in talk
    assert "✉️ A letter received outside the desk" in talk
    assert "yesterday 15:00" in talk
    assert office.item(logged).closed_at is not None
    assert "reopen" not in chat.press("card", logged).verbs, "what has happened is not to be done again"
    assert "the signed contract" in chat.press("tab", case, "work").text
    assert f"letter №{logged} logged, of yesterday 15:00" in chat.say(f"/history {case}").text
    assert f"№{case}" in chat.say("/find contract").text, "it can be found"
    assert not office.item(case).answered, "it answers nobody"


def test_what_is_logged_of_a_case_that_was_merged_stands_where_it_goes_on(
    office: Office, chat: Chatting, case: int
) -> None:
    same = office.open_case(office.customer("Maria Lopez", Channel.EMAIL, "maria@home.ua"), "Still silent")
    chat.say(f"/merge {same} INTO {case}")
    assert f"№{case}" in chat.say(f"/log {same} call in about the invoice").text
    assert "about the invoice" in chat.say(f"/case {case}").text


def test_what_is_logged_of_a_case_is_as_private_as_that(
    office: Office, taras: Representative, chat: Chatting, case: int
) -> None:
    chat.say(f"/log {case} letter in the contract\nSECRET")
    logged, theirs = office.newest(), Chatting(office, taras)
    assert "SECRET" in theirs.say(f"/case {logged}").text
    boss = office.join("Boss", Role.MANAGER)
    queue = office.queue("Secret")
    office.desk.run(set_members, queue.id, [boss.id], boss)
    office.desk.run(activities.forward, case, queue.id, boss)
    assert theirs.say(f"/case {logged}").error == "item.unknown"
    assert "SECRET" in Chatting(office, boss).say(f"/case {logged}").text


def test_what_is_logged_counts_in_the_numbers_of_the_desk(office: Office, chat: Chatting, case: int) -> None:
    chat.say(f"/log {case} call out 25m about the invoice")
    chat.say(f"/log {case} чат отримано вчора о 15 просить знижку 5 хв")
    found = office.desk.look(numbers).activities
    assert found["call_done"] == 1
    assert found["call_minutes"] == 25
    assert found["chat_minutes"] == 5


def test_what_happened_with_a_customer_stands_with_them(office: Office, chat: Chatting, case: int) -> None:
    chat.say('/log "maria l" call in 2h ago asked for the price 5m')
    assert "📥 They called today 10:00" in chat.card_text(office.newest())
    shown = chat.press("tab", case, "customer").text
    assert "Besides their cases:" in shown
    assert "asked for the price" in shown


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("", "usage.log"),
        ("{}", "usage.log"),
        ("{} the contract", "log.kind"),
        ("{} task in the contract", "log.kind"),
        ("{} letter the contract", "log.direction"),
        ("{} letter in", "log.empty"),
        ("{} letter in tomorrow the contract", "when.future"),
        ("letter in the contract", "log.for_nobody"),
        ("{} call out 900h about it", "activity.too_long"),
        ("99 call out about it", "item.unknown"),
    ],
)
def test_what_cannot_be_logged_is_told(office: Office, chat: Chatting, case: int, words: str, error: str) -> None:
    assert chat.say(f"/log {words.format(case)}".strip()).error == error


def test_what_is_said_of_a_case_that_is_not_seen_is_not_logged(office: Office, chat: Chatting) -> None:
    boss = office.join("Boss", Role.MANAGER)
    queue = office.queue("Secret")
    office.desk.run(set_members, queue.id, [boss.id], boss)
    hidden = office.open_case(office.customer("Zoe", Channel.EMAIL, "z@home.ua"), "Quiet", queue=queue.id)
    assert chat.say(f"/log {hidden} call in about it").error == "item.unknown"


@pytest.mark.parametrize(
    ("words", "ago"),
    [
        ("yesterday 12:00 x", timedelta(days=1)),
        ("вчора о 12 x", timedelta(days=1)),
        ("2h ago x", timedelta(hours=2)),
        ("2 години тому x", timedelta(hours=2)),
        ("sun 12:00 x", timedelta(days=1)),
        ("mon 12:00 x", timedelta(0)),
        ("12:30 x", timedelta(hours=23, minutes=30)),
        ("28.02 12:00 x", timedelta(days=2)),
        ("today x", timedelta(0)),
        ("an hour ago x", timedelta(hours=1)),
        ("годину тому x", timedelta(hours=1)),
        ("пів години тому x", timedelta(minutes=30)),
        ("тиждень тому x", timedelta(days=7)),
        ("a month ago x", timedelta(days=28)),
        ("last sunday x", timedelta(days=1)),
        ("минулої неділі о 12:00 x", timedelta(days=1)),
        ("минулого понеділка 12:00 x", timedelta(days=7)),
        ("минулого четверга x", timedelta(days=4)),
    ],
)
def test_a_time_that_is_over_is_read(words: str, ago: timedelta) -> None:
    read = happened(words, "Europe/Kyiv", NOW)
    assert read is not None
    assert (read.at, read.rest) == (NOW - ago, "x")


@pytest.mark.parametrize(
    "words", ["30m about it", "the contract", "", "an hour about it", "last words", "година розмови"]
)
def test_where_there_is_no_time_that_is_over_there_is_none(words: str) -> None:
    assert happened(words, "Europe/Kyiv", NOW) is None


@pytest.mark.parametrize("words", ["tomorrow 9:00 x", "next fri x", "31.12.2026 x", "02.03 18:00 x"])
def test_what_is_still_to_come_did_not_happen(words: str) -> None:
    with pytest.raises(Misused, match=r"when\.future"):
        happened(words, "Europe/Kyiv", NOW)


@pytest.mark.parametrize(
    ("words", "kind", "way"),
    [
        ("7 letter in x", WorkKind.LETTER, Direction.IN),
        ("7 incoming call x", WorkKind.CALL, Direction.IN),
        ("7 лист надіслано x", WorkKind.LETTER, Direction.OUT),
        ("7 вхідний дзвінок: x", WorkKind.CALL, Direction.IN),
        ("7 Chat, out: x", WorkKind.CHAT, Direction.OUT),
    ],
)
def test_kind_and_way_are_read_in_either_order(words: str, kind: WorkKind, way: Direction) -> None:
    read = logwords.read(words, None, "Europe/Kyiv", NOW)
    assert (read.kind, read.direction, read.title.strip(": "), read.about) == (kind, way, "x", 7)


# --- service activities -----------------------------------------------------------------------------------


def test_a_service_activity_invites_the_customer_and_tells_those_who_are_needed(
    office: Office, taras: Representative, chat: Chatting, case: int
) -> None:
    told = chat.say(f"/serve {case} tomorrow 10:00-12:00 replace the drum @ Office 3 with taras")
    number = case + 1
    assert office.item(number).kind is WorkKind.SERVICE
    assert "an invitation with these words goes to Maria Lopez (mail)" in told.text
    text = chat.card_text(number)
    for line in ("🛠", "⏰ tomorrow 10:00–12:00", "📍 Office 3", "👥 With Taras"):
        assert line in text
    assert office.told(taras) == ["card.why.required"]
    theirs = Chatting(office, taras)
    assert "replace the drum" in theirs.say("/week").text
    chat.say(f"/move {number} tomorrow 14:00")
    _fire(office, datetime(2026, 3, 3, 11, 45, tzinfo=UTC))
    chat.say(f"/calloff {number} they are ill")
    assert office.told(taras)[1:] == ["card.why.required_moved", "card.why.comes", "card.why.required_off"]
    assert "replace the drum" not in theirs.say("/week").text


def test_what_those_who_are_needed_have_at_the_same_time_is_told(
    office: Office, olena: Representative, taras: Representative, chat: Chatting, case: int
) -> None:
    office.desk.run(
        activities.plan, Plan(WorkKind.APPOINTMENT, "Dentist", NOW + timedelta(hours=22, minutes=30)), taras
    )
    told = chat.say(f"/serve {case} tomorrow 10:00-12:00 replace the drum with taras")
    assert "At the same time:" in told.text
    assert "Taras: tomorrow 10:30–11:30 📅" in told.text
    assert "At the same time" not in chat.say(f"/serve {case} tomorrow 12:00-13:00 look again with taras").text
    again = chat.say(f"/serve {case} tomorrow 11:45-12:15 and again")
    assert again.text.count("Olena: tomorrow") == 2, "what somebody has themselves stands in the way, too"
    office.desk.run(go_away, taras, NOW + timedelta(days=3), None)
    assert "Taras: is away until" in chat.say(f"/serve {case} tomorrow 17:00-18:00 late with taras").text


def test_a_clash_that_may_not_be_seen_is_told_without_a_name(
    office: Office, taras: Representative, chat: Chatting, case: int
) -> None:
    boss = office.join("Boss", Role.MANAGER)
    queue = office.queue("Secret")
    office.desk.run(set_members, queue.id, [taras.id], boss)
    hidden = office.open_case(office.customer("Zoe", Channel.EMAIL, "z@home.ua"), "Quiet", queue=queue.id)
    plan = Plan(WorkKind.APPOINTMENT, "HIDDEN", NOW + timedelta(hours=23), regarding=hidden)
    office.desk.run(activities.plan, plan, taras)
    told = chat.say(f"/serve {case} tomorrow 10:00-12:00 replace the drum with taras")
    assert "Taras: is busy from tomorrow 11:00" in told.text
    assert "HIDDEN" not in told.text
    unseen = Plan(WorkKind.SERVICE, "Look", NOW + timedelta(days=2), regarding=hidden)
    office.desk.run(activities.plan, unseen, taras)
    theirs = Chatting(office, taras)
    assert theirs.say(f"/serve {hidden} friday 10:00 look with olena").error == "service.unseen"


def test_who_is_needed_at_what_has_become_private_hears_no_more_of_it(
    office: Office, taras: Representative, chat: Chatting, case: int
) -> None:
    boss = office.join("Boss", Role.MANAGER)
    chat.say(f"/serve {case} tomorrow 10:00-12:00 SECRET with taras")
    queue = office.queue("Secret")
    office.desk.run(set_members, queue.id, [boss.id], boss)
    office.desk.run(activities.forward, case + 1, queue.id, boss)
    _fire(office, datetime(2026, 3, 3, 7, 45, tzinfo=UTC))
    assert office.told(taras) == ["card.why.required"]
    assert "SECRET" not in Chatting(office, taras).say("/week").text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("", "usage.serve"),
        ("tomorrow 10:00 replace the drum", "service.for_nobody"),
        ("{} replace the drum", "service.no_time"),
        ("{} tomorrow 10:00 replace the drum with nobody", "person.unknown"),
        ("{} tomorrow 10:00", "usage.serve"),
    ],
)
def test_what_is_no_service_activity_is_told(office: Office, chat: Chatting, case: int, words: str, error: str) -> None:
    assert chat.say(f"/serve {words.format(case)}".strip()).error == error


# --- lists ------------------------------------------------------------------------------------------------


def test_lists_show_one_kind_where_it_is_named(office: Office, chat: Chatting, case: int) -> None:
    for word in ("write", "chat", "task", "call"):
        chat.say(f"/{word} {case} friday 10:00 about {word}")
    for words, shown in (("letters", "write"), ("is:chat", "chat"), ("дзвінки", "call"), ("стан:завдання", "task")):
        text = chat.say(f"/progress {words}").text
        assert f"about {shown}" in text
        assert text.count("about ") == 1
    assert chat.say("/progress nonsense").error == "list.which_kind"


def test_a_list_of_one_kind_pages(office: Office, chat: Chatting) -> None:
    for place in range(10):
        chat.say(f"/write friday 10:00 letter{place}")
    told = chat.say("/progress letters")
    assert told.args("progress") == ("letter", 8)
    page = chat.press("progress", "letter", 8)
    assert page.text.count("letter") == 2


def test_what_is_logged_is_a_note_of_the_case_and_no_answer(
    office: Office, olena: Representative, chat: Chatting, case: int
) -> None:
    chat.say(f"/log {case} chat out yesterday 15:00 we look into it")

    def answered(tx: Tx) -> bool:
        return conversations.is_answered(tx, case)

    assert not office.desk.look(answered)


def test_what_happened_earlier_stands_earlier_and_hides_no_message_that_waits(
    office: Office, chat: Chatting, case: int
) -> None:
    chat.say(f"/log {case} call out yesterday 15:00 nobody was there")
    talk = chat.press("tab", case, "talk", 0).text
    assert talk.index("nobody was there") < talk.rindex("The printer is silent")
    card = chat.card_text(case)
    assert "nobody was there" not in card
    assert "The printer is silent" in card


def test_a_call_that_is_logged_from_to_took_as_long(office: Office, chat: Chatting, case: int) -> None:
    assert "⏱ 20 min" in chat.say(f"/log {case} call out yesterday 16:00-16:20 about the invoice").text
