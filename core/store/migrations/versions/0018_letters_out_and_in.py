"""What stands below letters; what became of them, and domains whose mail server does not take any now

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

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    op.add_column('person', sa.Column('signatures', document, nullable=True))
    op.add_column('queue', sa.Column('signatures', document, nullable=True))
    op.add_column('queue', sa.Column('quotes', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('outbox', sa.Column('domain', sa.Text(), nullable=True))
    op.add_column('outbox', sa.Column('answer', sa.Text(), nullable=True))
    op.add_column('outbox', sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'domain_pause',
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('trying_id', _ID, nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('domain', name=op.f('pk_domain_pause')),
    )


def downgrade() -> None:
    op.drop_table('domain_pause')
    for column in ('failing_since', 'answer', 'domain'):
        op.drop_column('outbox', column)
    for table, column in (('queue', 'quotes'), ('queue', 'signatures'), ('person', 'signatures')):
        op.drop_column(table, column)
