"""What makes two tips different advice, however alike their words: numbers, opposites, negation, order."""

from pipeline.derive.duplicates_alternatives import alternatives
from pipeline.derive.duplicates_profile import Profile
from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.guard_pair import pair
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_relations import check as check_relations
from pipeline.derive.guard_values import table
from pipeline.derive.lexicon_files import words
from pipeline.derive.normalise import plain_stems, stem

_HALF = 0.5
_GRAMMAR = "guard/grammar"
_TOLD_OF = {"less", "more"}  # opposites of one thing: 'less room' and 'fits more' are none
_NEXT = {"under": ("most",), "most": ("under",), "over": ("least",), "least": ("over",)}


def veto(a: Profile, b: Profile, apart: str | None = None) -> str:
    """Why the two cannot be the same advice; '' where nothing speaks against it.

    `apart` is what `told_apart` said of them, where it has been asked already.
    """
    reason = _numbers(a, b)
    if reason or _overlap(a, b) < _HALF:
        return reason
    return (told_apart(a, b) if apart is None else apart) or _order(a, b)


def told_apart(a: Profile, b: Profile) -> str:
    """The opposite, the other thing of a kind or the denial that sets two tips apart, whatever else they share.

    The same whichever is asked about first: of several opposites it names the one that the first in the alphabet has.
    """
    first, second = sorted((a, b), key=lambda one: one.plain)
    return _opposite(first, second) or _alternative(first, second) or _negated(first, second)


def _overlap(a: Profile, b: Profile) -> float:
    """The share of the shorter one's concepts that the other has."""
    shorter = min(len(a.weights), len(b.weights))
    return len(a.weights.keys() & b.weights.keys()) / shorter if shorter else 0.0


def _numbers(a: Profile, b: Profile) -> str:
    """Numbers of one dimension that never meet."""
    first, second = sorted((a, b), key=lambda one: one.plain)
    for dimension in sorted({q.dimension for q in first.quantities} & {q.dimension for q in second.quantities}):
        ours = [q for q in first.quantities if q.dimension == dimension]
        theirs = [q for q in second.quantities if q.dimension == dimension]
        if not any(_meet(x, y) for x in ours for y in theirs):
            said, told = _said(first, ours[0]), _said(second, theirs[0])
            return f"The numbers differ: {said} and {told}."
    return _limits(first, second)


def _limits(a: Profile, b: Profile) -> str:
    """One number that is the least in the one tip and the most in the other: 'from two weeks', 'until two weeks'."""
    for ours in a.quantities:
        for theirs in b.quantities:
            if ours.dimension == theirs.dimension and _meet(ours, theirs) and _side(a, ours) * _side(b, theirs) < 0:
                return f"The limits differ: {_limited(a, ours)} and {_limited(b, theirs)}."
    return ""


def _side(one: Profile, quantity: Quantity) -> int:
    """1 where the number is a lower limit, -1 where it is an upper one, 0 where it is neither or is denied."""
    clause = one.reading.clause[quantity.start]
    if any(n.start < quantity.first and one.reading.clause[n.start] == clause for n in one.reading.negators):
        return 0
    before = [word.lower for word in one.reading.words[max(0, quantity.first - 2) : quantity.first]]
    every = "every" in [word.lower for word in one.reading.words[max(0, quantity.start - 1) : quantity.last]]
    if quantity.bound == "over" and quantity.low != quantity.high:
        return 0  # 'over seven to ten days'
    if quantity.bound:  # 'every seven days or sooner' is at least once a week
        return 1 if quantity.bound in {"least", "over"} or every else -1
    if before[-1:] == ["to"] and (before[0] in table("units") or before[0].isdigit()):
        return 0  # 'a week to ten days'
    after = [word.lower for word in one.reading.words[quantity.last : quantity.last + 1]]
    begins = not words(_GRAMMAR, "from a limit").isdisjoint(before) or "after" in after  # 'two days after a strain'
    return begins - (not words(_GRAMMAR, "up to a limit").isdisjoint(before))


