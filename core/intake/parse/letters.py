"""The whole of a letter, put together from its headers and its body."""

from __future__ import annotations

import re
from dataclasses import replace

from core.intake.letter import Address, Attachment, Forwarded, Letter
from core.intake.parse.bodies import Body, read_body
from core.intake.parse.cautions import cautions
from core.intake.parse.charsets import decode, guessing
from core.intake.parse.forwards import below, is_forward
from core.intake.parse.headers import (
    Headers,
    addresses,
    block_of,
    decoded,
    identifiers,
    is_flooded,
    read_date,
    read_headers,
    speakable,
)
from core.intake.parse.html import picture_mark, to_text
from core.intake.parse.meetings import meeting_of
from core.intake.parse.quotes import own_words

#: Characters of a subject.
SUBJECT_LENGTH = 500

_CID = re.compile(r"\[cid:([^\]\s]{1,500})\]")

#: Characters of a subject within which an answer says that it is one, with the name of a list before it or not.
_BEFORE_SUBJECT = 40

#: Characters that somebody says of a letter that they forward as a file; who says more writes a letter of their own.
SAID_OF_IT = 2000

#: Bytes that are shown of a letter that cannot be read.
GLIMPSE_BYTES = 64 * 1024


def parse(raw: bytes) -> Letter:
    """Understand a letter as far as it can be understood; of what cannot be read its flags and a file of it tell."""
    with guessing():
        body = read_body(raw)
        text, pictures = _text(body, {}), _pictures(body)
        shown = _text(body, pictures) if pictures else text
        headers = read_headers(raw)
        answers = _answers(headers)
        if pictures:
            _part_beside(body, answers=answers)
        letter = _with_forwarded(_letter(headers, body, text, own_words(shown, answers=answers)))
    return _with_original(letter, raw) if body.cut or is_flooded(raw) else letter


def _answers(headers: Headers) -> bool:
    """Tell whether a letter may quote another: it refers to one, or its subject is an answer's or a forward's."""
    if any(headers.get(name) for name in ("in-reply-to", "references", "thread-index")):
        return True
    return ":" in decoded(headers.get("subject", ("",))[0])[:_BEFORE_SUBJECT]


def glimpse(raw: bytes) -> Letter:
    """Look at the headers of a letter and at the beginning of its text, in strictly linear time; the rest is a file."""
    text = decode(raw[len(block_of(raw)) :][:GLIMPSE_BYTES], None).replace("\r\n", "\n").strip()
    return _with_original(_letter(read_headers(raw), Body(), speakable(text), speakable(text)), raw)


def _with_forwarded(letter: Letter) -> Letter:
    """Read the letter that it forwards, below its words or as its only file; and what is said of it."""
    inside = [one.content for one in letter.attachments if one.content_type == "message/rfc822"]
    if len(inside) == 1 and len(letter.own_words) <= SAID_OF_IT:
        headers, body = read_headers(inside[0]), read_body(inside[0])
        writers = addresses(headers.get("from", ()))
        about, words = decoded(headers.get("subject", ("",))[0]), own_words(_text(body, _pictures(body)))
        if writers:
            found = Forwarded(writers[0], about[:SUBJECT_LENGTH], words, letter.own_words, _references(headers))
            return replace(letter, forwarded=found)
    return replace(letter, forwarded=below(letter.text, letter.subject)) if is_forward(letter.subject) else letter


def _with_original(letter: Letter, raw: bytes) -> Letter:
    original = Attachment("original.eml", "message/rfc822", raw)
    return replace(letter, attachments=(*letter.attachments, original), flags=(*letter.flags, "flag.unreadable"))


def _letter(headers: Headers, body: Body, text: str, own: str) -> Letter:
    froms = addresses(headers.get("from", ()))
    return Letter(
        message_id=next(iter(identifiers(headers.get("message-id", ()))), None),
        in_reply_to=identifiers(headers.get("in-reply-to", ())),
        references=_references(headers),
        from_=froms[0] if froms else None,
        sender=_first(headers, "sender"),
        reply_to=addresses(headers.get("reply-to", ())),
        to=addresses(headers.get("to", ())),
        cc=addresses(headers.get("cc", ())),
        subject=decoded(headers.get("subject", ("",))[0])[:SUBJECT_LENGTH],
        date=read_date(headers.get("date", ("",))[0]),
        text=text,
        own_words=own,
        html="\n".join(body.htmls) or None,
        attachments=tuple(body.attachments),
        inline=tuple(body.inline),
        reports=tuple(body.reports),
        headers=headers,
        flags=(
            *(("flag.many_from",) if len(froms) > 1 else ()),
            *cautions(text, (*body.attachments, *body.inline), froms[0] if froms else None),
        ),
        meeting=meeting_of((*body.attachments, *body.inline)),
    )


def _first(headers: Headers, name: str) -> Address | None:
    return next(iter(addresses(headers.get(name, ()))), None)


def _references(headers: Headers) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(identifiers(headers.get("references", ())) + identifiers(headers.get("in-reply-to", ())))
    )


def _text(body: Body, pictures: dict[str, str]) -> str:
    """Choose the best text: plain as written, else what the HTML says; several inline texts are one after the other.

    Args:
        pictures: that are named where they stand, by their Content-ID.
    """
    plain = speakable("\n".join(text.replace("\r\n", "\n").replace("\r", "\n") for text in body.texts))
    if plain.strip():
        return _named(plain, pictures).strip("\n")
    return to_text(speakable("\n".join(body.htmls)), pictures) if body.htmls else ""


def _pictures(body: Body) -> dict[str, str]:
    """Name the pictures of a letter, as they are named among its files, by their Content-ID."""
    return {one.content_id: one.name for one in (*body.inline, *body.attachments) if one.content_id}


def _part_beside(body: Body, *, answers: bool) -> None:
    """Find the pictures that the page shows only in what it quotes, or in a signature: logos, and pictures of ours."""
    files = [one for one in (*body.inline, *body.attachments) if one.content_id]
    marks = {one.content_id or "": f"{at}" for at, one in enumerate(files)}
    page = to_text(speakable("\n".join(body.htmls)), marks) if body.htmls else ""
    own = own_words(page, answers=answers)
    shown = {cid: picture_mark(mark) for cid, mark in marks.items()}
    beside = {cid for cid, mark in shown.items() if mark in page and mark not in own}
    for some in (body.inline, body.attachments):
        some[:] = [replace(one, beside=one.content_id in beside) if one.content_id else one for one in some]


def _named(text: str, pictures: dict[str, str]) -> str:
    """Name pictures in plain text, where Outlook leaves only what its HTML refers to them by."""
    if not pictures or "[cid:" not in text:
        return text
    return _CID.sub(lambda found: picture_mark(pictures[found[1]]) if found[1] in pictures else found[0], text)
