"""Letters of ours: their headers say what they are, and nobody's words become a header."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.mail_out.compose import Outgoing, OutgoingCalendar, OutgoingFile, compose

LETTER = Outgoing(
    from_name="Служба підтримки",
    from_address="help@desk.example",
    reply_to="help+c1.abcdefgh@desk.example",
    to="maria@customer.example",
    subject="Re: Рахунок 17 [#1.abcdefgh]",
    text="Добрий день!\n\nОсь виправлений рахунок.",
    message_id="case.1.2.abcdefghabcdefgh@desk.example",
    at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    domain="desk.example",
    references=("first@customer.example", "second@customer.example"),
)


def _read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _words(letter: EmailMessage) -> str:
    """Read the plain words."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_an_answer_threads_and_is_not_marked_as_automatic() -> None:
    read = _read(compose(LETTER))
    assert read["In-Reply-To"] == "<second@customer.example>"
    assert read["References"] == "<first@customer.example> <second@customer.example>"
    assert read["Reply-To"].addresses[0].addr_spec == "help+c1.abcdefgh@desk.example"
    assert (read["Subject"], read["From"].addresses[0].display_name) == (LETTER.subject, LETTER.from_name)
    assert read["Auto-Submitted"] is None
    assert _words(read) == LETTER.text


def test_what_the_desk_writes_by_itself_says_so() -> None:
    assert _read(compose(replace(LETTER, automatic=True)))["Auto-Submitted"] == "auto-replied"


def test_many_references_keep_the_first_and_the_latest() -> None:
    kept = _read(compose(replace(LETTER, references=tuple(f"{n}@x.example" for n in range(99)))))["References"].split()
    assert (len(kept), kept[0], kept[-1]) == (20, "<0@x.example>", "<98@x.example>")


def test_files_keep_their_names_and_bytes() -> None:
    content = bytes(range(256))
    (file,) = _read(
        compose(replace(LETTER, files=(OutgoingFile("рахунок 17.pdf", "application/pdf", content),)))
    ).iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_content()) == (
        "рахунок 17.pdf",
        "application/pdf",
        content,
    )


@pytest.mark.parametrize("kind", ["", "nonsense", "multipart/mixed", "message/rfc822", "text/plain; x=\r\nBcc: eve@x"])
def test_an_odd_kind_of_file_still_arrives(kind: str) -> None:
    (file,) = _read(compose(replace(LETTER, files=(OutgoingFile("a", kind, b"words"),)))).iter_attachments()
    content = file.get_content()
    assert (content.encode() if isinstance(content, str) else content).strip() == b"words"


@pytest.mark.parametrize("to", ["", "nobody", "a@b@c", "a b@c.example", "a@b.example\r\nBcc: eve@x.example", "<a@b>"])
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        compose(replace(LETTER, to=to))


_NASTY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.sampled_from(
    [
        "x\r\nBcc: eve@x.example",
        "x\nBcc: eve@x.example\n\nbody",
        "\r\n\r\nbody",
        "=?utf-8?q?=0D=0ABcc:_eve?=",
        "x" * 3000,
    ]
)


@given(name=_NASTY, subject=_NASTY, message_id=_NASTY, file=_NASTY)
def test_nobodys_words_become_a_header_or_the_body(name: str, subject: str, message_id: str, file: str) -> None:
    raw = compose(
        replace(
            LETTER,
            from_name=name,
            subject=subject,
            references=(message_id,),
            files=(OutgoingFile(file, "text/plain", b"content"),),
        )
    )
    head = raw.split(b"\r\n\r\n")[0]
    names = {line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in {b" ", b"\t"}}
    assert names <= {
        b"From", b"To", b"Reply-To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"References",
        b"x-cherha-desk", b"MIME-Version", b"Content-Type",
    }  # fmt: skip
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert _words(_read(raw)) == LETTER.text