def _limited(one: Profile, quantity: Quantity) -> str:
    return one.reading.span(max(0, quantity.first - 1), quantity.end)


def _meet(a: Quantity, b: Quantity) -> bool:
    """Whether the ranges touch, with room for units that do not convert evenly: four weeks and a month."""
    uneven = a.unit != b.unit or a.dimension == "rate" or a.approximate or b.approximate
    slack = 0.09 * max(a.high, b.high) if uneven else 1e-6
    if a.dimension == "count" and b.bound in _NEXT.get(a.bound, ()):
        slack = 1.0  # 'fewer than four' are three or fewer
    return a.low <= b.high + slack and b.low <= a.high + slack


def _said(one: Profile, quantity: Quantity) -> str:
    return one.reading.span(quantity.start, quantity.end)


def _opposite(a: Profile, b: Profile) -> str:
    """A word in the one, its opposite in the other, and neither in both."""
    only_a, only_b = _stems(a) - b.stem_set, _stems(b) - a.stem_set
    for word in sorted(only_a):
        turned = sorted(opposites_of(word) & only_b)
        if turned and {word, turned[0]} == {"befor", "after"} and _crossed(_halves(a, None), _halves(b, None)):
            continue
        if turned and {word, turned[0]} == _TOLD_OF and not _same_after(a, b, word, turned[0]):
            continue
        if turned and {word, turned[0]} == {"if", "unless"} and _only_if(a, b):
            continue
        if turned and {word, turned[0]} == {"over", "under"} and not _same_after(a, b, word, turned[0]):
            continue
        if turned and (_says_both(a, word, turned[0]) or _says_both(b, turned[0], word)):
            continue
        if turned and not _evened_out(a, b, word, turned[0]):
            pair = sorted((_letters(a, word), _letters(b, turned[0])))
            return f"One says '{pair[0]}', the other '{pair[1]}'."
    return ""


def _alternative(a: Profile, b: Profile) -> str:
    """Another thing of the same kind in the one than in the other: an ankle and a wrist, cotton and wool."""
    only_a, only_b = _stems(a) - b.stem_set, _stems(b) - a.stem_set
    found = alternatives(only_a, only_b, a.stem_set & b.stem_set)
    if found is None:
        return ""
    said, told = _letters(a, found[0]), _letters(b, found[1])
    return "" if related(said, told) else "One is on '{}', the other on '{}'.".format(*sorted((said, told)))


def _only_if(a: Profile, b: Profile) -> bool:
    """'Prick them only if …' and 'unless …, do not prick them' say the same."""
    only = ["only" in one.stem_set for one in (a, b)]
    return only[0] != only[1] or len(a.reading.negators) % 2 != len(b.reading.negators) % 2


def _says_both(one: Profile, word: str, turned: str) -> bool:
    """Whether a tip speaks of the opposite in another word: 'let hot food cool' and 'food should be cold'."""
    return any(related(told, turned) for told in one.shown.values() if stem(told) != word)


def _same_after(a: Profile, b: Profile, word: str, turned: str) -> bool:
    """Whether 'over' and 'under' stand before the same thing: 'socks over balm', 'balm under socks' agree."""
    after = [
        next((one.words[i].concept for i in one.matter if i > place), "")
        for one, said in ((a.reading, word), (b.reading, turned))
        for place in [next(i for i, w in enumerate(one.words) if w.stem == said)]
    ]
    return bool(after[0]) and after[0] == after[1]


def _stems(one: Profile) -> frozenset[str]:
    """The stems outside of numbers and reasons: 'twice a day' is no opposite of 'night'."""
    aside = one.why.union(*(range(q.start, q.end) for q in one.quantities))
    return frozenset(w.stem for i, w in enumerate(one.reading.words) if w.is_word and i not in aside)


def _letters(one: Profile, base: str) -> str:
    return next(word.lower for word in one.reading.words if word.stem == base)


