"""Revisions of the schema, by Alembic."""
