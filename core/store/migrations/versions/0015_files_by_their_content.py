"""Which rows refer to a kept file

Revision: 0015
Before: 0014
"""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

_INDEXES = (('ix_file_digest', 'file', 'digest'), ('ix_letter_file', 'letter', 'file'))


def upgrade() -> None:
    for name, table, column in _INDEXES:
        where = sa.text(f'{column} IS NOT NULL')
        op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    for name, table, _column in _INDEXES:
        op.drop_index(name, table_name=table)
