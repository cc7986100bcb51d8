"""A desk that has worked for years: its rows, made by the database itself from a seed, the same on both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select

from core.cases.model import Case, Entry
from core.customers.model import Contact, ContactAddress
from core.desk import Desk, Tx
from core.outbox.model import Channel
from core.search.model import DOCUMENTS, SearchDocument
from core.search.words import Head, documents
from core.settings import House
from core.store.engine import Engines
from core.work.model import Work

#: "Now" in such a desk: a Monday at noon in Kyiv, in winter.
NOW = datetime.fromisoformat("2026-01-12T10:00:00+00:00")

#: Who works there: representatives, then managers, then an administrator, by their ids.
REPRESENTATIVES, MANAGERS, STAFF = 40, 3, 44

#: Public queues, the first of which holds half of all that is open.
QUEUES = 20

#: Somebody who has a twentieth of all that is open in Assigned, somebody with their share, and a manager.
BUSY, USUAL, MANAGER = 1, 2, REPRESENTATIVES + 1

#: The number of the bot whose updates are kept.
BOT = 4242

#: A staff member's chat is their id and this, a customer's likewise.
STAFF_CHAT, CUSTOMER_CHAT = 1_000, 10_000_000

_DAY_S = 86_400
_YEARS_S = 3 * 365 * _DAY_S

_WORDS = (
    "Good morning, the printer on the second floor takes paper and gives none back, and the lamp beside the tray is "
    "orange. We tried another cable and another socket, and turned it off for the night. Before the holidays it was "
    "the same, and your colleague changed a roller. Could somebody come before Friday, since the invoices are due? "
    "The room is open from nine to six, the key is at the desk. Thank you for the quick answer, we wait for the part "
    "and will write when it is here; the delivery note has the number that you asked for. "
)


def assigned_queue(person: int) -> int:
    """Tell the id of somebody's Assigned; In Progress follows it."""
    return QUEUES + 2 * person - 1


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is.

    Attributes:
        cases: all of them, open and closed; a fifth as many customers, and five messages for two cases.
        tasks: for each of so many cases one.
    """

    cases: int
    seed: int = 1

    @property
    def contacts(self) -> int:
        """Half of them write letters, half in chat."""
        return max(10, self.cases // 5 // 2 * 2)

    @property
    def tasks(self) -> int:
        """They have the numbers after those of all cases."""
        return self.cases // 50


class _Sql:
    """The few words that the two databases say differently."""

    def __init__(self, size: Size, *, sqlite: bool) -> None:
        self.size = size
        self.sqlite = sqlite

    def run(self, connection: Connection, statement: str) -> None:
        """Run a statement without parameters; in one of psycopg's a percent sign is written twice."""
        connection.exec_driver_sql(statement if self.sqlite else statement.replace("%", "%%"))

    def rows(self, count: int) -> str:
        """Name the numbers from 1 as `n(i)`."""
        if self.sqlite:
            numbers = (
                f"(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {count}) SELECT i FROM c)"
            )
            return f"{numbers} AS n"
        return f"generate_series(1::bigint, {count}) AS n(i)"

    def ago(self, seconds: str) -> str:
        """Tell an instant so many seconds before now."""
        at = f"{int(NOW.timestamp())} - ({seconds})"
        return f"strftime('%Y-%m-%d %H:%M:%f', {at}, 'unixepoch') || '000'" if self.sqlite else f"to_timestamp({at})"

    def doc(self, text: str) -> str:
        """Take a text for a JSON document."""
        return f"({text})" if self.sqlite else f"CAST({text} AS jsonb)"

    def text(self, number: str) -> str:
        return f"CAST({number} AS TEXT)"

    def mixed(self, number: str, below: int, salt: int = 0) -> str:
        """Draw a number from 0 on, the same for the same number, salt and seed (a linear congruence)."""
        return f"((({number} + {salt + self.size.seed}) * 48271 + {salt * 7919}) % 2147483647 / 8 % {below})"

    def words(self, number: str, length: int) -> str:
        """Cut some words out of many."""
        start = self.mixed(number, len(_WORDS) - 20, 5)
        count = f"40 + {self.mixed(number, length, 6)}"
        return f"substr('{_WORDS}', CAST(1 + {start} AS INTEGER), CAST({count} AS INTEGER))"

    # A case, by its number: when it was opened (seconds ago), whose it is, and whether it came by mail.

    def opened(self, case: str) -> str:
        return f"({self.size.cases} - {case}) * {_YEARS_S} / {self.size.cases} + 3600"

    def contact(self, case: str) -> str:
        return f"(1 + {self.mixed(case, self.size.contacts // 2, 1)} * 2 + ({case}) % 2)"

    def by_mail(self, case: str) -> str:
        return f"(({case}) % 2 = 1)"

    def person(self, case: str) -> str:
        return f"(1 + {self.mixed(case, REPRESENTATIVES, 2)})"


