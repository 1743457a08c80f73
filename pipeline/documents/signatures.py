"""What the first bytes of a file say that it is; only to name it to a person, and to tell text from the rest."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture or a sound"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file"),
    (b"{\\rtf", "a rich text file"),
    (b"%!PS", "a PostScript file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)
_PEEK_BYTES = 64 * 1024
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})


def named_signature(data: bytes) -> str:
    """What the signature says, in words; empty where there is none."""
    return next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), "")


def is_text(data: bytes) -> bool:
    """Whether the bytes could be text in some 8-bit encoding: no signature, hardly a control character, no NUL."""
    if named_signature(data):
        return False
    peek = data[:_PEEK_BYTES]
    controls = len(peek) - len(peek.translate(None, _CONTROL))
    return b"\0" not in data and controls * 200 <= len(peek)
