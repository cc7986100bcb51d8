"""One event → who it is, what runs, what is said back; and the one place where errors become sentences."""

from __future__ import annotations

from dataclasses import replace

from bot import dialogues, grouped, menu
from bot.calls import CustomerCall, NeedsChange, Offers, Outcome, Reply, StaffCall, Words
from bot.chat import Asked, Blocked, Event, Heard, Migrated, Pressed, Sender
from bot.commands import CUSTOMER_BUTTONS, CUSTOMER_COMMANDS, STAFF_BUTTONS, STAFF_COMMANDS
from bot.handlers import customers as customer_handlers
from bot.handlers import inline, talking
from core.cases import related
from core.cases.rules import TELEGRAM_FILE_BYTES
from core.customers import actions as customers
from core.customers.rules import Pace
from core.desk import Tx
from core.errors import Misused, Refused
from core.inbox.updates import settle_updates
from core.outbox import actions as outbox
from core.outbox.actions import Message, To
from core.outbox.model import Channel, OwedKind
from core.people import actions as people
from core.people import queries as staff
from core.people.views import Representative
from core.texts.said import Notice, said
from core.texts.say import Reader, language
from core.work import cards, groups, queues


def changes(event: Event) -> bool:
    """Tell whether an event may change anything, as far as can be told before it is known who it is."""
    if isinstance(event, Heard):
        does = STAFF_COMMANDS.get(event.command or "")
        return does is None or does.changes or event.edited or bool(event.command == "start" and event.words)
    if isinstance(event, Pressed):
        does = STAFF_BUTTONS.get(event.verb)
        return does is None or does.changes
    return not isinstance(event, Asked)


def respond(tx: Tx, rows: list[int], event: Event, *, changing: bool) -> Outcome | None:
    """Handle one event inside one transaction; with `changing`, its updates are settled in it and its reply is owed.

    Returns:
        None when the updates were settled before: a repeat that must not count.

    Raises:
        NeedsChange: it was called for a look and must be called for a change.
        DeskError: what was asked cannot be done; the sentence says why.
    """
    if changing and not settle_updates(tx, rows):
        return None
    if isinstance(event, Migrated | Asked):
        return _migrated(tx, event) if isinstance(event, Migrated) else _asked(tx, event)
    if not event.sender.private:
        return grouped.respond(tx, event, reader_of(tx, event.sender), changing=changing)
    if isinstance(event, Blocked):
        return _blocked(tx, event)
    person = staff.by_telegram(tx, event.sender.user_id)
    if isinstance(event, Heard) and event.command == "start" and event.words:
        person = _joined(tx, event, person)
        event = replace(event, words="", text="/start")
    if person is not None:
        reply = _staff(tx, person, event, changing=changing)
        outcome = Outcome(reply, Reader(person.locale, person.zone, tx.now), person)
    elif changing:
        outcome = _customer(tx, event)
    else:
        raise NeedsChange
    return _owed(tx, event, outcome) if changing else outcome


def reader_of(tx: Tx, sender: Sender) -> Reader:
    """Tell in which language and zone to speak to somebody, known or not."""
    person = staff.by_telegram(tx, sender.user_id)
    if person is not None:
        return Reader(person.locale, person.zone, tx.now)
    return Reader(language(sender.language, tx.house.locale), tx.house.zone, tx.now)


def _words(tx: Tx, event: Heard | Pressed) -> Words:
    if isinstance(event, Pressed):
        return Words(event.sender.chat_id, event.message_id or 0, args=event.args, quoted=event.quoted)
    about, entry = _about(tx, event)
    return Words(
        chat_id=event.sender.chat_id,
        message_id=event.message_id,
        text=event.words if event.command else event.text,
        about=about,
        files=event.files,
        parts=event.parts,
        command=event.command,
        entry=entry,
        replied_at=(event.reply_to.at, event.reply_to.changed_at) if event.reply_to else (None, None),
    )


def _about(tx: Tx, event: Heard) -> tuple[int | None, int | None]:
    """Find the item that the message replied to is about, and the message of a case that it carries.

    Its buttons tell when its id was never learned.
    """
    if event.reply_to is None:
        return None, None
    known = cards.about(tx, event.sender.chat_id, event.reply_to.message_id)
    if known or event.reply_to.number is None:
        return known or (None, None)
    return related.survivor(tx, event.reply_to.number), None


def _joined(tx: Tx, event: Heard, person: Representative | None) -> Representative:
    sender = event.sender
    user = people.TelegramUser(sender.user_id, sender.chat_id, sender.name, sender.language)
    locale = person.locale if person else language(sender.language, tx.house.locale)
    joined = people.join(tx, event.words.strip(), user, locale)
    queues.watch_by_default(tx, joined)
    return joined


def _staff(tx: Tx, person: Representative, event: Heard | Pressed, *, changing: bool) -> Reply:
    if not changing and (dialogues.would_end(tx, event) or person.chat_id != event.sender.chat_id):
        raise NeedsChange
    if person.chat_id != event.sender.chat_id:  # they unblocked the bot; only a private chat can be theirs
        people.reachable(tx, person.id, event.sender.chat_id)
        person = staff.get(tx, person.id)
    ended = dialogues.end(tx, event) if changing else None  # a look ends none, or it would not have come so far
    return dialogues.told(tx, event, ended, _staff_reply(StaffCall(tx, person, _words(tx, event)), event))