def _evened_out(a: Profile, b: Profile, word: str, turned: str) -> bool:
    """Opposites of which one is negated agree: 'not dry', 'moist'."""
    first = next(a.reading.polarity[i] for i, w in enumerate(a.reading.words) if w.stem == word)
    second = next(b.reading.polarity[i] for i, w in enumerate(b.reading.words) if w.stem == turned)
    return first != second


def _negated(a: Profile, b: Profile) -> str:
    """Most of what both say stands under a negation in one of them alone."""
    if a.tells_harm or b.tells_harm or _waits(a, b) or _waits(b, a):
        return ""
    shared = [c for c in sorted(a.weights.keys() & b.weights.keys()) if c not in plain_stems()]
    shared = [c for c in shared if _means_it(a, b, c) and _means_it(b, a, c)]
    first = min(a.weights.keys() & b.weights.keys(), key=lambda c: (a.order[c] + b.order[c], c), default="")
    if (
        first
        and first in shared
        and a.order[first] <= 2
        and b.order[first] <= 2
        and _clear_flip(a.polarity[first], b.polarity[first])
    ):
        return f"One advises it, the other advises against it: {min(a.shown[first], b.shown[first])}."
    flipped = [c for c in shared if _clear_flip(a.polarity[c], b.polarity[c])]
    kept = [c for c in shared if a.polarity[c] is b.polarity[c] is Polarity.NEGATIVE]
    if flipped and not kept and len(flipped) * 2 >= len(shared):
        return f"One advises it, the other advises against it: {min(a.shown[flipped[0]], b.shown[flipped[0]])}."
    return ""


def _means_it(one: Profile, other: Profile, concept: str) -> bool:
    """Whether the act that is negated is one that the other speaks of, and does not refuse as well.

    'Do not overload the machine' says nothing against the machine; 'razors should never be shared' agrees with 'do not
    lend your razor'.
    """
    heads = one.heads.get(concept, frozenset())
    return not heads or any(
        other.polarity[told] is not Polarity.NEGATIVE
        for head in heads
        for told in other.weights
        if told == head or related(other.shown[told], one.shown[head])
    )


def _waits(a: Profile, b: Profile) -> bool:
    """'Never sign without reading' and 'read before you sign' ask for the same."""
    ours, theirs = ({word.lower for word in one.reading.words} for one in (a, b))
    return bool(ours & {"without", "unless", "until"}) and bool(theirs & words(_GRAMMAR, "waits"))


def _clear_flip(a: Polarity, b: Polarity) -> bool:
    return {a, b} == {Polarity.POSITIVE, Polarity.NEGATIVE}


def _order(a: Profile, b: Profile) -> str:
    """'Toner before serum' and 'serum before toner'."""
    for word in ("before", "after", "than"):
        if _crossed(_halves(a, word), _halves(b, word)):
            return f"What comes before and after '{word}' is the other way about."
    return ""


Halves = tuple[frozenset[str], frozenset[str]]


def _crossed(first: Halves | None, second: Halves | None) -> bool:
    """Whether what follows the word in the one stands before it in the other, and the other way about."""
    if first is None or second is None:
        return False
    return bool(first[0] & second[1]) and bool(first[1] & second[0]) and not first[1] & second[1]


def _halves(one: Profile, word: str | None) -> Halves | None:
    """The concepts before and after the word ('before' or 'after', where None is given).

    None where it is missing, stands twice or opens the text.
    """
    wanted = {word} if word else {"before", "after"}
    places = [i for i, other in enumerate(one.reading.words) if other.lower in wanted]
    if len(places) != 1 or places[0] == 0:
        return None
    before = frozenset(one.reading.words[i].concept for i in one.reading.matter if i < places[0])
    after = frozenset(one.reading.words[i].concept for i in one.reading.matter if i > places[0])
    return before - after, after - before


def exchanged_roles(a: Profile, b: Profile) -> bool:
    """Whether two tips of the same words say them the other way about: 'lift slowly, lower quickly'."""
    return any(any(check_relations(pair(one.reading.text, other.reading.text))) for one, other in ((a, b), (b, a)))
