"""From bytes to text. UTF-8 is what documents must be; its byte order mark is no part of the text."""

import codecs

from pipeline.documents.errors import DocumentError


def decode_utf8(data: bytes, *, name: str) -> str:
    """The text without a byte order mark; raises DocumentError with the line on which it stops being UTF-8."""
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        line = data.count(b"\n", 0, at) + 1
        raise DocumentError(name, f"line {line} is not UTF-8 text", "Save it as UTF-8 and hand it in again") from error
