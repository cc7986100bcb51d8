"""Cases in full: what is written on them, who opened them for whom, and how they belong together

Revision: 0011
Before: 0010
"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')

# Columns that lead to rows of other tables: each with the table and column it leads to.
_LEADING = (
    ('case_', 'category_id', 'category', 'id'),
    ('case_', 'opened_by_id', 'person', 'id'),
    ('case_', 'parent_id', 'case_', 'work_id'),
    ('work', 'merged_into_id', 'work', 'id'),
)


def _add_leading(table: str, name: str, other: str, column: str) -> None:
    """SQLite takes a column with its constraint only so; to copy the table would break what leads to it."""
    constraint = f'fk_{table}_{name}'
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE {table} ADD COLUMN {name} INTEGER CONSTRAINT {constraint} REFERENCES {other} ({column})')
    else:
        op.add_column(table, sa.Column(name, _NUMBER, nullable=True))
        op.create_foreign_key(op.f(constraint), table, other, [name], [column])


def _partly(name: str, table: str, column: str) -> None:
    where = sa.text(f'{column} IS NOT NULL')
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


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
    for name, kind in (('status_reason', sa.String(20)), ('product', sa.Text()), ('severity', sa.String(20)), ('type', sa.String(20))):
        op.add_column('case_', sa.Column(name, kind, nullable=True))
    op.add_column('case_', sa.Column('billable_minutes', sa.Integer(), nullable=True))
    for one in _LEADING:
        _add_leading(*one)
    _partly('ix_case_parent', 'case_', 'parent_id')
    _partly('ix_work_merged', 'work', 'merged_into_id')
    op.create_table(
        'case_link',
        sa.Column('first_id', _NUMBER, nullable=False),
        sa.Column('second_id', _NUMBER, nullable=False),
        sa.CheckConstraint('first_id < second_id', name=op.f('ck_case_link_ordered')),
        sa.ForeignKeyConstraint(['first_id'], ['case_.work_id'], name=op.f('fk_case_link_first_id')),
        sa.ForeignKeyConstraint(['second_id'], ['case_.work_id'], name=op.f('fk_case_link_second_id')),
        sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_case_link')),
    )
    op.create_index(op.f('ix_case_link_second_id'), 'case_link', ['second_id'])
    op.drop_index('ix_contact_search_key', 'contact')
    op.create_index(
        'ix_contact_search_key', 'contact', ['search_key'], postgresql_ops={'search_key': 'text_pattern_ops'}
    )


def downgrade() -> None:
    op.drop_index('ix_contact_search_key', 'contact')
    op.create_index('ix_contact_search_key', 'contact', ['search_key'])
    op.drop_table('case_link')
    op.drop_index('ix_work_merged', 'work')
    op.drop_index('ix_case_parent', 'case_')
    for table, name, _, _ in reversed(_LEADING):
        op.drop_column(table, name)
    for name in ('billable_minutes', 'type', 'severity', 'product', 'status_reason'):
        op.drop_column('case_', name)
    op.drop_table('category')
