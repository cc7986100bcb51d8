"""The rows that are searched: what a case says, in the words that are compared, and what is to be written anew."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base, Id

#: So many documents has a case at most; the number of a document is that of its case, times this, and its place.
DOCUMENTS = 4096


class SearchDocument(Base):
    """A part of a case as it is searched: its head and about a thousand words of its messages; most cases have one.

    The database itself keeps the index: triggers fill the FTS5 table `search_index` on SQLite, and PostgreSQL has a
    GIN index on `search_words(words)`. Both know nothing of words but that spaces part them. See decision 030.
    """

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(Text)


class SearchDue(Base):
    """A case whose documents are to be written anew, soon: what was there before the search, and whatever is much."""

    __tablename__ = "search_due"

    work_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