def fill(engines: Engines, size: Size) -> None:
    """Write all rows of a desk all of whose cases are closed; into an empty database, with nothing checked."""
    sql = _Sql(size, sqlite=engines.is_sqlite)
    with engines.change.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if engines.is_sqlite:
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
                raw.execute(f"PRAGMA {pragma}")
        else:
            raw.execute("SET session_replication_role = replica")
            raw.execute("SET synchronous_commit = off")
            raw.commit()
        for statement in (*_house(sql), *_customers(sql), *_cases(sql), *_traffic(sql)):
            sql.run(connection, statement)
        if not engines.is_sqlite:
            _count_on(connection)
        connection.commit()
    _make_findable(engines, size)
    engines.dispose()


def _make_findable(engines: Engines, size: Size) -> None:
    """Write what is searched of all cases; the index is made of it afterwards, which takes less than to keep it."""
    sqlite = engines.is_sqlite
    with engines.change.connect() as connection:
        for statement in ("DROP TRIGGER search_added",) if sqlite else ("DROP INDEX ix_search_document_words",):
            connection.exec_driver_sql(statement)
        connection.commit()
    desk = Desk(engines, House(), now=lambda: NOW)
    for first in range(1, size.cases + 1, _AT_ONCE):
        desk.run(_write_findable, range(first, min(first + _AT_ONCE, size.cases + 1)))
    with engines.change.connect() as connection:
        for statement in _SQLITE_INDEX if sqlite else (_POSTGRESQL_INDEX,):
            connection.exec_driver_sql(statement)
        connection.commit()


#: Cases that are made findable in one transaction.
_AT_ONCE = 5000

#: As the migration has them.
_ADDED = "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words)"
_SQLITE_INDEX = (
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    f"CREATE TRIGGER search_added AFTER INSERT ON search_document BEGIN {_ADDED}; END",
)
_POSTGRESQL_INDEX = "CREATE INDEX ix_search_document_words ON search_document USING gin (search_words(words))"


def _write_findable(tx: Tx, numbers: range) -> None:
    """Write documents as the desk does, with what it asks for case by case asked for all of them at once."""
    some = numbers.start, numbers.stop - 1
    heads = select(Work.id, Work.title, Contact.name, func.coalesce(ContactAddress.address, ""))
    heads = heads.join(Case, Case.work_id == Work.id).join(Contact, Contact.id == Case.contact_id)
    mail = and_(ContactAddress.contact_id == Contact.id, ContactAddress.channel == Channel.EMAIL)
    heads = heads.outerjoin(ContactAddress, mail).where(Work.id.between(*some))
    messages: dict[int, list[str]] = {}
    said = select(Entry.work_id, Entry.text).where(Entry.work_id.between(*some)).order_by(Entry.id)
    for number, text in tx.session.execute(said):
        messages.setdefault(number, []).append(text)
    rows = [
        {"id": number * DOCUMENTS + place, "words": words}
        for number, title, name, address in tx.session.execute(heads)
        for place, words in enumerate(documents(Head(title, (name, address)), messages.get(number, ())))
    ]
    tx.session.execute(insert(SearchDocument), rows)


def _count_on(connection: Connection) -> None:
    """Let the numbers that PostgreSQL hands out go on after those that are taken."""
    for table in ("person", "queue", "contact", "contact_address", "work", "entry", "file", "card", "history", "outbox",
                  "letter", "telegram_update", "timer"):  # fmt: skip
        words = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        connection.exec_driver_sql(words)


