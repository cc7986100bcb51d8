"""The conversation that a letter says it belongs to

Revision: 0019
Before: 0018
"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('entry', sa.Column('conversation', sa.String(32), nullable=True))
    where = sa.text('conversation IS NOT NULL')
    op.create_index('ix_entry_conversation', 'entry', ['conversation'], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    op.drop_index('ix_entry_conversation', table_name='entry')
    op.drop_column('entry', 'conversation')
