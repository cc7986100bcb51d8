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
        table.add_column(sa.Column('opened_by_id', _NUMBER, nullable=True))
        table.alter_column('reply_channel', existing_type=sa.String(20), nullable=True)
        table.alter_column('reply_address', existing_type=sa.Text(), nullable=True)
        table.create_foreign_key(op.f('fk_case__opened_by_id'), 'person', ['opened_by_id'], ['id'])
        table.create_foreign_key(op.f('fk_case__category_id'), 'category', ['category_id'], ['id'])
    with op.batch_alter_table('work') as table:
        table.add_column(sa.Column('merged_into_id', _NUMBER, nullable=True))
        table.create_foreign_key(op.f('fk_work_merged_into_id'), 'work', ['merged_into_id'], ['id'])
    merged = sa.text('merged_into_id IS NOT NULL')
    op.create_index('ix_work_merged', 'work', ['merged_into_id'], sqlite_where=merged, postgresql_where=merged)
    op.drop_index('ix_contact_search_key', 'contact')
    op.create_index(
        'ix_contact_search_key', 'contact', ['search_key'], postgresql_ops={'search_key': 'text_pattern_ops'}
    )


def downgrade() -> None:
    op.drop_index('ix_work_merged', 'work')
    with op.batch_alter_table('work') as table:
        table.drop_constraint(op.f('fk_work_merged_into_id'), type_='foreignkey')
        table.drop_column('merged_into_id')
    op.drop_index('ix_contact_search_key', 'contact')
    op.create_index('ix_contact_search_key', 'contact', ['search_key'])
    # A case without a way to its customer is given one that is none.
    op.execute("UPDATE case_ SET reply_channel = 'email', reply_address = '' WHERE reply_channel IS NULL")
    with op.batch_alter_table('case_') as table:
        table.drop_constraint(op.f('fk_case__category_id'), type_='foreignkey')
        table.drop_constraint(op.f('fk_case__opened_by_id'), type_='foreignkey')
        table.alter_column('reply_channel', existing_type=sa.String(20), nullable=False)
        table.alter_column('reply_address', existing_type=sa.Text(), nullable=False)
        for name in ('opened_by_id', 'type', 'severity', 'product', 'category_id', 'status_reason'):
            table.drop_column(name)
    op.drop_table('category')
