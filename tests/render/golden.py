"""How a mail reads, as text that a person can compare: `python -m tests.render.golden` writes the golden files."""

import re
from dataclasses import replace
from pathlib import Path

from lxml import html as lxml_html
from lxml.html import HtmlElement

from pipeline.editorial.content import IssueContent
from pipeline.render.designs import find_designs
from tests.render.issues import TEMPLATES, rendered, sample

NAMES = ("arabic", "japanese")
_ALIGN = re.compile(r"text-align:\s*(\w+)")


def outline(content: IssueContent) -> str:
    """One line for each piece of text: tag, language, direction, alignment, link or alt, and the words."""
    body = lxml_html.document_fromstring(rendered(content).html).find("body")
    assert body is not None
    return "\n".join(line for element in body.iter() for line in _lines(element)) + "\n"


def _lines(element: HtmlElement) -> list[str]:
    if not isinstance(element.tag, str):
        return _words(element.getparent(), element.tail)
    pieces = _words(element, element.text) + ([f"img alt={element.get('alt')}"] if element.tag == "img" else [])
    return pieces + _words(element.getparent(), element.tail)


def _words(element: HtmlElement | None, text: str | None) -> list[str]:
    words = " ".join((text or "").replace("\u034f", "").split())
    if element is None or not words:
        return []
    language = next((node.get("lang") for node in (element, *element.iterancestors()) if node.get("lang")), "")
    direction = next((node.get("dir") for node in (element, *element.iterancestors()) if node.get("dir")), "")
    styles = (str(node.get("style", "")) for node in (element, *element.iterancestors()))
    align = next((found[1] for found in map(_ALIGN.search, styles) if found), "")
    links = (node.get("href") for node in (element, *element.iterancestors()) if node.tag == "a")
    href = next((f" → {target}" for target in links), "")
    return [f"{element.tag} {language} {direction} {align}{href} | {words}"]


if __name__ == "__main__":
    folder = Path(__file__).parent / "golden"
    folder.mkdir(exist_ok=True)
    for design in find_designs(TEMPLATES).values():
        for name in NAMES:
            text = outline(replace(sample(name), design=design.slug))
            (folder / f"{design.slug}-{name}.txt").write_text(text, encoding="utf-8")