def _house(sql: _Sql) -> list[str]:
    hours = sql.doc(f"'{json.dumps({day: [['09:00', '18:00']] for day in range(5)})}'")
    higher = f"CASE WHEN i < {STAFF} THEN 'manager' ELSE 'administrator' END"
    role = f"CASE WHEN i <= {REPRESENTATIVES} THEN 'representative' ELSE {higher} END"
    born = sql.ago(str(_YEARS_S))
    return [
        f"""INSERT INTO person (id, name, handle, role, telegram_id, chat_id, locale, zone, presence, hours, created_at)
        SELECT i, 'Person ' || i, 'person' || i, {role}, i, {STAFF_CHAT} + i, 'uk', 'Europe/Kyiv',
               CASE WHEN i % 2 = 0 THEN 'by_hours' ELSE 'working' END, {hours}, {born} FROM {sql.rows(STAFF)}""",
        f"""INSERT INTO queue (id, kind, name, name_key, missed_after_days, created_at)
        SELECT i, 'public', 'Queue ' || i, 'queue ' || i, CASE WHEN i = 3 THEN 7 END, {born} FROM {sql.rows(QUEUES)}""",
        "INSERT INTO queue_name (key, name, queue_id) SELECT name_key, name, id FROM queue",
        f"""INSERT INTO queue (id, kind, owner_id, created_at)
        SELECT {QUEUES} + i, CASE WHEN i % 2 = 1 THEN 'assigned' ELSE 'in_progress' END, (i + 1) / 2, {born}
        FROM {sql.rows(2 * STAFF)}""",
        f"""INSERT INTO queue_watch (queue_id, person_id)
        SELECT i, 1 + i % {STAFF} FROM {sql.rows(QUEUES)}""",
        "INSERT INTO mail_address (address, queue_id) VALUES ('help@desk.example', NULL), ('vip@desk.example', 2)",
        f"""INSERT INTO timer (task, slot, facts, due_at, fired_at)
        SELECT 'missed', 'slot ' || i, {sql.doc("'{}'")}, {sql.ago("i * 3600")}, {sql.ago("i * 3600 - 1")}
        FROM {sql.rows(720)}""",
    ]


def _customers(sql: _Sql) -> list[str]:
    mail = "i % 2 = 0"
    address = f"CASE WHEN {mail} THEN 'c' || i || '@customer.example' ELSE {sql.text(f'{CUSTOMER_CHAT} + i')} END"
    return [
        f"""INSERT INTO contact (id, name, search_key, locale, locale_chosen, created_at)
        SELECT i, 'Customer ' || i, 'customer ' || i, CASE WHEN i % 3 = 0 THEN 'en' ELSE 'uk' END, false,
               {sql.ago(f"({sql.size.contacts} - i) * {_YEARS_S} / {sql.size.contacts}")}
        FROM {sql.rows(sql.size.contacts)}""",
        f"""INSERT INTO contact_address (id, contact_id, channel, address, last_used_at)
        SELECT i, i, CASE WHEN {mail} THEN 'email' ELSE 'telegram' END, {address}, {sql.ago("i % 8640000")}
        FROM {sql.rows(sql.size.contacts)}""",
    ]


