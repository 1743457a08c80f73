"""Blocks made ready for the rules: what may hold tips, sentence by sentence, with what may be taken off.

A passage is a paragraph, or the items of one list with the line that introduces them. Tables, quotes, captions,
footnotes and boilerplate sections hold none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.derive import edits, grammar
from pipeline.derive.gates import LONGEST, SHORTEST
from pipeline.derive.headings import Heading, read_heading
from pipeline.derive.neighbours import calls_a_myth
from pipeline.derive.profile import Background, is_one_of, own_titles
from pipeline.derive.rules import Setting
from pipeline.derive.tokens import (
    AUXILIARY,
    COLON,
    COMMA,
    DIGIT,
    EITHER_FORM,
    FUNCTION,
    MARK,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
    content_stems,
    read_sentence,
)
from pipeline.documents.model import Block, BlockKind, Document, Section, Span

_REMOVABLE, _CONTRAST = bit("removable_start"), bit("contrast_start")
_PREFIX = _REMOVABLE | _CONTRAST
_PARAGRAPH, _LIST_ITEM = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM  # found in a twentieth of the time, block by block
_CALLED_ADVERTISEMENT = frozenset(["advertisement", "advert", "ad", "sponsored", "advertorial", "promotion"])
_MOST_PREFIXES = 3
_AFTER_PREFIX = re.compile(r"\s*[,:–—]\s*|\s+")
_ALSO = re.compile(
    r"\b(?:(?!and|but|or|that|which|who)\w+(?= also \w+s [a-z]+ \w)"
    r"|is|are|can|may|might|could|should|will|must|it's|[Ii]t’s) (also )",
    re.IGNORECASE,
)
_ON_TOP = bit("on_top")
_AS_WELL = re.compile(
    r"^[^,;:–—]*?(,? (?:as well|too))(?=[.;:]|, (?:because|since|as|if|when)\b|$)"
)  # behind a comma it may belong to a phrase
_ALSO_WITHIN = 60  # characters from the beginning
_LABEL = re.compile(r"([A-Z][^.:!?\n]{2,45}?)(?::| [–—]) +(?=\S)")
_LONGEST_LABEL_WORDS = 7
_LONGEST_NAMED_FIRST = 30  # characters
_SAYS_SOMETHING = AUXILIARY | grammar.PRONOUN | grammar.NEGATION | DIGIT
_ANSWERS = frozenset(["yes", "no", "yep", "nope", "maybe", "perhaps", "sure", "exactly", "right", "sorry", "ps", "nb"])
_EMPTY_LABEL = re.compile(
    r"(?:(?:my|our|the|a|one|top|pro|quick|good|bad|best|last|first|second|third|final|golden|easy|simple|bonus) )*"
    r"(?:tips?|news|trick|hack|fix|rule|step|warning|note|bonus|reminder|secret|answer|solution|verdict|point|lesson"
    r"|exception|things first)(?: (?:number |no\.? )?(?:one|two|three|four|five|six|\d+))?",
    re.IGNORECASE,
)
"""A label that says only that something comes; 'myth' is none of these."""
_LONGEST_RUN_IN, _LONGEST_RUN_IN_WORDS = 40, 4  # a paragraph's own heading: "Place: Put the bowl …"
_SECTIONS_OF_AN_ARTICLE, _SECTIONS_AT_FIRST = 3, 8
_TIED = grammar.OPENER | bit("negation") | DIGIT | bit("condition")


@dataclass(slots=True)
class Piece:
    """One sentence, or one list joined to its intro.

    `sentence` is the sentence as it stands (white space made single, an item's end marked). `opening` is the sentence
    as it would begin a tip: with its prefix taken off, as `opening_edits` say.
    """

    span: Span
    sentence: Sentence
    edits: tuple[str, ...] = ()
    label: str = ""
    item: int = -1
    is_alone: bool = False
    _opened: tuple[Sentence, tuple[str, ...]] | None = None

    @property
    def opening(self) -> Sentence:
        return (self._opened or self._open())[0]

    @property
    def label_taken_off(self) -> str:
        """The label, where it may name the tip because the text has it no more; '' for 'Top tip' and 'Step one'."""
        names = bool(self.label) and not _EMPTY_LABEL.fullmatch(self.label.strip(" .:–—"))
        return self.label if names and edits.removed(self.label) in self.opening_edits else ""

    @property
    def is_only_unlabelled(self) -> bool:
        """Whether nothing but its label was taken off."""
        return bool(self.label) and set(self.opening_edits) <= {edits.removed(self.label), edits.CAPITAL}

    @property
    def opening_edits(self) -> tuple[str, ...]:
        return (self._opened or self._open())[1]

    def _open(self) -> tuple[Sentence, tuple[str, ...]]:
        sentence = self.sentence
        may_change = self.label or sentence.starts & _PREFIX or sentence.mask & _ON_TOP or "also " in sentence.text
        self._opened = _open(sentence, self.label, self.is_alone) if may_change else (sentence, ())
        return self._opened


class _Surroundings:
    """What the passages of one section share; its setting is made when asked for, which few that are only heard are."""

    __slots__ = ("_is_opening", "_names", "_setting", "_subject", "section")

    def __init__(self, section: Section, names: frozenset[str], subject: frozenset[str], *, is_opening: bool) -> None:
        self.section, self._names, self._subject, self._is_opening = section, names, subject, is_opening
        self._setting: Setting | None = None

    @property
    def setting(self) -> Setting:
        if self._setting is None:
            heading = read_heading(self.section.heading)
            self._setting = Setting(
                subject=heading.telling | self._subject,
                heading=heading.telling,
                names=self._names,
                is_myth=heading.is_myth or any(read_heading(each).is_myth for each in self.section.heading_path),
                is_conclusion=heading.is_conclusion,
                is_opening=self._is_opening,
            )
        return self._setting


class Passage:
    """A paragraph or a list in its section; its `pieces` are made when asked for, and made again after `forget`.

    What a corpus of passages keeps is spans: words and bits are held for one passage at a time.
    """

    __slots__ = ("_blocks", "_pieces", "_surroundings", "document", "is_list")

    def __init__(self, document: Document, surroundings: _Surroundings, blocks: tuple[Block, ...]) -> None:
        self.document, self._surroundings, self._blocks = document, surroundings, blocks
        self.is_list = blocks[0].kind is _LIST_ITEM
        self._pieces: list[Piece] | None = None

    @property
    def section(self) -> Section:
        return self._surroundings.section

    @property
    def heading(self) -> Heading:
        return read_heading(self.section.heading)

    @property
    def setting(self) -> Setting:
        """Where its sentences stand."""
        return self._surroundings.setting

    @property
    def pieces(self) -> list[Piece]:
        if self._pieces is None:
            self._pieces = self._of_list() if self.is_list else self._of_paragraph()
        return self._pieces

    @property
    def intro(self) -> str:
        """The line that leads up to its list; '' where none does."""
        span = self._blocks[0].intro
        return edits.single_spaced(span.of(self.document.text)) if span else ""

    @property
    def length(self) -> int:
        """Characters from its beginning to its end, a list's intro included."""
        intro = self._blocks[0].intro
        return self._blocks[-1].span.end - (intro or self._blocks[0].span).start

    def stems(self) -> Iterator[str]:
        """The stems of its words of content, as often as they stand: what can be asked before its pieces are made."""
        first, text = self._blocks[0], self.document.text
        if first.intro is None and len(self._blocks) == 1:
            return content_stems(first.span.of(text))
        spans = [block.span for block in self._blocks] + ([first.intro] if first.intro else [])
        return content_stems("\n".join([span.of(text) for span in spans]))

    def forget(self) -> None:
        """Let the pieces go until they are asked for again."""
        self._pieces = None

    def _of_paragraph(self) -> list[Piece]:
        text, spans = self.document.text, self._blocks[0].sentences
        label = _named_first(text, spans)
        spans = _behind_name(spans) if label else spans
        pieces = [_piece(text, span, at == 0, label) for at, span in enumerate(spans)]
        pieces[0].is_alone = len(pieces) == 1 and not label
        return pieces

    def _of_list(self) -> list[Piece]:
        """A list of whole sentences is a passage of them; one of fragments is one sentence with its intro."""
        text, intro = self.document.text, self._blocks[0].intro
        pieces = [piece for number, item in enumerate(self._blocks) for piece in _item_pieces(text, item, number)]
        whole = sum(_is_whole(piece) for piece in pieces)
        if whole * 2 >= len(pieces) and (whole == len(pieces) or intro is None):
            return pieces
        joined = [_joined(text, intro, self._blocks)] if intro else []
        return [piece for piece in joined if len(piece.sentence.text) <= LONGEST]


def passages(document: Document, background: Background) -> Iterator[Passage]:
    """The passages that may hold tips, in reading order."""
    subject = background.stems()
    opening = _opening(document)
    kept = _without_blocks(document)
    for section in document.sections:
        if section.is_boilerplate:
            continue
        surroundings = _Surroundings(section, background.names, subject, is_opening=section is opening)
        for list_mark, blocks in groupby(section.blocks, key=_list_of):
            if list_mark is not None:
                yield Passage(kept, surroundings, tuple(blocks))
                continue
            for block in blocks:
                if block.kind is _PARAGRAPH and block.sentences and not _is_advertisement(document, block):
                    yield Passage(kept, surroundings, (block,))


def _is_advertisement(document: Document, block: Block) -> bool:
    """Whether a paragraph calls itself one: 'Advertisement. Try our …'."""
    first = block.sentences[0].of(document.text).strip("*_[]() .:—–-").lower()
    return first in _CALLED_ADVERTISEMENT


def _without_blocks(document: Document) -> Document:
    """The document with its text and headings alone: what a passage keeps of it, as long as it is kept itself."""
    bare = [Section(s.heading, s.heading_span, s.heading_path, (), s.is_boilerplate) for s in document.sections]
    return replace(document, sections=tuple(bare))


def _opening(document: Document) -> Section | None:
    """The section in which an article begins, before it comes to its sections; None where it has no others."""
    spoken = [section for section in document.sections[:_SECTIONS_AT_FIRST] if section.blocks]
    if len(spoken) < _SECTIONS_OF_AN_ARTICLE:
        return None
    titles = own_titles(document)
    first = spoken[0] if spoken[0].heading or not is_one_of(titles, spoken[1].heading) else spoken[1]
    return first if is_one_of(titles | {""}, first.heading) else None  # above its title stands a byline


def _list_of(block: Block) -> tuple[Span | None] | None:
    """What marks the items of one list: their intro; None for what is no list item."""
    return (block.intro,) if block.kind is _LIST_ITEM else None


def _piece(text: str, span: Span, is_first: bool, named: str = "") -> Piece:
    words = span.of(text)
    changes: tuple[str, ...] = ()
    if edits.needs_joining(words):
        words, changes = edits.single_spaced(words), (edits.JOINED_LINES,)
    label = named if is_first else ""
    label = label or (_run_in(words) if is_first and ":" in words[:_LONGEST_RUN_IN] else "")
    return Piece(span, read_sentence(words, span), changes, label)


def _item_pieces(text: str, item: Block, number: int) -> Iterator[Piece]:
    named = _named_first(text, item.sentences)
    spans = _behind_name(item.sentences) if named else item.sentences
    for index, span in enumerate(spans):
        words = edits.single_spaced(span.of(text))
        ended = edits.ended(words)
        changes: tuple[str, ...] = (edits.JOINED_LINES,) if words != span.of(text) else ()
        changes += (edits.FULL_STOP,) if ended != words else ()
        label = (named or _label(ended)) if index == 0 else ""
        yield Piece(span, read_sentence(ended, span), changes, label, number, len(item.sentences) == 1)


def _named_first(text: str, spans: Sequence[Span]) -> str:
    """The name that stands first as a sentence of its own ("Robot mowers. Run them by day"), mark and space included.

    '' where the first of several sentences says something, or answers.
    """
    if len(spans) < 2 or spans[0].end - spans[0].start > _LONGEST_NAMED_FIRST:
        return ""
    words = edits.single_spaced(spans[0].of(text))
    if _EMPTY_LABEL.fullmatch(words.rstrip(".")):
        return f"{words} "
    if calls_a_myth(words):
        return ""  # "Myth. Butter cools a burn."
    read = read_sentence(words, spans[0])
    telling = list(zip(read.words[:-1], read.masks[:-1], strict=True))
    if not 0 < len(telling) <= _LONGEST_RUN_IN_WORDS or not words.endswith(".") or grammar.imperative_at(read) >= 0:
        return ""
    says = any(bits & _SAYS_SOMETHING or word in _ANSWERS or word.endswith("ly") for word, bits in telling)
    says = says or any(bits & (VERB | VERB_FORM | EITHER_FORM) for _, bits in telling[1:])
    is_thing = bool(telling[-1][1] & WORD) and not telling[-1][1] & (grammar.ADVERB | grammar.ADJECTIVE | FUNCTION)
    return f"{words} " if is_thing and not says else ""


def _behind_name(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The sentences, the second with the name in front of it."""
    return (Span(spans[0].start, spans[1].end), *spans[2:])


def _is_whole(piece: Piece) -> bool:
    """Whether an item says something by itself: an order, or a subject and its verb."""
    opening = piece.opening
    return grammar.imperative_at(opening) >= 0 or grammar.subject_end(opening) > 0


def _joined(text: str, intro: Span, items: Sequence[Block]) -> Piece:
    span = Span(intro.start, items[-1].span.end)
    words = edits.replay(span.of(text), (edits.JOINED_INTRO,))
    return Piece(span, read_sentence(words, span), (edits.JOINED_INTRO,))


def _run_in(text: str) -> str:
    """A paragraph's label, where it is short and a sentence follows it."""
    label = _label(text)
    is_label = len(label.split()) <= _LONGEST_RUN_IN_WORDS and not text[len(label) : len(label) + 1].islower()
    return label if is_label else ""


def _label(text: str) -> str:
    """The item's own heading ("Patch test: apply …"), colon and space included; '' where it is part of the advice."""
    found = _LABEL.match(text)
    if not found or len(found[1].split()) > _LONGEST_LABEL_WORDS:
        return ""
    return found[0] if not read_sentence(found[1], Span(0, 0)).mask & _TIED else ""


def _open(sentence: Sentence, label: str, is_alone: bool) -> tuple[Sentence, tuple[str, ...]]:
    """The sentence as the beginning of a tip, and the edits that make it so."""
    text, changes = sentence.text, []
    if label and (not is_alone or len(text) - len(label) >= SHORTEST):
        text = text.removeprefix(label)
        changes.append(edits.removed(label))
        sentence = read_sentence(text, sentence.span)
    for _ in range(_MOST_PREFIXES):
        prefix, note = _prefix(sentence)
        if not prefix:
            break
        text = text[len(prefix) :]
        changes.append(edits.removed(prefix, note=note))
        sentence = read_sentence(text, sentence.span)
    if "also " in text and (also := _ALSO.search(text, 0, _ALSO_WITHIN)) and text.find(also[1]) == also.start(1):
        text = text.replace(also[1], "", 1)
        changes.append(edits.removed(also[1], within=True))
    if sentence.mask & _ON_TOP and (top := _AS_WELL.match(text)) and text.find(top[1]) == top.start(1):
        text = text.replace(top[1], "", 1)
        changes.append(edits.removed(top[1], within=True))
    if not changes:
        return sentence, ()
    if text[:1].islower():
        text = edits.capital(text)
        changes.append(edits.CAPITAL)
    return read_sentence(text, sentence.span), tuple(changes)


def _prefix(sentence: Sentence) -> tuple[str, str]:
    """The characters of a prefix that may be taken off, with the space behind, and a note for the edit."""
    if not sentence.starts & _PREFIX:
        return "", ""
    for group, note in ((_REMOVABLE, ""), (_CONTRAST, "contrasts with the sentence before")):
        length = sentence.start_lengths.get(group, 0)
        if not length or length >= len(sentence.words):
            continue
        follows = sentence.masks[length]
        tied_by_mark = bool(follows & (COMMA | COLON)) and bool(follows & MARK)
        if tied_by_mark or (sentence.words[length - 1] == "that" and not follows & MARK):
            return _characters(sentence, length), note
    return "", ""


def _characters(sentence: Sentence, length: int) -> str:
    """The text of the first `length` words with the mark and the white space after them."""
    at = 0
    lowered = sentence.text.lower().replace("’", "'")
    for word in sentence.words[:length]:
        at = lowered.find(word, at) + len(word)
    gap = _AFTER_PREFIX.match(sentence.text, at)
    return sentence.text[: gap.end() if gap else at]
