"""Translations of the fixed wording: one gettext file for each language, `locale/<language tag>.po`.

The English words stand in the code, in dataclasses; a message's context is its room and field ("email.greeting"), so
that one English word may have two translations. A new language is one new file, made from `locale/tipsheet.pot`: it is
found by itself. A catalogue that lacks a word of a room, or a `{place}` in it, is not used for that room: a page half
in one language and half in another would be read aloud wrongly.
"""

import gettext
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Words = TypeVar("Words", bound="DataclassInstance")

LOCALE = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"

_PLACE = re.compile(r"\{\w+\}")


class CatalogueError(TipsheetError):
    """A catalogue cannot be read."""


@dataclass(frozen=True, slots=True)
class _Language:
    tag: str
    messages: Catalog
    form: Callable[[int], int]  # which plural form a number takes

    def find(self, text: str, context: str) -> str:
        """The translation, '' for one that is missing, unsure, or whose places are not those of the English."""
        message = self.messages.get(text, context)
        if message is None or message.fuzzy or not isinstance(message.string, str):
            return ""
        return message.string if places(message.string) == places(text) else ""


def translated(words: Words, room: str, language: str, *, folder: Path = LOCALE) -> Words:
    """The words for a BCP 47 tag: its own, else its language's (`de-AT` gets `de`), else `words` as they are.

    `words` is a frozen dataclass of text with a field `language`, which tells what came back.
    """
    for catalogue in _catalogues(language, folder):
        found = {name: catalogue.find(text, context) for name, text, context in messages_of(words, room)}
        if all(found.values()):
            return replace(words, language=catalogue.tag, **found)
    return words


def messages_of(words: "DataclassInstance", room: str) -> Iterator[tuple[str, str, str]]:
    """Each field that is translated: its name, the English, and the message's context."""
    for field in fields(words):
        text = str(getattr(words, field.name))
        if field.name != "language" and text:
            yield field.name, text, f"{room}.{field.name}"


def phrase(text: str, context: str, language: str, *, folder: Path = LOCALE) -> str:
    """One message in the language; the text itself where no catalogue has it."""
    found = (catalogue.find(text, context) for catalogue in _catalogues(language, folder))
    return next((words for words in found if words), text)


def counted(one: str, many: str, count: int, *, context: str, language: str, folder: Path = LOCALE) -> str:
    """The form that `count` asks for in the language, with `{count}` filled in."""
    for catalogue in _catalogues(language, folder):
        message = catalogue.messages.get((one, many), context)
        if message is not None and not message.fuzzy and isinstance(message.string, tuple) and all(message.string):
            return str(message.string[catalogue.form(count)]).format(count=count)
    return (one if count == 1 else many).format(count=count)


def places(text: str) -> set[str]:
    """The names in braces, which are filled when the words are used."""
    return set(_PLACE.findall(text))


def languages(folder: Path = LOCALE) -> list[str]:
    """The tags of the languages that have a catalogue; English needs none."""
    return sorted(path.stem for path in folder.glob("*.po"))


def read(path: Path) -> Catalog:
    """Raises CatalogueError."""
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise CatalogueError(f"{path} is no gettext catalogue: {error}. Mend it, or take it away.") from error


def _catalogues(language: str, folder: Path) -> Iterator[_Language]:
    """From the most exact tag to the least."""
    parts = language.lower().replace("_", "-").split("-")
    if parts[0] == SOURCE_LANGUAGE:
        return
    for length in range(len(parts), 0, -1):
        found = _load("-".join(parts[:length]), folder)
        if found is not None:
            yield found


@cache
def _load(tag: str, folder: Path) -> _Language | None:
    path = next((folder / f"{name}.po" for name in languages(folder) if name.lower() == tag), None)
    if path is None:
        return None
    messages = read(path)
    return _Language(path.stem, messages, gettext.c2py(messages.plural_expr))
