"""What a handler is given and what it gives back: values, no Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.callback import Args
from core.cases.views import Incoming, NewFile
from core.customers.views import ContactView
from core.desk import Tx
from core.people.views import Representative
from core.texts.said import Notice, Said
from core.texts.say import Reader
from core.work import cards


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be put into any chat: `text` is what is sent there; `about` is for who chooses, and stays."""

    number: int
    text: Said
    about: Said


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered to somebody who types the bot's name in any chat; `further` is where the next page begins."""

    found: tuple[Offer, ...] = ()
    further: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said back to one message or press.

    Attributes:
        notice: to be shown; None for nothing but perhaps a toast.
        replace: the notice takes the place of the message whose button was pressed.
        toast: a line that shows for a moment after a press; `alert` makes it a box to be closed.
        work: the item that the notice is about, so that a reply to it finds it; `entry` likewise the message.
        menu: the commands of this person are to be shown anew, in their language and role.
        secret: the notice holds what may be kept nowhere: it is said directly after the commit and may be lost, so
            what it tells of must be possible to do again.
        offers: the answer to who types the bot's name in any chat.
    """

    notice: Notice | None = None
    replace: bool = False
    toast: Said | None = None
    alert: bool = False
    work: int | None = None
    entry: int | None = None
    menu: bool = False
    secret: bool = False
    offers: Offers | None = None


NOTHING = Reply()


class NeedsChange(Exception):
    """What was begun as a look turned out to change something: a customer is met, or a dialogue ends."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an event.

    Attributes:
        reply: still to be said directly; what tells of a change is owed already.
        reader: for whom the words are.
        who: the member of staff or the customer; None for groups and the banned.
    """

    reply: Reply
    reader: Reader
    who: Representative | ContactView | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The words and circumstances of a message or press, for staff and customers alike.

    Attributes:
        text: of a command what stands after it, otherwise all of it.
        about: the item that the message replied to is about; `entry` the message of a case that it carries, and
            `replied_at` when it came and when it last changed.
        args: of a pressed button.
        message_id: of the message heard, or of the one whose button was pressed.
        parts: of a message that was several, the id and the words of each.
        command: the command that the words followed, if any.
        topic: the topic of a group in which it was said.
        quoted: what is marked as code in the message whose button was pressed.
    """

    chat_id: int
    message_id: int
    text: str = ""
    about: int | None = None
    args: Args = ()
    files: tuple[NewFile, ...] = ()
    parts: tuple[tuple[int, str], ...] = ()
    command: str | None = None
    quoted: str = ""
    entry: int | None = None
    replied_at: tuple[datetime | None, datetime | None] = (None, None)
    topic: int | None = None

    def int_arg(self, place: int, default: int = 0) -> int:
        """Read a number out of a button's arguments; they are not trusted, so anything else is the default."""
        value = self.args[place] if len(self.args) > place else default
        return value if isinstance(value, int) else default

    def word_arg(self, place: int, default: str = "") -> str:
        """Read a word out of a button's arguments."""
        value = self.args[place] if len(self.args) > place else default
        return value if isinstance(value, str) else default


@dataclass(frozen=True, slots=True)
class StaffCall:
    """One message or press of somebody who works here, inside the transaction of its effect."""

    tx: Tx
    by: Representative
    words: Words

    def show_card(self, number: int) -> None:
        """Owe the card of an item as a new message."""
        if self.by.to:
            cards.show(self.tx, number, self.by.to)

    def adopt(self, number: int) -> None:
        """Take the pressed message for the card of an item, should its id not be known."""
        cards.adopt(self.tx, number, self.words.chat_id, self.words.message_id, self.by.id)
        cards.changed(self.tx, number)


@dataclass(frozen=True, slots=True)
class CustomerCall:
    """One message or press of a customer, inside the transaction of its effect."""

    tx: Tx
    contact: ContactView
    words: Words
    incoming: Incoming | None = field(default=None)
