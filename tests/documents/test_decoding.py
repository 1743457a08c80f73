"""From bytes to text, and what bytes say that they are."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import DocumentError, decoding, signatures
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


@pytest.mark.parametrize(("signature", "kind"), signatures._SIGNATURES)
def test_every_signature_is_found_at_the_beginning_alone_and_is_no_text(signature: bytes, kind: str) -> None:
    assert named_signature(signature + b" and more") == kind
    assert named_signature(b"." + signature) == ""
    assert not is_text(signature + b" and more")


@given(st.binary(max_size=64))
def test_what_is_utf8_is_never_read_by_what_a_page_declares(data: bytes) -> None:
    text = decode_declared(data, "windows-1252", name="a.html")
    try:
        assert text == data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        assert text == data.decode("cp1252", errors="replace")


@pytest.mark.parametrize(("label", "codec"), decoding._WEB_CODECS.items())
def test_every_encoding_of_the_web_that_is_believed_is_there_and_never_fails(label: str, codec: str) -> None:
    assert codecs.lookup(codec)
    assert isinstance(decode_declared(bytes(range(128, 256)), label.upper(), name="a.html"), str)


@pytest.mark.parametrize(
    ("label", "data", "text"),
    [
        ("windows-1251", b"\xea\xee\xe6\xe0", "кожа"),
        ("iso-8859-15", b"3 \xa4", "3 €"),
        ("koi8-r", b"\xcb\xcf\xd6\xc1", "кожа"),
        ("shift_jis", b"\x94\xa7", "肌"),
        ("gb2312", b"\xc6\xa4\xb7\xf4", "皮肤"),
        ("euc-kr", b"\xc7\xc7\xba\xce", "피부"),
        ("macintosh", b"cr\x8fme", "crème"),
    ],
)
def test_pages_in_the_webs_older_encodings_are_read_as_browsers_read_them(label: str, data: bytes, text: str) -> None:
    assert decode_declared(data, label, name="a.html") == text


def test_one_control_character_in_two_hundred_is_an_accident_and_more_are_not_text() -> None:
    assert is_text(b"\x01" + b"a" * 199)
    assert not is_text(b"\x01" + b"a" * 198)
    assert is_text(b"")


def test_a_nul_anywhere_is_no_text_and_a_control_character_far_in_is_not_looked_for() -> None:
    far = b"a" * signatures._PEEK_BYTES
    assert not is_text(far + b"\0")
    assert is_text(far + b"\x01" * 1000)
