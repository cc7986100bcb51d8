"""Who takes part in a case besides its customer, whom its letters also went to, and what a queue makes of them

Revision: 0021
Before: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    op.create_table(
        'case_party',
        sa.Column('work_id', _ID, nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('added_at', _INSTANT, nullable=False),
        sa.Column('added_by_id', _ID, nullable=True),
        sa.Column('left_at', _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['added_by_id'], ['person.id'], name=op.f('fk_case_party_added_by_id')),
        sa.ForeignKeyConstraint(['work_id'], ['case_.work_id'], name=op.f('fk_case_party_work_id')),
        sa.PrimaryKeyConstraint('work_id', 'address', name=op.f('pk_case_party')),
    )
    op.create_index(op.f('ix_case_party_address'), 'case_party', ['address'])
    op.add_column('entry', sa.Column('copied', document, nullable=True))
    op.add_column('queue', sa.Column('copied', sa.String(20), nullable=False, server_default='ignore'))


def downgrade() -> None:
    op.drop_column('queue', 'copied')
    op.drop_column('entry', 'copied')
    op.drop_index(op.f('ix_case_party_address'), table_name='case_party')
    op.drop_table('case_party')
