"""HTML pages, saved or fetched. The canonical text is the article's words, without the page around them."""

import codecs
import re

from pipeline.documents.decoding import decode_declared
from pipeline.documents.formats.base import Extraction, Format, Precedence, Writer
from pipeline.documents.html_blocks import write_html
from pipeline.documents.signatures import is_text

_OPENING = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(rb"<(?:p|div|h[1-6]|article|section|ul|ol|table|br|span)\b[^<>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:-]{1,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,100}?encoding=[\"']([\w:-]{1,40})", re.IGNORECASE)
_PEEK_BYTES = 4096


def extract(data: bytes, name: str) -> Extraction:
    peek = data[:_PEEK_BYTES]
    declared = _CHARSET.search(peek) or _XML_CHARSET.search(peek)
    markup = decode_declared(data, declared[1].decode("ascii") if declared else "", name=name)
    writer = Writer()
    title = write_html(writer, markup)
    return writer.extraction(title)


def recognises(data: bytes, name: str) -> bool:
    if not is_text(data):
        return False
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    is_named = name.lower().split("?")[0].endswith(FORMAT.suffixes)
    return bool(_OPENING.match(data, start) or (is_named and _TAG.search(data[:_PEEK_BYTES])))


FORMAT = Format(
    name="html",
    version=1,
    media_type="text/html",
    suffixes=(".html", ".htm", ".xhtml"),
    precedence=Precedence.MARKUP,
    recognises=recognises,
    extract=extract,
    isolated_from_bytes=64 * 1024,
)
