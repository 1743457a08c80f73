"""conflict: two sources that say different things of the same matter.

Three ways: other numbers for the same thing, opposites in the same place (invasive, non-invasive), and a statement
against its negation. Shared words decide whether the matter is the same.
"""

from pipeline.derive.guard_negation import check as flips
from pipeline.derive.guard_pair import Pair, finding, pair
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_reading import Reading
from pipeline.derive.guard_relations import check as relations
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import is_plain

_SAME_MATTER = 0.5
_LOWER = frozenset({"least", "over"})
_SAME_CLAIM = 0.7  # one says, the other denies: they must share more than a word or two


def conflicts(a: str, b: str) -> Finding | None:
    """Where the two disagree, with both spans; None where they do not, or speak of different things."""
    held = pair(a, b)
    if held.settled or not held.text.matter or not held.source.matter:
        return None
    return _invasive(held) or (_same_matter(held) and (_numbers(held) or _turned(held))) or None


def _same_matter(held: Pair, share: float = _SAME_MATTER) -> bool:
    shorter = min(len(held.text.matter), len(held.source.matter))
    return len(held.back) / shorter >= share and len(held.back) >= 2


def _conflict(message: str, source_words: str, text_words: str) -> Finding:
    return finding(FindingKind.CONFLICT, Verdict.WARN, message, source_words, text_words)


def _numbers(held: Pair) -> Finding | None:
    """Other numbers of one dimension, with most words around them shared."""
    for ours in held.text.quantities:
        rivals = [q for q in held.source.quantities if q.dimension == ours.dimension and not ours.weak and not q.weak]
        if rivals and not any(_overlap(ours, rival) for rival in rivals) and _about_the_same(held, ours, rivals[0]):
            said, told = held.source.span(rivals[0].start, rivals[0].end), held.text.span(ours.start, ours.end)
            return _conflict(
                f"Two sources give different numbers: '{said}' and '{told}'.",
                held.source.sentence_text(rivals[0].start),
                held.text.sentence_text(ours.start),
            )
    return None


def _overlap(a: Quantity, b: Quantity) -> bool:
    """Whether some value fits both, with their limits; two limits of one kind ('within two / four days') must meet."""
    if a.bound and (a.bound in _LOWER) == (b.bound in _LOWER) and b.bound:
        return a.meets(b)
    low_a, high_a = _limits(a)
    low_b, high_b = _limits(b)
    slack = 0.09 * max(abs(a.high), abs(b.high)) if a.unit != b.unit or a.approximate or b.approximate else 1e-6
    return low_a <= high_b + slack and low_b <= high_a + slack


def _limits(quantity: Quantity) -> tuple[float, float]:
    if quantity.bound in _LOWER:
        return quantity.low, float("inf")
    if quantity.bound in {"most", "under"}:
        return 0.0, quantity.high
    return quantity.low, quantity.high


def _about_the_same(held: Pair, ours: Quantity, theirs: Quantity) -> bool:
    mine = {held.text.words[i].concept for i in held.text.matter if abs(i - ours.start) <= 8}
    other = {held.source.words[i].concept for i in held.source.matter if abs(i - theirs.start) <= 8}
    return len(mine & other) >= min(2, len(mine), len(other))


def _turned(held: Pair) -> Finding | None:
    """Opposites, and a statement against its negation ('non-' is looked at by itself; 'may not' denies nothing)."""
    unsure = any(word.lower == "non" for word in (*held.source.words, *held.text.words))
    unsure = unsure or any(h.group.startswith("modality") for h in (*held.source.hedges, *held.text.hedges))
    denials = flips(held) if _same_matter(held, _SAME_CLAIM) and not unsure else ()
    for one in (*relations(held), *denials):
        return _conflict(
            f"Two sources disagree: '{one.source_words}' and '{one.text_words}'.", one.source_words, one.text_words
        )
    return None


def _invasive(held: Pair) -> Finding | None:
    """One calls a thing X, the other calls the same thing non-X."""
    for index in held.text.matter:
        for other in held.source.matter:
            if held.text.words[index].stem != held.source.words[other].stem:
                continue
            said_of_one = _prefixed(held.text, index) != _prefixed(held.source, other)
            if said_of_one and _subject(held.text, index) & _subject(held.source, other):
                return _conflict(
                    f"Two sources disagree on '{held.source.words[other].text}'.",
                    held.source.sentence_text(other),
                    held.text.sentence_text(index),
                )
    return None


def _subject(one: Reading, index: int) -> frozenset[str]:
    """The concepts that stand before a word in its sentence; none for a comparison ('than more invasive ones')."""
    before = range(one.in_sentence(one.words[index].sentence)[0], index)
    if any(one.words[i].lower in {"more", "less", "most", "than", "compared"} for i in before):
        return frozenset()
    matter = set(one.in_sentence(one.words[index].sentence))
    return frozenset(one.words[i].concept for i in before if i in matter and not is_plain(one.words[i]))


def _prefixed(one: Reading, index: int) -> bool:
    return index >= 2 and one.words[index - 2].lower == "non" and one.words[index - 1].text == "-"
