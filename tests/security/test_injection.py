"""Strangers' words stay words: in cards, notices and lists, in mail, in the names of files and in logs."""

from __future__ import annotations

import json
import logging
import ntpath
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import cast

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from telegram import Bot, Update

from bot.answering import _what
from bot.chat import Event, Pressed, Sender, understand
from bot.sandbox.entities import parse
from core import log
from core.cases import actions as cases
from core.cases import answering, conversations, incoming, telling
from core.cases.names import FILE_NAME_LENGTH, file_name
from core.cases.views import NewFile
from core.customers.model import Contact, ContactAddress
from core.desk import Tx
from core.outbox.model import Channel
from core.store.engine import Engines
from core.store.files import FileStore
from core.texts.lines import one_line
from core.texts.said import Notice, said
from core.texts.say import Reader, notice_html
from tests.bot.chatting import Chatting
from tests.conftest import plain_logs
from tests.core.clock import MONDAY_NOON
from tests.core.office import Office
from tests.mail_out.test_compose import LETTER
from tests.security.few import few
from workers.mail_out.compose import Outgoing, OutgoingFile, compose

#: Each would do something if it were taken for more than words.
PAYLOADS = (
    '<a href="tg://user?id=1">x</a>', "</blockquote><b>Resolved</b>", "&lt;b&gt; &amp;", "<script>alert(1)</script>",
    "*bold* _it_ [x](http://evil.example) `code` ||x||", "<tg-emoji emoji-id='1'>x</tg-emoji>", "{name} {0} %s %(x)s",
    "'; DROP TABLE work; --",
)  # fmt: skip

#: What a customer's words may be marked as; links, mentions and code are nobody's to make.
MARKS = {"bold", "italic", "blockquote", "expandable_blockquote"}

NAMES = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/shadow", "C:\\boot.ini", "a\0b.txt", "con", "NUL.txt",
    "com1.log", "LPT9", "aux .txt", ".bashrc", "...", "", " ", "x" * 5000 + ".pdf", "a\r\nBcc: eve@x.example",
    "report\u202efdp.exe", "я" * 300 + ".docx", "a/b\\c:d*e?.txt", "name. ", "=?utf-8?q?=0D=0ABcc:_eve?=",
    "ends.with." + "e" * 300,
)  # fmt: skip


@pytest.mark.parametrize("payload", few(PAYLOADS, 3))
def test_words_of_strangers_are_shown_as_they_are_and_mark_nothing(office: Office, payload: str) -> None:
    olena = office.join(payload[:60])
    who = office.customer(payload, locale="en")
    file = NewFile("document", payload.replace("/", "") + ".pdf", "application/pdf", 5, telegram_id="AAA")
    number = office.open_case(who, payload, files=(file,))
    office.desk.run(cases.accept, number, olena)
    office.desk.run(incoming.add_message, number, who, office.says(who, f"again {payload}", files=(file,)))
    office.desk.run(answering.note, number, payload, olena)
    chat = Chatting(office, olena)
    shown = [chat.card_text(number), chat.say(f"/case {number}").text, chat.say("/progress").text]
    shown += [chat.say(f"/history {number}").text, chat.say("/people").text, chat.say("/digest").text]
    shown += [
        notice_html(Notice.from_json(row.facts), _reader(office)) for row in office.owed() if row.kind == "notice"
    ]
    for text in shown:
        plain, entities = parse(text, "HTML")
        assert {one["type"] for one in entities} <= MARKS, text
        del plain
    assert payload in parse(chat.card_text(number), "HTML")[0]


def _reader(office: Office) -> Reader:
    return Reader("en", "Europe/Kyiv", office.clock())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_words_come_back_as_they_were(text: str) -> None:
    notice = Notice((said("notice.customer_wrote", number=1, name="Ivan"), telling.quote(text, 500)))
    plain, entities = parse(notice_html(notice, Reader("en", "Europe/Kyiv", MONDAY_NOON)), "HTML")
    assert {one["type"] for one in entities} <= MARKS
    assert telling.excerpt(text, 500) in plain


def test_a_name_cannot_begin_a_line_of_its_own(office: Office) -> None:
    olena = office.join("Olena")
    who = office.customer("Ivan\n✅ Resolved\u202e by\tOlena\u2028", locale="en")
    number = office.open_case(who)
    office.desk.run(cases.accept, number, olena)
    assert who.name == "Ivan ✅ Resolved by Olena"
    assert not [line for line in Chatting(office, olena).card_text(number).splitlines() if line.startswith("✅")]
    assert office.customer("\n\u202e", address="77").name == "77"


