"""One customer across channels, how satisfied customers are, and what is erased of them

Revision: 0012
Before: 0011
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_INSTANT = sa.DateTime(timezone=True)


def _add_merged() -> None:
    """SQLite takes a column with its constraint only so; to copy the table would break what leads to it."""
    constraint = 'fk_contact_merged_into_id'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(
            f'ALTER TABLE contact ADD COLUMN merged_into_id INTEGER CONSTRAINT {constraint} REFERENCES contact (id)'
        )
    else:
        op.add_column('contact', sa.Column('merged_into_id', _NUMBER, nullable=True))
        op.create_foreign_key(op.f(constraint), 'contact', 'contact', ['merged_into_id'], ['id'])


def upgrade() -> None:
    _add_merged()
    op.create_table(
        'address_code',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('contact_id', _NUMBER, nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('nonce', sa.String(32), nullable=False),
        sa.Column('asked_at', _INSTANT, nullable=False),
        sa.Column('expires_at', _INSTANT, nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('settled_at', _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_address_code_contact_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_address_code')),
    )
    op.create_index(op.f('ix_address_code_contact_id'), 'address_code', ['contact_id'])
    op.create_index(op.f('ix_address_code_address'), 'address_code', ['address'])
    op.add_column('case_', sa.Column('answer_by', sa.String(20), nullable=True))
    op.execute(
        'ALTER TABLE case_ ADD COLUMN satisfaction INTEGER '
        'CONSTRAINT ck_case__satisfaction CHECK (satisfaction BETWEEN 1 AND 5)'
    )
    op.add_column('case_', sa.Column('rating_asked_at', _INSTANT, nullable=True))
    op.add_column('case_', sa.Column('satisfaction_at', _INSTANT, nullable=True))
    op.add_column('case_', sa.Column('satisfaction_words', sa.Text(), nullable=True))
    for table in ('contact', 'case_'):
        op.add_column(table, sa.Column('erased_at', _INSTANT, nullable=True))
    op.add_column('queue', sa.Column('keep_days', sa.Integer(), nullable=True))
    op.add_column('queue', sa.Column('erased_until', _INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column('queue', 'erased_until')
    op.drop_column('queue', 'keep_days')
    op.drop_column('contact', 'erased_at')
    for name in ('erased_at', 'satisfaction_words', 'satisfaction_at', 'rating_asked_at', 'satisfaction', 'answer_by'):
        op.drop_column('case_', name)
    op.drop_table('address_code')
    op.drop_column('contact', 'merged_into_id')
