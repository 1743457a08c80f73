"""Markdown (CommonMark with tables and struck text). The canonical text is the words without their marks."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType

from pipeline.documents.decoding import decode_utf8
from pipeline.documents.formats.base import Extraction, Format, Precedence, Writer
from pipeline.documents.html_blocks import write_html
from pipeline.documents.model import BlockKind
from pipeline.documents.signatures import is_text

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<fields>(?:(?!---).*\r?\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*\r?$", re.MULTILINE)
_MAY_BE_MARKED = re.compile(r"[\\`*_\[\]<>&!~]")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")
_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:\s*")
_ATTRIBUTES = re.compile(r"\s+\{[#.:][^{}\n]{0,80}\}$")
"""What some writers of Markdown put behind a heading: an anchor or a class, `## Rhythm {#rhythm}`."""
_TASK_BOX = re.compile(r"\[[ xX]\]\s+")


def extract(data: bytes, name: str) -> Extraction:
    text = decode_utf8(data, name=name)
    title = ""
    front = _FRONT_MATTER.match(text)
    if front:
        found = _TITLE.search(front["fields"])
        title = found[1] if found else ""
        text = text[front.end() :]
    reader = _Reader()
    reader.take(text)
    return reader.writer.extraction(title)


class _Reader:
    """Goes through the flat list of tokens once; what is open decides what a run of words is.

    The marks within a run of words are parsed only where it holds a character that could be one: most do not.
    """

    def __init__(self) -> None:
        self.writer = Writer()
        self._parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable(["inline", "text_join"])
        self._references: EnvType = {}
        self._lists = self._quotes = self._heading = 0
        self._row: list[str] | None = None

    def take(self, text: str) -> None:
        for token in self._parser.parse(text, self._references):
            match token.type:
                case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
                    self._lists += token.nesting
                case "blockquote_open" | "blockquote_close":
                    self._quotes += token.nesting
                case "heading_open":
                    self._heading = int(token.tag[1])
                case "tr_open":
                    self._row = []
                case "tr_close":
                    self._end_row()
                case "inline":
                    self._words(token)
                case "html_block":
                    write_html(self.writer, token.content)

    def _words(self, token: Token) -> None:
        children: list[Token] = []
        if _MAY_BE_MARKED.search(token.content):
            self._parser.inline.parse(token.content, self._parser, self._references, children)
            text = _plain(children).strip()
        else:
            text = token.content.strip()
        if self._row is not None:
            self._row.append(text)
        elif self._heading:
            self.writer.heading(_ATTRIBUTES.sub("", text), self._heading)
            self._heading = 0
        elif _NOTE.match(token.content):
            self.writer.block(text.lstrip(" :"), BlockKind.FOOTNOTE)
        elif self._quotes:
            self.writer.block(text, BlockKind.QUOTE)
        elif self._lists:
            self.writer.block(_TASK_BOX.sub("", text, count=1), BlockKind.LIST_ITEM, self._lists)
        else:
            self.writer.paragraph(text, is_all_bold=_is_all_bold(children))

    def _end_row(self) -> None:
        self.writer.block(" | ".join(filter(None, self._row or [])), BlockKind.TABLE)
        self._row = None


def _plain(children: Sequence[Token]) -> str:
    words: list[str] = []
    for child in children:
        if child.type in {"text", "code_inline", "text_special"}:
            words.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return _NOTE_MARK.sub("", "".join(words))


def _is_all_bold(children: Sequence[Token]) -> bool:
    kinds = [child.type for child in children if child.content.strip() or child.type.startswith("strong")]
    return (
        len(kinds) > 2 and kinds[0] == "strong_open" and kinds[-1] == "strong_close" and kinds.count("strong_open") == 1
    )


def recognises(data: bytes, name: str) -> bool:
    return name.lower().endswith(FORMAT.suffixes) and is_text(data)


FORMAT = Format(
    name="markdown",
    version=1,
    media_type="text/markdown",
    suffixes=(".md", ".markdown"),
    precedence=Precedence.NAME,
    recognises=recognises,
    extract=extract,
    isolated_from_bytes=64 * 1024,
)
