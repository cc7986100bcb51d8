"""Activities of all kinds: calls and appointments, what came of them, and what customers are told of them

Revision: 0008
Before: 0007
"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')

# Columns that are added, and what they hold; that which leads to `contact` comes apart.
_ADDED = (
    ('status', sa.String(length=20), 'planned'),
    ('ends_at', sa.DateTime(timezone=True), None),
    ('remind_minutes', sa.Integer(), None),
    ('place', sa.Text(), None),
    ('outcome', sa.Text(), None),
    ('minutes', sa.Integer(), None),
    ('uid', sa.Text(), None),
    ('sequence', sa.Integer(), '0'),
    ('invitation_id', _NUMBER, None),
    ('invited', sa.Boolean(), sa.false()),
)


def _add_contact() -> None:
    """SQLite takes a column with its constraint only so; to copy the table would break what leads to it."""
    constraint = 'fk_activity_contact_id'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE activity ADD COLUMN contact_id INTEGER CONSTRAINT {constraint} REFERENCES contact (id)')
    else:
        op.add_column('activity', sa.Column('contact_id', _NUMBER, nullable=True))
        op.create_foreign_key(op.f(constraint), 'activity', 'contact', ['contact_id'], ['id'])
    op.create_index('ix_activity_contact_id', 'activity', ['contact_id'])


def upgrade() -> None:
    for name, kind, usual in _ADDED:
        op.add_column('activity', sa.Column(name, kind, nullable=usual is None, server_default=usual))
    _add_contact()
    op.execute("UPDATE activity SET status = 'done' WHERE work_id IN (SELECT id FROM work WHERE state = 'closed')")


def downgrade() -> None:
    op.drop_index('ix_activity_contact_id', 'activity')
    op.drop_column('activity', 'contact_id')
    for name, _, _ in reversed(_ADDED):
        op.drop_column('activity', name)
