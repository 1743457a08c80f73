"""HTML: the article without the page around it."""

import pytest

from pipeline.documents import DocumentError, read
from pipeline.documents.model import Document

ARTICLE = "<h1>Care</h1><p>Pat dry after washing. Never rub the skin, because friction can irritate it for hours.</p>"


def of(body: str, head: str = "") -> Document:
    return read(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode(), name="a.html")


def blocks(body: str) -> list[tuple[str, str]]:
    document = of(body)
    return [(block.kind.value, block.span.of(document.text)) for _, block in document.blocks()]


@pytest.mark.parametrize(
    "around",
    [
        "<nav><p>Noise.</p></nav>",
        "<footer><p>Noise.</p></footer>",
        "<aside><p>Noise.</p></aside>",
        "<form><p>Noise.</p><button>Noise</button></form>",
        "<script>Noise</script><style>Noise</style><noscript>Noise</noscript><template>Noise</template>",
        "<!-- Noise --><svg><text>Noise</text></svg><iframe>Noise</iframe>",
        '<div role="navigation">Noise.</div><div role="banner">Noise.</div><div role="dialog">Noise.</div>',
        '<div class="ad-slot">Noise.</div><div class="adSlot">Noise.</div><section id="advert">Noise.</section>',
        '<div class="cookie-banner">Noise.</div><div id="gdprConsent">Noise.</div>',
        '<div class="related-posts"><h2>Noise</h2><p>Noise.</p></div>',
        '<div class="newsletter__box">Noise.</div><div class="social-share">Noise.</div>',
        '<p class="byline">Noise</p><ol class="breadcrumbs"><li>Noise</li></ol>',
        '<p hidden>Noise.</p><p aria-hidden="true">Noise.</p><p style="display: none">Noise.</p>',
        '<ul><li><a href="a">Noise one</a></li><li><a href="b">Noise two</a></li></ul>',
        '<span class="sr-only">Noise</span><select><option>Noise</option></select><textarea>Noise</textarea>',
    ],
)
def test_what_stands_around_the_article_is_left_out(around: str) -> None:
    for body in (around + ARTICLE, ARTICLE + around, f"<div>{around}<main>{ARTICLE}{around}</main></div>"):
        assert "Noise" not in of(body).text
        assert "friction can irritate" in of(body).text


@pytest.mark.parametrize(
    "wrapped",
    [
        '<div class="sidebar-left newsletter-open">{}</div>',
        "<form>{}</form>",
        '<div class="content-with-nav"><div id="ad-wrapper">{}</div></div>',
        "<aside>{}</aside>",
        '<section class="related-wrapper">{}</section>',
    ],
)
def test_a_name_that_lies_does_not_cost_the_article(wrapped: str) -> None:
    assert "friction can irritate" in of(wrapped.format(ARTICLE)).text


def test_a_page_without_paragraphs_keeps_its_words() -> None:
    words = "Pat dry after washing. Never rub the skin, because friction can irritate it for hours."
    assert "friction" in of(f'<form><div>{words}</div></form><div class="ad">Buy.</div>').text


def test_the_title_is_the_main_heading_or_the_pages_without_the_site() -> None:
    assert of(ARTICLE, "<title>Other | Site</title>").title == "Care"
    assert of("<p>Words here.</p>", "<title>Evening Care | Site</title>").title == "Evening Care"


def test_inline_marks_join_words_and_blocks_part_them() -> None:
    notes = "<sup>1</sup>", "<sup><a href=#n>[2]</a></sup>"
    body = f"<p>Pat <b>dr</b>y.{notes[0]} <em>Never</em>\n rub.{notes[1]}</p>Loose words.<div>More.</div>"
    assert [words for _, words in blocks(body)] == ["Pat dry. Never rub.", "Loose words.", "More."]


def test_powers_are_words_but_note_marks_are_not() -> None:
    assert of("<p>An area of 5 cm<sup>two</sup> heals.</p>").text == "An area of 5 cmtwo heals."


def test_two_line_breaks_end_a_paragraph() -> None:
    assert [words for _, words in blocks("<p>One<br>goes on.<br><br>Two.</p>")] == ["One goes on.", "Two."]


def test_lists_tables_quotes_and_captions() -> None:
    body = (
        "<p>Avoid:</p><ul><li>acids<ul><li>glycolic</li></ul></li><li><p>sun</p></li></ul>"
        "<table><tr><th>Day</th><th>What</th></tr><tr><td>1</td><td>Rest</td></tr></table>"
        "<blockquote><p>Fine.</p></blockquote><figure><img><figcaption>A face</figcaption></figure>"
    )
    assert blocks(body) == [
        ("paragraph", "Avoid:"),
        ("list_item", "acids"),
        ("list_item", "glycolic"),
        ("list_item", "sun"),
        ("table", "Day | What"),
        ("table", "1 | Rest"),
        ("quote", "Fine."),
        ("caption", "A face"),
    ]


def test_a_table_that_only_lays_out_the_page_is_read_through() -> None:
    body = f"<table><tr><td>{ARTICLE}</td><td><p>More words here.</p></td></tr></table>"
    document = of(body)
    assert document.sections[0].heading == "Care"
    assert [block.kind.value for _, block in document.blocks()] == ["paragraph", "paragraph"]


def test_questions_that_fold_are_headings() -> None:
    body = "<details><summary>Does it hurt?</summary>A little.</details><dl><dt>How long?</dt><dd>A week.</dd></dl>"
    document = of(body)
    assert [section.heading for section in document.sections] == ["Does it hurt?", "How long?"]


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "ISO-8859-15"])
def test_the_declared_encoding_is_believed_where_it_is_not_utf8(label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body><p>Café au lait spots.</p></body></html>'
    assert read(page.encode(label), name="a.html").text == "Café au lait spots."


def test_bytes_that_are_nothing_declared_are_refused() -> None:
    with pytest.raises(DocumentError, match="not UTF-8"):
        read(b"<html><body><p>Caf\xe9</p></body></html>", name="a.html")


def test_html_is_told_by_content_whatever_its_name() -> None:
    page = f"\n<!-- made by hand -->\n<HTML><BODY>{ARTICLE}</BODY></HTML>".encode()
    for name in ("a.txt", "https://site.example/care?id=3", "a.md"):
        assert read(page, name=name).media_type == "text/html"
    assert read(b"Write <p> for a paragraph, and <b> for bold.", name="a.txt").media_type == "text/plain"


def test_a_thousand_comments_before_anything_take_no_time() -> None:
    assert read(b"<!-- -->" * 2000 + b"Words.", name="a.txt").media_type == "text/plain"
    assert read(b"<!-- -->" * 2000 + f"<html>{ARTICLE}".encode(), name="a.html").title == "Care"
