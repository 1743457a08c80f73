"""Tips written by hand: a Markdown file with front matter, or a CSV with a row for each tip. Pure: bytes in, tips out.

```
---
title: Sunscreen before make-up
topic: Sunscreen
author: Ida Berg
not-before: 2026-05-01
---
Put it on first, and give it ten minutes.
```

Everything that is wrong is found at once, each finding with its file, its place and what to do. The front matter is
YAML read as a stream of events, of which a flat list of `name: value` is taken and anything else refused: no anchors,
aliases, tags or nesting, so that no file can grow in memory or make an object. Values are text as written: `no`,
`007` and `1:30` stay what they are.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

import yaml

from pipeline.audience.csv_files import unquoted
from pipeline.editorial.wording_rules import Wording, problems_of

SUFFIXES = (".md", ".markdown", ".csv")
LARGEST_BYTES = 20 * 1024 * 1024
# What a person writes → the wording's field.
KEYS: Mapping[str, str] = MappingProxyType(
    {
        "title": "title",
        "topic": "topic",
        "author": "author",
        "link": "link_url",
        "link_text": "link_text",
        "picture": "picture_url",
        "picture_alt": "picture_alt",
        "source": "source_note",
        "not_before": "not_before",
        "not_after": "not_after",
    }
)
DATE_KEYS = ("not_before", "not_after")
COLUMNS = (*KEYS, "text")
# Columns that an export adds for its reader; a file that comes back with them is taken all the same.
EXPORT_COLUMNS = ("id", "state")
# A file's name, that no path can be made of; what it holds is looked at when it is taken in.
_PICTURE_FILE = re.compile(r"[^/\\:\x00-\x1f]{1,200}\.(jpe?g|png|webp)", re.IGNORECASE)
_STAND_IN = f"pictures/tips/{'0' * 32}.jpg"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")  # what YAML 1.2 (§5.1) refuses, and C1 controls
_TOPIC_LINE = re.compile(r"^topic[ \t]*:", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FileFinding:
    """One thing that is wrong in `line` of `file` (0: the file as a whole); `message` says what, and what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass(frozen=True, slots=True)
class WrittenTip:
    """A tip as a file has it. `name` tells it from the file's other tips: '' in Markdown, the title in a CSV."""

    name: str
    line: int
    wording: Wording


