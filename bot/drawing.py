"""What is owed to a chat, looked up and put into words at the last moment: rows → what the Bot API is to be given."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.exc import NoResultFound

from bot import callback
from bot.render.cards import card
from bot.render.groups import group_card
from core.calendars.invitation import CONTENT_TYPE, FILE_NAME, Invitation, Party, ics
from core.cases import conversations, files, queries, seeing
from core.cases.export import make_export
from core.cases.rules import FileState
from core.cases.views import FileView
from core.customers import actions as customers
from core.desk import STATEMENT_FAILED, Tx
from core.errors import NotFound
from core.intake.tags import tagged_address
from core.outbox.model import OwedKind
from core.outbox.queries import remote_id_of
from core.outbox.views import Parcel
from core.people import queries as people
from core.people.views import Representative
from core.texts.said import Notice, Rows, said
from core.texts.say import Reader, notice_html, say_html, say_plain
from core.work import groups
from core.work import queries as work
from core.work.cards import DueCard, card_message, looks, why_still

#: Characters of one message and of a caption, after entities are taken out (core.telegram.org/bots/api#sendmessage).
TEXT_LENGTH, CAPTION_LENGTH = 4096, 1024

#: Characters of the name of a topic (core.telegram.org/bots/api#createforumtopic).
TOPIC_LENGTH = 128

#: A tag, an entity, or a character of HTML.
_TOKEN = re.compile(r"<[^>]*>|&#?\w{1,10};|.", re.DOTALL)

log = structlog.get_logger(__name__)

Keyboard = tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One call of the Bot API, in our own values.

    Attributes:
        text: HTML; the caption where there is a file.
        keyboard: rows of (label, button data).
        reply_to: the message it answers, if that still exists.
        edit: the message it takes the place of; None to send a new one.
        is_card: it becomes the card of its item in this chat.
        looks: how the item of a card looked when it was drawn.
        topic: the topic of a group that it goes to, if that still exists; one that does not is made anew under the name
            `topic_name`, where it has one.
        unmarked: it is a repeat that had no room to say so; a line that follows says it.
        content: of a file that is made for this message and kept nowhere.
    """

    chat_id: int
    text: str
    keyboard: Keyboard = ()
    reply_to: int | None = None
    edit: int | None = None
    file: FileView | None = None
    caption: bool = False
    is_card: bool = False
    looks: str | None = None
    topic: int | None = None
    topic_name: str = ""
    unmarked: bool = False
    content: bytes | None = None


def keyboard(rows: Rows, reader: Reader) -> Keyboard:
    """Put buttons into words and packed data."""
    return tuple(
        tuple((say_plain(one.label, reader), callback.pack(one.verb, one.args)) for one in row) for row in rows
    )


def fitting(text: str, limit: int = TEXT_LENGTH) -> str:
    """Shorten HTML of ours to what one message holds, counted as Telegram does: without tags, in UTF-16 code units."""
    # Tags and entities only make it shorter: what is short enough with them need not be counted.
    if len(text.encode("utf-16-le")) // 2 <= limit or length(text) <= limit:
        return text
    tokens = [(token, _units(token)) for token in _TOKEN.findall(text)]
    kept: list[str] = []
    open_tags: list[str] = []
    room = limit - 1  # one is for the mark that there is more
    for token, units in tokens:
        if units > room:
            break
        kept.append(token)
        room -= units
        if token.startswith("</"):
            open_tags.pop()
        elif units == 0:
            open_tags.append(re.split(r"[\s>]", token[1:])[0])
    return "".join(kept) + "…" + "".join(f"</{tag}>" for tag in reversed(open_tags))


def length(text: str) -> int:
    """Count HTML of ours as Telegram does."""
    return sum(_units(token) for token in _TOKEN.findall(text))


def _units(token: str) -> int:
    """Count what a tag, an entity or a character adds to the length of a message."""
    return 0 if token.startswith("<") else len(html.unescape(token).encode("utf-16-le")) // 2


def draw(tx: Tx, parcel: Parcel) -> Drawn | None:
    """Draw what a row of the outbox owes; None when there is nothing left to send, or its reader has left."""
    if parcel.person_id is not None and not people.works_here(tx, parcel.person_id):
        return None
    reader = _reader(tx, parcel)
    match parcel.kind:
        case OwedKind.NOTICE:
            return _notice(tx, parcel, reader)
        case OwedKind.CARD:
            return _card(tx, parcel, reader)
        case OwedKind.FILE:
            return _marked_whole(Drawn(int(parcel.address), "", file=_file(tx, parcel)), parcel, reader)
        case OwedKind.ANSWER:
            return _answer(tx, parcel, reader)
        case OwedKind.EDIT:
            return _edit(tx, parcel, reader)
        case OwedKind.COPY:
            return None  # goes by mail, as a part of an answer


