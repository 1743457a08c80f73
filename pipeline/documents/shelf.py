"""Documents to go through more than once, of which only so many are held: a corpus may be larger than the memory.

The first time through, documents are read as they are asked for. Those that fit are kept; of the others only the way
to them and the hash of their bytes, and the next time through they are read again. A file that changed in between is
refused, so that all who go through see the same words.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.documents.errors import DocumentError
from pipeline.documents.model import Document

_MOST_CHARACTERS = 16_000_000
"""Characters of text that are held; a document takes about five bytes for each."""

Read = Callable[[], Document]


@dataclass(frozen=True, slots=True)
class _Place:
    """A document that is held, or how to read it again."""

    held: Document | None
    again: Read
    name: str
    sha256: str

    def document(self) -> Document:
        if self.held is not None:
            return self.held
        document = self.again()
        if document.sha256 != self.sha256:
            raise DocumentError(self.name, "it changed while it was being read", "Let it be written, and try again")
        return document


class Shelf:
    """Documents in their order, each with the way to read it again; `len` counts those that were gone through."""

    def __init__(self, source: Iterable[tuple[Document, Read]], *, most_characters: int = _MOST_CHARACTERS) -> None:
        self._source = iter(source)
        self._left = most_characters
        self._places: list[_Place] = []

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Document]:
        """Raises DocumentError where a document that is not held cannot be read again, or is another by now."""
        number = 0
        while True:
            if number < len(self._places):
                document = self._places[number].document()
            elif found := next(self._source, None):
                document = self._put(*found)
            else:
                return
            number += 1
            yield document

    def _put(self, document: Document, again: Read) -> Document:
        fits = len(document.text) <= self._left
        self._left -= len(document.text) if fits else 0
        self._places.append(_Place(document if fits else None, again, document.name, document.sha256))
        return document
