"""Activities of all kinds: calls and appointments, what came of them, and what customers are told of them

Revision: 0008
Before: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0004'
branch_labels = None
depends_on = None

_ADDED = ('contact_id', 'status', 'ends_at', 'remind_minutes', 'place', 'outcome', 'minutes', 'uid', 'sequence')


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    with op.batch_alter_table('activity') as table:
        table.add_column(sa.Column('contact_id', number, nullable=True))
        table.add_column(sa.Column('status', sa.String(length=20), nullable=False, server_default='planned'))
        table.add_column(sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('remind_minutes', sa.Integer(), nullable=True))
        table.add_column(sa.Column('place', sa.Text(), nullable=True))
        table.add_column(sa.Column('outcome', sa.Text(), nullable=True))
        table.add_column(sa.Column('minutes', sa.Integer(), nullable=True))
        table.add_column(sa.Column('uid', sa.Text(), nullable=True))
        table.add_column(sa.Column('sequence', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('invitation_id', number, nullable=True))
        table.add_column(sa.Column('invited', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_foreign_key(op.f('fk_activity_contact_id'), 'contact', ['contact_id'], ['id'])
        table.create_index('ix_activity_contact_id', ['contact_id'])
    op.execute("UPDATE activity SET status = 'done' WHERE work_id IN (SELECT id FROM work WHERE state = 'closed')")


def downgrade() -> None:
    with op.batch_alter_table('activity') as table:
        table.drop_index('ix_activity_contact_id')
        table.drop_constraint(op.f('fk_activity_contact_id'), type_='foreignkey')
        for name in (*_ADDED, 'invitation_id', 'invited'):
            table.drop_column(name)
