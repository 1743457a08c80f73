"""DOCX: what counts as words and headings, and the bombs that are refused."""

import io
import time
import zipfile
from itertools import pairwise

import pytest

from pipeline.documents import DocumentError, read
from pipeline.documents.model import BlockKind, Document
from tests.documents.making import ARTICLE, W, as_docx, docx_of


def document_of(body: str) -> Document:
    return read(docx_of(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'), name="a.docx")


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def blocks(document: Document) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.span.of(document.text)) for _, block in document.blocks()]


def test_deleted_words_and_field_codes_are_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>Pat dry</w:t></w:r><w:del><w:r><w:delText>hard</w:delText><w:t>hard</w:t></w:r></w:del>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:ins><w:r><w:t>, gently.</w:t></w:r></w:ins></w:p>"
    )
    assert document_of(body).text == "Pat dry, gently."


def test_words_in_a_text_box_do_not_come_twice() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Aside.</w:t></w:r></w:p></w:txbxContent>"
    body = f"<w:p><w:r><w:t>Main.</w:t><w:pict>{box}</w:pict></w:r></w:p>"
    assert document_of(body).text == "Main."


def test_a_table_gives_one_block_to_a_row() -> None:
    row = (
        "<w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    )
    document = document_of(f"<w:tbl>{row.format('Day', 'What')}{row.format('1', 'Rest')}</w:tbl>")
    assert blocks(document) == [(BlockKind.TABLE, "Day | What"), (BlockKind.TABLE, "1 | Rest")]


def test_a_short_paragraph_all_in_bold_is_a_heading() -> None:
    document = document_of(paragraph("Aftercare", run="<w:b/>") + paragraph("Wash gently."))
    assert [section.heading for section in document.sections] == ["Aftercare"]
    document = document_of(paragraph("Aftercare", run='<w:b w:val="0"/>') + paragraph("Wash gently."))
    assert [section.heading for section in document.sections] == [""]


def test_styles_that_inherit_in_a_circle_end() -> None:
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    )
    body = paragraph("Words.", '<w:pStyle w:val="A"/>')
    data = docx_of(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>', styles)
    assert read(data, name="a.docx").text == "Words."


MAIN = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>'
LAUGHS = "".join(f'<!ENTITY {after} "{f"&{before};" * 9}">' for before, after in pairwise("abcdefghi"))


@pytest.mark.parametrize(
    "xml",
    [
        f'<!DOCTYPE a [<!ENTITY a "ha">{LAUGHS}]>{MAIN % "&i;"}',
        f'<!DOCTYPE a SYSTEM "file:///etc/passwd">{MAIN % "words"}',
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>{MAIN % "&x;"}',
    ],
    ids=["billion laughs", "outside DTD", "outside entity"],
)
def test_entities_are_refused_at_once(xml: str) -> None:
    began = time.monotonic()
    with pytest.raises(DocumentError, match=r"entities"):
        read(docx_of(xml), name="a.docx")
    assert time.monotonic() - began < 30


def test_deep_nesting_is_refused() -> None:
    xml = f'<w:document xmlns:w="{W}">' + "<w:p>" * 5000 + "</w:p>" * 5000 + "</w:document>"
    with pytest.raises(DocumentError, match="damaged"):
        read(docx_of(xml), name="a.docx")


def test_a_zip_bomb_is_refused_by_what_it_says() -> None:
    with pytest.raises(DocumentError, match="more than 64 MB"):
        read(docx_of(b"<w:document>" + b" " * 70_000_000), name="a.docx")


def test_a_zip_bomb_that_lies_about_its_size_is_refused_all_the_same() -> None:
    data = bytearray(docx_of(b"<w:document>" + b" " * 70_000_000))
    size = (70_000_012).to_bytes(4, "little")
    assert data.count(size)
    with pytest.raises(DocumentError):
        read(bytes(data.replace(size, (100).to_bytes(4, "little"))), name="a.docx")


def test_an_archive_of_very_many_files_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        for number in range(10_001):
            archive.writestr(f"{number}", "")
    with pytest.raises(DocumentError, match="10002 files"):
        read(packed.getvalue(), name="a.docx")


def test_an_encrypted_part_is_told() -> None:
    data = bytearray(as_docx(ARTICLE))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    with pytest.raises(DocumentError, match="encrypted"):
        read(bytes(data), name="a.docx")


def test_a_password_protected_word_file_is_told_for_what_it_is() -> None:
    with pytest.raises(DocumentError, match="encrypted Office file"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name="a.docx")


def test_another_archive_is_not_a_document() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("notes.txt", "words")
    with pytest.raises(DocumentError, match="ZIP archive"):
        read(packed.getvalue(), name="a.zip")
    with pytest.raises(DocumentError, match="without a Word document"):
        read(packed.getvalue(), name="a.docx")
