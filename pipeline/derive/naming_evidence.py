"""Which of the names that could be made of a document fits it: how widely it is spoken of, and where it stands.

A title can be a joke, a paper's name or a clinic's, a file can be called anything, and the word met most can be one of
many; but what a document is on is named in more than one of these places and spoken of from end to end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from pipeline.derive.grammar import ADJECTIVE, ADVERB
from pipeline.derive.profile import document_name, without_site
from pipeline.derive.tokens import EITHER, FUNCTION, GERUND, STEMS, TABLE, TOKEN, VERB, bit, entries
from pipeline.documents.model import Document

FILE_WORDS = frozenset(entries("headings", "file_words")) | frozenset(entries("headings", "closers_of_names"))
MASTHEAD = frozenset(entries("headings", "mastheads"))
_FLOOR, _FLOOR_OF_TITLE = 1.4, 1.3
_WIDELY, _IN_FILE, _OF_TWO_WORDS, _UNSPOKEN = 2.0, 1.5, 0.6, -1.5
_IN_LINES = 0.9  # "Kittens", of "How kittens grow"
_NEVER_SO = -1.1  # words of a file's name that the document never says together: "cat-water.md"
_GOOD_ENOUGH = 3.2  # points that a line's name may have less than a part of it, to stand for it: "Laser hair removal"
_NEARLY = 0.5  # the same of a file's name, which says more than a line: "Melasma patches", not "Patches"
_LINES_AT_MOST = 3
_LONGEST_BYLINE = 60  # characters that may stand under a line at the top, and are no text: who wrote it, a date
_SHORTEST_TEXT = 20  # characters of a section that could speak of anything
_LONG_WORD = 5
_SHORTEST_PART = 3  # letters of a word that a file's name is glued of
_PARTS = re.compile(r"\s*(?:[:|–—]|\s-|\.(?=\s))\s+")
_NO_NAME = ADVERB | bit("number_word") | bit("time")


class Origin(Enum):
    """Where a name was found; the value is what that speaks for it."""

    TITLE = 1.5
    LINE = 1.2
    FILE = 0.8
    SUBJECT = -0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name ('' where there is none), and the part of the line that it was made of."""

    name: str
    line: str
    origin: Origin


def own_lines(document: Document) -> tuple[str, ...]:
    """What the document may call itself: its title, the headings over all others, those at the top with no text."""
    lines, named = [document_name(document)], file_words(document)
    spans = document.section_spans()
    texts = [(section, len(span.of(document.text).strip()) > _LONGEST_BYLINE) for section, span in spans]
    for section, has_text in texts[:_LINES_AT_MOST]:
        if has_text and len(section.heading_path) > 1:
            break
        lines.append(without_site(section.heading))
        if has_text:
            break
    lines += map(without_site, _over_all([section.heading_path for section, has_text in texts if has_text]))
    return tuple(dict.fromkeys(line for line in lines if line and line.lower() != named))


def _over_all(paths: list[tuple[str, ...]]) -> list[str]:
    """The headings that stand over every text but what stands under themselves."""
    longest = max(paths, key=len, default=())
    shared = 0
    for at, heading in enumerate(longest):
        below = [path for path in paths if len(path) > at]
        if len(below) < 2 or any(path[at] != heading for path in below):
            break
        shared = at + 1
    return list(longest[:shared])


def file_words(document: Document) -> str:
    """The words of its file's name, small and without numbers."""
    return re.sub(r"[\W_\d]+", " ", document.name.rpartition("/")[2].partition(".")[0]).strip().lower()


def names_several(line: str) -> bool:
    """'Crackers, descaling, mould on jam': a digest's line, which names one thing after the other."""
    return line.count(", ") > 1


def parts_of(line: str) -> Iterator[str]:
    """The line, and what stands between its colons and dashes: "Flakes on a jumper: living with dandruff"."""
    yield line
    parts = _PARTS.split(line)
    if len(parts) > 1:
        yield from (part for part in parts if part)


