"""swapped_relation: what is weighed against what, and what causes what, whatever sentence tells it.

'Side sleepers need a thicker pillow than back sleepers' and 'if you sleep on your back, you need a thicker one than
somebody who sleeps on their side'; 'laxatives can cause dehydration' and 'dehydration can lead to laxatives'. Each
text is read as pairs of a higher and a lower side: more and less, chosen and passed over, cause and effect.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_phrases import STRONG_MARKS, phrases
from pipeline.derive.guard_reading import Reading
from pipeline.derive.guard_relations import opposites_of
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import concept_of

_MEASURE = 5  # words before 'than' among which what is compared stands: 'needs much less water than'


@dataclass(frozen=True, slots=True)
class Directed:
    """The concepts of the higher side and of the lower one, and the word that weighs them.

    `measure` are the stems of what is compared ('thick'), `is_less` whether the first side has less of it.
    """

    kind: str
    high: frozenset[str]
    low: frozenset[str]
    anchor: int
    measure: frozenset[str] = frozenset()
    is_less: bool = False


def check(pair: Pair) -> Iterator[Finding]:
    """Each relation of the text that stands the other way about in the source."""
    theirs = _directed(pair.source)
    for ours in _directed(pair.text):
        alike = [each for each in theirs if each.kind == ours.kind]
        against = next((each for each in alike if _turned(each, ours)), None)
        if against is None or not pair.is_fresh(ours.anchor) or any(_agree(each, ours) for each in alike):
            continue
        yield finding(
            FindingKind.SWAPPED_RELATION,
            Verdict.BLOCK,
            f"The two sides of '{pair.text.words[ours.anchor].text}' have changed places.",
            pair.source.sentence_text(against.anchor),
            pair.text.sentence_text(ours.anchor),
            pair.source.sentence_text(against.anchor),
        )


def _turned(theirs: Directed, ours: Directed) -> bool:
    """Whether both sides went over, and the comparison did not turn round with them."""
    if _is_opposed(theirs, ours):
        return False
    over = ours.high & theirs.low and ours.low & theirs.high
    stayed = ours.low & theirs.low or (ours.kind == "causes" and ours.high & theirs.high)
    return bool(over) and not stayed


def _agree(theirs: Directed, ours: Directed) -> bool:
    return bool(ours.low & theirs.low) and bool(ours.high & theirs.high) and not _is_opposed(theirs, ours)


def _is_opposed(theirs: Directed, ours: Directed) -> bool:
    """'Less warm than' and 'warmer than', 'thinner than' and 'thicker than'."""
    sides = theirs.high | theirs.low
    opposite = any(opposites_of(name) & ours.measure for name in theirs.measure if name not in sides)
    return (theirs.is_less != ours.is_less) != opposite


def _directed(one: Reading) -> list[Directed]:
    found = [*_compared(one), *_caused(one)]
    return [each for each in found if each.high and each.low]


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────────────────


def _compared(one: Reading) -> Iterator[Directed]:
    """Each 'than', with the whole of its sentence on either side of it."""
    for index, word in enumerate(one.words):
        before = one.words[index - 1].lower if index else ""
        if word.lower != "than" or before in {"", "rather", "other"} or _denied(one, index):
            continue
        end = _other_side_ends(one, index)
        near = range(max(0, index - _MEASURE), index)
        measure = frozenset(one.words[i].stem for i in near if one.words[i].is_content)
        is_less = any(one.words[i].lower in {"less", "fewer"} for i in near)
        left = _concepts(one, range(_sentence_start(one, index), index))
        right = _concepts(one, range(index + 1, end))
        yield Directed("compares", left - right, right - left, index, measure, is_less)


def _other_side_ends(one: Reading, index: int) -> int:
    """Where what is compared with ends: at a mark, or where another clause opens; 'somebody who …' goes on."""
    sentence, ends = one.words[index].sentence, words("guard/directions", "weighing ends")
    rest = range(index + 1, len(one.words))
    last = (i for i in rest if one.words[i].sentence != sentence or _is_mark(one, i) or one.words[i].lower in ends)
    return next(last, len(one.words))


def _is_mark(one: Reading, index: int) -> bool:
    return one.words[index].text in STRONG_MARKS or one.words[index].text == ","


# ── cause and effect ─────────────────────────────────────────────────────────────────────────────────────────


def _caused(one: Reading) -> Iterator[Directed]:
    """'A causes B', 'B comes from A'."""
    for phrase in phrases(one.words, "guard/directions", "causes", "caused by"):
        if _denied(one, phrase.start) or _is_named(one, phrase.start):
            continue
        left = _concepts(one, _back_to_mark(one, phrase.start))
        right = _concepts(one, _on_to_mark(one, phrase.end))
        first, second = (left, right) if phrase.group == "causes" else (right, left)
        yield Directed("causes", first - second, second - first, phrase.start)


def _is_named(one: Reading, index: int) -> bool:
    """'The cause of it', 'a trigger': the noun; and 'because', after which a whole clause stands."""
    if one.span(index, index + 1).lower() == "because":  # 'due to' and its like are read as one word
        return True
    return index > 0 and one.words[index - 1].lower in {"the", "a", "an", "no", "any", "common", "main", "usual"}


def _back_to_mark(one: Reading, index: int) -> range:
    start = index
    while start and one.words[start - 1].sentence == one.words[index].sentence and not _ends_side(one, start - 1):
        start -= 1
    return range(start, index)


def _on_to_mark(one: Reading, index: int) -> range:
    end = index
    while end < len(one.words) and one.words[end].sentence == one.words[index - 1].sentence:
        if _ends_side(one, end):
            break
        end += 1
    return range(index, end)


def _ends_side(one: Reading, index: int) -> bool:
    return _is_mark(one, index) or one.words[index].lower in words("guard/directions", "weighing ends")


# ── both ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _concepts(one: Reading, places: Sequence[int]) -> frozenset[str]:
    light = _light()
    names = (one.words[i].concept for i in places if one.words[i].is_content or _is_owned(one, i))
    return frozenset(name for name in names if name not in light)


def _is_owned(one: Reading, index: int) -> bool:
    """'your back': a small word that is a noun here."""
    owned = index > 0 and one.words[index - 1].lower in {"your", "their", "his", "her", "my", "its", "our"}
    return owned and one.words[index].lower not in words("guard/grammar", "frame passes over")


@cache
def _light() -> frozenset[str]:
    """Words that stand on either side of a relation without being what is weighed."""
    return frozenset(concept_of(each) for each in words("guard/directions", "weighs nothing"))


def _sentence_start(one: Reading, index: int) -> int:
    """The first word of its sentence, or of what follows its last strong mark but a colon."""
    start = index
    while start and one.words[start - 1].sentence == one.words[index].sentence:
        if one.words[start - 1].text == ";":
            break
        start -= 1
    return start


def _denied(one: Reading, index: int) -> bool:
    """Whether a negator stands before it in its clause: 'no warmer than' weighs nothing."""
    clause = one.clause[index]
    return any(n.start < index and one.clause[n.start] == clause for n in one.negators)