@dataclass(frozen=True, slots=True)
class TipFile:
    """What a file holds. A file with findings is put right and handed in again: none of its tips is taken."""

    tips: tuple[WrittenTip, ...] = ()
    findings: tuple[FileFinding, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    line: int


class _Reader:
    """Collects the findings of one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[FileFinding] = []

    def find(self, line: int, message: str) -> None:
        self.findings.append(FileFinding(self.file, line, message))

    def wording(self, values: Mapping[str, _Value], *, line: int) -> Wording:
        """The wording of one tip, which starts in `line`; what is wrong with it is among the findings."""
        before = len(self.findings)
        words = {"title": "", "topic": "", "text": ""}
        words |= {field: values[key].text for key, field in KEYS.items() if key in values and key not in DATE_KEYS}
        words |= {"text": values["text"].text} if "text" in values else {}
        wording = Wording(
            not_before=self._date("not_before", values), not_after=self._date("not_after", values), **words
        )
        bad_dates = len(self.findings) > before
        checked = replace(wording, picture_url=_STAND_IN) if is_file_name(wording.picture_url) else wording
        for problem in problems_of(checked):
            if bad_dates and problem.field == "not_after":
                continue
            found_in = values[problem.field].line if problem.field in values else line
            self.find(found_in, f"{problem.field}: {problem.message}.")
        return wording

    def _date(self, key: str, values: Mapping[str, _Value]) -> date | None:
        value = values.get(key)
        if value is None or not value.text.strip():
            return None
        try:
            return date.fromisoformat(_iso(value.text.strip()))
        except ValueError:
            self.find(
                value.line,
                f"{key}: '{_shown(value.text)}' is no date. Write year, month and day, such as 2026-05-01.",
            )
            return None


def is_file_name(picture: str) -> bool:
    """Whether a tip's picture is named by a file that lies beside the tip's own, and not by an address."""
    return bool(_PICTURE_FILE.fullmatch(picture.strip()))


def is_written_tip(file: str, data: bytes) -> bool:
    """Whether a file that stands outside the in-tray is a tip, not a document: a CSV, or Markdown whose front matter
    names a topic (a document's own front matter, as site generators have it, does not).
    """
    name = file.lower()
    if name.endswith(".csv"):
        return True
    if not name.endswith(SUFFIXES):
        return False
    start = data[:65536].decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    fences = list(_FENCE.finditer(start))[:2]
    if len(fences) < 2 or start[: fences[0].start()].strip():
        return False
    return (
        re.search(r"^topic[ \t]*:", start[fences[0].end() : fences[1].start()], re.MULTILINE | re.IGNORECASE)
        is not None
    )


def parse(file: str, data: bytes) -> TipFile:
    """The tips in a hand-written file, by its name's ending (.md, .markdown, .csv); `file` is what findings call it."""
    reader = _Reader(file)
    text = _decoded(reader, data)
    if text is None:
        return TipFile(findings=tuple(reader.findings))
    tips = _csv_tips(reader, text) if file.lower().endswith(".csv") else _markdown_tip(reader, text)
    if reader.findings:
        return TipFile(findings=tuple(sorted(reader.findings, key=lambda finding: finding.line)))
    return TipFile(tuple(tips))


def _decoded(reader: _Reader, data: bytes) -> str | None:
    if len(data) > LARGEST_BYTES:
        reader.find(0, f"it is larger than {LARGEST_BYTES // 1024 // 1024} MB. Split it into smaller files.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reader.find(line, "it is not UTF-8. Save it as UTF-8 (in Excel: CSV UTF-8) and hand it in again.")
        return None
    if not text.strip():
        reader.find(0, "it is empty. Check that it was saved, and hand it in again.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _markdown_tip(reader: _Reader, text: str) -> list[WrittenTip]:
    fences = list(_FENCE.finditer(text))[:2]
    if not fences or text[: fences[0].start()].strip():
        reader.find(1, f"it does not start with front matter. Begin with a line ---, then {_wanted()}, then ---.")
        return []
    if len(fences) == 1:
        reader.find(1, "its front matter has no end. Put a line --- between it and the text.")
        return []
    header = text[fences[0].end() : fences[1].start()]
    first_line = text.count("\n", 0, fences[0].end()) + 1
    values = _front_matter(reader, header, first_line)
    if values is None:
        return []
    body = _body(text, fences[1].end())
    wording = reader.wording({**values, "text": body}, line=first_line)
    return [WrittenTip("", 1, wording)]


def _body(text: str, start: int) -> _Value:
    """The tip's text, from `start` on, and the line of its first word; the front matter's last line if it has none."""
    words = text[start:].lstrip("\n")
    begins = len(text) - len(words) if words.strip() else start
    return _Value(words.rstrip("\n"), text.count("\n", 0, begins) + 1)


def _front_matter(reader: _Reader, header: str, first_line: int) -> dict[str, _Value] | None:
    """The pairs of a flat front matter, by canonical key; None, with a finding, if it is something else."""
    values: dict[str, _Value] = {}
    hidden = next((match for match in _UNSEEN.finditer(header)), None)
    if hidden:
        line = first_line + header.count("\n", 0, hidden.start())
        reader.find(line, f"it holds a control character (U+{ord(hidden[0]):04X}). Take it out.")
        return None
    try:
        for key, value in _pairs(header, first_line):
            canonical = _canonical(key.text)
            if canonical not in KEYS:
                reader.find(key.line, _unknown(key.text, tuple(KEYS)))
            elif canonical in values:
                reader.find(key.line, f"'{key.text}' is there twice. Keep one of them.")
            else:
                values[canonical] = value
    except _FrontMatterError as error:
        reader.find(error.line, str(error))
        return None
    return values


class _FrontMatterError(Exception):
    """The front matter is not a flat list of names and values."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _pairs(header: str, first_line: int) -> Iterator[tuple[_Value, _Value]]:
    """(key, value) for each line of a flat YAML mapping. Raises _FrontMatterError at the first thing beside it."""
    key: _Value | None = None
    depth = 0
    try:
        for event in yaml.parse(header, Loader=yaml.BaseLoader):
            line = first_line + (event.start_mark.line if event.start_mark else 0)
            if isinstance(event, yaml.MappingStartEvent) and not depth and not event.anchor and not event.tag:
                depth += 1
            elif isinstance(event, yaml.ScalarEvent) and depth and not event.anchor and event.tag is None:
                word = _Value(_scalar(event), line)
                if key is None:
                    key = word
                else:
                    yield key, word
                    key = None
            elif isinstance(event, yaml.NodeEvent):
                raise _FrontMatterError(
                    line, f"this is not a line such as title: Sunscreen. Write {_wanted()}, one a line."
                )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + mark.line if mark else first_line
        raise _FrontMatterError(
            line, "it cannot be read. Write name: value, and put a value that holds ': ' or '#' in double quotes."
        ) from error


def _scalar(event: yaml.ScalarEvent) -> str:
    is_null = event.style is None and event.value in {"~", "null"}
    return "" if is_null else str(event.value).rstrip("\n")


def _csv_tips(reader: _Reader, text: str) -> list[WrittenTip]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    tips: dict[str, WrittenTip] = {}
    try:
        columns = _columns(reader, next(row for row in rows if any(cell.strip() for cell in row)))
        start = rows.line_num + 1
        for row in rows:
            line, start = start, rows.line_num + 1
            if any(cell.strip() for cell in row):
                _csv_tip(reader, columns, row, line, tips)
    except csv.Error as error:
        reader.find(rows.line_num, f"it cannot be read as CSV ({error}). Export it anew from your program.")
    except StopIteration:
        return []
    if not tips and not reader.findings:
        reader.find(1, "it has a header and no tips. Add a row for each tip.")
    return list(tips.values())


def _csv_tip(reader: _Reader, columns: list[str], row: list[str], line: int, tips: dict[str, WrittenTip]) -> None:
    if not columns:
        return
    if len(row) > len(columns):
        reader.find(
            line,
            f"it has {len(row)} cells under {len(columns)} columns. Put a text with commas in double quotes.",
        )
        return
    values = {column: _Value(unquoted(cell), line) for column, cell in zip(columns, row, strict=False) if column}
    wording = reader.wording(values, line=line)
    name = " ".join(wording.title.split()).casefold()
    if name and name in tips:
        reader.find(
            line,
            f"title: '{_shown(wording.title)}' stands in line {tips[name].line} too. Give each tip a title of its own.",
        )
    tips.setdefault(name, WrittenTip(name, line, wording))


def _columns(reader: _Reader, header: list[str]) -> list[str]:
    """The header's columns by canonical name, '' for one to pass over; [] if the header cannot be used."""
    columns = [_canonical(cell) for cell in header]
    before = len(reader.findings)
    for cell, column in zip(header, columns, strict=True):
        if not column:
            reader.find(1, "a column has no name. Name it, or take it away.")
        elif column not in COLUMNS and column not in EXPORT_COLUMNS:
            reader.find(1, _unknown(cell, COLUMNS))
    for column in sorted({column for column in columns if column and columns.count(column) > 1}):
        reader.find(1, f"the column '{column}' is there twice. Keep one of them.")
    for column in ("title", "topic", "author", "text"):
        if column not in columns:
            reader.find(1, f"the column '{column}' is missing. The first line names the columns.")
    if len(reader.findings) > before:
        return []
    return ["" if column in EXPORT_COLUMNS else column for column in columns]


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab: the one that splits the header into the most columns that there are."""
    header = text.lstrip("\n").split("\n", 1)[0]

    def known(delimiter: str) -> int:
        return sum(_canonical(cell.strip('" ')) in COLUMNS for cell in header.split(delimiter))

    return max((",", ";", "\t"), key=known)


def _canonical(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip().lower())


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(_canonical(key), known, n=1, cutoff=0.6)
    remedy = f"Did you mean '{near[0]}'?" if near else f"These are known: {', '.join(known)}."
    return f"'{_shown(key)}' is not known. {remedy}"


def _wanted() -> str:
    return "title, topic and author"


def _iso(text: str) -> str:
    """The text if it has the form 2026-05-01; `date.fromisoformat` alone would take 20260501 and 2026-W18-5 too."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)
    return text


def _shown(text: str) -> str:
    """What was written, fit for a line on a screen: visible characters, at most 60."""
    visible = "".join(character if character.isprintable() else "�" for character in text.strip())
    return visible if len(visible) <= 60 else f"{visible[:59]}…"
