"""From which address members of staff forward letters

Revision: 0020
Before: 0019
"""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('mailbox', sa.Text, nullable=True))
    op.create_index('ix_person_mailbox', 'person', ['mailbox'])


def downgrade() -> None:
    op.drop_index('ix_person_mailbox', table_name='person')
    op.drop_column('person', 'mailbox')
