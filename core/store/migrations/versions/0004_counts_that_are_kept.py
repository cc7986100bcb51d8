"""How many items stand where is kept; indexes for what was looked for row by row

Revision: 0004
Before: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_CASES = "state = 'open' AND kind = 'case'"


def _partly(name: str, table: str, where: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'tally',
        sa.Column('id', number, nullable=False),
        sa.Column('queue_id', number, nullable=False),
        sa.Column('accepted', sa.Boolean(), nullable=False),
        sa.Column('change', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name=op.f('fk_tally_queue_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tally')),
    )
    op.create_index('ix_tally_queue', 'tally', ['queue_id', 'accepted', 'change', 'at'])
    op.execute(
        'INSERT INTO tally (queue_id, accepted, change, at) '
        'SELECT queue_id, false, count(*), max(entered_at) FROM work WHERE queue_id IS NOT NULL GROUP BY queue_id'
    )
    op.execute(
        'INSERT INTO tally (queue_id, accepted, change) '
        'SELECT work.came_from_id, true, count(*) FROM work JOIN queue ON queue.id = work.queue_id '
        "WHERE queue.kind = 'in_progress' AND work.came_from_id IS NOT NULL GROUP BY work.came_from_id"
    )
    op.drop_index('ix_work_done', 'work')
    op.drop_index('ix_work_missed', 'work')
    _partly('ix_work_missed', 'work', _CASES, 'touched_at', 'id', 'next_planned_at', 'queue_id', 'came_from_id')
    _partly(
        'ix_work_missed_new', 'work', f'{_CASES} AND missed_told_at IS NULL', 'touched_at', 'id', 'next_planned_at'
    )
    late = 'missed_told_at IS NOT NULL AND missed_raised_at IS NULL'
    _partly('ix_work_missed_late', 'work', late, 'missed_told_at')
    _partly('ix_work_planned', 'work', 'next_planned_at IS NOT NULL', 'next_planned_at')
    _partly('ix_work_closed', 'work', 'closed_at IS NOT NULL', 'closed_at', 'done_in_id', 'came_from_id')
    _partly('ix_outbox_expires', 'outbox', "state IN ('owed', 'unknown')", 'expires_at')
    _partly('ix_outbox_dead', 'outbox', "state = 'dead'", 'settled_at')


def downgrade() -> None:
    op.drop_index('ix_outbox_dead', 'outbox')
    op.drop_index('ix_outbox_expires', 'outbox')
    for name in ('closed', 'planned', 'missed_late', 'missed_new', 'missed'):
        op.drop_index(f'ix_work_{name}', 'work')
    _partly('ix_work_missed', 'work', _CASES, 'touched_at', 'id')
    op.create_index('ix_work_done', 'work', ['done_in_id', 'closed_at'])
    op.drop_table('tally')
