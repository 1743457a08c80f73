"""What holds for every document, however it was made: for the property tests and the fuzzer."""

from pipeline.documents.model import Block, Document, Section, Span


def check_document(document: Document) -> None:
    """Raises AssertionError where a span lies outside, out of order, or has white space at its ends."""
    document.text.encode("utf-8")
    at = 0
    for section in document.sections:
        at = check_section(document, section, at)


def check_section(document: Document, section: Section, at: int) -> int:
    if section.heading_span is not None:
        check_span(document, section.heading_span, at)
        assert " ".join(section.heading_span.of(document.text).split()) == section.heading
        assert section.heading_path[-1] == section.heading
        at = section.heading_span.end
    else:
        assert not section.heading
        assert not section.heading_path
    for block in section.blocks:
        at = check_block(document, block, at)
    return at


def check_block(document: Document, block: Block, at: int) -> int:
    check_span(document, block.span, at)
    assert block.sentences
    inside = block.span.start
    for sentence in block.sentences:
        check_span(document, sentence, inside)
        assert sentence.end <= block.span.end
        inside = sentence.end
    if block.intro is not None:
        assert block.intro.end <= block.span.start
    return block.span.end


def check_span(document: Document, span: Span, at: int) -> None:
    assert at <= span.start < span.end <= len(document.text)
    words = span.of(document.text)
    assert words == words.strip()
