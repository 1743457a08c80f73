"""Headings in plain texts of many layouts, each heading marked "§" by a reader before the text was tried."""

from pathlib import Path

import pytest

from pipeline.documents import read

FOLDER = Path(__file__).parent / "odd_texts"
TEXTS = sorted(path.name for path in FOLDER.iterdir())
LEAST_PRECISION, LEAST_RECALL = 0.98, 0.95


def marked(name: str) -> tuple[str, set[int]]:
    """The text without its marks, and the lines that were marked."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    headings = {number for number, line in enumerate(lines) if line.lstrip().startswith("§")}
    return "\n".join(line.replace("§", "", 1) for line in lines) + "\n", headings


def found(text: str) -> set[int]:
    document = read(text.encode(), name="a.txt")
    spans = [section.heading_span for section in document.sections if section.heading_span]
    return {text.count("\n", 0, span.start) for span in spans}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_headings_of_an_odd_text_are_found(name: str, ending: str) -> None:
    text, expected = marked(name)
    lines = text.splitlines()
    told = found(text.replace("\n", ending))
    assert sorted(lines[number] for number in told) == sorted(lines[number] for number in expected)


def test_over_all_texts_headings_are_precise_and_complete() -> None:
    pairs = [(found(text), expected) for text, expected in map(marked, TEXTS)]
    right = sum(len(told & expected) for told, expected in pairs)
    assert sum(len(expected) for _, expected in pairs) >= 50
    assert right / sum(len(told) for told, _ in pairs) >= LEAST_PRECISION
    assert right / sum(len(expected) for _, expected in pairs) >= LEAST_RECALL
