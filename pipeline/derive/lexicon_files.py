"""Reads the word lists that the guard and the duplicate check go by.

A list is a UTF-8 text file below `lexicons/`, meant for an editor to read and mend:

    # a comment
    [group-name]      opens a group; what follows belongs to it
    a phrase          one entry a line, lower case
"""

from functools import cache
from pathlib import Path

from pipeline.errors import TipsheetError

FOLDER = Path(__file__).parent / "lexicons"


class LexiconError(TipsheetError):
    """A word list cannot be read."""


@cache
def groups(name: str) -> dict[str, tuple[str, ...]]:
    """The groups of `lexicons/<name>.txt`, in the file's order."""
    path = FOLDER / f"{name}.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LexiconError(f"The word list {path.name} cannot be read: {error.strerror}. Put the file back.") from error
    found: dict[str, list[str]] = {}
    entries: list[str] | None = None
    for number, line in enumerate(lines, start=1):
        entry = line.split("#", 1)[0].strip()
        if entry.startswith("[") and entry.endswith("]"):
            entries = found.setdefault(entry[1:-1], [])
        elif entry and entries is None:
            raise LexiconError(f"{path.name}, line {number}: '{entry}' stands before any [group]. Add a group above.")
        elif entry and entries is not None:
            entries.append(entry)
    return {group: tuple(words) for group, words in found.items()}


@cache
def words(name: str, *chosen: str) -> frozenset[str]:
    """All entries of the chosen groups (of every group, where none is chosen)."""
    table = groups(name)
    return frozenset(entry for group in (chosen or tuple(table)) for entry in table[group])


@cache
def words_in_order(name: str) -> tuple[str, ...]:
    """Every entry of every group, in the file's order."""
    return tuple(entry for entries in groups(name).values() for entry in entries)
