"""From bytes to text, and what bytes say that they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import DocumentError
from pipeline.documents.decoding import decode_declared, decode_utf8
from pipeline.documents.signatures import is_text, named_signature


@given(st.text())
def test_utf8_comes_back_as_it_was_but_for_its_mark(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    assert decode_utf8(b"\xef\xbb\xbf" + data, name="a") == data.decode()


@pytest.mark.parametrize(
    ("data", "line"), [(b"\xff", 1), (b"a\nb\n\xe9c", 3), (b"\xef\xbb\xbf\n\xff", 2), (b"a\xc3", 1)]
)
def test_the_line_that_is_not_utf8_is_told(data: bytes, line: int) -> None:
    with pytest.raises(DocumentError, match=rf"^a\.txt: line {line} is not UTF-8 text\. Save it as UTF-8"):
        decode_utf8(data, name="a.txt")


@pytest.mark.parametrize("label", ["utf-7", "rot13", "idna", "unicode_escape", "zlib", "", "no such thing"])
def test_only_the_webs_own_encodings_are_believed(label: str) -> None:
    with pytest.raises(DocumentError):
        decode_declared(b"caf\xe9", label, name="a.html")


def test_a_declared_encoding_is_used_only_where_the_bytes_are_not_utf8() -> None:
    assert decode_declared("café".encode(), "iso-8859-1", name="a.html") == "café"
    assert decode_declared(b"caf\xe9", "ISO-8859-1", name="a.html") == "café"
    assert decode_declared(b"\x93x\x94 \x81", "latin1", name="a.html") == "“x” \ufffd"


@pytest.mark.parametrize("data", [b"words", b"a\tb\r\n\x0c", "é".encode("cp1252"), b"\x1b[1mbold"])
def test_text_is_told_from_binary(data: bytes) -> None:
    assert is_text(data)


@pytest.mark.parametrize("data", [b"a\0b", bytes(range(1, 32)) * 3, b"\x89PNG\r\n\x1a\n", b"{\\rtf1 words}"])
def test_binary_is_told_from_text(data: bytes) -> None:
    assert not is_text(data)


def test_a_signature_is_named_for_a_person() -> None:
    assert named_signature(b"\x1f\x8b\x08") == "a gzip archive"
    assert named_signature(b"words") == ""
