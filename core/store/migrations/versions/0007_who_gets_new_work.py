"""Absence with a substitute, caps and skills; how a queue gives out new work, and how long it may lie unaccepted

Revision: 0007
Before: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_ADDED = (
    ('queue', 'accept_within'), ('queue', 'skill'), ('queue', 'policy'),
    ('person', 'skills'), ('person', 'cap'), ('person', 'substitute_id'), ('person', 'away_until'),
)
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    with op.batch_alter_table('person') as table:
        table.add_column(sa.Column('away_until', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('substitute_id', _ID, nullable=True))
        table.add_column(sa.Column('cap', sa.Integer(), nullable=True))
        table.add_column(sa.Column('skills', document, nullable=False, server_default='[]'))
    with op.batch_alter_table('queue') as table:
        table.add_column(sa.Column('policy', sa.String(20), nullable=False, server_default='manual'))
        table.add_column(sa.Column('skill', sa.Text(), nullable=True))
        table.add_column(sa.Column('accept_within', sa.Integer(), nullable=True))
    op.create_table(
        'queue_turn',
        sa.Column('queue_id', _ID, nullable=False),
        sa.Column('person_id', _ID, nullable=False),
        sa.Column('given', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name=op.f('fk_queue_turn_queue_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_queue_turn_person_id')),
        sa.PrimaryKeyConstraint('queue_id', 'person_id', name=op.f('pk_queue_turn')),
    )


def downgrade() -> None:
    op.drop_table('queue_turn')
    # Not as a batch, which makes SQLite's table anew: others refer to its rows.
    for table, column in _ADDED:
        op.execute(f'ALTER TABLE {table} DROP COLUMN {column}')
