"""Subscribers in CSV files: how rows are read from anybody's file, and how cells are written for anybody's spreadsheet.

Pure, and streamed: one row is in memory at a time. A row that cannot be read becomes a `RefusedRow` with its line, and
the rows after it are read; nothing is dropped in silence.

A spreadsheet runs a cell that starts with = + - @ or a tab as a formula. Such cells are written with an apostrophe in
front, and read without it, so that what was exported is imported again as it was.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pipeline.audience.addresses import (
    Address,
    AddressError,
    PersonNameError,
    clean_name,
    parse,
    shown,
)
from pipeline.audience.zones import ZoneError, clean_zone
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_ADDRESS_COLUMNS = ("email", "e-mail", "email address", "e-mail address", "mail", "address")
_NAME_COLUMNS = ("name", "full name")
_ZONE_COLUMNS = ("time_zone", "time zone", "timezone", "tz")
_HEADER_BYTES = 65_536


class CsvFileError(TipsheetError):
    """The file as a whole cannot be read as a list of subscribers."""


@dataclass(frozen=True, slots=True)
class Person:
    """One readable row. `line` is where it starts in the file, counted from 1."""

    line: int
    address: Address
    name: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not taken, and why. `typed` is the address as the file has it."""

    line: int
    reason: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row the cells are that are read; -1 for a column that the file does not have."""

    count: int
    address: int
    names: tuple[int, ...]
    state: int
    suppressed: int
    time_zone: int


def read_people(file: BinaryIO, *, unicode_mailboxes: bool = False) -> Iterator[Person | RefusedRow]:
    """Every row after the header, in order. UTF-8 with or without a byte order mark; commas, semicolons or tabs.

    A file that this program exported says who has left or is suppressed: those rows are refused here.
    Raises CsvFileError if there is no header that names a column of addresses.
    """
    delimiter = _delimiter(file)
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        columns = _columns(_header(rows))
        yield from _rows(rows, columns, unicode_mailboxes)
    finally:
        lines.detach()  # the file belongs to the caller


def _rows(rows: "CsvReader", columns: _Columns, unicode_mailboxes: bool) -> Iterator[Person | RefusedRow]:
    while True:
        line = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield RefusedRow(line, _explain(error, line, rows.line_num))
            continue
        if any(cells):
            yield _person(line, [unquoted(cell) for cell in cells], columns, unicode_mailboxes)


def _person(line: int, cells: Sequence[str], columns: _Columns, unicode_mailboxes: bool) -> Person | RefusedRow:
    def cell(place: int) -> str:
        return cells[place].strip(" ") if 0 <= place < len(cells) else ""

    typed = cell(columns.address)
    if len(cells) > columns.count:
        return RefusedRow(line, f"{len(cells)} cells under {columns.count} column names: is a comma unquoted?", typed)
    if cell(columns.suppressed):
        return RefusedRow(line, f"the file says that this address is suppressed ({cell(columns.suppressed)})", typed)
    if cell(columns.state) not in ("", "confirmed"):
        return RefusedRow(line, f"the file says that this reader is {shown(cell(columns.state))}", typed)
    try:
        address = parse(typed, unicode_mailboxes=unicode_mailboxes)
        name = clean_name(" ".join(part for place in columns.names if (part := cell(place))))
        time_zone = clean_zone(cell(columns.time_zone))
    except (AddressError, PersonNameError, ZoneError) as error:
        return RefusedRow(line, str(error), typed)
    return Person(line, address, name, time_zone)


def _delimiter(file: BinaryIO) -> str:
    """The separator that the header line uses most; the file is left at its start."""
    start = file.tell()
    head = file.read(_HEADER_BYTES)
    file.seek(start)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise CsvFileError("The file is in UTF-16. Save it again as 'CSV UTF-8' and import that.")
    first = head.splitlines()[0].decode("utf-8", "replace") if head.strip() else ""
    return max(",;\t", key=first.count)


def _header(rows: "CsvReader") -> list[str]:
    try:
        return [cell.strip().lower() for cell in next(rows)]
    except (StopIteration, csv.Error) as error:
        raise CsvFileError("The file has no first line. It must name the columns, for example: email,name") from error


def _columns(header: list[str]) -> _Columns:
    def place(names: Sequence[str]) -> int:
        return next((header.index(name) for name in names if name in header), -1)

    address = place(_ADDRESS_COLUMNS)
    if address < 0:
        raise CsvFileError(
            f"The first line names no column of addresses; it reads {shown(', '.join(header))}. "
            "Name one of them 'email', for example: email,name"
        )
    whole = place(_NAME_COLUMNS)
    names = (whole,) if whole >= 0 else (place(("first name", "firstname")), place(("last name", "lastname")))
    return _Columns(len(header), address, names, place(("state",)), place(("suppressed",)), place(_ZONE_COLUMNS))


def _explain(error: csv.Error, first: int, last: int) -> str:
    if "unexpected end of data" in str(error):
        return f"a quotation mark is opened here and never closed: lines {first} to {last} could not be read"
    if "field larger" in str(error):
        return f"a cell of more than {csv.field_size_limit():,} characters: is a quotation mark not closed?"
    return f"not a row of CSV ({error}); quotation marks inside a cell are doubled"


def quoted(cell: str) -> str:
    """The cell as a spreadsheet can open it without running it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unquoted(cell: str) -> str:
    """What `quoted` was given."""
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell
