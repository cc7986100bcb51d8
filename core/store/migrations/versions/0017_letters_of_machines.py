"""Addresses at which letters fail; what people said of senders, and whether strangers' letters wait; letters that arrived
and were read; what customers answer to invitations

Revision: 0017
Before: 0016
"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('contact_address', sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('contact_address', sa.Column('failing_why', sa.String(16), nullable=True))
    op.add_column('contact_address', sa.Column('failing_words', sa.Text(), nullable=True))
    op.add_column('contact_address', sa.Column('bounces', sa.Integer(), server_default='0', nullable=False))
    op.add_column('contact_address', sa.Column('complained_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('entry', sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('entry', sa.Column('read_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('activity', sa.Column('answer', sa.String(16), nullable=True))
    op.add_column('activity', sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('queue', sa.Column('strangers_aside', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        'sender_rule',
        sa.Column('id', _ID, nullable=False),
        sa.Column('pattern', sa.Text(), nullable=False),
        sa.Column('verdict', sa.String(16), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_by_id', _ID, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_rule')),
        sa.UniqueConstraint('pattern', name=op.f('uq_sender_rule_pattern')),
    )


def downgrade() -> None:
    op.drop_table('sender_rule')
    op.drop_column('queue', 'strangers_aside')
    op.drop_column('activity', 'answered_at')
    op.drop_column('activity', 'answer')
    op.drop_column('entry', 'read_at')
    op.drop_column('entry', 'arrived_at')
    for column in ('complained_at', 'bounces', 'failing_words', 'failing_why', 'failing_since'):
        op.drop_column('contact_address', column)
