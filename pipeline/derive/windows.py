"""Windows: one to three consecutive sentences of a passage that can stand alone as a tip.

A window opens with a sentence that passes every gate, goes on with sentences that pass those for every sentence and
belong to it, and holds 90 to 320 characters. A sentence that qualifies the last one comes along, or the window says
that it did not.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.derive import edits, grammar, pointing
from pipeline.derive.cover import best_cover
from pipeline.derive.gates import LONGEST, SHORTEST, SHORTEST_ALONE
from pipeline.derive.neighbours import called_a_myth, spoken_of_before, taken_back, told_not_to
from pipeline.derive.passages import Passage, Piece
from pipeline.derive.rules import EVERY, FIRST, Draft, Joint, Refusal, points, refusal, window_points
from pipeline.derive.scores import CURT_OPENING
from pipeline.derive.tokens import Sentence, bit
from pipeline.documents.model import Document, Span

MOST_SENTENCES = 3
_SHARES = (1.0, 0.8, 0.7)  # how much of a merit counts where it stands in a further sentence

_QUALIFIER, _DANGLING, _REASON = bit("qualifier_start"), bit("dangling_start"), bit("reason")
_LEANS = _DANGLING | bit("contrast_start")
FLOOR = 1.3
"""Points below which a window is no tip: fewer tips rather than poor ones."""
_PER_SENTENCE = 0.4
_EXACT = frozenset(["number", "time", "condition"])
_FIRM = frozenset(["advice", "fact"])
_SAYS_MUCH = 75  # characters from which an order stands alone, exact or not
_CURT = 45  # characters up to which a sentence that leans on another can be an aside
_CASES = frozenset(["if", "when", "once", "should", "unless", "until"])
_MOST_ADDED = 8  # characters that edits can add to a quote: full stops
_WORTH_LEANING, _WORTH_TELLING = 1.0, 2.0
"""Points from which a sentence comes along that leans on the one before it, or that has little to do with it."""
_NEXT_STEPS = frozenset(["then", "next", "afterwards", "after", "finally", "lastly"])
_APART = frozenset([Joint.UNRELATED, Joint.ANOTHER_ORDER, Joint.OTHER_ITEM, Joint.LOOSE])

QUALIFIER_FOLLOWS = "a qualifier follows"


@dataclass(slots=True)
class Window:
    """A possible tip: pieces `first` to `last` of a passage. It holds no words but its `stems`, in no order."""

    document: Document
    passage: Passage
    first: int
    last: int
    span: Span
    edits: tuple[str, ...]
    flags: tuple[str, ...]
    score: float
    stems: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the edits make of the words at the span."""
        return edits.replay(self.span.of(self.document.text), self.edits)

    @property
    def opening(self) -> Sentence:
        return self.passage.pieces[self.first].opening

    def points(self) -> dict[str, float]:
        """What each rule gave it."""
        judged = judge(self.passage)
        return _weigh(self.passage.pieces, judged, self.first, self.last, len(self.text), bool(self.flags))

    def sentences(self) -> list[Sentence]:
        """Its sentences in order."""
        following = self.passage.pieces[self.first + 1 : self.last + 1]
        return [self.opening, *(piece.sentence for piece in following)]

    def advising(self) -> list[Sentence]:
        """The sentences that carry its advice: the first, and each further one that could have been first."""
        return [
            sentence for place, sentence in enumerate(self.sentences()) if not place or grammar.gives_order(sentence)
        ]


@dataclass(slots=True)
class Judged:
    """One piece under the rules: why it cannot open a tip, why it cannot be in one, and its points."""

    cannot_open: Refusal | None
    cannot_follow: Refusal | None
    points: dict[str, float]


def judge(passage: Passage) -> list[Judged]:
    """Every piece of the passage under the gates and the scores; points only where a window can reach."""
    found: list[Judged] = []
    setting = passage.setting
    opened = -MOST_SENTENCES  # where the last piece stands that can open a tip
    pieces = passage.pieces
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place and pieces[place - 1].item == piece.item else None
        banned = refusal(piece.sentence, setting, EVERY)
        wrong = called_a_myth(piece.label, piece.sentence, before.sentence if before else None)
        if piece.item >= 0 and before is None and not piece.label:
            wrong = wrong or told_not_to((passage.heading.text, passage.intro), piece.opening)
        wrong = wrong or (taken_back(pieces[place + 1].sentence) if place + 1 < len(pieces) else None)
        opening = piece.opening
        cannot_open = banned if opening is piece.sentence else refusal(opening, setting, EVERY)
        cannot_open = cannot_open or wrong or refusal(opening, setting, FIRST)
        if not cannot_open and place and opening.words[0] == "the":
            cannot_open = spoken_of_before(opening, [each.sentence for each in pieces[:place]], setting)
        if not cannot_open:
            opened = place
        banned = banned or wrong
        reached = not cannot_open or (not banned and place - opened < MOST_SENTENCES)
        found.append(Judged(cannot_open, banned, points(opening, setting) if reached else {}))
    return found


