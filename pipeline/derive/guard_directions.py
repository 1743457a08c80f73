"""swapped_relation: what is weighed against what, and what causes what, whatever sentence tells it.

'Side sleepers need a thicker pillow than back sleepers' and 'if you sleep on your back, you need a thicker one than
somebody who sleeps on their side'; 'laxatives can cause dehydration' and 'dehydration can lead to laxatives'. Each
text is read as pairs of a higher and a lower side: more and less, chosen and passed over, cause and effect.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_phrases import STRONG_MARKS, Phrase, phrases
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import concept_of

_PRAISES = frozenset({"better", "safer", "gentler", "wiser"})  # what is so is to be chosen
_MEASURE = 5  # words before 'than' among which what is compared stands: 'needs much less water than'


@dataclass(frozen=True, slots=True)
class Directed:
    """The concepts of the higher side and of the lower one, and the word that weighs them.

    `measure` are the stems of what is compared ('thick'), `is_less` whether the first side has less of it. `degree` is
    the word of comparison itself ('sooner'), `subject` what opens the higher side.
    """

    kind: str
    high: frozenset[str]
    low: frozenset[str]
    anchor: int
    measure: frozenset[str] = frozenset()
    is_less: bool = False
    degree: str = ""
    subject: str = ""


def check(pair: Pair) -> Iterator[Finding]:
    """Each relation of the text that stands the other way about in the source."""
    theirs = _directed(pair.source)
    lowers = {word.lower for word in pair.text.words}
    for ours in _directed(pair.text):
        kind = "compares" if ours.kind == "is more" else ours.kind
        alike = [each for each in theirs if each.kind == kind]
        turned = _of_the_other if ours.kind == "is more" else _turned
        if ours.kind in {"beats", "chooses"}:  # 'cotton beats linen', 'take cotton over linen'
            weighed = [each for each in theirs if each.kind == "compares"]
            good = lowers if ours.kind == "beats" else set()
            alike = [*alike, *(each for each in weighed if each.degree in good | _PRAISES)]
        if ours.kind == "compares" and ours.degree in _PRAISES:
            alike += [each for each in theirs if each.kind == "chooses"]
        against = next((each for each in alike if turned(each, ours)), None)
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
    kept = ours.high & theirs.high
    if theirs.kind != ours.kind:  # 'A over B for cakes' and 'B is better than A for cakes' share what it is for
        return bool(over) and not kept
    if ours.kind == "chooses" and len(kept) <= len(ours.high & theirs.low):
        kept = frozenset()  # 'a loan with a fixed rate' and 'a variable-rate loan' are loans both
    stayed = ours.low & theirs.low or (ours.kind != "compares" and kept)
    return bool(over) and not stayed


def _of_the_other(theirs: Directed, ours: Directed) -> bool:
    """'Pale tiles show dust sooner' where the source says it of dark tiles, and of pale ones that they do not."""
    same = theirs.degree == ours.degree and theirs.is_less == ours.is_less
    return same and theirs.subject not in ours.high and bool(theirs.low & ours.high)


def _agree(theirs: Directed, ours: Directed) -> bool:
    return bool(ours.low & theirs.low) and bool(ours.high & theirs.high) and not _is_opposed(theirs, ours)


def _is_opposed(theirs: Directed, ours: Directed) -> bool:
    """'Less warm than' and 'warmer than', 'thinner than' and 'thicker than'."""
    sides = theirs.high | theirs.low
    opposite = any(opposites_of(name) & ours.measure for name in theirs.measure if name not in sides)
    return (theirs.is_less != ours.is_less) != (opposite or _less_is_more(theirs, ours))


def _less_is_more(theirs: Directed, ours: Directed) -> bool:
    """'Costs less' and 'cheaper'."""
    both = theirs.measure | ours.measure
    pairs = (entry.split() for entry in groups("guard/directions")["less is more"])
    found = any(less in both and not both.isdisjoint({more, f"{more}er"}) for less, more in pairs)
    return found and theirs.is_less != ours.is_less


def _directed(one: Reading) -> list[Directed]:
    found = [*_compared(one), *_left_open(one), *_caused(one), *_explained(one), *_chosen(one), *_beats(one)]
    return [each for each in found if each.high and each.low]


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────────────────


def _compared(one: Reading) -> Iterator[Directed]:
    """Each 'than', with the whole of its sentence on either side of it."""
    for index, word in enumerate(one.words):
        before = one.words[index - 1].lower if index else ""
        if word.lower != "than" or before in {"", "rather", "other"} or _denied(one, index) or _both_ways(one, index):
            continue
        end = _other_side_ends(one, index)
        near = range(max(0, index - _MEASURE), index)
        measure = frozenset(one.words[i].stem for i in near if one.words[i].is_content)
        is_less = any(one.words[i].lower in {"less", "fewer"} for i in near)
        left = _concepts(one, range(_sentence_start(one, index), index))
        right = _concepts(one, range(index + 1, end))
        opens = _opens(one, range(_sentence_start(one, index), index), right)
        yield Directed("compares", left - right, right - left, index, measure, is_less, _degree(one, near), opens)


def _both_ways(one: Reading, index: int) -> bool:
    """'Larger dogs eat more but need fewer meals than small ones' weighs twice."""
    lowers = {word.lower for word in one.words if word.sentence == one.words[index].sentence}
    return "more" in lowers and not lowers.isdisjoint({"less", "fewer"})


def _opens(one: Reading, places: Sequence[int], other: frozenset[str]) -> str:
    """What is compared, by its first word that the other side has not: the 'dark' of 'dark tiles'."""
    own = _concepts(one, places) - other
    return next((one.words[i].concept for i in places if one.words[i].concept in own), "")


def _degree(one: Reading, places: Sequence[int]) -> str:
    """The last word of comparison: 'more', 'sooner'."""
    usual = words("guard/directions", "no comparative")
    found = [one.words[i].lower for i in places if one.words[i].is_word]
    return next(
        (w for w in reversed(found) if w in {"more", "less"} or (w.endswith("er") and len(w) > 4 and w not in usual)),
        "",
    )


def _left_open(one: Reading) -> Iterator[Directed]:
    """'… : polyester creases more', with nothing that it is compared with."""
    weighed = {word.sentence for word in one.words if word.lower == "than"}
    for start, end in _between_marks(one):
        if one.words[start].sentence in weighed:
            continue
        places = range(start, end)
        degree = _degree(one, places)
        told = _concepts(one, places)
        if degree and told and not _denied(one, end - 1):
            is_less = any(one.words[i].lower in {"less", "fewer"} for i in places)
            yield Directed("is more", told, frozenset({""}), start, frozenset(), is_less, degree)


def _between_marks(one: Reading) -> Iterator[tuple[int, int]]:
    start = 0
    for index, word in enumerate(one.words):
        if not word.is_word and word.text not in "-'’":
            if index > start:
                yield start, index
            start = index + 1


def _other_side_ends(one: Reading, index: int) -> int:
    """Where what is compared with ends: at a mark, or where another clause opens; 'somebody who …' goes on."""
    sentence, ends = one.words[index].sentence, words("guard/directions", "weighing ends")
    rest = range(index + 1, len(one.words))
    verbs = words("guard/conditions", "main")
    described = False
    for place in rest:
        word = one.words[place]
        described = described or word.lower in {"who", "that", "whose"}
        opens = place == index + 1 and word.lower in {"when", "if"}  # "than when you steam it"
        if word.sentence != sentence or _is_mark(one, place) or (word.lower in ends and not opens):
            return place
        if word.lower in verbs and not described:
            return place  # 'naps longer than half an hour | can leave you groggy'
    return len(one.words)


def _is_mark(one: Reading, index: int) -> bool:
    return one.words[index].text in STRONG_MARKS or one.words[index].text == ","


def _beats(one: Reading) -> Iterator[Directed]:
    """'… more water? Cotton beats linen', 'pick cotton over linen'."""
    for index, word in enumerate(one.words):
        before = {each.lower for each in one.words[max(0, index - 8) : index]}
        over = word.lower == "over" and not before.isdisjoint(words("guard/directions", "takes up"))
        if (over or word.lower in {"beats", "beat", "outdoes", "trumps"}) and not _denied(one, index):
            left, right = _concepts(one, _back_to_mark(one, index)), _concepts(one, _on_to_mark(one, index + 1))
            yield Directed("beats", left - right, right - left, index)
            if over:
                yield Directed("chooses", left - right, right - left, index)


# ── cause and effect ─────────────────────────────────────────────────────────────────────────────────────────


def _caused(one: Reading) -> Iterator[Directed]:
    """'A causes B', 'B comes from A'."""
    for phrase in phrases(one.words, "guard/directions", "causes", "caused by"):
        if _denied(one, phrase.start) or _is_named(one, phrase.start):
            continue
        left = _concepts(one, _back_to_mark(one, phrase.start))
        right = _concepts(one, _on_to_mark(one, phrase.end))
        after = one.words[phrase.end].lower if phrase.end < len(one.words) else ""
        is_cause = phrase.group == "causes" and after != "with"  # 'eczema worsens with stress'
        first, second = (left, right) if is_cause else (right, left)
        yield Directed("causes", first - second, second - first, phrase.start)


def _explained(one: Reading) -> Iterator[Directed]:
    """'A because B', 'because B, A', 'B, so A': one clause is the reason of the other."""
    for index, word in enumerate(one.words):
        after = one.words[index + 1].lower if index + 1 < len(one.words) else ""
        comma = index > 0 and one.words[index - 1].text == ","
        so = word.lower == "so" and comma and after != "that"
        if not so and (word.lower != "because" or one.span(index, index + 1).lower() != "because"):
            continue
        told, reason = _concepts(one, _back_to_mark(one, index - comma)), _concepts(one, _on_to_mark(one, index + 1))
        if so:
            told, reason = reason, told
        yield Directed("explains", reason - told, told - reason, index)


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


# ── one taken in the other's place ───────────────────────────────────────────────────────────────────────────


def _chosen(one: Reading) -> Iterator[Directed]:
    """'A instead of B', 'swap B for A': what is taken, and what is given up for it."""
    for phrase in phrases(one.words, "guard/directions", "in place of", "given for"):
        sides = _instead(one, phrase) if phrase.group == "in place of" else _swapped_for(one, phrase)
        if sides is not None and not _denied(one, phrase.start):
            taken, given = (_concepts(one, side) for side in sides)
            yield Directed("chooses", taken - given, given - taken, phrase.start)


def _instead(one: Reading, phrase: Phrase) -> tuple[range, range]:
    """What is taken, and what it is taken instead of; that may stand first ('instead of B, use A')."""
    given = _on_to_mark(one, phrase.end)
    opens = phrase.start == 0 or one.words[phrase.start - 1].sentence != one.words[phrase.start].sentence
    if opens:
        return _on_to_mark(one, min(given.stop + 1, len(one.words))), given
    return _back_to_mark(one, phrase.start), given


def _swapped_for(one: Reading, phrase: Phrase) -> tuple[range, range] | None:
    """What stands behind the 'for' of 'swap', and what stands before it; None where it has none."""
    before = one.words[phrase.start - 1].lower if phrase.start else ""
    rest = _on_to_mark(one, phrase.end)
    joint = next((i for i in rest if one.words[i].lower in {"for", "with", "by"}), None)
    if joint is None or before in {"is", "are", "be"}:
        return None
    return range(joint + 1, rest.stop), range(rest.start, joint)


# ── both ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _concepts(one: Reading, places: Sequence[int]) -> frozenset[str]:
    light, matter = _light(), frozenset(one.matter)
    names = (one.words[i].concept for i in places if i in matter or _is_owned(one, i))
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
