"""Messages in chats by their case, merged customers and fired timers are found without a look at all of them

Revision: 0024
Before: 0023
"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

_MERGED = sa.text('merged_into_id IS NOT NULL')
_FIRED = sa.text('fired_at IS NOT NULL')


def upgrade() -> None:
    op.create_index(op.f('ix_chat_message_work_id'), 'chat_message', ['work_id'])
    op.create_index(
        'ix_contact_merged', 'contact', ['merged_into_id'], sqlite_where=_MERGED, postgresql_where=_MERGED
    )
    op.create_index('ix_timer_fired', 'timer', ['fired_at'], sqlite_where=_FIRED, postgresql_where=_FIRED)


def downgrade() -> None:
    op.drop_index('ix_timer_fired', table_name='timer')
    op.drop_index('ix_contact_merged', table_name='contact')
    op.drop_index(op.f('ix_chat_message_work_id'), table_name='chat_message')
