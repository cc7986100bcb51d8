"""Migrations lead up and down on both databases, and end where the models are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from core.schema import metadata
from core.store import migrate
from core.store.engine import Engines, open_engines


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
