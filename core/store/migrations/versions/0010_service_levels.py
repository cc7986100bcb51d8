"""Service levels, their clocks, the hours of the house and its closures

Revision: 0010
Before: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
_INSTANT = sa.DateTime(timezone=True)
_RUNNING = sa.text('ended_at IS NULL')
_DUE = sa.text('due_at IS NOT NULL')


def upgrade() -> None:
    op.create_table(
        'house_hours',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('hours', _DOCUMENT, nullable=False),
        sa.Column('changed_at', _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_house_hours')),
    )
    op.create_table(
        'closure',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('first_on', sa.Date(), nullable=False),
        sa.Column('last_on', sa.Date(), nullable=False),
        sa.Column('yearly', sa.Boolean(), nullable=False),
        sa.Column('created_at', _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_closure')),
    )
    op.create_table(
        'service_level',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('name_key', sa.Text(), nullable=True),
        sa.Column('targets', _DOCUMENT, nullable=False),
        sa.Column('pauses', sa.Boolean(), nullable=False),
        sa.Column('warn_percent', sa.Integer(), nullable=True),
        sa.Column('warn_before_minutes', sa.Integer(), nullable=True),
        sa.Column('ladder', _DOCUMENT, nullable=False),
        sa.Column('hours', _DOCUMENT, nullable=True),
        sa.Column('closures', sa.Boolean(), nullable=False),
        sa.Column('created_at', _INSTANT, nullable=False),
        sa.Column('closed_at', _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_service_level')),
        sa.UniqueConstraint('name_key', name=op.f('uq_service_level_name_key')),
    )
    op.create_table(
        'level_use',
        sa.Column('scope', sa.String(length=20), nullable=False),
        sa.Column('subject_id', _NUMBER, autoincrement=False, nullable=False),
        sa.Column('level_id', _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_level_use_level_id')),
        sa.PrimaryKeyConstraint('scope', 'subject_id', name=op.f('pk_level_use')),
    )
    op.create_table(
        'clock',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('work_id', _NUMBER, nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('level_id', _NUMBER, nullable=False),
        sa.Column('own', sa.Boolean(), nullable=False),
        sa.Column('target_us', sa.BigInteger(), nullable=False),
        sa.Column('used_us', sa.BigInteger(), nullable=False),
        sa.Column('since', _INSTANT, nullable=True),
        sa.Column('paused_at', _INSTANT, nullable=True),
        sa.Column('due_at', _INSTANT, nullable=True),
        sa.Column('ended_at', _INSTANT, nullable=True),
        sa.Column('broken_at', _INSTANT, nullable=True),
        sa.Column('told', _DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(['level_id'], ['service_level.id'], name=op.f('fk_clock_level_id')),
        sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_clock_work_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_clock')),
        sa.UniqueConstraint('work_id', 'kind', name=op.f('uq_clock_work_id_kind')),
    )
    op.create_index(
        'ix_clock_running', 'clock', ['work_id', 'level_id'], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )
    op.add_column('work', sa.Column('level_id', _NUMBER, nullable=True))
    op.add_column('work', sa.Column('due_at', _INSTANT, nullable=True))
    op.add_column('work', sa.Column('due_for', sa.String(length=20), nullable=True))
    op.create_index('ix_work_due', 'work', ['due_at'], sqlite_where=_DUE, postgresql_where=_DUE)


def downgrade() -> None:
    op.drop_index('ix_work_due', 'work')
    for name in ('due_for', 'due_at', 'level_id'):
        op.drop_column('work', name)
    for name in ('clock', 'level_use', 'service_level', 'closure', 'house_hours'):
        op.drop_table(name)
