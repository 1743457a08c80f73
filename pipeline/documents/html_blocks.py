"""The words of an HTML page, without what stands around an article: a walk through the tree, by rules.

What goes is told by tag, by role, and by the words in `class` and `id` (`words/page_furniture.txt`); a marked
element that holds most of the page's paragraphs stays all the same, because class names lie. The walk keeps its own
stack, so that nesting costs no recursion.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.documents import words
from pipeline.documents.formats.base import Writer
from pipeline.documents.model import BlockKind

_FURNITURE = words.groups("page_furniture")
_DROPPED = frozenset(_FURNITURE["tags"])
_DROPPED_IF_SMALL = frozenset(_FURNITURE["tags_if_small"])
_ROLES = frozenset(_FURNITURE["roles"])
_MARKS = frozenset(_FURNITURE["marks"])
_PAIRS = frozenset(_FURNITURE["mark_pairs"])
_BLOCKS = frozenset(_FURNITURE["blocks"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ASKED_LEVEL = 7
_NEVER_FURNITURE = frozenset({"html", "body", "main", "article", "-document"})
_MARK_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE_MARK = re.compile(r"\s*\[?[\d*†‡,–\s]{1,12}\]?\s*")

MOST_SHARE = 0.4
"""An element with more than this share of the paragraphs is the article, whatever it is called."""
LEAST_IN_PARAGRAPHS = 60
"""Characters; a page with fewer of them in paragraphs writes its words elsewhere."""
LINK_SHARE = 0.8
"""A list with more than this share of its words in links is a menu."""
_WEIGHINGS = 8
"""So many marked elements are weighed and kept; a page with more of them inside each other is not believed."""


def write_html(writer: Writer, markup: str) -> str:
    """Adds the headings and blocks of a page, or of a part of one, to the writer; gives back the page's title."""
    tree = LexborHTMLParser(markup)
    root = tree.body or tree.root
    if root is None:
        return ""
    main = tree.css_first("main, [role=main]")
    weigher = _Weigher(root)
    _Walk(writer, weigher).go(main if main is not None and weigher.holds_most(main) else root)
    return _title(tree)


def _title(tree: LexborHTMLParser) -> str:
    """What the page calls itself: its first main heading, else its title without the site's name."""
    heading = tree.css_first("h1")
    if heading is not None and heading.text(strip=True):
        return str(heading.text(separator=" "))
    title = tree.css_first("title")
    return re.split(r"\s+[|–—-]\s+", title.text())[0] if title is not None else ""


class _Weigher:
    """How much of a page's paragraphs an element holds; of all its words, where the page marks up no paragraphs."""

    def __init__(self, root: LexborNode) -> None:
        self._all = _paragraph_length(root)
        self._length = _paragraph_length
        if self._all < LEAST_IN_PARAGRAPHS:
            self._all, self._length = _text_length(root), _text_length
        self._left = _WEIGHINGS

    def holds_most(self, node: LexborNode) -> bool:
        if not self._left:
            return True
        holds = self._length(node) > MOST_SHARE * self._all
        self._left -= holds
        return holds


def _text_length(node: LexborNode) -> int:
    return len(node.text())


def _paragraph_length(node: LexborNode) -> int:
    return sum(len(each.text()) for each in node.css("p"))


@dataclass(slots=True)
class _Leave:
    tag: str