def draw_if_possible(tx: Tx, parcel: Parcel) -> Drawn | None:
    """Draw in the transaction that owes it; None where that fails, for it must not fail because of its words."""
    try:
        return draw(tx, parcel)
    except STATEMENT_FAILED:
        raise  # the whole transaction has failed: PostgreSQL would take its commit for a rollback, without a word
    except Exception as error:  # noqa: BLE001 - it is drawn again when it is sent, and what is wrong is told then
        log.warning("not_drawn", row=parcel.id, error=type(error).__name__)
        return None


def _reader(tx: Tx, parcel: Parcel) -> Reader:
    if parcel.person_id is not None:
        person = people.get(tx, parcel.person_id)
        return Reader(person.locale, person.zone, tx.now)
    if parcel.contact_id is not None:
        contact = customers.get(tx, parcel.contact_id)
        return Reader(contact.locale, contact.zone or tx.house.zone, tx.now)
    return Reader(tx.house.locale, tx.house.zone, tx.now)


def _marked(text: str, parcel: Parcel, reader: Reader) -> str:
    """Fit words into one message, and mark what goes out although an earlier try may have arrived."""
    if not parcel.repeat:
        return fitting(text)
    mark = f"\n{say_html(said('text.repeat'), reader)}"
    return fitting(text, TEXT_LENGTH - length(mark)) + mark


def _marked_whole(drawn: Drawn, parcel: Parcel, reader: Reader) -> Drawn:
    """Mark a repeat of which not a word may be cut off for the mark: where there is no room, a line follows it."""
    if not parcel.repeat:
        return drawn
    mark = say_html(said("text.repeat"), reader)
    text = f"{drawn.text}\n{mark}" if drawn.text else mark
    limit = TEXT_LENGTH if drawn.file is None else CAPTION_LENGTH
    if length(text) > limit or (drawn.file is not None and drawn.file.kind == "video_note"):  # which has no caption
        return replace(drawn, unmarked=True)
    return replace(drawn, text=text)


def _notice(tx: Tx, parcel: Parcel, reader: Reader) -> Drawn | None:
    notice = Notice.from_json(parcel.facts)
    chat_id = int(parcel.address)
    if "calendar" in parcel.facts:
        return _appointment(tx, parcel, notice, reader)
    if "export" in parcel.facts:
        return _exported(tx, parcel, notice, reader)
    replaced = parcel.facts.get("replace")
    reply_to = None
    if parcel.work_id is not None and parcel.person_id is not None and not replaced:
        reply_to = card_message(tx, parcel.work_id, chat_id)
    text = _marked(notice_html(notice, reader), parcel, reader)
    reply_to = parcel.facts.get("reply_to") or reply_to
    return Drawn(chat_id, text, keyboard(notice.buttons, reader), reply_to, edit=replaced)


def _appointment(tx: Tx, parcel: Parcel, notice: Notice, reader: Reader) -> Drawn:
    """Draw what tells a customer of an appointment, with the file that their calendar reads."""
    house = tx.house
    by = Party(
        say_plain(said("post.from"), reader), tagged_address(house.secret, house.reply_address, parcel.work_id or 0)
    )
    content = ics(Invitation.from_json(parcel.facts["calendar"]), by, None, tx.now)
    file = FileView(0, 0, "document", FILE_NAME, CONTENT_TYPE, len(content), FileState.KEPT, None, None)
    drawn = Drawn(int(parcel.address), fitting(notice_html(notice, reader), CAPTION_LENGTH), file=file, content=content)
    return _marked_whole(drawn, parcel, reader)


def _exported(tx: Tx, parcel: Parcel, notice: Notice, reader: Reader) -> Drawn | None:
    """Draw what is kept of a customer as a file, made now; nothing for whoever may not have it any more."""
    contact = int(parcel.facts["export"])
    content = make_export(tx, contact, people.get(tx, parcel.person_id or 0))
    if content is None:
        return None
    name, kind = f"contact-{contact}.zip", "application/zip"
    file = FileView(0, 0, "document", name, kind, len(content), FileState.KEPT, None, None)
    drawn = Drawn(int(parcel.address), fitting(notice_html(notice, reader), CAPTION_LENGTH), file=file, content=content)
    return _marked_whole(drawn, parcel, reader)


def _card(tx: Tx, parcel: Parcel, reader: Reader) -> Drawn | None:
    if parcel.work_id is not None and "group" in parcel.facts:
        return _new_in_group(tx, parcel, parcel.work_id, reader)
    if parcel.work_id is None or parcel.person_id is None:
        return None
    drawn = draw_card(tx, parcel.work_id, people.get(tx, parcel.person_id), parcel.facts)
    text = _marked(drawn[0], parcel, reader)
    return Drawn(int(parcel.address), text, drawn[1], is_card=True, looks=looks(tx, parcel.work_id))


