"""Documents from files and folders."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import all_formats
from pipeline.documents.model import Document
from pipeline.documents.reading import LARGEST_BYTES, read
from pipeline.documents.signatures import named_signature

_PEEK_BYTES = 64 * 1024

Report = Callable[[DocumentError], None]


def read_path(path: Path) -> Document:
    """The document in a file; its name is the file's name. Raises DocumentError, which names the whole path."""
    data = _bytes_of(path)
    try:
        return read(data, name=path.name)
    except DocumentError as error:
        raise DocumentError(str(path), error.wrong, error.remedy) from error


def find(path: Path, *, report: Report | None = None) -> list[Path]:
    """The documents in a folder and the folders below it, in the order of their names; a file is itself.

    Hidden files are passed over. What is no document, and links that lead out of the folder, go to `report` and the
    rest goes on; without a `report` the first of them is raised.
    """
    if not path.is_dir():
        _status(path)
        return [path]
    found: list[Path] = []
    for candidate in _visible(path):
        try:
            if _is_document(candidate, path):
                found.append(candidate)
        except DocumentError as error:
            if report is None:
                raise
            report(error)
    return found


def _bytes_of(path: Path) -> bytes:
    status = _status(path)
    if stat.S_ISDIR(status.st_mode):
        raise DocumentError(str(path), "it is a folder", "Name a file, or hand in the whole folder")
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(str(path), "it is not an ordinary file", "Copy its content into a file")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from error


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DocumentError:
    if isinstance(error, FileNotFoundError):
        return DocumentError(str(path), "there is no such file", "Check the name and the folder")
    if isinstance(error, PermissionError):
        return DocumentError(str(path), "it may not be read", "Give yourself the right to read it")
    reason = getattr(error, "strerror", None) or str(error)
    return DocumentError(str(path), f"it cannot be opened ({reason})", "Check the file")


def _visible(folder: Path) -> Iterator[Path]:
    """Every file that is not hidden, folder by folder, by name; linked folders come as they are."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _visible(entry)
        else:
            yield entry


def _is_document(path: Path, folder: Path) -> bool:
    """Whether to take the file; a link to something in the same folder is not taken, since the thing itself is."""
    if path.is_symlink():
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DocumentError(str(path), "it is a link that leads out of the folder", "Put the file itself there")
        return False
    if not stat.S_ISREG(_status(path).st_mode):
        raise DocumentError(str(path), "it is not an ordinary file", "Remove it from the folder")
    try:
        with path.open("rb") as file:
            peek = file.read(_PEEK_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error
    kind = named_signature(peek)
    may_be_known = not peek.strip() or kind == "a ZIP archive"  # both are judged when they are read
    if not may_be_known and not any(each.recognises(peek, path.name) for each in all_formats()):
        raise DocumentError(str(path), f"it is {kind or 'a binary file'}, not a document", "Move it out of the folder")
    return True
