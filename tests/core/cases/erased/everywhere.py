"""A word, an address and a chat that stand wherever anything can, to be looked for when they are erased."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from core.activities import actions as activities
from core.activities import finishing
from core.activities.views import Plan
from core.cases import actions as cases
from core.cases import answering, contacts, conversations, editing, incoming, linking, merging, rating, unsent
from core.cases.fields import Field
from core.cases.model import Case
from core.cases.views import NewFile
from core.customers.views import ContactView
from core.desk import Tx
from core.inbox.actions import NewLetter, keep_letter, settle_letter
from core.inbox.model import InboxState, Letter
from core.inbox.updates import keep_update, settle_updates
from core.outbox.model import Channel
from core.people.views import Representative
from core.schema import metadata
from core.store.files import FileStore
from core.work.drafts import keep_draft
from core.work.rules import WorkKind
from tests.core.office import Office

#: A word that is written wherever anything can be written, and nowhere else.
SECRET = "Zebrafinch"


ADDRESS = "zebrafinch@secret.example"


def keep_raw(tx: Tx, to: str, number: int | None, entry: int | None) -> int:
    """Keep a letter that became a message of a case, or was set aside; tells its row."""
    raw = f"From: {ADDRESS}\r\nSubject: {SECRET}\r\n\r\n{SECRET}\r\n".encode()
    new = NewLetter(
        to, ADDRESS, "192.0.2.7", tx.now, len(raw), f"{to}{number}".ljust(64, "0"), f"{SECRET}@secret.example", raw
    )
    row = keep_letter(tx, new)
    kept = settle_letter(tx, row, InboxState.DONE if number else InboxState.SET_ASIDE)
    assert kept is not None
    if number:
        kept.work_id, kept.entry_id = number, entry
    return row


def fill(desk: Office, files: FileStore, mila: Representative) -> tuple[ContactView, int, str]:
    """Meet a customer and leave something of them everywhere; tells them, a closed case of theirs, and a file."""
    run = desk.desk.run
    digest = files.keep(f"{SECRET} in a file".encode())
    who = desk.customer(SECRET, address="77001")
    by_mail = desk.customer(SECRET, Channel.EMAIL, ADDRESS)
    file = NewFile("document", f"{SECRET}.txt", "text/plain", 20, digest=digest)
    number = desk.open_case(who, f"The {SECRET} is silent", files=(file,), chat_id=77001, chat_message_id=5)
    first = desk.desk.look(conversations.conversation, number)[0].id
    run(cases.accept, number, mila)
    run(answering.answer, number, f"Dear {SECRET}", mila)
    run(answering.note, number, f"{SECRET} is kind", mila)
    run(editing.edit, number, {Field.TITLE: f"{SECRET} again"}, mila)
    run(incoming.edit_message, 77001, 5, f"The {SECRET} hums", who)
    task = run(activities.plan, Plan(WorkKind.TASK, f"Call {SECRET}", regarding=number), mila).number
    run(activities.snooze, number, desk.clock() + timedelta(hours=2), f"{SECRET} is away", mila)
    call = run(
        activities.plan, Plan(WorkKind.CALL, f"Ring {SECRET}", desk.clock() + timedelta(days=1), contact=who.id), mila
    )
    run(finishing.finish, task, mila, f"{SECRET} agreed", 5)
    run(finishing.finish, call.number, mila, f"{SECRET} agreed", 5)
    run(keep_raw, "desk@localhost", number, first)
    run(keep_raw, "aside@localhost", None, None)
    run(linking.ask_code, who, f"{SECRET}@code.example".lower())
    run(contacts.merge_by_hand, by_mail.id, who.id, mila)
    others = desk.open_case(desk.customer("Petro"), "Another lamp")
    lost = desk.open_case(who, f"{SECRET} elsewhere")
    run(merging.merge, [lost], others, mila, confirmed=True)
    run(cases.resolve, number, mila, f"Repaired for {SECRET}")
    run(lambda tx: setattr(tx.lock_one(Case, number), "rating_asked_at", tx.now))
    run(rating.rate, number, 1, who)
    run(rating.add_words, number, f"Says {SECRET}", who)
    update = json.dumps({"message": {"chat": {"id": 77001}, "text": f"I am {SECRET}"}})
    run(lambda tx: settle_updates(tx, [keep_update(tx, (1, 1, update)) or 0]))
    run(unsent.keep, number, unsent.Waiting(0, number, f"Held back for {SECRET}", (), None, first), mila)
    run(keep_draft, 77001, "new", {})
    run(keep_draft, mila.chat_id or 0, "which", {"text": f"For {SECRET}", "message_id": 1, "files": []})
    return who, number, digest


def where(desk: Office, *words: str) -> list[str]:
    """Name the tables and columns in which any of some words stand, in whatever case."""

    def look(tx: Tx) -> list[str]:
        found = []
        for table in metadata.sorted_tables:
            for row in tx.session.connection().execute(select(table)).mappings():
                for name, what in row.items():
                    text = (
                        what.decode("utf-8", "replace")
                        if isinstance(what, bytes)
                        else json.dumps(what, ensure_ascii=False, default=str)
                    )
                    if any(word.casefold() in text.casefold() for word in words):
                        found.append(f"{table.name}.{name}")
        return sorted(set(found))

    return desk.desk.look(look)


def raw_of(desk: Office, letter: int) -> bytes | None:
    """Look at the bytes of a letter; None when they were erased."""
    return desk.desk.look(lambda tx: tx.session.scalar(select(Letter.raw).filter_by(id=letter)))
