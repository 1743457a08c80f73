"""The words of one revision of a tip: what they may be, and how they are cleaned before they are kept.

The same rules hold for a file in the in-tray, for the studio's form and for a derived tip, so that what is stored can
always be printed in a mail header, in XML and in HTML.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pipeline.audience.characters import REORDERING, is_unseen
from pipeline.errors import TipsheetError

# Characters that XML 1.0 (§2.2, Char) has no way to write, lone surrogates among them.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

TEXT_MAX = 4000
LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "title": 200,
        "text": TEXT_MAX,
        "topic": 80,
        "author": 120,
        "link_url": 1000,
        "link_text": 200,
        "picture_url": 1000,
        "picture_alt": 300,
        "source_note": 500,
    }
)
_ONE_LINE = tuple(name for name in LIMITS if name != "text")
# What a person calls the field: the name that it has in a tip file.
FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {"link_url": "link", "picture_url": "picture", "source_note": "source"}
)
STORED_PICTURE = re.compile(r"pictures/tips/[0-9a-f]{32}\.(jpg|png)")  # see picture_store.py


@dataclass(frozen=True, slots=True)
class Wording:
    """Every word of a tip. `text` is Markdown; `topic` a short name; the dates are the first and the last day on
    which it may go out, in the newsletter's zone.
    """

    title: str
    text: str
    topic: str
    author: str = ""
    link_url: str = ""
    link_text: str = ""
    picture_url: str = ""
    picture_alt: str = ""
    source_note: str = ""
    not_before: date | None = None
    not_after: date | None = None


@dataclass(frozen=True, slots=True)
class WordingProblem:
    """What is wrong with one field, and what to do; `field` is the name that a person writes in a tip file."""

    field: str
    message: str


class WordingError(TipsheetError):
    """A tip's words cannot be kept as they are; `problems` has one entry for each fault, for showing by the field."""

    def __init__(self, problems: list[WordingProblem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.message}" for problem in problems))
        self.problems = problems


def xml_safe(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def cleaned(wording: Wording) -> Wording:
    """The wording as it is kept: XML-safe, lines ended by \\n, one-line fields on one line, no space at the ends."""
    changes: dict[str, Any] = {}
    for name in LIMITS:
        value = xml_safe(getattr(wording, name)).replace("\r\n", "\n").replace("\r", "\n")
        changes[name] = " ".join(value.split()) if name in _ONE_LINE else value.strip()
    return replace(wording, **changes)


def one_line(text: str, limit: int) -> str:
    """`text` as a title or a name can be kept: on one line, without invisible characters, at most `limit` long."""
    seen = "".join(" " if is_unseen(character) else character for character in text if character not in REORDERING)
    seen = " ".join(xml_safe(seen).split())
    return seen if len(seen) <= limit else f"{seen[: limit - 1].rstrip()}…"


def problems_of(wording: Wording, *, needs_author: bool = True) -> list[WordingProblem]:
    """Everything that is wrong with a wording as it was handed in, before cleaning; empty if it can be kept."""
    return [
        *_missing(wording, needs_author),
        *_too_long(wording),
        *_controls(wording),
        *_lost(wording),
        *_urls(wording),
        *_dates(wording),
    ]


def _name(field: str) -> str:
    return FIELD_NAMES.get(field, field)


def _missing(wording: Wording, needs_author: bool) -> Iterator[WordingProblem]:
    reasons = {
        "title": "is missing; say in a few words what the tip is about",
        "topic": "is missing; name the subject, such as Sunscreen",
        "text": "is empty; write the advice itself",
    }
    if needs_author:
        reasons["author"] = "is missing; name the person who vouches for the tip"
    for field, message in reasons.items():
        if not xml_safe(getattr(wording, field)).strip():
            yield WordingProblem(field, message)


def _too_long(wording: Wording) -> Iterator[WordingProblem]:
    for field, limit in LIMITS.items():
        length = len(getattr(wording, field).strip())
        if length > limit:
            yield WordingProblem(_name(field), f"has {length} characters; shorten it to {limit} or fewer")


def _controls(wording: Wording) -> Iterator[WordingProblem]:
    for field in _ONE_LINE:
        for character in getattr(wording, field).strip():
            if character in REORDERING or is_unseen(character):
                yield WordingProblem(
                    _name(field),
                    f"holds a line break or an invisible control character (U+{ord(character):04X}); "
                    "write it on one line, without it",
                )
                break


def _lost(wording: Wording) -> Iterator[WordingProblem]:
    """A program that could not read a character puts this sign in its place: readers would be shown the damage."""
    for field in LIMITS:
        before, sign, _ = getattr(wording, field).partition("\N{REPLACEMENT CHARACTER}")
        if sign:
            near = before[-20:].strip()
            place = f"after “{near}”" if near else "at its beginning"
            message = f"holds {sign} (U+FFFD) {place}, where a character was lost; write the one that belongs there"
            yield WordingProblem(_name(field), message)


def _urls(wording: Wording) -> Iterator[WordingProblem]:
    checks: tuple[tuple[str, Callable[[str], str]], ...] = (("link_url", _link_fault), ("picture_url", _picture_fault))
    for field, fault_of in checks:
        value = getattr(wording, field).strip()
        fault = fault_of(value) if value else ""
        if fault:
            yield WordingProblem(_name(field), fault)
    if wording.link_text.strip() and not wording.link_url.strip():
        yield WordingProblem("link_text", "is there without a link; add the link's address, or take the text away")
    if wording.picture_alt.strip() and not wording.picture_url.strip():
        yield WordingProblem("picture_alt", "is there without a picture; add its address, or take the text away")


def _link_fault(value: str) -> str:
    return _url_fault(value, schemes=("https", "http"))


def _picture_fault(value: str) -> str:
    """A picture that was handed in stands by its place in the newsletter's folder, any other by a whole address."""
    return "" if STORED_PICTURE.fullmatch(value) else _url_fault(value, schemes=("https",))


def _url_fault(value: str, *, schemes: tuple[str, ...]) -> str:
    """Why `value` is no absolute address with one of `schemes`, or ''."""
    wanted = "write the whole address, starting with https://"
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return f"'{value}' is no web address; {wanted}"
    if any(character.isspace() for character in value) or parts.scheme not in schemes or not host:
        return f"'{value}' is no web address that can be used here; {wanted}"
    if parts.username is not None or parts.password is not None:
        return f"'{parts.scheme}://…@{host}' holds a name or password; take it out"
    return ""


def _dates(wording: Wording) -> Iterator[WordingProblem]:
    if wording.not_before and wording.not_after and wording.not_after < wording.not_before:
        yield WordingProblem(
            "not_after",
            f"{wording.not_after.isoformat()} lies before not_before, {wording.not_before.isoformat()}; swap them",
        )


def wording_fields() -> tuple[str, ...]:
    """The names of a wording's fields, in their order: the columns that a revision shares with it."""
    return tuple(field.name for field in fields(Wording))
