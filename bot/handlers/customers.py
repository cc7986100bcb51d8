"""What customers do: write, start another request, look at theirs, close one, say that it is not solved."""

from __future__ import annotations

from typing import Any, NamedTuple

from bot import menu
from bot.calls import CustomerCall, Reply
from bot.handlers import linking, rating
from bot.render import lists
from core.cases import incoming, own
from core.cases.rules import only_thanks
from core.cases.views import Incoming
from core.customers import actions as customers
from core.customers.rules import Pace
from core.errors import Misused
from core.outbox.model import Channel
from core.texts.said import Button, Notice, Rows, said
from core.texts.say import LANGUAGES
from core.work import cards
from core.work.drafts import draft_of, drop_draft, keep_draft


def said_something(call: CustomerCall) -> Reply:
    """Take a message: to the case it replies to, to the open one, or for a new one."""
    if call.contact.pace is not Pace.USUAL:
        return _kept_in_silence(call)
    asked = draft_of(call.tx, call.words.chat_id)
    if (answered := _answered(call, asked)) is not None:
        return answered
    what = _incoming(call)
    if asked is not None and asked[0] == "new":
        drop_draft(call.tx, call.words.chat_id)
        return _opened(call, what)
    meant = _case_meant(call)
    if meant.number is None:
        return rating.comment(call, _talked_of(call)) or _opened(call, what)
    if not meant.own:
        incoming.add_message(call.tx, meant.number, call.contact, what)
        return Reply()
    return _added_to(call, meant.number, what, meant)


def _opened(call: CustomerCall, what: Incoming) -> Reply:
    incoming.open_case(call.tx, call.contact, what)
    return Reply()


def _added_to(call: CustomerCall, number: int, what: Incoming, meant: _Meant) -> Reply:
    """Add a message to a case of theirs; soon after it was rated, words belong to the rating, and it stays closed."""
    was_open = meant.open or own.item(call.tx, number, call.contact).open
    if not was_open and (kept := rating.comment(call, number)) is not None:
        return kept
    added = incoming.add_message(
        call.tx, number, call.contact, what, reopen=bool(what.files) or not only_thanks(what.text)
    )
    if added == number and not was_open and own.item(call.tx, number, call.contact).open:
        return Reply(Notice((said("my.reopened", number=number),)), work=number)
    return Reply() if meant.sure or added != number else _added(call, number)


def _answered(call: CustomerCall, asked: tuple[str, dict[str, Any]] | None) -> Reply | None:
    """Take words for the answer to what was asked: a code, a few words to a rating, or the rating itself."""
    form, state = asked or ("", {})
    if form == linking.FORM and (linked := linking.typed(call)) is not None:
        return linked
    wordy = form == rating.FORM and call.words.text and not call.words.files
    if wordy and (taken := rating.take(call, int(state["number"]))) is not None:
        return taken
    return rating.in_words(call)


def _talked_of(call: CustomerCall) -> int | None:
    """Tell which case this chat last talked about; asked for once."""
    if (known := ("talked of", call.words.chat_id)) not in call.tx.memo:
        call.tx.memo[known] = cards.latest_in(call.tx, call.words.chat_id)
    found: int | None = call.tx.memo[known]
    return found


def _kept_in_silence(call: CustomerCall) -> Reply:
    """Take a message of somebody who writes too fast: into a case that is there, and they are told once."""
    number = _case_meant(call).number
    if number is None:
        incoming.open_case(call.tx, call.contact, _incoming(call))
    else:
        incoming.add_message(call.tx, number, call.contact, _incoming(call))
    first = call.contact.pace is Pace.TOO_FAST_NOW
    return Reply(Notice((said("my.too_fast"),)) if first else None)


class _Meant(NamedTuple):
    """Which case some words are for, whether that is beyond doubt, and whether it is theirs who wrote them.

    Attributes:
        open: it is known to be open.
    """

    number: int | None
    sure: bool
    own: bool = True
    open: bool = False


def _case_meant(call: CustomerCall) -> _Meant:
    """Tell which case some words are for, and whether that is beyond doubt.

    That replied to; else the one talked about last in this chat, should it be open or just resolved; else an open one.
    """
    about = call.words.about
    if about is not None and own.is_on(call.tx, about, call.contact):
        return _Meant(about, sure=True)
    if about is not None and own.may_add_to(call.tx, about, call.contact):  # one of theirs was merged into it
        return _Meant(about, sure=True, own=False)
    open_ones = own.open_cases(call.tx, call.contact)
    talked_of = _talked_of(call)
    if talked_of in open_ones:
        return _Meant(talked_of, len(open_ones) == 1, open=True)
    if talked_of is not None and own.just_resolved(call.tx, talked_of, call.contact):
        return _Meant(talked_of, not open_ones)
    return _Meant(next(iter(open_ones), None), len(open_ones) < 2, open=bool(open_ones))  # noqa: PLR2004 - of two it may be the other


