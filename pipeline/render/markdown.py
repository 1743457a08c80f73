"""A tip's Markdown, made into HTML, plain text and excerpts.

One small dialect everywhere: paragraphs, emphasis, links, lists and quotes. What is outside it (headings, pictures,
tables, code, raw HTML) is no markup at all: the reader sees the characters that were typed, and nothing is lost.
Links must be absolute (http, https, mailto); any other stays text. The HTML goes through nh3 afterwards, so that
two independent parties would have to fail before a script gets through.
"""

import html
import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.render import plain

LinkChange = Callable[[str, str], str]  # (address, words) → the address to take instead

_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote"}
_SCHEMES = {"http", "https", "mailto"}
_ABSOLUTE = re.compile(r"https?://[^/?#\s]|mailto:[^?\s]+@", re.IGNORECASE)
_OUTSIDE = ["table", "code", "fence", "hr", "html_block", "heading", "lheading", "reference", "backticks", "image",
            "html_inline"]  # fmt: skip
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_NESTING = ["blockquote", "list", "emphasis"]
_REMEMBERED = 64  # texts: an issue's tips are asked for by the mail, its checks, the feeds and the archive
_DEEPEST = 20  # blocks or emphasis inside each other; the parser itself drops what lies deeper


@lru_cache(maxsize=_REMEMBERED)
def to_html(text: str) -> str:
    """Safe HTML: `p`, `em`, `strong`, `a`, `ul`, `ol`, `li`, `blockquote` and `br`, and no attribute but `href`
    and a list's `start`.
    """
    drawn = _renderer().renderer.render(_parse(text), _renderer().options, {})
    return nh3.clean(
        drawn, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=_SCHEMES, link_rel=None
    ).strip()


@lru_cache(maxsize=_REMEMBERED)
def to_text(text: str, *, width: int = plain.LINE_WIDTH) -> str:
    """Text for people, wrapped: lists with their marks, quotes with ">", a link's address behind its words."""
    return to_text_with_links(text, lambda address, _: address, width=width)


def with_links(sanitised: str, change: LinkChange) -> str:
    """HTML from `to_html`, each link's address passed through `change`."""

    def changed(link: re.Match[str]) -> str:
        words = html.unescape(_TAG.sub("", link[2]))
        return f'<a href="{html.escape(change(html.unescape(link[1]), words))}">{link[2]}</a>'

    return _LINK.sub(changed, sanitised)


def to_text_with_links(text: str, change: LinkChange, *, width: int = plain.LINE_WIDTH) -> str:
    """As `to_text`, each link's address passed through `change`."""
    writer = _TextWriter(width, change)
    for token in _parse(text):
        writer.take(token)
    return "\n".join(writer.lines).strip("\n")


def excerpt(text: str, size: int) -> str:
    """The words alone on one line of at most `size` characters; "…" says that more follows."""
    inlines = (token.children or [] for token in _parse(text) if token.type == "inline")
    return plain.shorten(" ".join(_words(children, None) for children in inlines), size)


@lru_cache(maxsize=_REMEMBERED)
def _parse(text: str) -> tuple[Token, ...]:
    tokens = _renderer().parse(plain.clean(text))
    if max(map(_depth, tokens), default=0) < _DEEPEST:
        return tuple(tokens)
    return tuple(_renderer(flat=True).parse(plain.clean(text)))


@cache
def _renderer(*, flat: bool = False) -> MarkdownIt:
    """The parser; `flat` knows links only, for text nested deeper than any reader could follow."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST + 1}).disable(_OUTSIDE)
    parser.validateLink = lambda url: bool(_ABSOLUTE.match(url))  # type: ignore[method-assign]  # its documented hook
    return parser.disable(_NESTING) if flat else parser


def _depth(token: Token) -> int:
    return max(token.level, max((child.level for child in token.children or []), default=0))


def _words(children: Sequence[Token], change: LinkChange | None) -> str:
    """The words of one paragraph; with `change`, each link's address as it gives it, unless they are the same."""
    words: list[str] = []
    starts: list[tuple[int, str]] = []
    for child in children:
        if child.type == "link_open":
            starts.append((len(words), str(child.attrGet("href") or "")))
        elif child.type == "link_close":
            start, address = starts.pop()
            said = "".join(words[start:])
            if change is not None and _bare(address) != _bare(said):
                words.append(f" ({change(address, said)})")
        else:
            words.append(" " if child.type == "softbreak" else "\n" if child.type == "hardbreak" else child.content)
    return "".join(words)


def _bare(address: str) -> str:
    return address.removeprefix("mailto:").rstrip("/")


class _TextWriter:
    """Takes the parser's flat run of tokens, so that no nesting can exhaust the stack."""

    def __init__(self, width: int, change: LinkChange) -> None:
        self.lines: list[str] = []
        self._width, self._change = width, change
        self._marks: list[str] = []  # what starts every line: a quote's mark, a list item's indent
        self._last_marks: list[str] = []
        self._bullet = ""  # what starts the next line instead of the last mark
        self._numbers: list[int | None] = []  # the next number of each open list, None for bullets
        self._tight = False  # whether the paragraph belongs to a list written without blank lines
        self._list_begun = False

    def take(self, token: Token) -> None:
        if token.type == "inline":
            self._paragraph(_words(token.children or [], self._change))
        elif token.type == "paragraph_open":
            self._tight = token.hidden
        elif token.type == "blockquote_open":
            self._marks.append("> ")
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            self._open_list(token)
        elif token.type == "list_item_open":
            self._open_item()
        elif token.type in {"blockquote_close", "list_item_close"}:
            self._marks.pop()
            self._bullet = ""
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._numbers.pop()

    def _open_list(self, token: Token) -> None:
        self._list_begun = self._list_begun and bool(self._numbers)
        start = token.attrGet("start")
        self._numbers.append(None if token.type == "bullet_list_open" else int(1 if start is None else start))

    def _open_item(self) -> None:
        number = self._numbers[-1]
        self._bullet = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._marks.append(" " * len(self._bullet))

    def _paragraph(self, words: str) -> None:
        if self.lines and not (self._tight and self._list_begun):
            shared = zip(self._last_marks, self._marks, strict=False)
            self.lines.append("".join(mark for mark, other in shared if mark == other).rstrip())
        rest = "".join(self._marks)
        first = "".join(self._marks[:-1]) + self._bullet if self._bullet else rest
        for line in words.split("\n"):
            self.lines.extend(plain.wrap(line, width=self._width, first=first, rest=rest).split("\n"))
            first = rest
        self._bullet, self._list_begun, self._last_marks = "", True, list(self._marks)
