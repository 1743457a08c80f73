"""From bytes to text. UTF-8 is what documents must be, but for pages that declare what they are in; its byte order
mark is no part of the text."""

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


def decode_declared(data: bytes, declared: str, *, name: str) -> str:
    """UTF-8 if the bytes are, else the encoding that the document declares (by its name on the web)."""
    try:
        return decode_utf8(data, name=name)
    except DocumentError:
        codec = _WEB_CODECS.get(declared.lower())
        if codec is None:
            raise
    return data.decode(codec, errors="replace")


_WEB_CODECS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"), "cp1252"),
    **{f"iso-8859-{part}": f"iso-8859-{part}" for part in (2, 3, 4, 5, 7, 8, 10, 13, 14, 15, 16)},
    **{f"windows-125{part}": f"cp125{part}" for part in (0, 1, 3, 4, 5, 6, 7, 8)},
    "macintosh": "mac-roman",
    "koi8-r": "koi8-r",
    "shift_jis": "cp932",
    "euc-jp": "euc-jp",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
}
"""Labels of the WHATWG Encoding Standard, and the codecs that read them as browsers do."""
