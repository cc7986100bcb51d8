"""A customer says how satisfied they are: by a button or a bare number, and in a few words if they like."""

from __future__ import annotations

from bot.calls import CustomerCall, Reply
from core.cases import own, rating
from core.cases.rules import only_thanks, rating_in
from core.texts.said import Button, Notice, Rows, said
from core.work.drafts import drop_draft, keep_draft

#: The dialogue that takes the words.
FORM = "rating"


def press_rate(call: CustomerCall) -> Reply:
    """Rate a case of yours, from 1 to 5."""
    return _rated(call, call.words.int_arg(0), call.words.int_arg(1), replace=True)


def in_words(call: CustomerCall) -> Reply | None:
    """Take a bare number for a rating, where a case of theirs waits for one: that replied to, or the only one."""
    given = rating_in(call.words.text)
    if given is None or call.words.files:
        return None
    about = call.words.about
    if about is not None:
        return _rated(call, about, given) if own.waits_for_rating(call.tx, about, call.contact) else None
    number = own.rating_asked_last(call.tx, call.contact)
    return _rated(call, number, given) if number is not None else None


def _rated(call: CustomerCall, number: int, given: int, *, replace: bool = False) -> Reply:
    rating.rate(call.tx, number, given, call.contact)
    buttons: Rows = ((Button(said("button.rate_words"), "rate_words", (number,)),),)
    return Reply(Notice((said("rating.thanks", number=number, rating=given),), buttons), replace=replace, work=number)


def comment(call: CustomerCall, number: int | None) -> Reply | None:
    """Take words soon after a rating for what is said of it: the case stays closed, and a button opens it again.

    Thanks need no such answer, and files are no comment.

    Args:
        number: the case that is replied to, or was talked about last.
    """
    if number is None or not call.words.text or call.words.files or only_thanks(call.words.text):
        return None
    if not own.comments_rating(call.tx, number, call.contact, call.words.text):
        return None
    rating.comment(call.tx, number, call.words.text, call.contact)
    again = (Button(said("button.not_solved_number", number=number), "not_solved", (number,)),)
    return Reply(Notice((said("rating.comment_kept", number=number),), (again,)), work=number)


def press_words(call: CustomerCall) -> Reply:
    """Ask for a few words besides the rating."""
    number = call.words.int_arg(0)
    rating.check_words(call.tx, number, call.contact)
    keep_draft(call.tx, call.words.chat_id, FORM, {"number": number})
    return Reply(Notice((said("rating.ask_words", number=number),)))


def take(call: CustomerCall, number: int) -> Reply | None:
    """Take the words that were asked for; None where these are for a case: they were said before, or too long."""
    drop_draft(call.tx, call.words.chat_id)
    if not own.waits_for_rating_words(call.tx, number, call.contact, call.words.text):
        return None
    rating.add_words(call.tx, number, call.words.text, call.contact)
    return Reply(Notice((said("rating.words_kept", number=number),)), work=number)
