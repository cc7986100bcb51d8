"""Words of cases that are searched, and their index

Revision: 0009
Before: 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

#: `ascii` parts words at what is neither a letter nor a digit of ASCII, and takes every other character as it is.
_SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "words, content='search_document', content_rowid='id', tokenize='ascii', detail=none, columnsize=0)",
    'CREATE TRIGGER search_added AFTER INSERT ON search_document BEGIN '
    'INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END',
    'CREATE TRIGGER search_gone AFTER DELETE ON search_document BEGIN '
    "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); END",
    'CREATE TRIGGER search_changed AFTER UPDATE ON search_document BEGIN '
    "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); "
    'INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END',
)

#: Not inlined, and said to be dear: no plan is to work it out row by row where the index knows.
_POSTGRESQL = (
    'CREATE FUNCTION search_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS '
    "$$ BEGIN RETURN array_to_tsvector(array_remove(string_to_array(btrim(words), ' '), '|')); END $$",
    'CREATE INDEX ix_search_document_words ON search_document USING gin (search_words(words))',
)


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'search_document',
        sa.Column('id', number, autoincrement=False, nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_search_document')),
    )
    op.create_table(
        'search_due',
        sa.Column('work_id', number, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint('work_id', name=op.f('pk_search_due')),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == 'sqlite' else _POSTGRESQL:
        op.execute(statement)
    op.create_index('ix_work_created', 'work', ['created_at'])
    # What is there already is written in steps, the newest first, while the desk works.
    op.execute('INSERT INTO search_due (work_id) SELECT work_id FROM case_')


def downgrade() -> None:
    op.drop_index('ix_work_created', 'work')
    op.drop_table('search_due')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE search_index')
    op.drop_table('search_document')
    if op.get_bind().dialect.name != 'sqlite':
        op.execute('DROP FUNCTION search_words(text)')
