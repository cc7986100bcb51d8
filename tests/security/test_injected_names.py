"""Names stay names, whoever chose them: of queues, accounts, templates and files, in headers and in calendars."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from bot.drawing import draw_for_group
from bot.render.groups import bound, shown_here
from bot.sandbox.entities import parse
from core.accounts import actions as accounts
from core.accounts import members
from core.calendars.invitation import Invitation, Party, ics
from core.cases import actions as cases
from core.cases import templates
from core.cases.names import file_name
from core.people.rules import Role
from core.texts.say import Reader, notice_html
from core.work import binding
from core.work.groups import Place, shown_in
from tests.bot.chatting import Chatting
from tests.core.office import Office
from tests.mail_out.test_compose import LETTER
from tests.security.few import few
from tests.security.test_injection import MARKS, PAYLOADS, _plain
from workers.mail_out.compose import OutgoingFile, compose

#: Each would be a header, a line of a calendar, or the end of one.
BROKEN = (
    "a\r\nBcc: eve@x.example", "a\nBcc: eve@x.example", "a\rBcc: eve@x.example",
    "a\0\x0b\x0c\x85\u2028Bcc: eve@x.example",
    '"a" <eve@x.example>, b', "=?utf-8?q?a=0D=0ABcc:_eve@x.example?=", "a\r\n\r\n<script>", 'x";CN="y:z;ATTENDEE=1,\\n',
    "x" * 3000, "я" * 1500,
)  # fmt: skip

GROUP = -700


@pytest.mark.parametrize("payload", few(PAYLOADS, 2))
def test_names_that_the_staff_choose_mark_nothing(office: Office, payload: str) -> None:
    name = payload.replace("/", "").replace(",", "")[:32].strip()
    words = payload.replace("{", "").replace(
        "}", ""
    )  # what stands in braces is a field, and refused where there is none
    mila = office.join("Mila", Role.MANAGER)
    queue = office.queue(name).id
    who = office.customer("Ivan", locale="en")
    account = office.desk.run(accounts.new_account, name, mila)
    office.desk.run(members.join, account, [who.id], mila)
    office.desk.run(templates.add, templates.NewTemplate("refund", f"{words} {{name}}"), mila)
    number = office.open_case(who, payload, queue=queue)
    told = office.desk.run(binding.bind, queue, Place(GROUP), mila)
    reader = Reader("en", "Europe/Kyiv", office.clock())
    shown = [office.desk.look(lambda tx: draw_for_group(tx, number, GROUP))[0], notice_html(bound(told), reader)]
    shown.append(notice_html(shown_here(office.desk.look(shown_in, GROUP)), reader))
    office.desk.run(cases.accept, number, mila)
    shown.append(office.desk.look(lambda tx: draw_for_group(tx, number, GROUP))[0])
    chat = Chatting(office, mila)
    shown.append(chat.card_text(number))
    shown += [chat.say(one).text for one in ("/queues", "/accounts", "/templates", "/digest", "/progress")]
    for text in shown:
        plain, entities = parse(text, "HTML")
        assert {one["type"] for one in entities} <= MARKS | {"bot_command"}, text
        del plain


@pytest.mark.parametrize("name", BROKEN)
def test_no_name_becomes_a_header(name: str) -> None:
    raw = compose(
        replace(
            LETTER,
            from_name=name,
            subject=name,
            references=(name, "a@b", name),
            message_id=f"{name}@x",
            domain=name[:40],
        )
    )
    read = message_from_bytes(raw, policy=policy.default)
    plain = message_from_bytes(compose(LETTER), policy=policy.default)
    assert set(read.keys()) <= set(plain.keys()) | {"In-Reply-To", "References"}
    assert len(read.keys()) == len(set(read.keys()))
    assert "eve@x.example" not in {one.addr_spec for one in read["From"].addresses}
    head = raw.split(b"\r\n\r\n")[0]
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert max(map(len, head.split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: eve@x", "a@b.example, eve@x", "a@b.example>", "a@b\0", "a@b\u2028c"]
)
@pytest.mark.parametrize("where", ["to", "cc", "from_address", "reply_to"])
def test_what_is_no_address_is_written_into_no_header(where: str, address: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        compose(replace(LETTER, **{where: (address,) if where == "cc" else address}))


@pytest.mark.parametrize("name", BROKEN)
def test_no_name_becomes_a_line_of_a_calendar(office: Office, name: str) -> None:
    now = office.clock()
    what = Invitation("REQUEST", "1@x", 0, name, now, now, name)
    kept = ics(what, Party(name, "desk@x.example"), Party(name, "ivan@x.example"), now)
    plain = ics(replace(what, title="x", place="x"), Party("x", "desk@x.example"), Party("x", "ivan@x.example"), now)
    assert [_named(one) for one in _unfolded(kept)] == [_named(one) for one in _unfolded(plain)]
    assert b"\r" not in kept.replace(b"\r\n", b"")
    assert b"\n" not in kept.replace(b"\r\n", b"")


def _unfolded(calendar: bytes) -> list[str]:
    return calendar.decode().replace("\r\n ", "").splitlines()


def _named(line: str) -> str:
    return line.replace(";", ":").split(":")[0]


@pytest.mark.parametrize(
    "name",
    [
        "😀" * 200 + ".pdf",
        "😀" * 200,
        "я" * 300 + ".pdf",
        "CONIN$",
        "conout$.txt",
        "x." + "😀" * 12,
        "\u202e\0..",
        "~$a\u200f.doc",
    ],
)
def test_a_name_of_many_bytes_or_of_a_device_is_one_that_can_be_saved(name: str) -> None:
    made = file_name(name)
    assert _plain(made)
    assert made.partition(".")[0].lower() not in {"conin$", "conout$"}
    assert file_name(made) == made
    raw = compose(replace(LETTER, files=(OutgoingFile(name, "application/pdf", b"x"),)))
    (sent,) = message_from_bytes(raw, policy=policy.default).iter_attachments()
    assert sent.get_filename() == made
