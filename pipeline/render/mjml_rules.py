"""What a design's MJML may hold: the compiler in use passes over what it does not know, so it is checked before.

Tags and attributes are those of the MJML 4 components reference (https://documentation.mjml.io). Left out on
purpose: mj-include (in the body it loses the container's width), mj-font (a download at each reader's), mj-preview
(it would come before the element that carries `lang`), and the components that no mail program shows alike
(carousel, accordion, navbar, hero, social).
"""

import re
from collections.abc import Iterator

from lxml import etree

DEEPEST = 60  # elements inside each other: designs need a dozen, the compiler falls over at thousands


def _names(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


_BOX = _names("padding padding-top padding-bottom padding-left padding-right css-class mj-class")
_FONT = _names(
    "color font-family font-size font-style font-weight letter-spacing line-height", "text-decoration text-transform"
)
_BORDER = _names("border border-top border-bottom border-left border-right border-radius")
_IN_COLUMN = _BOX | _names("align container-background-color")
_LINK = _names("href rel target title")
_SECTION = _BOX | _BORDER | _names("background-color direction full-width text-align")
_INNER = _names("inner-background-color inner-border inner-border-radius")
_COMPONENTS: dict[str, frozenset[str]] = {
    "mj-section": _SECTION,
    "mj-wrapper": _SECTION,
    "mj-group": _names("background-color css-class direction mj-class vertical-align width"),
    "mj-column": _BOX | _BORDER | _INNER | _names("background-color direction vertical-align width"),
    "mj-text": _IN_COLUMN | _FONT | _names("height"),
    "mj-image": _IN_COLUMN | _BORDER | _LINK | _names("alt fluid-on-mobile font-size height src width"),
    "mj-button": _IN_COLUMN
    | _BORDER
    | _FONT
    | _LINK
    | _names("background-color height inner-padding text-align vertical-align width"),
    "mj-divider": _IN_COLUMN | _names("border-color border-style border-width width"),
    "mj-spacer": _IN_COLUMN | _names("height"),
    "mj-table": _IN_COLUMN | _FONT | _names("border cellpadding cellspacing role table-layout width"),
}
_ATTRIBUTES: dict[str, frozenset[str]] = _COMPONENTS | {
    "mjml": frozenset({"dir", "lang"}),
    "mj-head": frozenset(),
    "mj-body": frozenset({"background-color", "css-class", "width"}),
    "mj-title": frozenset(),
    "mj-breakpoint": frozenset({"width"}),
    "mj-attributes": frozenset(),
    "mj-style": frozenset({"inline"}),
    "mj-raw": frozenset(),
}
_CHILDREN: dict[str, frozenset[str]] = {
    "mjml": _names("mj-head mj-body"),
    "mj-head": _names("mj-title mj-breakpoint mj-attributes mj-style mj-raw"),
    "mj-attributes": _names(*_COMPONENTS, "mj-all mj-class"),
    "mj-body": _names("mj-section mj-wrapper mj-raw"),
    "mj-wrapper": _names("mj-section mj-raw"),
    "mj-section": _names("mj-column mj-group mj-raw"),
    "mj-group": _names("mj-column mj-raw"),
    "mj-column": _names("mj-text mj-image mj-button mj-divider mj-spacer mj-table mj-raw"),
}
_LENGTHS = _names("border-radius border-width font-size height width")
_LENGTH = re.compile(r"\d+(\.\d+)?(px|%)|0|auto")
_PADDING = re.compile(r"((\d+(\.\d+)?px|0)( +|$)){1,4}")


def complaints(root: etree._Element) -> Iterator[str]:
    """One sentence for each thing that the compiler would get wrong without a word, with its line."""
    if root.tag != "mjml" or root.find("mj-body") is None:
        yield "the design is no <mjml> with an <mj-body>"
    for element in root.iter(etree.Element):
        depth = sum(1 for _ in element.iterancestors()) + 1
        if depth > DEEPEST:
            yield _at(element, f"more than {DEEPEST} elements lie inside each other")
            return
        yield from _check(element)


def _check(element: etree._Element) -> Iterator[str]:
    tag, parent = str(element.tag), element.getparent()
    parent_tag = "" if parent is None else str(parent.tag)
    defaults = parent_tag == "mj-attributes"
    allowed = _CHILDREN.get(parent_tag)
    if allowed is not None and tag not in allowed:
        yield _at(element, f"MJML has no place for it in <{parent_tag}>")
    elif allowed is None and tag.startswith("mj-"):
        yield _at(element, f"it would be shown as it stands in <{parent_tag}>")
    known = _ATTRIBUTES.get(tag)
    if known is None and defaults:
        known = frozenset().union(*_COMPONENTS.values()) | {"name"}
    if known is not None:
        yield from (
            _at(element, f"MJML knows no attribute {name!r} here")
            for name in map(str, element.attrib)
            if name not in known
        )
        yield from _check_values(element)
    if tag in {"mj-image", "img"} and not defaults and "alt" not in element.attrib:
        yield _at(element, 'a picture needs alt (alt="" if it says nothing)')


def _check_values(element: etree._Element) -> Iterator[str]:
    for name, text in ((str(name), str(value)) for name, value in element.attrib.items()):
        if name in _LENGTHS and not _LENGTH.fullmatch(text):
            yield _at(element, f"{name}={text!r} is no length; write it like 16px or 50%")
        if "padding" in name and not _PADDING.fullmatch(text):
            yield _at(element, f"{name}={text!r} is no padding; write one to four lengths in px")


def _at(element: etree._Element, message: str) -> str:
    return f"line {element.sourceline}, <{element.tag}>: {message}"
