"""Makes one article in every format, so that what the readers give can be compared."""

import io
import textwrap
import zipfile
from collections.abc import Callable
from html import escape
from typing import NamedTuple


class Part(NamedTuple):
    """`kind` is h1, h2, p or li."""

    kind: str
    text: str


Article = tuple[Part, ...]

ARTICLE: Article = (
    Part("h1", "Calm Skin After a Peel"),
    Part(
        "p", "A light peel can leave the skin tight for a day or two. Most people feel little after that, but a few do."
    ),
    Part("h2", "Before the Appointment"),
    Part(
        "p", "Stop retinoids 2-3 wk. before the peel, unless your doctor says otherwise. Dr. Lee suggests a patch test."
    ),
    Part("p", "For one week, avoid:"),
    Part("li", "scrubs and brushes"),
    Part("li", "strong sun, even through glass"),
    Part("h2", "The First Days"),
    Part(
        "p", "Wash with lukewarm water only. Pat dry; never rub. Redness may last approx. 2.5 days, e.g. on the cheeks."
    ),
    Part("p", "Wear SPF 30 or more every day. Reapply it every two hours outdoors, and more often if you sweat a lot."),
    Part("h2", "When to Call"),
    Part("p", "Call the clinic if blisters appear or if the pain grows. It is better to ask too early than too late."),
)
HEADINGS = [part.text for part in ARTICLE if part.kind.startswith("h")]


def as_text(article: Article) -> bytes:
    marks = {"li": "- {}\n", "p": "{}\n\n"}
    return "".join(marks.get(part.kind, "{}\n\n").format(part.text) for part in article).encode()


def as_lines(article: Article) -> bytes:
    """One paragraph to a line, without blank lines."""
    return "".join(("- " if part.kind == "li" else "") + part.text + "\n" for part in article).encode()


def as_wrapped_text(article: Article) -> bytes:
    wrapped = (textwrap.fill(("- " if part.kind == "li" else "") + part.text, 64) for part in article)
    return "\n\n".join(wrapped).encode()


def as_markdown(article: Article) -> bytes:
    marks = {"h1": "# {}\n\n", "h2": "## {}\n\n", "li": "- {}\n", "p": "{}\n\n"}
    return "".join(marks[part.kind].format(part.text) for part in article).encode()


def as_html(article: Article) -> bytes:
    body = "".join(f"<{part.kind}>{escape(part.text)}</{part.kind}>\n" for part in article)
    page = (
        "<!doctype html><html><head><title>{}</title></head><body>"
        '<nav><a href="/">Home</a></nav><div class="cookie-banner"><p>We use cookies.</p></div><main>{}</main>'
        '<aside class="related"><h2>Related</h2><p>Another article. Read it.</p></aside><footer>All rights.</footer>'
        "</body></html>"
    )
    return page.format(article[0].text, body).encode()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def as_docx(article: Article) -> bytes:
    styles = {"h1": '<w:pStyle w:val="Kop1"/>', "h2": '<w:pStyle w:val="Heading2"/>'}
    styles["li"] = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = "".join(
        f"<w:p><w:pPr>{styles.get(part.kind, '')}</w:pPr><w:r><w:t>{escape(part.text[:9])}</w:t></w:r>"
        f'<w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">{escape(part.text[9:])}</w:t></w:r></w:p>'
        for part in article
    )
    return docx_of(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')


STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:styleId="Base"><w:name w:val="Big"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    '</w:style><w:style w:styleId="Kop1"><w:name w:val="Kop een"/><w:basedOn w:val="Base"/></w:style></w:styles>'
)


def docx_of(document: str | bytes, styles: str = STYLES) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        archive.writestr("word/styles.xml", styles)
    return packed.getvalue()


SIZES = {"h1": 22, "h2": 15, "p": 11, "li": 11}


def as_pdf(article: Article, *, lines_on_page: int = 14) -> bytes:
    """Helvetica, wrapped, with a header and a page number on each page, and words cut at the ends of lines."""
    lines: list[tuple[int, str, float]] = []
    for part in article:
        text = ("• " if part.kind == "li" else "") + part.text.replace("appointment", "appoint-\nment")
        gap = 1.4 if part.kind == "li" else 2.2
        for row in textwrap.wrap(text, 70):
            lines.append((SIZES[part.kind], row, gap))
            gap = 1.2
    pages = [lines[at : at + lines_on_page] for at in range(0, len(lines), lines_on_page)]
    return pdf_of([_page(rows, number) for number, rows in enumerate(pages, start=1)])


def _page(rows: list[tuple[int, str, float]], number: int) -> bytes:
    placed = [(9, 72.0, 810.0, "The Peel Handbook"), (9, 290.0, 30.0, f"Page {number}")]
    at = 760.0
    for size, row, gap in rows:
        at -= size * gap
        placed.append((size, 72.0, at, row))
    return b"\n".join(
        b"BT /F1 %d Tf %.1f %.1f Td (%s) Tj ET" % (size, left, top, _literal(row)) for size, left, top, row in placed
    )


def _literal(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def pdf_of(contents: list[bytes]) -> bytes:
    """A PDF with these page contents; the cross-reference table is right."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for index, content in enumerate(contents):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
        objects.append(page % (5 + 2 * index))
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    return _filed(objects)


def _filed(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def encrypted_pdf() -> bytes:
    """A PDF whose password nobody gave: the keys are no one's."""
    key = b"(" + b"k" * 32 + b")"
    crypt = b"<</Filter/Standard/V 1/R 2/O %s/U %s/P -4>>" % (key, key)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", crypt]
    return _filed(objects, b"/Encrypt 3 0 R/ID[(0123456789abcdef)(0123456789abcdef)]")


MAKERS: dict[str, tuple[str, Callable[[Article], bytes]]] = {
    "text": ("peel.txt", as_text),
    "lines": ("peel-lines.txt", as_lines),
    "wrapped": ("peel-wrapped.txt", as_wrapped_text),
    "markdown": ("peel.md", as_markdown),
    "html": ("peel.html", as_html),
    "docx": ("peel.docx", as_docx),
    "pdf": ("peel.pdf", as_pdf),
}
