"""How the client that brought a letter named itself

Revision: 0022
Before: 0021
"""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('letter', sa.Column('helo', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('letter', 'helo')
