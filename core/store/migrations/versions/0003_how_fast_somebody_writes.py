"""How fast somebody writes

Revision: 0003
Before: 0002
"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contact_address') as table:
        table.add_column(sa.Column('heard_since', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('heard', sa.Integer(), nullable=False, server_default='0'))


def downgrade() -> None:
    with op.batch_alter_table('contact_address') as table:
        table.drop_column('heard')
        table.drop_column('heard_since')