def windows(document: Document, passage: Passage) -> list[Window]:
    """The best windows of the passage, none overlapping another, in reading order."""
    if passage.length < SHORTEST_ALONE - _MOST_ADDED:
        return []
    judged = judge(passage)
    openers = [at for at, each in enumerate(judged) if each.cannot_open is None]
    if not openers:
        return []
    possible = [
        window
        for first in openers
        if not _is_in_a_case(passage, judged, first)
        for window in _from(document, passage, judged, first)
    ]
    if possible and len(judged) == 1:
        return _best_cover(possible, 1)
    covered = {at for window in possible for at in range(window.first, window.last + 1)}
    alone = [
        window
        for at in openers
        if _stands_alone(passage, judged, at)
        for window in _from(document, passage, judged, at, SHORTEST_ALONE)
        if window.last == at
    ]
    short = [window for window in alone if window.first not in covered]
    if not covered and not short and _is_short_advice(passage, judged):
        whole = len(judged) - 1
        short = [each for each in _from(document, passage, judged, 0, SHORTEST_ALONE) if each.last == whole]
    fillers = [window for window in alone if window.first in covered and len(window.text) < SHORTEST]
    return _best_cover(possible + short, len(judged), fillers)


def windows_at(passage: Passage, places: Set[tuple[int, int]]) -> Iterator[Window]:
    """The windows of the passage that were found before, by where they begin and end, without points and flags."""
    pieces = passage.pieces
    for first, piece in enumerate(pieces):
        for last in range(first, min(first + MOST_SENTENCES, len(pieces))):
            if (piece.span.start, pieces[last].span.end) in places:
                span, changes, _ = _text(passage.document, pieces, first, last)
                yield _with_stems(Window(passage.document, passage, first, last, span, changes, flags=(), score=0.0))


def _is_in_a_case(passage: Passage, judged: list[Judged], at: int) -> bool:
    """Whether an order goes on in a case that the sentence before it names and cannot tell by itself.

    "If you did fall asleep in them, leave them in. Put in a few drops first, …": drops for whom?
    """
    if not at or "order" not in judged[at].points or judged[at - 1].cannot_open is None:
        return False
    return passage.pieces[at - 1].sentence.words[0] in _CASES


def _is_short_advice(passage: Passage, judged: list[Judged]) -> bool:
    """Whether two or three short orders, one of them exact, are all that a paragraph says."""
    if passage.is_list or not 1 < len(judged) <= MOST_SENTENCES or any(each.cannot_follow for each in judged):
        return False
    opens = judged[0].cannot_open is None and passage.pieces[0].opening is passage.pieces[0].sentence
    exact = any(not _EXACT.isdisjoint(each.points) for each in judged)
    return opens and exact and all("order" in each.points for each in judged)


def _stands_alone(passage: Passage, judged: list[Judged], at: int) -> bool:
    """Whether a short sentence is whole by itself: an order with its number, its time or its condition, or a long one.

    Nothing but its label was taken off it, no question or refused sentence led up to it, and nothing that leans on it
    comes after.
    """
    pieces = passage.pieces
    found = judged[at].points
    exact = not _EXACT.isdisjoint(found)
    says_much = len(pieces[at].opening.text) >= _SAYS_MUCH
    if not ((says_much or exact) if "order" in found else (says_much and not found.keys().isdisjoint(_FIRM))):
        return False
    changed = pieces[at].opening is not pieces[at].sentence and not pieces[at].is_only_unlabelled
    if changed or (at and judged[at - 1].cannot_follow and not pieces[at].label):
        return False
    return not _leans(pieces[at].sentence) and not (at + 1 < len(pieces) and _is_led_up_to(pieces, judged, at + 1))


def _is_led_up_to(pieces: list[Piece], judged: list[Judged], at: int) -> bool:
    """Whether a sentence leans on the one before it, and has something to say."""
    says_something = bool(judged[at].cannot_follow) or sum(judged[at].points.values()) >= _WORTH_LEANING
    return _leans(pieces[at].sentence) and (says_something or bool(pieces[at].sentence.starts & _QUALIFIER))