@pytest.mark.parametrize("name", few(NAMES, 5))
def test_a_file_is_saved_nowhere_but_by_its_content_and_sent_on_by_a_plain_name(
    office: Office, tmp_path: Path, name: str
) -> None:
    digest = FileStore(tmp_path / "files").keep(b"content")
    file = NewFile("document", name, "application/pdf", 7, digest=digest)
    number = office.open_case(text="See the file", files=(file,))
    kept = office.desk.look(conversations.conversation, number)[0].files[0].name
    assert _plain(kept)
    assert {one.name for one in tmp_path.rglob("*") if one.is_file()} == {digest}
    raw = compose(_with(OutgoingFile(name, "application/pdf", b"content")))
    (sent,) = message_from_bytes(raw, policy=policy.default).iter_attachments()
    assert sent.get_filename() == file_name(name.replace("=?", "=_"))
    assert b"Bcc" not in raw.split(b"\r\n\r\n")[0]


def _with(file: OutgoingFile) -> Outgoing:
    return replace(LETTER, files=(file,))


def _plain(name: str) -> bool:
    """Tell whether a name is one that any system saves where it was told to, and as what it looks like."""
    alone = posixpath.basename(name) == name == ntpath.basename(name)
    unreserved = ntpath.splitext(name)[0].strip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    seen = name == one_line(name) and not name.startswith(".") and name == name.strip(". ")
    return bool(name) and alone and unreserved and seen and len(name) <= FILE_NAME_LENGTH and len(name.encode()) <= 255


@given(st.text(max_size=400))
def test_whatever_a_file_is_called_its_name_is_plain(name: str) -> None:
    assert _plain(file_name(name).encode("utf-8", "replace").decode())
    assert file_name(file_name(name)) == file_name(name)


def test_the_ending_of_a_long_name_is_kept() -> None:
    assert file_name("x" * 500 + ".pdf").endswith("x.pdf")
    assert file_name("Рахунок №5 (копія).pdf") == "Рахунок №5 (копія).pdf"


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """The logs of the desk, as a process of it sets them up; as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield capsys
    root.handlers[:] = handlers
    root.setLevel(level)
    plain_logs()


FORGED = "x\n2026-11-24T00:00:00Z [error    ] forged"


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("words", [FORGED, FORGED.replace("\n", "\r"), "a\u2028b", "a\x85b", "\x1b[2Jx", "a\u202eb"])
def test_one_event_is_one_line_whoevers_words_it_holds(
    logs: pytest.CaptureFixture[str], as_json: bool, words: str
) -> None:
    log.set_up("DEBUG", as_json=as_json)
    structlog.get_logger("bot.inbox").warning("update_set_aside", reason=words)
    logging.getLogger("aiohttp").warning("odd: %s", words)
    written = logs.readouterr().err
    assert len(written.splitlines()) == 2
    assert not {"\r", "\x1b", "\x85", "\u2028", "\u202e"} & set(written)
    if as_json:
        assert json.loads(written.splitlines()[0])["event"] == "update_set_aside"


def test_of_an_error_only_its_first_line_begins_at_the_margin(logs: pytest.CaptureFixture[str]) -> None:
    log.set_up()
    try:
        int(FORGED)
    except ValueError:
        structlog.get_logger("bot.answering").exception("update_failed")
    first, *rest = logs.readouterr().err.splitlines()
    assert "update_failed" in first
    assert rest
    assert all(line.startswith("    ") for line in rest)


@pytest.mark.parametrize("as_json", [True, False])
def test_what_a_database_says_of_the_values_in_an_error_is_not_logged(
    logs: pytest.CaptureFixture[str], engines: Engines, as_json: bool
) -> None:
    log.set_up(as_json=as_json)
    office = Office(engines)
    office.customer("Ivan", Channel.EMAIL, "ivan@secret.example")

    def twice(tx: Tx) -> None:
        contact = tx.session.scalars(select(Contact.id)).one()
        tx.session.add(ContactAddress(contact_id=contact, channel=Channel.EMAIL, address="ivan@secret.example"))

    try:
        office.desk.run(twice)
    except IntegrityError:
        structlog.get_logger("bot.answering").exception("update_failed")
    written = logs.readouterr().err
    assert "IntegrityError" in written
    assert "contact_address" in written
    assert "secret.example" not in written


@pytest.mark.parametrize("text", ["/etc/shadow of my bank", "/my\x1bpassword", "/пароль-1234"])
def test_what_is_no_command_of_ours_is_not_named_in_the_log(text: str) -> None:
    assert _what(_heard(text)) == "command:unknown"
    assert _what(_heard("/start secret-token")) == "command:start"
    assert _what(Pressed(_SENDER, "1", 1, "made_up", ())) == "press:unknown"


_SENDER = Sender(7001, 7001, "Ivan", None, "en", private=True)


def _heard(text: str) -> Event:
    chat = {"id": 7001, "type": "private"}
    user = {"id": 7001, "is_bot": False, "first_name": "Ivan"}
    message = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": user, "text": text}
    event = understand(Update.de_json({"update_id": 1, "message": message}, cast("Bot", None)), "cherha_bot")
    assert event is not None
    return event
