"""A shelf gives the same documents however often it is gone through, and holds only so many of them."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import read
from pipeline.documents.errors import DocumentError
from pipeline.documents.files import read_path
from pipeline.documents.model import Document
from pipeline.documents.shelf import Shelf


class Reader:
    """Counts how often each document is read."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.reads = [0] * len(texts)

    def read(self, number: int) -> Document:
        self.reads[number] += 1
        return read(self.texts[number].encode(), name=f"{number}.txt")

    def shelf(self, most_characters: int) -> Shelf:
        numbers = range(len(self.texts))
        found = ((self.read(number), partial(self.read, number)) for number in numbers)
        return Shelf(found, most_characters=most_characters)


@given(
    st.lists(st.text("ab ", min_size=1, max_size=30).map(lambda text: f"Word {text}."), max_size=8), st.integers(0, 99)
)
def test_the_second_time_through_gives_the_same_documents(texts: list[str], most: int) -> None:
    shelf = Reader(texts).shelf(most)
    first, second, third = list(shelf), list(shelf), list(shelf)
    assert first == second == third
    assert len(shelf) == len(texts)


def test_what_fits_is_read_once_and_what_does_not_is_read_again() -> None:
    reader = Reader(["A short one.", "A very long one that does not fit on the shelf.", "Short too."])
    shelf = reader.shelf(24)
    for _ in range(3):
        list(shelf)
    assert reader.reads == [1, 3, 1]


def test_documents_are_read_as_they_are_asked_for() -> None:
    reader = Reader(["One.", "Two.", "Three."])
    through = iter(reader.shelf(1000))
    next(through)
    assert reader.reads == [1, 0, 0]


def test_a_document_that_changed_in_between_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Keep the towel dry.")
    shelf = Shelf([(read_path(path), lambda: read_path(path))], most_characters=0)
    list(shelf)
    path.write_text("Keep the towel wet.")
    with pytest.raises(DocumentError, match=r"notes\.txt.*changed while it was being read"):
        list(shelf)