def _cases(sql: _Sql) -> list[str]:
    size, opened = sql.size, sql.opened("i")
    contact, channel = sql.contact("i"), f"CASE WHEN {sql.by_mail('i')} THEN 'email' ELSE 'telegram' END"
    address = (
        f"CASE WHEN {sql.by_mail('i')} THEN 'c' || {contact} || '@customer.example'"
        f" ELSE {sql.text(f'{CUSTOMER_CHAT} + {contact}')} END"
    )
    closed = f"{opened} - 1800"
    done_in = f"(1 + {sql.mixed('i', QUEUES, 3)})"
    left = f"({QUEUES} + 2 * {sql.person('i')})"
    last = f"(({size.cases} + i) * {_YEARS_S} / {size.cases})"
    case = f"(i * {size.cases // max(1, size.tasks)})"
    return [
        f"""INSERT INTO work (id, kind, state, queued, title, priority, answered, came_from_id, done_in_id,
                              entered_at, created_at, touched_at, closed_at)
        SELECT i, 'case', 'closed', true, {sql.words("i", 30)} || ' ' || i,
               CASE WHEN i % 20 = 0 THEN 1 WHEN i % 10 = 3 THEN 3 ELSE 2 END, {sql.mixed("i", 2, 4)} = 0,
               {left}, {done_in}, {sql.ago(f"{opened} - 60")}, {sql.ago(opened)}, {sql.ago(closed)}, {sql.ago(closed)}
        FROM {sql.rows(size.cases)}""",
        f"""INSERT INTO case_ (work_id, contact_id, status, origin, reply_channel, reply_address, locale, resolved_at,
                               last_entry_at, last_customer_at, receipt_sent, hushed, told_of_id)
        SELECT i, {contact}, 'resolved', {channel}, {channel}, {address}, 'uk', {sql.ago(closed)},
               {sql.ago(closed)}, {sql.ago(opened)}, true, false, {sql.person("i")} FROM {sql.rows(size.cases)}""",
        f"""INSERT INTO work (id, kind, state, queued, title, priority, answered, came_from_id,
                              entered_at, created_at, touched_at, closed_at)
        SELECT {size.cases} + i, 'task', 'closed', true, 'Order the part ' || i, 2, false, {left},
               {sql.ago(last)}, {sql.ago(last)}, {sql.ago(f"{last} - 600")}, {sql.ago(f"{last} - 600")}
        FROM {sql.rows(size.tasks)}""",
        f"""INSERT INTO activity (work_id, regarding_id, created_by)
        SELECT {size.cases} + i, {case}, {sql.person("i")} FROM {sql.rows(size.tasks)}""",
    ]


def _traffic(sql: _Sql) -> list[str]:
    """Messages, files, cards, history, what came in and what went out."""
    return [*_talk(sql), *_marks(sql), *_came(sql), *_went(sql)]


def _talk(sql: _Sql) -> list[str]:
    count = sql.size.cases * 5 // 2
    case = "((i - 1) % 5 / 2 + 1 + (i - 1) / 5 * 2)"  # of five messages the first case has two, the second three
    case = f"(CASE WHEN {case} > (i - 1) / 5 * 2 + 2 THEN (i - 1) / 5 * 2 + 2 ELSE {case} END)"
    ours = "((i - 1) % 5 IN (1, 3))"
    mail = sql.by_mail(case)
    at = f"{sql.opened(case)} - (i % 5) * 300"
    chat = f"CASE WHEN NOT {mail} AND NOT {ours} THEN {CUSTOMER_CHAT} + {sql.contact(case)} END"
    return [
        f"""INSERT INTO entry (id, work_id, kind, channel, at, contact_id, person_id, text, message_id, content_hash,
                               chat_id, chat_message_id, flags)
        SELECT i, {case}, CASE WHEN {ours} THEN 'answer' ELSE 'customer' END,
               CASE WHEN {mail} THEN 'email' ELSE 'telegram' END, {sql.ago(at)},
               CASE WHEN NOT {ours} THEN {sql.contact(case)} END, CASE WHEN {ours} THEN {sql.person(case)} END,
               {sql.words("i", 220)}, CASE WHEN {mail} THEN '<' || i || '@customer.example>' END,
               NULL, {chat}, CASE WHEN NOT {mail} AND NOT {ours} THEN i END, {sql.doc("'[]'")}
        FROM {sql.rows(count)}""",
        f"""INSERT INTO file (id, entry_id, kind, name, content_type, size, state, digest, tries)
        SELECT i, i * 10, 'document', 'note ' || i || '.pdf', 'application/pdf', 20000 + i % 900000, 'kept',
               'digest' || i, 1 FROM {sql.rows(max(1, count // 10))}""",
        """INSERT INTO chat_message (chat_id, message_id, work_id, entry_id)
        SELECT chat_id, chat_message_id, work_id, id FROM entry WHERE chat_id IS NOT NULL""",
    ]