_FILLS = 0.02  # what a short sentence is worth that only fills a gap


def _best_cover(possible: list[Window], pieces: int, fillers: Sequence[Window] = ()) -> list[Window]:
    """The windows, none overlapping, that are worth most together.

    Each sentence that a window takes in gives back what the length rule took, so that good advice too short to
    stand alone goes with its neighbour instead of being dropped. Windows under the floor are worth next to nothing:
    they only fill gaps, as possible sources of what is said better elsewhere. So do `fillers`: short sentences that
    stand alone, and that a window which is not taken would have held.
    """
    if len(possible) == 1 and not fillers:
        return [_with_stems(possible[0])]
    worth = [*((window, _value(window)) for window in possible), *((window, _FILLS) for window in fillers)]
    return [_with_stems(window) for window in best_cover(worth, pieces)]


def _with_stems(window: Window) -> Window:
    pieces = window.passage.pieces
    stems = pieces[window.first].opening.stems()
    if window.last > window.first:
        stems = stems.union(*[piece.sentence.stems() for piece in pieces[window.first + 1 : window.last + 1]])
    window.stems = tuple(stems)
    return window


def _value(window: Window) -> float:
    if window.score < FLOOR:
        return 0.01
    return window.score - FLOOR + _PER_SENTENCE * (window.last - window.first + 1)


def _from(
    document: Document, passage: Passage, judged: list[Judged], first: int, shortest: int = SHORTEST
) -> list[Window]:
    """The windows that begin with one piece."""
    pieces, found = passage.pieces, []
    for last in range(first, min(first + MOST_SENTENCES, len(pieces))):
        if last > first and (judged[last].cannot_follow or pieces[last].label or _parted(passage, judged, last)):
            break
        if pieces[last].span.end - pieces[first].span.start > 2 * LONGEST:
            break
        span, changes, text = _text(document, pieces, first, last)
        length = len(text)
        if length > LONGEST:
            break
        if length < shortest or _parts_an_item(pieces, first, last):
            continue
        fate = _qualifier(passage, judged, first, last, length)
        if fate == "take it":
            continue
        flags = (f"{QUALIFIER_FOLLOWS}: “{pieces[last + 1].sentence.text[:60]}…”",) if fate else ()
        score = sum(_weigh(pieces, judged, first, last, length, bool(fate)).values())
        found.append(Window(document, passage, first, last, span, changes, flags, score))
    return found


def _parts_an_item(pieces: list[Piece], first: int, last: int) -> bool:
    """Whether a window over several items of a list holds one of them in part: each is one step."""
    own, other = pieces[first].item, pieces[last].item
    begins_inside = first > 0 and pieces[first - 1].item == own
    ends_inside = last + 1 < len(pieces) and pieces[last + 1].item == other
    return own != other and (begins_inside or ends_inside)


def _parted(passage: Passage, judged: list[Judged], at: int) -> bool:
    """Whether a sentence stays apart from the one before it: that is a tip by itself, and this one adds little to it.

    An aside, a joke, the next step or the next thing on the author's mind stays behind; what shares its matter, its
    reason and advice of its own come along.
    """
    before, piece = passage.pieces[at - 1 : at + 1]
    joint, worth = _joint(before, piece, judged[at]), sum(judged[at].points.values())
    if joint in (Joint.UNRELATED, Joint.ANOTHER_ORDER) and len(before.opening.text) <= CURT_OPENING:
        return _is_enough(passage, judged, at)  # 'Leave room for a ladder. Brushes …'
    if joint is Joint.LEANS and piece.sentence.words[0] in _NEXT_STEPS:
        adds_little = piece.sentence.stems().isdisjoint(before.sentence.stems())
    elif joint in (Joint.LEANS, Joint.ADDS_NOTHING):
        adds_little = worth < _WORTH_LEANING and not piece.sentence.starts & _QUALIFIER
    else:
        adds_little = joint in _APART and worth < _WORTH_TELLING
    return adds_little and _is_enough(passage, judged, at - 1)


def _is_enough(passage: Passage, judged: list[Judged], at: int) -> bool:
    """Whether a sentence is a tip by itself."""
    if judged[at].cannot_open:
        return False
    length = len(passage.pieces[at].opening.text)
    return length >= SHORTEST or (length >= SHORTEST_ALONE and _stands_alone(passage, judged, at))


