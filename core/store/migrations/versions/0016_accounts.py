"""Accounts, the organisations that customers belong to; queues that give to their owners; the clocks that a merge of
queues has changed

Revision: 0016
Before: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_INSTANT = sa.DateTime(timezone=True)
_BELONGS = 'fk_contact_account_id'


def _add_account_of_contact() -> None:
    """SQLite takes a column with its constraint only so; to copy the table would break what leads to it."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE contact ADD COLUMN account_id INTEGER CONSTRAINT {_BELONGS} REFERENCES account (id)')
    else:
        op.add_column('contact', sa.Column('account_id', _ID, nullable=True))
        op.create_foreign_key(op.f(_BELONGS), 'contact', 'account', ['account_id'], ['id'])
    op.create_index(op.f('ix_contact_account_id'), 'contact', ['account_id'])


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    op.create_table(
        'account',
        sa.Column('id', _ID, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('name_key', sa.Text(), nullable=True),
        sa.Column('owner_id', _ID, nullable=True),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('created_at', _INSTANT, nullable=False),
        sa.Column('closed_at', _INSTANT, nullable=True),
        sa.Column('merged_into_id', _ID, nullable=True),
        sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_account_owner_id')),
        sa.ForeignKeyConstraint(['merged_into_id'], ['account.id'], name=op.f('fk_account_merged_into_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
        sa.UniqueConstraint('name_key', name=op.f('uq_account_name_key')),
    )
    op.create_table(
        'account_domain',
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('account_id', _ID, nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_domain_account_id')),
        sa.PrimaryKeyConstraint('domain', name=op.f('pk_account_domain')),
    )
    op.create_index(op.f('ix_account_domain_account_id'), 'account_domain', ['account_id'])
    _add_account_of_contact()
    op.add_column('queue', sa.Column('to_owner', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        'queue_merge_clock',
        sa.Column('merge_id', _ID, autoincrement=False, nullable=False),
        sa.Column('work_id', _ID, autoincrement=False, nullable=False),
        sa.Column('kind', sa.String(20), nullable=False),
        sa.Column('level_id', _ID, nullable=False),
        sa.Column('target_us', sa.BigInteger(), nullable=False),
        sa.Column('used_us', sa.BigInteger(), nullable=False),
        sa.Column('since', _INSTANT, nullable=True),
        sa.Column('paused_at', _INSTANT, nullable=True),
        sa.Column('ended_at', _INSTANT, nullable=True),
        sa.Column('broken_at', _INSTANT, nullable=True),
        sa.Column('told', document, nullable=False),
        sa.ForeignKeyConstraint(['merge_id'], ['queue_merge.id'], name=op.f('fk_queue_merge_clock_merge_id')),
        sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_queue_merge_clock_work_id')),
        sa.PrimaryKeyConstraint('merge_id', 'work_id', 'kind', name=op.f('pk_queue_merge_clock')),
    )


def downgrade() -> None:
    op.drop_table('queue_merge_clock')
    op.drop_column('queue', 'to_owner')
    op.drop_index(op.f('ix_contact_account_id'), 'contact')
    op.drop_column('contact', 'account_id')
    op.drop_table('account_domain')
    op.drop_table('account')