class Evidence:
    """What a document says for a name."""

    def __init__(self, document: Document, lines: Iterable[str]) -> None:
        self._text = document.text.lower()
        words = file_words(document).split()
        self._file = "".join(word for word in words if word not in FILE_WORDS and not TABLE[word] & FUNCTION)
        own = tuple(lines)
        self._lines = " ".join(own).lower()
        self._on_one_thing = " ".join(line for line in own if not names_several(line)).lower()
        spans = [span for section, span in document.section_spans() if not section.is_boilerplate]
        self._sections = [(span.start, span.end) for span in spans if span.end - span.start > _SHORTEST_TEXT]

    def best(self, candidates: Iterable[Candidate]) -> tuple[str, str]:
        """The name for which most speaks, with the line that it was made of; the first of equals, '' if none is sure.

        Where a line's own name says that and more, it is the name: not "Puppy" but "House-training a puppy".
        """
        weighed = [(each, self.points(each)) for each in candidates if each.name]
        best, most = max(weighed, key=lambda found: found[1], default=(_NONE, 0.0))
        if most < (_FLOOR_OF_TITLE if best.origin is Origin.TITLE else _FLOOR):
            return "", ""
        said = _stems(best.name)
        for each, points in weighed:
            is_line = each.origin in (Origin.TITLE, Origin.LINE)
            says_more = said <= _stems(each.name) and not self._is_a_place(each)
            if is_line and points > max(0.0, most - _GOOD_ENOUGH) and says_more:
                best, said = each, _stems(each.name)
                break
        more = (each for each, points in weighed if each.origin is Origin.FILE and points > most - _NEARLY)
        told = next((each.name for each in more if said < _stems(each.name) and _reads_well(each.name)), "")
        return (told, "") if told and len(said) == 1 else (best.name, best.line)

    def points(self, candidate: Candidate) -> float:
        """How sure it is that the document is on what the name says; 0 where it names a paper, a time, no thing."""
        words = TOKEN.findall(candidate.name.lower())
        things = _things(words)
        if not MASTHEAD.isdisjoint(things) or all(TABLE[word] & _NO_NAME for word in things):
            return 0.0
        points = candidate.origin.value + _WIDELY * self._width(things[-1])
        points += _OF_TWO_WORDS * (len(things) > 1) + _IN_FILE * self._share_of_file(words)
        is_line = candidate.origin in (Origin.TITLE, Origin.LINE)
        points += _IN_LINES * (not is_line and all(_root(word) in self._on_one_thing for word in things))
        if candidate.origin is Origin.FILE and len(things) > 1 and candidate.name.lower() not in self._text:
            points += _NEVER_SO
        unspoken = any(not self._is_spoken(word) for word in things if not TABLE[word] & ADJECTIVE)
        return points + _UNSPOKEN * unspoken * (0.5 if candidate.origin is Origin.TITLE else 1)

    def _width(self, word: str) -> float:
        """The share of the sections that speak of it."""
        stem = _root(word)
        speaking = sum(self._text.find(stem, start, end) >= 0 for start, end in self._sections)
        return speaking / len(self._sections) if self._sections else 0.0

    def _share_of_file(self, words: Iterable[str]) -> float:
        """How much of the file's name is explained: all of "handeczema" by "hand eczema", less than half by "hands"."""
        rest = self._file
        for word in sorted(words, key=len, reverse=True):
            rest = rest.replace(_root(word), "", 1).removeprefix("s") if len(word) >= _SHORTEST_PART else rest
        return 1.0 - len(rest) / len(self._file) if self._file else 0.0

    def _is_spoken(self, word: str) -> bool:
        """Whether the document says it anywhere but in its own lines, or its file is called so."""
        stem = _root(word)
        return stem in self._file or self._text.count(stem) > self._lines.count(stem)

    def _is_a_place(self, candidate: Candidate) -> bool:
        """Whether a line names who speaks: 'The Nail Bar at the Old Mill', in a text that knows of nails and no bar."""
        last = _things(TOKEN.findall(candidate.name.lower()))[-1]
        return candidate.line.lower().startswith("the ") and not self._is_spoken(last)

    def glued(self) -> str:
        """The file's name in the words that the document writes apart: "Ear wax", of earwax.txt."""
        name = self._file
        for at in range(_SHORTEST_PART, len(name) - _SHORTEST_PART + 1):
            apart = f"{name[:at]} {name[at:]}"
            if f" {apart}" in self._text:
                return apart.capitalize()
        return ""


_NONE = Candidate("", "", Origin.SUBJECT)


def _things(words: list[str]) -> list[str]:
    """The words of a name that tell: not the act that it opens with, nor what its thing is to do."""
    things = [
        word
        for at, word in enumerate(words)
        if not TABLE[word] & FUNCTION
        and not (at == 0 and len(words) > 1 and TABLE[word] & GERUND)
        and not (words[at - 1 : at] == ["to"] and TABLE[word] & (VERB | EITHER))
    ]
    return things or words


def _reads_well(name: str) -> bool:
    """Whether a file's words are a name as they stand: not "Swimmers hair", which lost its apostrophe."""
    words = name.lower().split()
    return not any(word.endswith("s") and not word.endswith("ss") for word in words[:-1])


def _stems(name: str) -> frozenset[str]:
    words = TOKEN.findall(name.lower().replace("-", " "))
    return frozenset(STEMS[word] for word in words if not TABLE[word] & FUNCTION)


def _root(word: str) -> str:
    """What a word begins with in its other forms: 'eye' of 'eyes', 'run' of 'running'."""
    if word.endswith("ing") and len(word) > _LONG_WORD:
        return word[:-4] if word[-4] == word[-5] else word[:-3]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST_PART else word