def _staff_reply(call: StaffCall, event: Heard | Pressed) -> Reply:
    if isinstance(event, Pressed):
        does = STAFF_BUTTONS.get(event.verb)
        if does is None:
            raise Misused("button.outdated")
        return does.run(call)
    if event.edited:
        return talking.edited(call)
    if event.command is None:
        return talking.plain(call)
    does = STAFF_COMMANDS.get(event.command)
    if does is None:
        raise menu.unknown(event.command, menu.STAFF, call.by.role)
    return does.run(call)


def _customer(tx: Tx, event: Heard | Pressed) -> Outcome:
    sender = event.sender
    caller = customers.Caller(
        Channel.TELEGRAM, str(sender.chat_id), sender.name, language(sender.language, tx.house.locale)
    )
    contact = customers.recognise(tx, caller)
    reader = Reader(contact.locale, contact.zone or tx.house.zone, tx.now)
    if contact.banned:
        return Outcome(Reply(), reader)
    if contact.pace is not Pace.USUAL and not _only_words(event):
        raise Refused("my.press_too_fast")
    call = CustomerCall(tx, contact, _words(tx, event))
    reply = _customer_reply(call, event)
    contact = customers.get(tx, contact.id)
    return Outcome(reply, replace(reader, locale=contact.locale), contact)


def _only_words(event: Heard | Pressed) -> bool:
    """Tell whether an event is words that must not be lost, rather than a wish that can be said again."""
    if isinstance(event, Pressed):
        return False
    return event.edited or bool(event.files) or event.command not in CUSTOMER_COMMANDS or bool(event.words)


def _customer_reply(call: CustomerCall, event: Heard | Pressed) -> Reply:
    if isinstance(event, Pressed):
        does = CUSTOMER_BUTTONS.get(event.verb)
        if does is None:
            raise Misused("button.outdated")
        return does.run(call)
    does = CUSTOMER_COMMANDS.get(event.command or "")
    if event.edited:
        words = call.words if does else replace(call.words, text=event.text)
        return customer_handlers.edited(replace(call, words=words))
    if does is not None:
        return does.run(call)
    if event.command is not None:
        if event.command in STAFF_COMMANDS or (not event.words and not event.files):
            raise menu.unknown(event.command, menu.CUSTOMER)
        call = replace(call, words=replace(call.words, text=event.text))  # "/etc/hosts is empty" is no command
    reply = customer_handlers.said_something(call)
    if any(file.size > TELEGRAM_FILE_BYTES for file in event.files):
        shown = reply.notice or Notice(())
        return replace(reply, notice=replace(shown, lines=(*shown.lines, said("file.too_big"))))
    return reply


def _owed(tx: Tx, event: Heard | Pressed, outcome: Outcome) -> Outcome:
    """Make the reply a row of this transaction; only a toast, or a secret, is left to be said directly."""
    reply, who = outcome.reply, outcome.who
    if reply.notice is None or who is None or reply.secret:
        return outcome
    facts = reply.notice.to_json()
    if reply.replace and isinstance(event, Pressed) and event.message_id:
        facts["replace"] = event.message_id
    is_staff = isinstance(who, Representative)
    to = To(
        Channel.TELEGRAM,
        str(event.sender.chat_id),
        person=who.id if is_staff else None,
        contact=None if is_staff else who.id,
    )
    outbox.owe(tx, to, Message(OwedKind.NOTICE, facts, reply.work, reply.entry, sound=False))
    return replace(outcome, reply=replace(reply, notice=None))


def _asked(tx: Tx, event: Asked) -> Outcome:
    """Find cases for who works here; nobody else is offered anything, nor met by it."""
    person = staff.by_telegram(tx, event.sender.user_id)
    reader = reader_of(tx, event.sender)
    if person is None:
        return Outcome(Reply(offers=Offers()), reader)
    call = StaffCall(tx, person, Words(event.sender.chat_id, 0, event.text))
    return Outcome(Reply(offers=inline.find(call, event.offset)), reader, person)


def _blocked(tx: Tx, event: Blocked) -> Outcome:
    sender = event.sender
    person = staff.by_telegram(tx, sender.user_id)
    if person is not None and event.blocked:
        people.unreachable(tx, person.id)
    elif person is not None:
        people.reachable(tx, person.id, sender.chat_id)
    elif event.blocked:
        customers.block_address(tx, Channel.TELEGRAM, str(sender.chat_id))
    else:
        customers.unblock_address(tx, Channel.TELEGRAM, str(sender.chat_id))
    return Outcome(Reply(), reader_of(tx, sender))


def _migrated(tx: Tx, event: Migrated) -> Outcome:
    follow(tx, event.old, event.new)
    return Outcome(Reply(), Reader(tx.house.locale, tx.house.zone, tx.now))


def follow(tx: Tx, old: int, new: int) -> None:
    """Follow a chat to its new id with all that is owed and shown there."""
    outbox.redirect(tx, To(Channel.TELEGRAM, str(old)), str(new))
    customers.move_address(tx, Channel.TELEGRAM, str(old), str(new))
    cards.move_chat(tx, old, new)
    groups.follow(tx, old, new)
