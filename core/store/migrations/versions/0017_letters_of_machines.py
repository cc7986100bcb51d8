"""Addresses at which letters fail

Revision: 0017
Before: 0015
"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact_address', sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('contact_address', sa.Column('failing_why', sa.String(16), nullable=True))
    op.add_column('contact_address', sa.Column('failing_words', sa.Text(), nullable=True))
    op.add_column('contact_address', sa.Column('bounces', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    for column in ('bounces', 'failing_words', 'failing_why', 'failing_since'):
        op.drop_column('contact_address', column)
