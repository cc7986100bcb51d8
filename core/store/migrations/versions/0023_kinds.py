"""Letters, chat messages and service activities; the parents of accounts and the names that merged ones had

Revision: 0023
Before: 0022
"""

import sqlalchemy as sa
from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_PARENT = 'fk_account_parent_id'


def _add_parent() -> None:
    """SQLite takes a column with its constraint only so; to copy the table would break what leads to it."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE account ADD COLUMN parent_id INTEGER CONSTRAINT {_PARENT} REFERENCES account (id)')
    else:
        op.add_column('account', sa.Column('parent_id', _ID, nullable=True))
        op.create_foreign_key(op.f(_PARENT), 'account', 'account', ['parent_id'], ['id'])
    op.create_index(op.f('ix_account_parent_id'), 'account', ['parent_id'])


def upgrade() -> None:
    op.add_column('activity', sa.Column('direction', sa.String(length=20), nullable=True))
    op.create_table(
        'activity_person',
        sa.Column('work_id', _ID, nullable=False),
        sa.Column('person_id', _ID, nullable=False),
        sa.ForeignKeyConstraint(['work_id'], ['activity.work_id'], name=op.f('fk_activity_person_work_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_activity_person_person_id')),
        sa.PrimaryKeyConstraint('work_id', 'person_id', name=op.f('pk_activity_person')),
    )
    op.create_index(op.f('ix_activity_person_person_id'), 'activity_person', ['person_id'])
    _add_parent()
    op.create_table(
        'account_alias',
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('account_id', _ID, nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_alias_account_id')),
        sa.PrimaryKeyConstraint('key', name=op.f('pk_account_alias')),
    )
    op.create_index(op.f('ix_account_alias_account_id'), 'account_alias', ['account_id'])


def downgrade() -> None:
    op.drop_table('account_alias')
    op.drop_index(op.f('ix_account_parent_id'), 'account')
    if op.get_bind().dialect.name != 'sqlite':
        op.drop_constraint(op.f(_PARENT), 'account', type_='foreignkey')
    op.drop_column('account', 'parent_id')
    op.drop_table('activity_person')
    op.drop_column('activity', 'direction')