@given(words=_NASTY | st.text(st.sampled_from("a b\\t\n\\.=>-<&\x0c\x85\u2028є"), max_size=200))
def test_the_words_arrive_as_they_were_written(words: str) -> None:
    written = words.replace("\r\n", "\n").replace("\r", "\n")  # lines end by mail as SMTP has it
    assert _words(_read(compose(replace(LETTER, text=words)))) == written


@pytest.mark.parametrize("words", ["", "\n", " ", "a\n", "a\n\n", "\n \n", "a ", ".", "=", "a\t", "--=_alternative"])
def test_the_ends_of_the_words_arrive_too(words: str) -> None:
    assert _words(_read(compose(replace(LETTER, text=words, files=(OutgoingFile("a", "text/plain", b"x"),))))) == words


def test_code_backslashes_and_odd_spacing_arrive() -> None:
    code = "Run this:\n\n    del C:\\temp\\new  /s\n\tif (a<b && c>d) {  }   \n.\n..\nFrom here\n-- \n  =20  "
    read = _read(compose(replace(LETTER, text=code)))
    assert _words(read) == code


def test_the_words_stand_beside_themselves_as_a_page() -> None:
    read = _read(compose(replace(LETTER, language="uk")))
    assert [part.get_content_type() for part in read.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    page = read.get_body(("html",))
    assert page is not None
    assert "<p>Добрий день!</p>" in page.get_content()
    assert '<html lang="uk">' in page.get_content()


def test_pictures_stand_in_the_page_before_what_is_below_and_are_files_of_the_letter() -> None:
    pictures = tuple(OutgoingFile("photo.jpg", "image/jpeg", bytes([255, 216, one])) for one in range(2))
    other = OutgoingFile("a.pdf", "application/pdf", b"%PDF")
    read = _read(compose(replace(LETTER, below="\n\n-- \nOlena", pictures=pictures, files=(other,))))
    assert _words(read) == f"{LETTER.text}\n\n-- \nOlena", "plain words are as they were written"
    related, file = read.iter_parts()
    assert (read.get_content_type(), file.get_filename()) == ("multipart/mixed", "a.pdf")
    assert (related.get_content_type(), related["Content-Type"].params["type"]) == (
        "multipart/related",
        "multipart/alternative",
    )
    both, *shown = related.iter_parts()
    assert [one.get_content() for one in shown] == [one.content for one in pictures]
    assert [(one.get_content_disposition(), one.get_filename()) for one in shown] == [("inline", "photo.jpg")] * 2
    page = both.get_body(("html",)).get_content()
    places = [page.index(f'<img src="cid:{one["Content-ID"].strip("<>")}" alt="photo.jpg"') for one in shown]
    assert page.index("рахунок") < places[0] < places[1] < page.index("Olena")


def test_no_name_of_a_picture_becomes_a_tag() -> None:
    nasty = OutgoingFile('"><script>x</script>', "image/png", b"x")
    odd = replace(LETTER, pictures=(nasty,), message_id='"><b>@desk.example')
    page = _read(compose(odd)).get_body(("html",))
    assert page is not None
    assert "<script" not in page.get_content()
    assert "<b>" not in page.get_content()


def test_what_a_calendar_reads_stands_beside_the_words_with_its_method() -> None:
    content = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Показ\r\nEND:VCALENDAR\r\n".encode()
    files = (OutgoingFile("invite.ics", "application/ics", content),)
    read = _read(compose(replace(LETTER, calendar=OutgoingCalendar("REQUEST", content), files=files)))
    beside, words = next(one for one in read.walk() if one.get_content_type() == "text/calendar"), _words(read)
    assert words == LETTER.text
    assert (beside.get_param("method"), beside.get_payload(decode=True)) == ("REQUEST", content)
    assert [part.get_content_type() for part in read.walk() if part.is_multipart()] == [
        "multipart/mixed", "multipart/alternative",
    ]  # fmt: skip
    (file,) = read.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("invite.ics", content)
