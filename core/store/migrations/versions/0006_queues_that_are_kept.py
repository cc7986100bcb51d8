"""Queues with aliases, members, settings of their own and merges; the public queue that an item belongs to

Revision: 0006
Before: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

_TABLES = ('queue_merge_item', 'queue_merge', 'queue_member', 'queue_name')
_COLUMNS = ('merged_into_id', 'private', 'locale', 'priority', 'description')

_HOMES = """
    UPDATE work SET home_id = CASE
        WHEN queue_id IN (SELECT id FROM queue WHERE kind = 'public') THEN queue_id
        WHEN came_from_id IN (SELECT id FROM queue WHERE kind = 'public') THEN came_from_id
        WHEN done_in_id IN (SELECT id FROM queue WHERE kind = 'public') THEN done_in_id
    END
"""


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    # Never made anew on SQLite: other tables refer to these.
    with op.batch_alter_table('queue', recreate='never') as table:
        table.add_column(sa.Column('description', sa.Text(), nullable=True))
        table.add_column(sa.Column('priority', sa.Integer(), nullable=True))
        table.add_column(sa.Column('locale', sa.String(8), nullable=True))
        table.add_column(sa.Column('private', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column('merged_into_id', number, nullable=True))
    with op.batch_alter_table('mail_address', recreate='never') as table:
        table.add_column(sa.Column('in_settings', sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column('by_chat', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('work', recreate='never') as table:
        table.add_column(sa.Column('home_id', number, nullable=True))
    _names(number)
    _merges(number)
    op.execute(_HOMES)


def _names(number: sa.types.TypeEngine[int]) -> None:
    op.create_table(
        'queue_name',
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('queue_id', number, nullable=False),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name=op.f('fk_queue_name_queue_id')),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_queue_name')),
    )
    op.create_index('ix_queue_name_queue_id', 'queue_name', ['queue_id'])
    op.execute(
        "INSERT INTO queue_name (key, name, queue_id) "
        "SELECT name_key, name, id FROM queue WHERE kind = 'public' AND closed_at IS NULL"
    )
    op.create_table(
        'queue_member',
        sa.Column('queue_id', number, nullable=False),
        sa.Column('person_id', number, nullable=False),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name=op.f('fk_queue_member_queue_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_queue_member_person_id')),
        sa.PrimaryKeyConstraint('queue_id', 'person_id', name=op.f('pk_queue_member')),
    )


def _merges(number: sa.types.TypeEngine[int]) -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    op.create_table(
        'queue_merge',
        sa.Column('id', number, nullable=False),
        sa.Column('left_id', number, nullable=False),
        sa.Column('into_id', number, nullable=False),
        sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('gone_over', document, nullable=False),
        sa.ForeignKeyConstraint(['left_id'], ['queue.id'], name=op.f('fk_queue_merge_left_id')),
        sa.ForeignKeyConstraint(['into_id'], ['queue.id'], name=op.f('fk_queue_merge_into_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_merge')),
    )
    undone = sa.text('undone_at IS NULL')
    op.create_index('ix_queue_merge_left', 'queue_merge', ['left_id'], sqlite_where=undone, postgresql_where=undone)
    op.create_table(
        'queue_merge_item',
        sa.Column('merge_id', number, nullable=False),
        sa.Column('work_id', number, nullable=False),
        sa.Column('accepted', sa.Boolean(), nullable=False),
        sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['merge_id'], ['queue_merge.id'], name=op.f('fk_queue_merge_item_merge_id')),
        sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_queue_merge_item_work_id')),
        sa.PrimaryKeyConstraint('merge_id', 'work_id', name=op.f('pk_queue_merge_item')),
    )


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
    with op.batch_alter_table('work', recreate='never') as table:
        table.drop_column('home_id')
    with op.batch_alter_table('mail_address', recreate='never') as table:
        table.drop_column('by_chat')
        table.drop_column('in_settings')
    with op.batch_alter_table('queue', recreate='never') as table:
        for name in _COLUMNS:
            table.drop_column(name)
