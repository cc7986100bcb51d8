"""How often a message could not be put into words

Revision: 0005
Before: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox') as table:
        table.add_column(sa.Column('undrawn', sa.Integer(), nullable=False, server_default='0'))


def downgrade() -> None:
    with op.batch_alter_table('outbox') as table:
        table.drop_column('undrawn')