def _new_in_group(tx: Tx, parcel: Parcel, number: int, reader: Reader) -> Drawn | None:
    """Draw the card of an item for a group; none where it has left its queue before, or that is shown nowhere.

    It goes to where the queue is shown now: a group may have got its new id while the card was owed to the old one.
    """
    place = groups.stands(tx, number)
    if place is None:
        return None
    chat_id = place.chat_id
    name = work.item(tx, number).queue
    elsewhere = str(chat_id) != parcel.address
    if elsewhere and (name is None or name.id != parcel.facts["group"]):
        return None  # it went on into a queue that another group is shown, and to that its card is owed anyway
    if elsewhere and card_message(tx, number, chat_id) is not None:
        return None
    text, rows = draw_for_group(tx, number, chat_id)
    return Drawn(
        chat_id,
        _marked(text, parcel, reader),
        rows,
        is_card=True,
        looks=looks(tx, number),
        topic=place.topic,
        topic_name=(name.name or "")[:TOPIC_LENGTH] if name is not None else "",
    )


def draw_for_group(tx: Tx, number: int, chat_id: int) -> tuple[str, Keyboard]:
    """Draw the card of an item for a group, in the language of the house: what it is, and where it is now."""
    reader = Reader(tx.house.locale, tx.house.zone, tx.now)
    if groups.may_show(tx, number, chat_id):
        here = groups.stands(tx, number, chat_id) is not None
        notice = group_card(queries.showing(tx, number), here=here)
    else:
        notice = Notice((said("group.hidden", number=number),))
    return fitting(notice_html(notice, reader)), keyboard(notice.buttons, reader)


def draw_card(tx: Tx, number: int, reader: Representative, facts: dict[str, Any] | None = None) -> tuple[str, Keyboard]:
    """Draw the card of an item for somebody, under a line that says why it came, as far as that is still so."""
    try:
        shown = card(seeing.showing(tx, number, reader), reader)
    except NotFound:  # it has gone to where they do not see it, and the message in their chat must not follow it
        shown = Notice((said("card.hidden", number=number),))
        facts = None
    why = why_still(tx, number, facts)
    words = Reader(reader.locale, reader.zone, tx.now)
    notice = Notice((why, *shown.lines), shown.buttons) if why else shown
    return fitting(notice_html(notice, words)), keyboard(notice.buttons, words)


def draw_retired(tx: Tx, parcel: Parcel, older: int) -> Drawn:
    """Draw what is left of a card when the same item has a newer one below."""
    item = work.item(tx, parcel.work_id or 0)
    line = said("card.moved_below", number=item.number, title=item.title)
    return Drawn(int(parcel.address), notice_html(Notice((line,)), _reader(tx, parcel)), edit=older)


def redraw(tx: Tx, due: DueCard) -> Drawn | None:
    """Draw a card that is shown already; None when its reader has left, its group shows none, or its item is gone."""
    if due.chat_id < 0:
        return _redraw_in_group(tx, due)
    if not people.works_here(tx, due.person):
        return None
    try:
        text, rows = draw_card(tx, due.work, people.get(tx, due.person), due.why)
    except NoResultFound:
        return None
    return Drawn(due.chat_id, text, rows, edit=due.message_id)


def _redraw_in_group(tx: Tx, due: DueCard) -> Drawn | None:
    if not groups.shown_in(tx, due.chat_id):
        return None
    try:
        text, rows = draw_for_group(tx, due.work, due.chat_id)
    except NoResultFound:
        return None
    return Drawn(due.chat_id, text, rows, edit=due.message_id)


def _answer(tx: Tx, parcel: Parcel, reader: Reader) -> Drawn | None:
    if parcel.entry_id is None or parcel.work_id is None:
        return None
    words, last_heard = conversations.answer_words(tx, parcel.entry_id, int(parcel.address))
    caption = bool(parcel.facts.get("caption"))
    file = _file(tx, parcel) if "file" in parcel.facts else None
    text = html.escape(words, quote=False) if file is None or caption else ""
    drawn = Drawn(int(parcel.address), text, reply_to=last_heard, file=file, caption=caption)
    return _marked_whole(drawn, parcel, reader)


def _file(tx: Tx, parcel: Parcel) -> FileView:
    return files.get_file(tx, int(parcel.facts["file"]))


def _edit(tx: Tx, parcel: Parcel, reader: Reader) -> Drawn | None:
    message_id = remote_id_of(tx, int(parcel.facts["of"]))
    if message_id is None or parcel.entry_id is None:
        return None
    words, _ = conversations.answer_words(tx, parcel.entry_id, int(parcel.address))
    text = html.escape(words, quote=False)
    del reader
    return Drawn(int(parcel.address), text, edit=message_id, caption=bool(parcel.facts.get("caption")))
