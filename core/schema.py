"""Every table in one place, for migrations to compare with; nothing else imports this."""

from core.activities import model as activities
from core.calendars import model as calendars
from core.cases import model as cases
from core.customers import model as customers
from core.history import model as history
from core.inbox import model as inbox
from core.outbox import model as outbox
from core.people import model as people
from core.search import model as search
from core.sla import model as sla
from core.store.base import Base
from core.timers import model as timers
from core.work import model as work

ALL = (activities, calendars, cases, customers, history, inbox, outbox, people, search, sla, timers, work)
metadata = Base.metadata
