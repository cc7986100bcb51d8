"""The names of public queues: each leads to one open queue, whether it is the queue's own or an alias."""

from __future__ import annotations

from sqlalchemy import delete, select

from core.desk import Tx
from core.errors import Misused, Refused
from core.work.model import Queue, QueueName

#: Characters of a queue's name.
NAME_LENGTH = 40

#: What people call their own two queues; no public queue is called so.
PERSONAL = frozenset({"assigned", "in progress", "progress", "призначені", "у роботі", "в роботі"})


def key_of(words: str) -> str:
    """Bring a name to the form in which names are compared."""
    return " ".join(words.split()).casefold()


def clean_name(words: str) -> str:
    """Read the name of a public queue.

    Raises:
        Misused: `queue.name`: empty, too long, or only digits (which would read as an item's number).
        Refused: `queue.personal`: somebody's own queues are called so.
    """
    clean = " ".join(words.split())
    if not clean or len(clean) > NAME_LENGTH or clean.isdigit():
        raise Misused("queue.name", limit=NAME_LENGTH)
    check_not_personal(clean)
    return clean


def check_not_personal(words: str) -> None:
    """Insist that some words do not name a representative's own queues.

    Raises:
        Refused: `queue.personal`.
    """
    if key_of(words) in PERSONAL:
        raise Refused("queue.personal")


def queue_named(tx: Tx, name: str) -> int | None:
    """Find the open public queue that has a name, its own or an alias."""
    return tx.session.scalar(select(QueueName.queue_id).where(QueueName.key == key_of(name)))


def check_free(tx: Tx, name: str) -> None:
    """Insist that no queue is called so.

    Raises:
        Refused: `queue.exists`, or `queue.is_alias`, with the queue it leads to.
    """
    known = queue_named(tx, name)
    if known is not None:
        holder = tx.session.get_one(Queue, known)
        key = "queue.exists" if holder.name_key == key_of(name) else "queue.is_alias"
        raise Refused(key, name=name, queue=holder.name)


def take_name(tx: Tx, queue: int, name: str) -> None:
    """Let a name lead to a queue; it must be free."""
    tx.session.add(QueueName(key=key_of(name), name=name, queue_id=queue))
    tx.session.flush()


def drop_names(tx: Tx, queue: int) -> None:
    """Free all the names of a queue."""
    tx.session.execute(delete(QueueName).where(QueueName.queue_id == queue))


def aliases(tx: Tx, queue: int) -> list[str]:
    """List the names of a queue besides its own."""
    found = select(QueueName.name).join(Queue, Queue.id == QueueName.queue_id)
    found = found.where(QueueName.queue_id == queue, QueueName.key != Queue.name_key).order_by(QueueName.key)
    return list(tx.session.scalars(found))


def retire(row: Queue) -> None:
    """Free the key of a queue that is closed: it keeps its name for the history."""
    row.name_key = f"{row.name_key} #{row.id}"
