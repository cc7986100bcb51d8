"""What is written on a case: look at it and change it, by words and by buttons; and the tree of categories."""

from __future__ import annotations

from dataclasses import replace

from bot import args, fieldwords
from bot.calls import Reply, StaffCall
from bot.forms import staff as forms
from bot.render import editing as render
from bot.render.fields import values
from core.cases import categories as subjects
from core.cases import editing, seeing
from core.cases.fields import CHOICES, Field
from core.errors import Misused
from core.texts.said import Notice, said


def edit(call: StaffCall) -> Reply:
    """`/edit N FIELD VALUE, …`: change what is written on an item; without words, show it with buttons."""
    number, words = args.number(call.words.text, call.words.about, "usage.edit")
    if not words:
        return Reply(render.form(seeing.showing(call.tx, number, call.by, last=False)), work=number)
    editing.edit(call.tx, number, fieldwords.changes(words), call.by)
    call.show_card(number)
    return Reply()


def press_edit(call: StaffCall) -> Reply:
    """Show what is written on an item, or ask what one field is to be."""
    number = call.words.int_arg(0)
    shown = seeing.showing(call.tx, number, call.by, last=False)
    word = call.words.word_arg(1)
    if not word:
        return Reply(render.form(shown), replace=True, work=number)
    field = _field(word)
    if field not in values(shown):
        raise Misused("button.outdated")
    if field in CHOICES:
        return Reply(render.choices(shown, field), replace=True, work=number)
    if field is Field.CATEGORY:
        found = subjects.categories(call.tx, call.by)
        return Reply(render.choose_category(shown, found, max(0, call.words.int_arg(2))), replace=True, work=number)
    return forms.ask(call, f"edit_{field}", number)


def press_set(call: StaffCall) -> Reply:
    """Change one field to what its button says."""
    number, field = call.words.int_arg(0), _field(call.words.word_arg(1))
    word = call.words.word_arg(2)
    wanted = None if word == "none" else word or call.words.int_arg(2)
    editing.edit(call.tx, number, {field: wanted}, call.by)
    shown = Reply(render.form(seeing.showing(call.tx, number, call.by, last=False)), replace=True, work=number)
    return replace(shown, toast=said("toast.edited", number=number))


def _field(word: str) -> Field:
    if word not in set(Field):
        raise Misused("button.outdated")
    return Field(word)


def categories(call: StaffCall) -> Reply:
    """`/categories`: what cases can be about; `/categories Printers / Paper` adds one."""
    if not call.words.text:
        return Reply(render.categories(subjects.categories(call.tx, call.by)))
    made = subjects.add_category(call.tx, call.words.text, call.by)
    return Reply(Notice((said("category.made", category=made.path),)))