class _Walk:
    def __init__(self, writer: Writer, weigher: _Weigher) -> None:
        self._writer = writer
        self._weigher = weigher
        self._words: list[str] = []
        self._bold = [0, 0]
        self._open: dict[str, int] = {}
        self._row: list[str] | None = None
        self._tables: list[str] = []
        self._last_break = False

    def go(self, root: LexborNode) -> None:
        stack: list[LexborNode | _Leave] = [root]
        while stack:
            item = stack.pop()
            if isinstance(item, _Leave):
                self._leave(item.tag)
                continue
            tag = item.tag or ""
            if tag == "-text":
                self._take(item.text_content or "")
            elif tag == "br":
                self._break()
            elif not self._is_furniture(item, tag):
                tag = self._enter(item, tag)
                if tag in _BLOCKS or tag in _BOLD:
                    stack.append(_Leave(tag))
                stack.extend(reversed(_children(item)))
        self._flush()

    def _take(self, text: str) -> None:
        self._words.append(text)
        if text.strip():
            self._last_break = False
            self._bold[1 if any(self._open.get(tag) for tag in _BOLD) else 0] += 1

    def _break(self) -> None:
        """One line break is white space, two of them end a paragraph."""
        if self._last_break and self._row is None:
            self._flush()
        self._words.append(" ")
        self._last_break = True

    def _enter(self, node: LexborNode, tag: str) -> str:
        """Opens a block; gives back the tag that it is treated as."""
        if tag == "table" and _lays_out(node):
            tag = "table-of-layout"
        elif tag in _TABLE_PARTS and self._tables[-1:] == ["table-of-layout"]:
            tag = "div"
        if tag in _BLOCKS and not (tag in _CELLS and self._row is not None):
            self._flush()
        if tag in _TABLES:
            self._tables.append(tag)
        elif tag == "tr":
            self._row = []
        self._open[tag] = self._open.get(tag, 0) + 1
        return tag

    def _leave(self, tag: str) -> None:
        if tag in _CELLS and self._row is not None:
            self._row.append(" ".join("".join(self._words).split()))
            self._words = []
        elif tag == "tr" and self._row is not None:
            self._words.append(" | ".join(filter(None, self._row)))
            self._flush()
            self._row = None
        elif tag in _BLOCKS:
            self._flush()
        if tag in _TABLES:
            self._tables.pop()
        self._open[tag] -= 1

    def _flush(self) -> None:
        text = "".join(self._words)
        plain, bold = self._bold
        self._words, self._bold, self._last_break = [], [0, 0], False
        if not text.strip():
            return
        is_open = self._open.get
        for tag, level in _HEADINGS.items():
            if is_open(tag):
                self._writer.heading(text, level)
                return
        if is_open("summary") or (is_open("dt") and text.rstrip().endswith("?")):
            self._writer.heading(text, _ASKED_LEVEL)
            return
        kind = next((kind for tag, kind in _KINDS if is_open(tag)), BlockKind.PARAGRAPH)
        if kind is BlockKind.PARAGRAPH:
            self._writer.paragraph(text, is_all_bold=bool(bold) and not plain)
        else:
            self._writer.block(text, kind, max(1, is_open("ul", 0) + is_open("ol", 0)))

    def _is_furniture(self, node: LexborNode, tag: str) -> bool:
        if tag in _DROPPED or tag.startswith("-") or tag == "!doctype":
            return True
        if tag == "sup":
            return node.child is None or (node.child.next is None and _is_note_mark(node.child))
        if tag in _NEVER_FURNITURE:
            return False
        if tag in {"ul", "ol"} and _is_menu(node):
            return True
        suspected = tag in _DROPPED_IF_SMALL or _is_marked(node)
        return suspected and not self._weigher.holds_most(node)


_BOLD = frozenset({"b", "strong"})
_CELLS = frozenset({"td", "th"})
_TABLES = frozenset({"table", "table-of-layout"})
_TABLE_PARTS = frozenset({"tr", "td", "th"})
_LAID_OUT = "h1, h2, h3, h4, table, article, section, ul, p + p"
"""What a table of facts does not hold: then it only lays out the page."""
_KINDS = (
    ("tr", BlockKind.TABLE),
    ("figcaption", BlockKind.CAPTION),
    ("caption", BlockKind.CAPTION),
    ("blockquote", BlockKind.QUOTE),
    ("li", BlockKind.LIST_ITEM),
    ("dd", BlockKind.PARAGRAPH),
)


def _lays_out(table: LexborNode) -> bool:
    """Whether a table only lays out the page; a search finds the element itself as well."""
    return any(found.mem_id != table.mem_id for found in table.css(_LAID_OUT)[:2])


def _is_note_mark(node: LexborNode) -> bool:
    """Whether the one thing in a raised text is a note's number, or a link with one."""
    only = node.child if node.tag == "a" and node.child is not None else node
    return only.tag == "-text" and bool(_NOTE_MARK.fullmatch(only.text_content or ""))


def _children(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    child = node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _is_menu(node: LexborNode) -> bool:
    """A list whose words are nearly all links."""
    links = node.css("li a")
    if len(links) < 2:
        return False
    in_links = sum(len(each.text(strip=True)) for each in links)
    return in_links > LINK_SHARE * max(1, len("".join(node.text().split())))


def _is_marked(node: LexborNode) -> bool:
    """Whether role, class, id or style say that it is no part of the article."""
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or attributes.get("role") in _ROLES:
        return True
    if _HIDDEN_STYLE.search(attributes.get("style") or ""):
        return True
    for name in (attributes.get("id"), *(attributes.get("class") or "").split()):
        parts = [part.lower() for part in _MARK_WORD.findall(name)] if name else []
        if not _MARKS.isdisjoint(parts) or any(f"{a}-{b}" in _PAIRS for a, b in pairwise(parts)):
            return True
    return False
