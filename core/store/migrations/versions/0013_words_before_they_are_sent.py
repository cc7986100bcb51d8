"""Words before they are sent: canned answers, and answers that wait for their writers

Revision: 0013
Before: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_LIST = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'template',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('owner_id', _NUMBER, nullable=True),
        sa.Column('locale', sa.String(8), nullable=False),
        sa.Column('category_id', _NUMBER, nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_template_owner_id')),
        sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_template_category_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_template')),
        sa.UniqueConstraint('key', name=op.f('uq_template_key')),
    )
    op.create_table(
        'unsent',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('work_id', _NUMBER, nullable=False),
        sa.Column('person_id', _NUMBER, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('files', _LIST, nullable=False),
        sa.Column('chat_id', sa.BigInteger(), nullable=True),
        sa.Column('chat_message_id', sa.BigInteger(), nullable=True),
        sa.Column('seen_id', _NUMBER, nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['work_id'], ['case_.work_id'], name=op.f('fk_unsent_work_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_unsent_person_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unsent')),
    )
    op.create_index(op.f('ix_unsent_work_id'), 'unsent', ['work_id'])
    op.create_index(op.f('ix_unsent_written_at'), 'unsent', ['written_at'])


def downgrade() -> None:
    op.drop_table('unsent')
    op.drop_table('template')
