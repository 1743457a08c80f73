"""Bytes in, a `Document` out: finds the format by the content, then the name, and has it read."""

from pipeline.documents import isolated
from pipeline.documents.assembly import assemble
from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import all_formats
from pipeline.documents.formats.base import Format
from pipeline.documents.model import Document
from pipeline.documents.signatures import named_signature

LARGEST_BYTES = 64 * 1024 * 1024
"""Documents above this are refused unread: a long book in plain text is one fiftieth of it, and reading plain text
takes about twelve times its size in memory."""


def read(data: bytes, *, name: str) -> Document:
    """The document in `data`; `name` is its file name or URL, and is what errors call it.

    Raises DocumentError for whatever cannot be read, and nothing else.
    """
    found = format_of(data, name=name)
    extraction = isolated.extract(found, data, name) if found.is_isolated(data) else found.extract(data, name)
    if not extraction.pieces:
        raise DocumentError(name, "there are no words in it", "Check that it is the right file")
    return assemble(data, name=name, found=found, extraction=extraction)


def format_of(data: bytes, *, name: str) -> Format:
    """The format of a document that is neither empty nor huge nor of a kind that is known and not read."""
    if not data.strip():
        raise DocumentError(name, "it is empty", "Check that it was saved, and hand it in again")
    if len(data) > LARGEST_BYTES:
        limit = f"{LARGEST_BYTES // 1024 // 1024} MB"
        raise DocumentError(name, f"it is larger than {limit}", "Split it into smaller documents")
    for candidate in all_formats():
        if candidate.recognises(data, name):
            return candidate
    kind = named_signature(data) or "a binary file"
    known = ", ".join(sorted(suffix for each in all_formats() for suffix in each.suffixes))
    raise DocumentError(name, f"it is {kind}, not a document that can be read", f"Hand it in as one of {known}")
