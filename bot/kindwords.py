"""How the kinds of items are written, in both languages, one of them or several."""

from __future__ import annotations

from core.work.rules import WorkKind

_WORDS = {
    WorkKind.CASE: "case cases звернення",
    WorkKind.TASK: "task tasks завдання",
    WorkKind.CALL: "call calls phone дзвінок дзвінки дзвінка",
    WorkKind.APPOINTMENT: "appointment appointments meeting meetings зустріч зустрічі",
    WorkKind.LETTER: "letter letters mail email лист листи листа",
    WorkKind.CHAT: "chat chats message messages чат чати чату повідомлення",
    WorkKind.SERVICE: "service services обслуговування",
}
_BY_WORD = {word: kind for kind, words in _WORDS.items() for word in words.split()}

#: The filter of search, which may be typed behind a list, too.
_FILTERS = ("is:", "стан:", "kind:", "вид:")


def read(word: str) -> WorkKind | None:
    """Read a kind; None when it is none."""
    return _BY_WORD.get(word.strip().casefold())


def filtered(words: str) -> WorkKind | None:
    """Read the kind that a list is to show, written alone or as a filter: `calls`, `is:call`; None when it is none."""
    text = words.strip().casefold()
    return read(next((text.removeprefix(one) for one in _FILTERS if text.startswith(one)), text))
