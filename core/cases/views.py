"""What the outside gets to see of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.cases.fields import CaseType, Origin, Reason, Severity
from core.cases.rules import CaseStatus, EntryKind, FileState
from core.customers.accounts import AccountName
from core.customers.failing import Failing
from core.customers.views import ContactView
from core.outbox.model import Channel, OwedState
from core.work.views import ItemView


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that came with a message: its bytes kept under `digest`, or still at Telegram under `telegram_id`.

    `kind` is `photo`, `document`, `voice`, `video`, `audio` or `sticker`; `size` is in bytes.
    """

    kind: str
    name: str
    content_type: str
    size: int
    digest: str | None = None
    telegram_id: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a customer wrote, understood and ready to become a message of a case.

    Attributes:
        text: their own words; `full_text` is all of the letter, quotes included.
        message_id, content_hash, conversation, subject: of a letter.
        chat_id, chat_message_id: of a chat message.
        parts: of a chat message that was several, the id and the words of each.
        flags: what a reader must know, as keys of sentences.
        automatic: from a machine: it gets no automatic answer.
        in_place: a machine answered in the customer's place, as of somebody who is away.
        copied: of a letter, the addresses that it went to besides ours.
    """

    channel: Channel
    address: str
    text: str
    full_text: str | None = None
    subject: str | None = None
    message_id: str | None = None
    content_hash: str | None = None
    conversation: str | None = None
    chat_id: int | None = None
    chat_message_id: int | None = None
    parts: tuple[tuple[int, str], ...] = ()
    files: tuple[NewFile, ...] = ()
    flags: tuple[str, ...] = ()
    automatic: bool = False
    in_place: bool = False
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a message."""

    id: int
    entry_id: int
    kind: str
    name: str
    content_type: str
    size: int
    state: FileState
    digest: str | None
    telegram_id: str | None


@dataclass(frozen=True, slots=True)
class NumberedFile:
    """A file of a case with the number that it has among all of them, who sent it and when."""

    place: int
    file: FileView
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """What has become of an answer on its way.

    Attributes:
        told: what the relay said when it took it.
        failing_since: since when tries fail; of these `error` is the reason of the last, and `next_at` the next.
        domain_error: why no letter to that domain goes out now, where it waits for that.
        copies: the same of each to whom it goes besides the customer, by their `address`.
    """

    state: OwedState
    channel: Channel
    settled_at: datetime | None = None
    told: str = ""
    tries: int = 0
    failing_since: datetime | None = None
    error: str = ""
    next_at: datetime | None = None
    domain_error: str | None = None
    address: str = ""
    copies: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryView:
    """One message of a conversation, with who wrote it, whom it also went to, and what has become of its delivery."""

    id: int
    kind: EntryKind
    channel: Channel | None
    at: datetime
    author: str
    text: str
    edited_at: datetime | None
    flags: tuple[str, ...]
    files: tuple[FileView, ...]
    delivery: Delivery | None
    arrived_at: datetime | None = None
    read_at: datetime | None = None
    copied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WholeView:
    """One message with all of its words; `letter` is the whole of a letter, with what it quotes, where that is more."""

    number: int
    entry: EntryView
    letter: str | None


@dataclass(frozen=True, slots=True)
class FieldsView:
    """What is written on a case; None where nobody said.

    Attributes:
        category: its whole path.
        reason: how it stands while it is open, besides where it is.
    """

    category: str | None
    product: str | None
    severity: Severity | None
    type: CaseType | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Related:
    """The numbers of the cases that belong to one: its parent, its children, of these the open ones, and its links."""

    parent: int | None
    children: tuple[int, ...]
    open_children: tuple[int, ...]
    linked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartyView:
    """Somebody who takes part in a case by mail besides its customer.

    Attributes:
        by: the name of who brought them in; None where the policy of the queue did.
    """

    address: str
    name: str
    since: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case in its place, with its customer and the last that was said.

    Attributes:
        answer_by: the channel that was chosen for answers, if any was.
        satisfaction: what the customer said when they were asked, from 1 to 5; and in their own words.
        related: the cases that belong to it, where any do.
        planned: the open activities that regard it, the next first.
        snoozed_for: why it is snoozed, if somebody said so.
        account: the organisation that the customer belongs to.
        failing: that letters to where it is answered fail, if they do.
        parties: who takes part by mail besides the customer, the first first.
    """

    item: ItemView
    contact: ContactView
    status: CaseStatus
    origin: Origin
    fields: FieldsView
    reply_channel: Channel | None
    reply_address: str | None
    answer_by: Channel | None
    resolution: str | None
    resolved_at: datetime | None
    billable_minutes: int
    satisfaction: int | None
    satisfaction_words: str | None
    last: EntryView | None
    messages: int
    files: int
    related: Related | None = None
    planned: tuple[ItemView, ...] = ()
    snoozed_for: str = ""
    account: AccountName | None = None
    failing: Failing | None = None
    parties: tuple[PartyView, ...] = ()

    @property
    def number(self) -> int:
        """What people type."""
        return self.item.number


@dataclass(frozen=True, slots=True)
class OwnCaseView:
    """One case as its customer's list shows it."""

    item: ItemView
    status: CaseStatus

    @property
    def number(self) -> int:
        """What people type."""
        return self.item.number


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer just written: to whom and by which channel it goes, and until when it can be taken back.

    Attributes:
        copied: the addresses of who gets it besides the customer.
        unsealed: it goes in the clear, though what it answers came sealed.
    """

    entry_id: int
    number: int
    name: str
    channel: Channel
    address: str
    undo_until: datetime
    copied: tuple[str, ...] = ()
    unsealed: bool = False


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What came while somebody wrote an answer, oldest first: it was not sent."""

    came: tuple[EntryView, ...]
