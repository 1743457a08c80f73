"""Documents made in a line, for the tests of derivation."""

from pipeline.derive.passages import Passage, passages
from pipeline.derive.profile import profile
from pipeline.derive.tokens import Sentence, read_sentence
from pipeline.documents import read
from pipeline.documents.model import Document, Span


def sentence(text: str) -> Sentence:
    return read_sentence(text, Span(0, len(text)))


def document(text: str, name: str = "notes.md") -> Document:
    return read(text.encode(), name=name)


def under(heading: str, *paragraphs: str, title: str = "Looking after things") -> Document:
    """A Markdown document with one section."""
    return document(f"# {title}\n\n## {heading}\n\n" + "\n\n".join(paragraphs) + "\n")


def passages_of(made: Document) -> list[Passage]:
    return list(passages(made, profile(made)))
