"""Migrations lead up and down on both databases, and end where the models are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from core.accounts.actions import new_account
from core.accounts.members import join
from core.cases import queries
from core.customers.failing import has_failed
from core.customers.senders import Verdict, say_of_sender
from core.inbox.mailboxes import open_mailbox
from core.inbox.model import MailboxLetter
from core.outbox.model import Channel
from core.people.rules import Role
from core.schema import metadata
from core.store import migrate
from core.store.engine import Engines, open_engines
from tests.core.office import Office


@pytest.fixture
def fresh(database_url: str) -> Iterator[Engines]:
    engines = open_engines(database_url, pool_size=2)
    yield engines
    engines.dispose()


def _tables(engines: Engines) -> set[str]:
    with engines.look.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {name for name in names if migrate.is_modelled(None, name, "table", None, None)}


def test_migrations_lead_up_down_and_up_again(fresh: Engines) -> None:
    migrate.downgrade(fresh, "base")
    assert _tables(fresh) == set()
    assert migrate.current(fresh) is None
    migrate.upgrade(fresh)
    assert migrate.current(fresh) == migrate.newest()
    assert _tables(fresh) == set(metadata.tables)
    migrate.downgrade(fresh, "base")
    assert _tables(fresh) == set()
    migrate.upgrade(fresh)
    assert _tables(fresh) == set(metadata.tables)


@pytest.mark.long
def test_migrations_lead_down_and_up_again_with_letters_and_customers_there(fresh: Engines, tmp_path: Path) -> None:
    migrate.upgrade(fresh)
    office = Office(fresh, tmp_path)
    mila, ann = office.join("Mila", Role.MANAGER), office.customer("Ann", Channel.EMAIL, "ann@example.com")
    account = office.desk.run(new_account, "Ann & Co", mila)
    number = office.open_case(ann)
    office.desk.run(join, account, [ann.id], mila)
    office.desk.run(say_of_sender, "example.com", Verdict.BLOCK, mila)
    box = office.desk.run(open_mailbox, "imap://somewhere")
    office.desk.run(lambda tx: tx.session.add(MailboxLetter(mailbox_id=box.id, name="1")))
    office.desk.run(has_failed, "ann@example.com", "address", "no such user", hard=True)
    migrate.downgrade(fresh, "0015")
    migrate.upgrade(fresh)
    case = office.desk.look(queries.case, number)
    assert (case.contact.name, case.account, case.failing) == ("Ann", None, None)
    assert office.desk.run(open_mailbox, "imap://somewhere").last == 0


def test_migrating_again_changes_nothing(fresh: Engines) -> None:
    migrate.upgrade(fresh)
    migrate.upgrade(fresh)
    assert migrate.current(fresh) == migrate.newest()


def test_the_migrated_schema_is_what_the_models_say(fresh: Engines) -> None:
    migrate.upgrade(fresh)
    with fresh.look.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": migrate.is_modelled}
        )
        assert compare_metadata(context, metadata) == []
