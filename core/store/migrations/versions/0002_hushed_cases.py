"""Cases that get no automatic mail, messages in parts, why a card came

Revision: 0002
Before: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    with op.batch_alter_table('case_') as table:
        table.add_column(sa.Column('hushed', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('entry') as table:
        table.add_column(sa.Column('parts', document, nullable=True))
    with op.batch_alter_table('card') as table:
        table.add_column(sa.Column('why', document, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('card') as table:
        table.drop_column('why')
    with op.batch_alter_table('entry') as table:
        table.drop_column('parts')
    with op.batch_alter_table('case_') as table:
        table.drop_column('hushed')
