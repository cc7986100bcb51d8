"""Run by Alembic: migrate on the connection it is given."""

from typing import Literal

from alembic import context
from sqlalchemy import JSON, Enum

from core.store.base import UtcDateTime
from core.store.migrate import is_modelled


def _render(kind: str, thing: object, autogen_context: object) -> str | Literal[False]:
    """Write our column types into a revision as what they are in the database."""
    del autogen_context
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String({thing.length})"
    if kind == "type" and isinstance(thing, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_render,
    include_object=is_modelled,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