def _weigh(
    pieces: list[Piece], judged: list[Judged], first: int, last: int, length: int, unqualified: bool
) -> dict[str, float]:
    """What each rule gives the window."""
    changes = pieces[first].opening_edits
    contrast_lost = bool(changes) and any("contrasts" in edit for edit in changes)
    if last == first:
        held = dict(judged[first].points)
        draft = Draft(length, held, [], 1, contrast_lost, unqualified)
    else:
        held = _shared_out(judged[first : last + 1])
        joints = [_joint(pieces[at], pieces[at + 1], judged[at + 1]) for at in range(first, last)]
        own, opening = _own_tips(pieces, judged, first, last), len(pieces[first].opening.text)
        draft = Draft(length, held, joints, own, contrast_lost, unqualified, opening)
    held.update(window_points(draft))
    return held


def _shared_out(parts: list[Judged]) -> dict[str, float]:
    """The points of several sentences: a merit counts once, where it is greatest; faults are shared out."""
    held: dict[str, float] = {}
    for place, part in enumerate(parts):
        share = _SHARES[place]
        for name, value in part.points.items():
            if value < 0:
                held[name] = held.get(name, 0.0) + value / len(parts)
            elif (value := value * share) > held.get(name, 0.0):
                held[name] = value
    return held


def _own_tips(pieces: list[Piece], judged: list[Judged], first: int, last: int) -> int:
    """How many of the window's sentences would make a tip by themselves; one at least."""
    stand = [_could_stand(judged[at], pieces[at], at > first) for at in range(first, last + 1)]
    return max(1, sum(stand))


def _could_stand(judged: Judged, piece: Piece, follows: bool) -> bool:
    """Whether a sentence of a window would make a tip by itself: open, long enough, with advice of its own."""
    if judged.cannot_open or len(piece.opening.text) < SHORTEST or (follows and _leans(piece.sentence)):
        return False
    return not follows or "order" in judged.points or "advice" in judged.points


def _leans(sentence: Sentence) -> bool:
    """Whether the sentence begins by pointing back."""
    return bool(
        sentence.starts & (_LEANS | _QUALIFIER) or sentence.masks[0] & (grammar.DEMONSTRATIVE | grammar.PRONOUN)
    )


def _joint(before: Piece, piece: Piece, judged: Judged) -> Joint:
    """How a sentence hangs on the one before it."""
    sentence = piece.sentence
    if _leans(sentence) or pointing.dangling_pronoun(sentence):
        is_aside = len(sentence.text) <= _CURT and not sentence.starts & _QUALIFIER
        has_merit = any(value > 0 for value in judged.points.values())
        return Joint.ADDS_NOTHING if is_aside and not has_merit else Joint.LEANS
    if piece.item != before.item:
        return Joint.OTHER_ITEM
    shared = len(sentence.stems() & before.sentence.stems())
    if sentence.mask & _REASON and shared:
        return Joint.REASON
    if shared > 1:
        return Joint.CLOSE
    if shared:
        return Joint.LOOSE
    orders = grammar.gives_order(sentence) and grammar.gives_order(before.sentence)
    return Joint.ANOTHER_ORDER if orders else Joint.UNRELATED


def _qualifier(passage: Passage, judged: list[Judged], first: int, last: int, length: int) -> str:
    """Whether the next sentence qualifies the last: 'take it', 'flag it', or '' when it does not."""
    if last + 1 >= len(passage.pieces) or passage.is_list:
        return ""
    following = passage.pieces[last + 1]
    if not following.sentence.starts & _QUALIFIER:
        return ""
    fits = length + len(following.sentence.text) + 1 <= LONGEST and last + 1 - first < MOST_SENTENCES
    return "take it" if fits and not judged[last + 1].cannot_follow else "flag it"


def _text(document: Document, pieces: list[Piece], first: int, last: int) -> tuple[Span, tuple[str, ...], str]:
    """The window's span, the edits, and the text that they make of the words there."""
    piece = pieces[first]
    if first == last:  # most are, and its sentence has been through these edits already
        return piece.span, piece.edits + piece.opening_edits, piece.opening.text
    span = Span(piece.span.start, pieces[last].span.end)
    quote = span.of(document.text)
    if piece.item != pieces[last].item:
        changes: tuple[str, ...] = (edits.JOINED_ITEMS,)
    else:
        changes = (edits.JOINED_LINES,) if edits.needs_joining(quote) else ()
    changes += piece.opening_edits
    return span, changes, edits.replay(quote, changes)
