"""Windows: one to three consecutive sentences of a passage that can stand alone as a tip.

A window opens with a sentence that passes every gate, goes on with sentences that pass those for every sentence and
belong to it, and holds 90 to 320 characters. A sentence that qualifies the last one comes along, or the window says
that it did not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.derive import edits, grammar
from pipeline.derive.gates import LONGEST
from pipeline.derive.passages import Passage, Piece
from pipeline.derive.rules import Refusal, Scope, points, refusal
from pipeline.derive.tokens import Sentence, bit
from pipeline.documents.model import Document, Span

SHORTEST = 90
"""Characters of a tip's text, at least."""

MOST_SENTENCES = 3
_SHARES = (1.0, 0.4, 0.25)  # how much of its points each further sentence brings

_QUALIFIER, _DANGLING, _REASON = bit("qualifier_start"), bit("dangling_start"), bit("reason")
_LEANS = _DANGLING | bit("contrast_start")
QUALIFIER_FOLLOWS = "a qualifier follows"


@dataclass(slots=True)
class Window:
    """A possible tip: `text` is what `edits` make of the words at `span`."""

    document: Document
    passage: Passage
    first: int
    last: int
    span: Span
    text: str
    edits: tuple[str, ...]
    flags: tuple[str, ...]
    score: float
    stems: frozenset[str]
    place: int

    @property
    def opening(self) -> Sentence:
        return self.passage.pieces[self.first].opening

    @property
    def sentences(self) -> list[Sentence]:
        pieces = self.passage.pieces[self.first + 1 : self.last + 1]
        return [self.opening, *(piece.sentence for piece in pieces)]


@dataclass(slots=True)
class Judged:
    """One piece under the rules: why it cannot open a tip, why it cannot be in one, and its points."""

    cannot_open: Refusal | None
    cannot_follow: Refusal | None
    points: float


def judge(passage: Passage) -> list[Judged]:
    """Every piece of the passage under the gates and the scores."""
    found = []
    for piece in passage.pieces:
        banned = refusal(piece.sentence, passage.setting, Scope.EVERY)
        opening = piece.opening
        cannot_open = refusal(opening, passage.setting, Scope.FIRST)
        if not cannot_open:
            cannot_open = banned if opening is piece.sentence else refusal(opening, passage.setting, Scope.EVERY)
        worth = 0.0
        if not (banned and cannot_open):
            worth = sum(points(opening, passage.setting).values())
        found.append(Judged(cannot_open, banned, worth))
    return found


def windows(document: Document, passage: Passage, place: int) -> list[Window]:
    """The best windows of the passage, none overlapping another, in reading order."""
    judged = judge(passage)
    possible = [
        window
        for first in range(len(judged))
        if judged[first].cannot_open is None
        for window in _from(document, passage, judged, first, place)
    ]
    possible.sort(key=lambda window: (-window.score, window.first, window.last))
    chosen: list[Window] = []
    for window in possible:
        if all(window.last < other.first or window.first > other.last for other in chosen):
            chosen.append(window)
    return sorted(chosen, key=lambda window: window.first)


def _from(document: Document, passage: Passage, judged: list[Judged], first: int, place: int) -> Iterator[Window]:
    """The windows that begin with one piece."""
    pieces = passage.pieces
    worth = judged[first].points + _loss_of_context(pieces[first])
    for last in range(first, min(first + MOST_SENTENCES, len(pieces))):
        if last > first:
            if judged[last].cannot_follow or pieces[last].label:
                return
            worth += _gain(passage, judged, first, last)
        if pieces[last].span.end - pieces[first].span.start > 2 * LONGEST:
            return
        span, changes, text = _text(document, passage, first, last)
        if len(text) > LONGEST:
            return
        if len(text) < SHORTEST:
            continue
        fate = _qualifier(passage, judged, first, last, len(text))
        if fate == "take it":
            continue
        flags = (f"{QUALIFIER_FOLLOWS}: “{pieces[last + 1].sentence.text[:60]}…”",) if fate else ()
        stems = frozenset().union(*(piece.sentence.stems() for piece in pieces[first : last + 1]))
        score = worth - (0.8 if fate else 0.0) - (0.3 if len(text) > 290 else 0.0)
        yield Window(document, passage, first, last, span, text, changes, flags, score, stems, place)


def _loss_of_context(piece: Piece) -> float:
    """What opening here costs: a contrast taken off has lost what it contrasts with."""
    return -0.4 if any("contrasts" in edit for edit in piece.opening_edits) else 0.0


def _gain(passage: Passage, judged: list[Judged], first: int, last: int) -> float:
    """What a further sentence brings to the window, or takes from it."""
    before, piece = passage.pieces[last - 1], passage.pieces[last]
    sentence = piece.sentence
    gain = max(judged[last].points, 0.0) * _SHARES[last - first]
    if judged[last].points < 0.6:
        gain -= 0.6
    leans = bool(sentence.starts & (_LEANS | _QUALIFIER)) or bool(sentence.masks[0] & grammar.DEMONSTRATIVE)
    leans = leans or bool(sentence.masks[0] & grammar.PRONOUN)
    shared = sentence.stems() & before.sentence.stems()
    if leans:
        gain += 0.5
    elif sentence.mask & _REASON and shared:
        gain += 0.3
    elif not shared and not grammar.dangling_pronoun(sentence):
        gain -= 0.9
    elif len(shared) < 2:
        gain -= 0.3
    return gain - (0.3 if piece.item != before.item else 0.0)


def _qualifier(passage: Passage, judged: list[Judged], first: int, last: int, length: int) -> str:
    """Whether the next sentence qualifies the last: 'take it', 'flag it', or '' when it does not."""
    if last + 1 >= len(passage.pieces) or passage.is_list:
        return ""
    following = passage.pieces[last + 1]
    if not following.sentence.starts & _QUALIFIER:
        return ""
    fits = length + len(following.sentence.text) + 1 <= LONGEST and last + 1 - first < MOST_SENTENCES
    return "take it" if fits and not judged[last + 1].cannot_follow else "flag it"


def _text(document: Document, passage: Passage, first: int, last: int) -> tuple[Span, tuple[str, ...], str]:
    """The window's span, the edits, and the text that they make of the words there."""
    pieces = passage.pieces
    span = Span(pieces[first].span.start, pieces[last].span.end)
    quote = span.of(document.text)
    if first == last:
        changes = pieces[first].edits
    elif passage.is_list:
        changes = (edits.JOINED_ITEMS,)
    else:
        changes = (edits.JOINED_LINES,) if any(piece.edits for piece in pieces[first : last + 1]) else ()
        changes = (edits.JOINED_LINES,) if edits.single_spaced(quote) != quote else changes
    changes += pieces[first].opening_edits
    return span, changes, edits.replay(quote, changes)
