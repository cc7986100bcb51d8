"""What is said and pressed in groups: the staff bind queues there and press buttons of cards; all else is private."""

from __future__ import annotations

from bot.calls import NeedsChange, Outcome, Reply, StaffCall, Words
from bot.chat import Blocked, Heard, Pressed
from bot.commands import GROUP_BUTTONS, GROUP_COMMANDS
from core.desk import Tx
from core.errors import Refused
from core.people import queries as staff
from core.people.views import Representative
from core.texts.said import Notice, said
from core.texts.say import Reader
from core.work import groups


def respond(tx: Tx, event: Heard | Pressed | Blocked, reader: Reader, *, changing: bool) -> Outcome:
    """Handle one event of a group inside one transaction.

    Raises:
        NeedsChange: it was called for a look and must be called for a change.
        DeskError: what was asked cannot be done; the sentence says why.
    """
    if isinstance(event, Blocked):
        if event.blocked:
            groups.lost(tx, event.sender.chat_id)
        return Outcome(Reply(), reader)
    person = staff.by_telegram(tx, event.sender.user_id)
    if isinstance(event, Pressed):
        return Outcome(_pressed(tx, event, person, changing=changing), reader)
    if person is not None and event.command in GROUP_COMMANDS and not event.edited:
        return Outcome(_run(StaffCall(tx, person, _words(event)), event.command or "", changing=changing), reader)
    # Point out of a group politely, and only when spoken to: cases are nobody else's business.
    spoken_to = not event.edited and (event.command or event.reply_to)
    notice = Notice((said("group.private_please", bot=tx.house.bot_name),)) if spoken_to else None
    return Outcome(Reply(notice), reader)


def _pressed(tx: Tx, event: Pressed, person: Representative | None, *, changing: bool) -> Reply:
    """Press the button of a card: each with their own rights, and only where a queue is shown."""
    if event.verb not in GROUP_BUTTONS:
        return Reply()
    if not groups.shown_in(tx, event.sender.chat_id):
        return Reply(toast=said("group.shows_nothing"), alert=True)
    if person is None:
        raise Refused("group.staff_only")
    words = Words(event.sender.chat_id, event.message_id or 0, args=event.args)
    if not groups.belongs(tx, words.int_arg(0), event.sender.chat_id):
        return Reply(toast=said("group.shown_no_more"), alert=True)
    if not changing:
        raise NeedsChange
    return GROUP_BUTTONS[event.verb](StaffCall(tx, person, words))


def _run(call: StaffCall, command: str, *, changing: bool) -> Reply:
    if not changing:
        raise NeedsChange
    return GROUP_COMMANDS[command](call)


def _words(event: Heard) -> Words:
    sender = event.sender
    return Words(sender.chat_id, event.message_id, text=event.words, command=event.command, topic=sender.topic)
