"""What stands below letters; what became of them, and domains whose mail server does not take any now;
mailboxes that letters are fetched from

Revision: 0018
Before: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0018'
down_revision = '0017'
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
    op.create_table(
        'mailbox',
        sa.Column('id', _ID, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('validity', sa.BigInteger(), nullable=True),
        sa.Column('last', sa.BigInteger(), nullable=False),
        sa.Column('marked', sa.BigInteger(), nullable=False),
        sa.Column('unread_until', sa.BigInteger(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('visited_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox')),
        sa.UniqueConstraint('name', name=op.f('uq_mailbox_name')),
    )
    op.create_table(
        'mailbox_letter',
        sa.Column('mailbox_id', _ID, nullable=False),
        sa.Column('name', sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(['mailbox_id'], ['mailbox.id'], name=op.f('fk_mailbox_letter_mailbox_id')),
        sa.PrimaryKeyConstraint('mailbox_id', 'name', name=op.f('pk_mailbox_letter')),
    )


def downgrade() -> None:
    for table in ('mailbox_letter', 'mailbox', 'domain_pause'):
        op.drop_table(table)
    for column in ('failing_since', 'answer', 'domain'):
        op.drop_column('outbox', column)
    for table, column in (('queue', 'quotes'), ('queue', 'signatures'), ('person', 'signatures')):
        op.drop_column(table, column)
