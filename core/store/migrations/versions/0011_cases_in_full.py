"""Cases in full: what is written on them

Revision: 0011
Before: 0004
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0004'
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'category',
        sa.Column('id', _NUMBER, nullable=False),
        sa.Column('parent_id', _NUMBER, nullable=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('path', sa.Text(), nullable=False),
        sa.Column('path_key', sa.Text(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['parent_id'], ['category.id'], name=op.f('fk_category_parent_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
        sa.UniqueConstraint('path_key', name=op.f('uq_category_path_key')),
    )
    with op.batch_alter_table('case_') as table:
        table.add_column(sa.Column('status_reason', sa.String(20), nullable=True))
        table.add_column(sa.Column('category_id', _NUMBER, nullable=True))
        table.add_column(sa.Column('product', sa.Text(), nullable=True))
        table.add_column(sa.Column('severity', sa.String(20), nullable=True))
        table.add_column(sa.Column('type', sa.String(20), nullable=True))
        table.create_foreign_key(op.f('fk_case__category_id'), 'category', ['category_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('case_') as table:
        table.drop_constraint(op.f('fk_case__category_id'), type_='foreignkey')
        for name in ('type', 'severity', 'product', 'category_id', 'status_reason'):
            table.drop_column(name)
    op.drop_table('category')
