"""Whatever the bytes: a document whose spans hold, or a DocumentError; never another exception."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.documents import DocumentError, read
from pipeline.documents.model import Document
from tests.documents import fuzz
from tests.documents.checking import check_document

NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "", "no suffix", "https://x.example/a?b=c#d"])
LINES = st.sampled_from(
    ["Heading", "Q: Why?", "A: So.", "====", "- item", "1. One", "2.1 Two", "Words go on, e.g. here. And end.", "",
     "> said", "[1] Note", "a | b | c", "YOU NEED:", "small start", "Sign up now", "**Bold**", "\tx", " ", "…", "Dr. A"]
)  # fmt: skip
MARKUP = st.sampled_from(
    ["<p>", "</p>", "<div class=ad>", "</div>", "<h1>", "</h1>", "<ul><li>", "</ul>", "<table><tr><td>", "</table>",
     "Words. ", "<b>", "</b>", "<br>", "<sup>1</sup>", "<!--", "-->", "&#xD800;", "<script>", "<details><summary>"]
)  # fmt: skip


def read_or_refuse(data: bytes, name: str) -> Document | None:
    try:
        document = read(data, name=name)
    except DocumentError:
        return None
    check_document(document)
    return document


@given(st.binary(max_size=400), NAMES)
@example(b"%PDF-", "a.txt")
@example(b"PK\x03\x04word/document.xml", "a.txt")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    read_or_refuse(data, name)


@given(st.text(max_size=400), NAMES)
@settings(deadline=None)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"), name)


@given(st.lists(LINES, max_size=30), st.sampled_from(["\n", "\r\n", "\n\n"]))
@settings(deadline=None)
def test_lines_of_every_kind_keep_their_words(lines: list[str], gap: str) -> None:
    """Plain text loses nothing but marks: what a block or heading holds stands in the file, in the same order."""
    text = gap.join(lines)
    document = read_or_refuse(text.encode(), "a.txt")
    assert document is None or document.text == text
    if document is not None:
        held = "".join(span.of(text) for _, block in document.blocks() for span in block.sentences)
        assert held.count("Words go on") == text.count("Words go on")


@given(st.lists(st.one_of(MARKUP, LINES), max_size=40), st.sampled_from(["a.html", "a.md"]))
@settings(deadline=None)
def test_markup_in_any_disorder_is_read_or_refused(parts: list[str], name: str) -> None:
    read_or_refuse("".join(parts).encode(), name)


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_damaged_documents_are_read_or_refused(number: int) -> None:
    _, name, data = fuzz.made(7, number)
    fuzz.try_one(name, data)


@pytest.mark.parametrize("start", [b"%PDF-1.7\n", b"PK\x03\x04word/document.xml", b"<html>", b"# "])
def test_noise_under_a_signature_is_read_or_refused(start: bytes) -> None:
    read_or_refuse(start + random.Random(5).randbytes(300), "a.md")


def test_the_fuzzer_runs_and_tells_what_it_saw(tmp_path: Path) -> None:
    run = fuzz.Run(3, keep=tmp_path)
    run.go(40, workers=1)
    assert sum(run.outcomes.values()) == 40
    assert not run.failures


def test_the_fuzzer_sees_a_reader_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, *, name: str) -> Document:
        raise KeyError(name)

    monkeypatch.setattr(fuzz, "read", broken)
    run = fuzz.Run(3, keep=tmp_path)
    run.suspect(1, "hang")
    assert "KeyError" in run.failures[0]
