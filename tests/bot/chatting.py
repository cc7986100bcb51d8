"""Somebody of the staff who writes and presses, straight at `bot.app`: what they are told comes back in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from bot.answering import _refused
from bot.app import changes, respond
from bot.callback import Args
from bot.calls import NeedsChange, Outcome
from bot.chat import Heard, Pressed, RepliedTo, Sender
from core.cases.views import NewFile
from core.errors import DeskError
from core.inbox.updates import keep_update, settle_updates
from core.outbox.model import Owed, OwedKind
from core.people.views import Representative
from core.texts.said import Notice, said
from core.texts.say import Reader, notice_html, say_plain
from tests.core.office import Office

_updates = count(1)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one message or press.

    Attributes:
        text: all that was said, directly or as a row of the outbox, a line break between two notices.
        buttons: (verb, arguments) of all of it, row by row.
        error: the key of the sentence that refused it.
    """

    text: str
    buttons: tuple[tuple[tuple[str, Args], ...], ...]
    toast: str = ""
    error: str = ""

    def args(self, verb: str) -> Args:
        """Find the arguments of the first button of a verb."""
        return next(args for row in self.buttons for one, args in row if one == verb)

    @property
    def verbs(self) -> list[str]:
        """The verbs of the buttons, in order."""
        return [verb for row in self.buttons for verb, _ in row]


class Chatting:
    """The private chat of a member of staff; everything is done as `bot.answering` does it."""

    def __init__(self, office: Office, person: Representative, locale: str = "en") -> None:
        self._office = office
        self._person = person
        self._locale = locale
        chat = person.chat_id or 0
        self._sender = Sender(chat - 1000, chat, person.name, None, locale, private=True)
        self._message_ids = count(100)

    def say(
        self,
        text: str,
        *,
        reply_to: int | None = None,
        about: int | None = None,
        replied_at: datetime | None = None,
        changed_at: datetime | None = None,
        files: tuple[NewFile, ...] = (),
    ) -> Told:
        """Write a message; `about` is the number on the buttons of the message replied to, which is of `replied_at`."""
        command, _, words = text[1:].partition(" ") if text.startswith("/") else ("", "", text)
        replied = RepliedTo(reply_to or 1, about, replied_at, changed_at) if reply_to or about else None
        heard = Heard(
            self._sender, next(self._message_ids), self._office.clock(), text, command or None, words.strip(),
            files, replied, album=None, forwarded=False, edited=False,
        )  # fmt: skip
        return self._answer(heard)

    def edit(self, message_id: int, text: str) -> Told:
        """Edit a message of one's own."""
        at = self._office.clock()
        return self._answer(
            Heard(self._sender, message_id, at, text, None, text, (), None, album=None, forwarded=False, edited=True)
        )

    def press(self, verb: str, *args: int | str, message_id: int = 1, quoted: str = "") -> Told:
        """Press a button; `quoted` is what the message above it marks as code."""
        return self._answer(Pressed(self._sender, "1", message_id, verb, args, quoted))

    def _answer(self, event: Heard | Pressed) -> Told:
        desk = self._office.desk
        rows = [desk.run(keep_update, (1, next(_updates), "{}")) or 0]
        before = max((row.id for row in self._office.owed()), default=0)
        try:
            outcome = self._respond(rows, event)
        except DeskError as error:
            desk.run(_refused, rows, event)
            told = self._told(before, None)
            sentence = say_plain(said(error.key, **error.facts), self._reader())
            return replace(told, text=f"{sentence}\n{told.text}".strip(), error=error.key)
        return self._told(before, outcome)

    def _respond(self, rows: list[int], event: Heard | Pressed) -> Outcome | None:
        desk = self._office.desk
        if not changes(event):
            try:
                outcome = desk.look(respond, rows, event, changing=False)
                desk.run(settle_updates, rows)
            except NeedsChange:
                pass
            else:
                return outcome
        return desk.run(respond, rows, event, changing=True)

    def _told(self, before: int, outcome: Outcome | None) -> Told:
        mine = [row for row in self._office.owed(person_id=self._person.id) if row.id > before]
        notices = [shown for row in mine if (shown := self._shown(row)) is not None]
        toast = ""
        if outcome is not None and outcome.reply.notice is not None:
            notices.append(outcome.reply.notice)
        if outcome is not None and outcome.reply.toast is not None:
            toast = say_plain(outcome.reply.toast, self._reader())
        text = "\n".join(notice_html(one, self._reader()) for one in notices)
        rows = tuple(tuple((one.verb, one.args) for one in row) for notice in notices for row in notice.buttons)
        return Told(text, rows, toast)

    def _shown(self, row: Owed) -> Notice | None:
        if row.kind is OwedKind.NOTICE:
            return Notice.from_json(row.facts)
        return self.card(row.work_id or 0) if row.kind is OwedKind.CARD else None

    def card(self, number: int) -> Notice:
        """Draw the card of an item as this person sees it."""
        from bot.render.cards import card
        from core.cases.queries import showing

        return card(self._office.desk.look(showing, number), self._office.again(self._person))

    def card_text(self, number: int) -> str:
        """Put the card of an item into words."""
        return notice_html(self.card(number), self._reader())

    def _reader(self) -> Reader:
        return Reader(self._locale, self._person.zone, self._office.clock())
