"""Quiet hours, what somebody is told of and how, and what was held back for them; queues that are shown in groups, or give
to who knows the customer

Revision: 0014
Before: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_NEWS = sa.text('news IS NOT NULL')


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    op.add_column('person', sa.Column('quiet_from', sa.Time(), nullable=True))
    op.add_column('person', sa.Column('quiet_until', sa.Time(), nullable=True))
    op.add_column('person', sa.Column('news', document, nullable=True))
    op.add_column('outbox', sa.Column('news', sa.String(20), nullable=True))
    op.create_index(
        'ix_outbox_news', 'outbox', ['person_id', 'created_at'], sqlite_where=_NEWS, postgresql_where=_NEWS
    )
    op.create_table(
        'held_news',
        sa.Column('id', _ID, nullable=False),
        sa.Column('person_id', _ID, nullable=False),
        sa.Column('news', sa.String(20), nullable=False),
        sa.Column('work_id', _ID, nullable=True),
        sa.Column('queue_id', _ID, nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_held_news_person_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_held_news')),
    )
    op.create_index('ix_held_news_person', 'held_news', ['person_id', 'due_at'])
    op.add_column('queue', sa.Column('group_chat_id', sa.BigInteger(), nullable=True))
    op.add_column('queue', sa.Column('group_topic', sa.BigInteger(), nullable=True))
    op.add_column('queue', sa.Column('bound_by_id', _ID, nullable=True))
    op.add_column('queue', sa.Column('to_last', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in ('to_last', 'bound_by_id', 'group_topic', 'group_chat_id'):
        op.drop_column('queue', column)
    op.drop_table('held_news')
    op.drop_index('ix_outbox_news', 'outbox')
    for table, column in (('outbox', 'news'), ('person', 'news'), ('person', 'quiet_until'), ('person', 'quiet_from')):
        op.drop_column(table, column)