def _marks(sql: _Sql) -> list[str]:
    facts = sql.doc("""'{"origin": 1, "target": ' || (22 + i % 40) || '}'""")
    verb = "CASE i % 4 WHEN 1 THEN 'opened' WHEN 2 THEN 'accepted' WHEN 3 THEN 'message_out' ELSE 'resolved' END"
    case = "((i + 3) / 4)"
    return [
        f"""INSERT INTO history (id, at, verb, work_id, actor_kind, actor_id, via, facts)
        SELECT i, {sql.ago(f"{sql.opened(case)} - i % 4 * 400")}, {verb}, {case},
               CASE WHEN i % 4 = 1 THEN 'contact' ELSE 'person' END,
               CASE WHEN i % 4 = 1 THEN {sql.contact(case)} ELSE {sql.person(case)} END,
               'telegram', {facts}
        FROM {sql.rows(sql.size.cases * 4)}""",
        f"""INSERT INTO card (id, work_id, chat_id, person_id, message_id, wanted, shown, due_at)
        SELECT i, i, {STAFF_CHAT} + {sql.person("i")}, {sql.person("i")}, i, 4, 4, {sql.ago(sql.opened("i"))}
        FROM {sql.rows(sql.size.cases)}""",
        """INSERT INTO chat_message (chat_id, message_id, work_id)
        SELECT chat_id, 1000000000 + message_id, work_id FROM card""",
    ]


def _came(sql: _Sql) -> list[str]:
    case = "(i * 2 - 1)"
    digest = f"{sql.text('i')} || 'x' || {sql.mixed('i', 100000000, 7)}"
    at = sql.ago(sql.opened(case))
    content = f"'Subject: ' || {sql.words('i', 200)} || {sql.words('i + 1', 200)}"
    raw = f"CAST({content} AS BLOB)" if sql.sqlite else f"convert_to({content}, 'UTF8')"
    chat = f"{CUSTOMER_CHAT} + {sql.contact('(i * 2)')}"
    told = f"""'{{"update_id": ' || i || ', "message": {{"chat": ' || ({chat}) || ', "text": "'"""
    update = f"""{told} || {sql.words("i", 160)} || '"}}}}'"""
    return [
        f"""INSERT INTO letter (id, identity, digest, content_hash, message_id, recipient, mail_from, peer, received_at,
                                size, raw, state, facts, tries, due_at, settled_at, work_id)
        SELECT i, 'd' || {digest}, 'd' || {digest}, 'c' || {digest}, '<l' || i || '@customer.example>',
               'help@desk.example', 'c' || {sql.contact(case)} || '@customer.example', '192.0.2.1', {at}, 5000,
               {raw}, CASE WHEN i % 5000 = 0 THEN 'set_aside' ELSE 'done' END, {sql.doc("'{}'")}, 1, {at}, {at}, {case}
        FROM {sql.rows(sql.size.cases // 2)}""",
        f"""INSERT INTO telegram_update (id, bot_id, update_id, raw, received_at, state, tries, settled_at)
        SELECT i, {BOT}, i, {update},
               {sql.ago(sql.opened("i * 2"))}, 'done', 0, {sql.ago(sql.opened("i * 2"))}
        FROM {sql.rows(sql.size.cases // 2)}""",
    ]


def _went(sql: _Sql) -> list[str]:
    """For each case the card that its owner got, and the receipt and the answer that its customer did."""
    case, which = "((i + 2) / 3)", "i % 3"
    to_staff = f"({which} = 1)"
    mail = f"({sql.by_mail(case)} AND NOT {to_staff})"
    address = (
        f"CASE WHEN {to_staff} THEN {sql.text(f'{STAFF_CHAT} + {sql.person(case)}')}"
        f" WHEN {mail} THEN 'c' || {sql.contact(case)} || '@customer.example'"
        f" ELSE {sql.text(f'{CUSTOMER_CHAT} + {sql.contact(case)}')} END"
    )
    channel = f"CASE WHEN {mail} THEN 'email' ELSE 'telegram' END"
    facts = sql.doc(f"""'{{"lines": [{{"key": "receipt.new", "facts": {{"number": ' || {case} || '}}}}]}}'""")
    at = sql.ago(f"{sql.opened(case)} - {which} * 200")
    state = "CASE WHEN i % 20000 = 0 THEN 'dead' ELSE 'sent' END"
    return [
        f"""INSERT INTO outbox (id, channel, address, lane, kind, facts, person_id, contact_id, work_id, sound, state,
                                created_at, due_at, expires_at, version, tries, repeats, settled_at, remote_id)
        SELECT i, {channel}, {address}, {channel} || ':' || {address},
               CASE {which} WHEN 1 THEN 'card' WHEN 2 THEN 'notice' ELSE 'answer' END, {facts},
               CASE WHEN {to_staff} THEN {sql.person(case)} END, CASE WHEN NOT {to_staff} THEN {sql.contact(case)} END,
               {case}, true, {state}, {at}, {at}, {at}, 1, 1, 0, {at}, i
        FROM {sql.rows(sql.size.cases * 3)}""",
    ]