def _added(call: CustomerCall, number: int) -> Reply:
    """Say which of several cases some words went to, with a way to say that another one is meant."""
    entry = own.entry_of(call.tx, call.contact, call.words.chat_id, call.words.message_id)
    others = [one for one in own.open_cases(call.tx, call.contact) if one != number][:5]
    title = _title(call, number)
    rows: Rows = tuple(
        (
            Button(
                said("button.my_move", number=one.number, title=lists.short(one.title, 30)),
                "my_move",
                (number, entry, one.number),
            ),
        )
        for one in own.items(call.tx, others, call.contact)
        if entry is not None
    )
    return Reply(Notice((said("my.added", number=number, title=lists.short(title)),), rows), work=number)


def _title(call: CustomerCall, number: int) -> str:
    return own.item(call.tx, number, call.contact).title


def press_move(call: CustomerCall) -> Reply:
    """Say that a message was about another case of yours."""
    number, entry, to = (call.words.int_arg(place) for place in range(3))
    incoming.move_message(call.tx, entry, to, call.contact)
    title = lists.short(_title(call, to))
    return Reply(Notice((said("my.moved", number=to, title=title, before=number),)), replace=True, work=to)


def _incoming(call: CustomerCall) -> Incoming:
    words = call.words
    return Incoming(
        channel=Channel.TELEGRAM,
        address=str(words.chat_id),
        text=words.text,
        chat_id=words.chat_id,
        chat_message_id=words.message_id,
        files=words.files,
        parts=words.parts,
    )


def edited(call: CustomerCall) -> Reply:
    """Take over the edit of a message."""
    incoming.edit_message(call.tx, call.words.chat_id, call.words.message_id, call.words.text, call.contact)
    return Reply()


def start(call: CustomerCall) -> Reply:
    """`/start`: a word of welcome; whatever is written next becomes a request."""
    return Reply(Notice((said("start.customer", name=call.contact.name),), _languages(call)), menu=True)


def new(call: CustomerCall) -> Reply:
    """`/new [WORDS]`: start another request, with these words or with the next message."""
    if call.contact.pace is not Pace.USUAL:
        return said_something(call)
    if call.words.text or call.words.files:
        incoming.open_case(call.tx, call.contact, _incoming(call))
        return Reply()
    keep_draft(call.tx, call.words.chat_id, "new", {})
    return Reply(Notice((said("my.ask_new"),)))


def mine(call: CustomerCall) -> Reply:
    """`/my`: your requests, and how each stands."""
    return Reply(lists.own_cases(own.cases(call.tx, call.contact)))


def press_close(call: CustomerCall) -> Reply:
    """Close one of your requests."""
    number = call.words.int_arg(0)
    incoming.close_own(call.tx, number, call.contact)
    row: Rows = ((Button(said("button.not_solved"), "not_solved", (number,)),),)
    return Reply(Notice((said("my.closed_now", number=number),), row), toast=said("toast.closed", number=number))


def press_not_solved(call: CustomerCall) -> Reply:
    """Open a resolved request again."""
    number = call.words.int_arg(0)
    incoming.not_solved(call.tx, number, call.contact)
    return Reply(
        Notice((said("my.reopened", number=number),)), work=number, toast=said("toast.reopened", number=number)
    )


def press_locale(call: CustomerCall) -> Reply:
    """Choose a language."""
    chosen = call.words.word_arg(0)
    if chosen not in LANGUAGES:
        raise Misused("button.outdated")
    contact = customers.choose_locale(call.tx, call.contact.id, chosen)
    other = CustomerCall(call.tx, contact, call.words)
    return Reply(Notice((said("start.customer", name=contact.name),), _languages(other)), replace=True, menu=True)


def _languages(call: CustomerCall) -> Rows:
    return (
        tuple(Button(said(f"language.{code}"), "locale", (code,)) for code in LANGUAGES if code != call.contact.locale),
    )


def help_(call: CustomerCall) -> Reply:
    """`/help`: what can be done here."""
    lines = [said("help.customer_head")]
    lines += [
        said("help.line", command=f"/{one.name}", what=said(f"command.customer_{one.name}"))
        for one in menu.CUSTOMER
        if one.listed
    ]
    return Reply(Notice(tuple(lines), _languages(call)))
