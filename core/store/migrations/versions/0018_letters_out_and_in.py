"""What stands below letters

Revision: 0018
Before: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0018'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    op.add_column('person', sa.Column('signatures', document, nullable=True))
    op.add_column('queue', sa.Column('signatures', document, nullable=True))
    op.add_column('queue', sa.Column('quotes', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table, column in (('queue', 'quotes'), ('queue', 'signatures'), ('person', 'signatures')):
        op.drop_column(table, column)