def open_last(engines: Engines, size: Size, count: int) -> None:
    """Open every other of the last cases again, so that `count` are open in all, and let the database count anew.

    Half stand in the first public queue, a fifth in the others, a fifth in Assigned, a tenth in In Progress. One in ten
    is missed, and told of before.
    """
    sql = _Sql(size, sqlite=engines.is_sqlite)
    share = sql.mixed("id", 100, 8)
    queue = f"""CASE WHEN {share} < 50 THEN 1 WHEN {share} < 70 THEN 2 + {sql.mixed("id", QUEUES - 1, 9)}
                     WHEN {share} < 75 THEN {assigned_queue(BUSY)}
                     WHEN {share} < 90 THEN {QUEUES + 1} + 2 * {sql.mixed("id", REPRESENTATIVES, 10)}
                     ELSE {QUEUES + 2} + 2 * {sql.mixed("id", REPRESENTATIVES, 10)} END"""
    quiet = f"{sql.mixed('id', 10, 11)} = 0"
    touched = sql.ago(f"CASE WHEN {quiet} THEN {9 * _DAY_S} + id % 4000000 ELSE 60 + id % 200000 END")
    since = sql.ago(f"60 + id * 7 % {_DAY_S * 30}")
    told = f"CASE WHEN {quiet} THEN {sql.ago(str(8 * _DAY_S))} END"
    among = f"BETWEEN {size.cases - 2 * count + 1} AND {size.cases} AND {{}} % 4 < 2"
    with engines.writing(), engines.change.begin() as connection:
        sql.run(
            connection,
            f"""UPDATE work SET state = 'open', closed_at = NULL, done_in_id = NULL, queue_id = {queue},
                came_from_id = 1 + {sql.mixed("id", QUEUES, 12)}, entered_at = {since}, touched_at = {touched},
                missed_told_at = {told}, missed_raised_at = {told}
                WHERE id {among.format("id")} AND state = 'closed'""",
        )
        sql.run(
            connection,
            f"UPDATE case_ SET status = 'open', resolved_at = NULL WHERE work_id {among.format('work_id')}",
        )
        recount(connection)
    tidy(engines)


def recount(connection: Connection) -> None:
    """Count anew how many items stand where, as the migration does that brings the counts in."""
    connection.exec_driver_sql("DELETE FROM tally")
    connection.exec_driver_sql(
        "INSERT INTO tally (queue_id, accepted, change, at) SELECT queue_id, false, count(*), max(entered_at) "
        "FROM work WHERE queue_id IS NOT NULL GROUP BY queue_id"
    )
    connection.exec_driver_sql(
        "INSERT INTO tally (queue_id, accepted, change) SELECT work.came_from_id, true, count(*) FROM work "
        "JOIN queue ON queue.id = work.queue_id WHERE queue.kind = 'in_progress' AND work.came_from_id IS NOT NULL "
        "GROUP BY work.came_from_id"
    )


def tidy(engines: Engines) -> None:
    """Do what PostgreSQL's own housekeeping does within a minute; SQLite has none."""
    if not engines.is_sqlite:
        with engines.change.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def age(days: int) -> datetime:
    """Tell an instant so many days before now."""
    return NOW - timedelta(days=days)
