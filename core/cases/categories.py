"""What cases are about: a tree of categories, each written with those above it, such as "Printers / Paper"."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.cases.model import Category
from core.desk import Tx
from core.errors import Misused, NotFound, Refused
from core.history.actions import record
from core.people.names import folded, meant
from core.people.rules import Right, check
from core.people.views import Representative
from core.texts.lines import one_line

#: Characters of one name, and how many may stand below each other.
NAME_LENGTH, DEPTH = 40, 5

#: What stands between a category and those below it.
BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class CategoryView:
    """One category, with its place in the tree.

    Attributes:
        path: its name below those of all above it.
        depth: how many stand above it.
    """

    id: int
    name: str
    path: str
    depth: int


def categories(tx: Tx, by: Representative) -> list[CategoryView]:
    """List all categories, each below the one it belongs to, by name.

    Raises:
        Refused: `right.missing`.
    """
    check(by.role, Right.SEE_WORK)
    return _all(tx)


def _all(tx: Tx) -> list[CategoryView]:
    found = [_view(row) for row in tx.session.scalars(select(Category))]
    return sorted(found, key=lambda one: [folded(name) for name in one.path.split(BETWEEN)])


def _view(row: Category) -> CategoryView:
    return CategoryView(row.id, row.name, row.path, row.path.count(BETWEEN))


def add_category(tx: Tx, words: str, by: Representative) -> CategoryView:
    """Add a category, with those above it that are not there yet.

    Raises:
        Refused: `right.missing`; `category.exists`.
        Misused: `category.name`: a name in it is empty or too long, or there are too many.
    """
    check(by.role, Right.KEEP_QUEUES)
    names = [one_line(one) for one in words.split("/")]
    if len(names) > DEPTH or any(not 0 < len(one) <= NAME_LENGTH for one in names):
        raise Misused("category.name", limit=NAME_LENGTH, most=DEPTH)
    above: Category | None = None
    new = False
    for name in names:
        above, new = _found_or_made(tx, name, above)
    assert above is not None  # noqa: S101 - there is a name at least
    if not new:
        raise Refused("category.exists", category=above.path)
    record(tx, "category_made", by.actor, subject=("category", above.id), name=above.path)
    return _view(above)


def _found_or_made(tx: Tx, name: str, above: Category | None) -> tuple[Category, bool]:
    path = f"{above.path}{BETWEEN}{name}" if above else name
    known = tx.session.scalar(select(Category).where(Category.path_key == folded(path)))
    if known is not None:
        return known, False
    row = Category(
        parent_id=above.id if above else None, name=name, path=path, path_key=folded(path), created_at=tx.now
    )
    tx.add(row)
    return row, True


def find_category(tx: Tx, words: str) -> CategoryView:
    """Find a category by its own name, its path, or the beginning of a word in it; of those below each other the top.

    Raises:
        NotFound: `category.unknown`, with those there are; `category.none_yet` where there are none.
        Refused: `category.ambiguous`, with those it could be.
    """
    everything = _all(tx)
    if not everything:
        raise NotFound("category.none_yet")
    wanted = BETWEEN.join(one.strip() for one in words.split("/"))
    own = [one for one in everything if folded(one.name) == folded(wanted)]
    near = own if len(own) == 1 else meant(wanted, everything, lambda one: (one.path,))
    if not near:
        raise NotFound("category.unknown", word=words, known=[one.path for one in everything[:_KNOWN]])
    top = min(near, key=lambda one: one.depth)
    if any(one is not top and not one.path.startswith(top.path + BETWEEN) for one in near):
        raise Refused("category.ambiguous", word=words, known=[one.path for one in near[:_KNOWN]])
    return top


#: So many categories are named in a sentence.
_KNOWN = 12


def get_category(tx: Tx, number: int) -> CategoryView:
    """Show one category.

    Raises:
        NotFound: `category.gone`.
    """
    row = tx.session.get(Category, number)
    if row is None:
        raise NotFound("category.gone")
    return _view(row)
