"""Markdown: words without marks, front matter, and notes."""

from pipeline.documents import read
from pipeline.documents.model import Document


def of(text: str) -> Document:
    return read(text.encode(), name="a.md")


def blocks(text: str) -> list[tuple[str, str]]:
    document = of(text)
    return [(block.kind.value, block.span.of(document.text)) for _, block in document.blocks()]


def test_marks_links_and_pictures_leave_only_the_words() -> None:
    text = "Pat **dry**, *never* rub. See [the guide](http://x.example) `now`.\n![a face](f.png) ~~Old.~~ "
    text += "Caf&eacute; <b>x</b>\n"
    assert blocks(text) == [("paragraph", "Pat dry, never rub. See the guide now. Old. Café x")]


def test_front_matter_gives_the_title_and_no_words() -> None:
    document = of('---\ntitle: "Care"\ntags: [a, b]\n---\n\n# Other\n\nWords here.\n')
    assert document.title == "Care"
    assert document.text == "Other\n\nWords here."


def test_a_line_of_dashes_without_an_end_is_no_front_matter() -> None:
    assert of("---\n\nWords here.\n").text == "Words here."


def test_lists_nest_and_keep_what_introduces_them() -> None:
    document = of("Avoid:\n\n- acids\n  - glycolic\n- [ ] sun\n")
    found = [(b.span.of(document.text), b.intro and b.intro.of(document.text)) for _, b in document.blocks()]
    assert found == [("Avoid:", None), ("acids", "Avoid:"), ("glycolic", "acids"), ("sun", "Avoid:")]


def test_notes_are_footnotes_and_their_marks_are_gone() -> None:
    assert blocks("It fades.[^1]\n\n[^1]: Lee and others, 2019.\n") == [
        ("paragraph", "It fades."),
        ("footnote", "Lee and others, 2019."),
    ]


def test_tables_quotes_and_code() -> None:
    text = "| Day | What |\n|---|---|\n| 1 | Rest |\n\n> Fine.\n\n```\ncode\n```\n\nWords.\n"
    assert blocks(text) == [("table", "Day | What"), ("table", "1 | Rest"), ("quote", "Fine."), ("paragraph", "Words.")]


def test_html_inside_is_read_as_html() -> None:
    text = '<div class="ad"><p>Buy.</p></div>\n\n<p>Words <b>here</b>.</p>\n\n<script>x()</script>\n'
    assert ("paragraph", "Words here.") in blocks(text)
    assert not any("x()" in words for _, words in blocks(text))


def test_a_bold_line_alone_is_a_heading() -> None:
    document = of("# Care\n\n**Evening**\n\nPat dry.\n\n**Never rub.**\n")
    assert [section.heading_path for section in document.sections] == [("Care",), ("Care", "Evening")]
    assert "Never rub." in document.text


def test_an_anchor_behind_a_heading_is_no_word_of_it() -> None:
    text = "# Sleep {#top}\n\n## Rhythm {#rhythm .wide}\n\nGet up early each day.\n\n## A set {1, 2}\n\nOne.\n"
    assert [section.heading for section in of(text).sections if section.heading] == ["Sleep", "Rhythm", "A set {1, 2}"]
