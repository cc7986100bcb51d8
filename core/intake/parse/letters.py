"""The whole of a letter, put together from its headers and its body."""

from __future__ import annotations

from dataclasses import replace

from core.intake.letter import Address, Attachment, Letter
from core.intake.parse.bodies import Body, read_body
from core.intake.parse.charsets import decode, guessing
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
from core.intake.parse.html import to_text
from core.intake.parse.meetings import meeting_of
from core.intake.parse.quotes import own_words

#: Characters of a subject.
SUBJECT_LENGTH = 500


#: Bytes that are shown of a letter that cannot be read.
GLIMPSE_BYTES = 64 * 1024


def parse(raw: bytes) -> Letter:
    """Understand a letter as far as it can be understood; of what cannot be read its flags and a file of it tell."""
    with guessing():
        try:
            body = read_body(raw)
        except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError):
            return glimpse(raw)
        text = _text(body)
        letter = _letter(read_headers(raw), body, text, own_words(text))
    return _with_original(letter, raw) if body.cut or is_flooded(raw) else letter


def glimpse(raw: bytes) -> Letter:
    """Look at the headers of a letter and at the beginning of its text, in strictly linear time; the rest is a file."""
    text = decode(raw[len(block_of(raw)) :][:GLIMPSE_BYTES], None).replace("\r\n", "\n").strip()
    return _with_original(_letter(read_headers(raw), Body(), speakable(text), speakable(text)), raw)


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
        flags=("flag.many_from",) if len(froms) > 1 else (),
        meeting=meeting_of((*body.attachments, *body.inline)),
    )


def _first(headers: Headers, name: str) -> Address | None:
    return next(iter(addresses(headers.get(name, ()))), None)


def _references(headers: Headers) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(identifiers(headers.get("references", ())) + identifiers(headers.get("in-reply-to", ())))
    )


def _text(body: Body) -> str:
    """Choose the best text: plain as written, else what the HTML says; several inline texts are one after the other."""
    plain = speakable("\n".join(text.replace("\r\n", "\n").replace("\r", "\n") for text in body.texts))
    if plain.strip():
        return plain.strip("\n")
    return to_text(speakable("\n".join(body.htmls))) if body.htmls else ""
