"""The whole of a letter, put together from its headers and its body."""

from __future__ import annotations

from core.intake.letter import Address, Letter
from core.intake.parse.bodies import Body, read_body
from core.intake.parse.charsets import decode
from core.intake.parse.headers import Headers, addresses, block_of, decoded, identifiers, read_date, read_headers
from core.intake.parse.html import to_text
from core.intake.parse.quotes import own_words

#: Characters of a subject.
SUBJECT_LENGTH = 500


def parse(raw: bytes) -> Letter:
    """Understand a letter as far as it can be understood; what cannot be is told by its flags."""
    headers = read_headers(raw)
    flags: list[str] = []
    try:
        body = read_body(raw)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        flags.append("flag.unreadable")
        body = Body(texts=[decode(raw[len(block_of(raw)) :][: 64 * 1024], None)])
    froms = addresses(headers.get("from", ()))
    if len(froms) > 1:
        flags.append("flag.many_from")
    text = _text(body)
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
        own_words=own_words(text),
        html="\n".join(body.htmls) or None,
        attachments=tuple(body.attachments),
        inline=tuple(body.inline),
        reports=tuple(body.reports),
        headers=headers,
        flags=tuple(flags),
    )


def _first(headers: Headers, name: str) -> Address | None:
    return next(iter(addresses(headers.get(name, ()))), None)


def _references(headers: Headers) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(identifiers(headers.get("references", ())) + identifiers(headers.get("in-reply-to", ())))
    )


def _text(body: Body) -> str:
    """Choose the best text: plain as written, else what the HTML says; several inline texts are one after the other."""
    plain = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n") for text in body.texts).replace("\x00", "")
    if plain.strip():
        return plain.strip("\n")
    return to_text("\n".join(body.htmls)) if body.htmls else ""
