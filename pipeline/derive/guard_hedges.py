"""dropped_hedge: the source holds a claim back ('may', 'some', 'often', 'about'), the text does not.

A hedge hangs on its head: the words it holds back. Where the head is told in the text, a hedge that holds back at
least as much must stand by it. Two hedges side by side ('may sometimes') count as one, as strong as the stronger.
"""

from collections import Counter
from collections.abc import Iterator

from pipeline.derive.guard_hedge_excuses import gives_way
from pipeline.derive.guard_hedge_places import Hedge, anchors, clusters, scope
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_reading import Reading, answers, hedge_words
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict

_REACH = 9  # words between a hedge and its head
_SHORT = 2  # words of substance in 'It usually does the job.'
# Which kinds of the text's hedges may stand in for a kind of the source's.
_STANDS_IN = {
    "modality": {"modality", "frequency", "quantity", "rare", "answers"},
    "frequency": {"frequency", "modality", "quantity", "rare", "answers"},
    "quantity": {"quantity", "modality", "frequency", "rare", "answers"},
    "rare": {"rare"},
    "degree": {"degree", "approximate"},
}


def check(pair: Pair) -> Iterator[Finding]:
    """Each hedge of the source whose head the text tells without it."""
    available = [*clusters(pair.text.hedges), *_new_answers(pair)]
    alike = clusters(tuple(hedge_words(pair.text.words)))  # 'expect some redness' keeps the 'some' of 'some redness'
    taken: Counter[int] = Counter()
    open_hedges = []
    for hedge in clusters(pair.source.hedges):
        told = anchors(pair, hedge)
        if not told or pair.is_used(hedge.start) or gives_way(pair, hedge, told):
            continue
        same = _find(pair, hedge, available, told, exact=True, taken=Counter())
        if same is not None:
            taken[same] += 1
        elif _find(pair, hedge, alike, told, exact=True, taken=Counter()) is None:
            open_hedges.append((hedge, told))
    for hedge, told in open_hedges:
        other = _find(pair, hedge, available, told, exact=False, taken=taken)
        if other is None:
            yield _dropped(pair, hedge, told, available)
        elif available[other].kind != "answers":
            taken[other] += 1
    yield from _made_rare(pair)


def _made_rare(pair: Pair) -> Iterator[Finding]:
    """'Masks rarely sting' where the source says that they sting: all but denied."""
    for hedge in clusters(pair.text.hedges):
        heads = [j for j in scope(pair.text, hedge)[:2] if j in pair.links]
        if hedge.kind != "rare" or not heads or not pair.is_fresh(hedge.start):
            continue
        sentence = pair.source.words[pair.links[heads[0]]].sentence
        denied = any(pair.source.words[n.start].sentence == sentence for n in pair.source.negators)
        held = any(pair.source.words[h.start].sentence == sentence for h in pair.source.hedges)
        if not (denied or held or _counts_few(pair, sentence)):
            yield finding(
                FindingKind.ADDED_NEGATION,
                Verdict.WARN,
                f"The text says '{pair.text.span(hedge.start, hedge.end)}' where the source states it outright.",
                pair.source.clause_text(pair.links[heads[0]]),
                pair.text.clause_text(hedge.start),
                pair.source.sentence_text(pair.links[heads[0]]),
            )


def _counts_few(pair: Pair, sentence: int) -> bool:
    few = {"few", "little", "less", "least", "hard", "difficult", "minority", "exception", "exceptional"}
    return any(word.sentence == sentence and word.lower in few for word in pair.source.words)


def _new_answers(pair: Pair) -> list[Hedge]:
    """Words of doubt that the text brings in for a hedge; those that the source has as well answer for nothing."""
    hedges = {entry for group, entries in groups("guard/hedges").items() if "." in group for entry in entries}
    there = {phrase.entry[:4] for phrase in answers(pair.source.words) if phrase.entry not in hedges}
    counted = {i for hedge in pair.text.hedges for i in range(hedge.start, hedge.end)}
    counted |= {i for number in pair.text.quantities for i in range(number.first, number.last)}
    fresh = [p for p in answers(pair.text.words) if p.entry[:4] not in there]
    fresh = [p for p in fresh if counted.isdisjoint(range(p.start, p.end))]
    conditional = any(word.lower in words("guard/conditions", "asks when") for word in pair.source.words)
    conditional = conditional or _inverted(pair.source)
    fresh = [p for p in fresh if not (conditional and p.entry == "if")]
    return [Hedge("answers", 1, phrase.start, phrase.end, (phrase.entry,)) for phrase in fresh]


def _inverted(one: Reading) -> bool:
    """'Should the pump fail, …' is a condition."""
    heads = [w for i, w in enumerate(one.words) if i == 0 or one.words[i - 1].sentence != w.sentence]
    return any(word.lower in {"should", "had"} for word in heads) and all(word.text != "?" for word in one.words)


def _find(
    pair: Pair, hedge: Hedge, available: list[Hedge], told: list[int], *, exact: bool, taken: Counter[int]
) -> int | None:
    """The text's hedge that stands in for this one, by its place in `available`."""
    for place, other in enumerate(available):
        fits = (
            bool(set(hedge.words) & set(other.words)) and other.level <= hedge.level
            if exact
            else taken[place] < len(other.words) and other.kind in _STANDS_IN[hedge.kind] and _no_stronger(hedge, other)
        )
        if not fits:
            continue
        if other.words != ("if",) and _leads(pair, hedge, other, min(told)):
            return place
        if any(_holds(pair.text, other, j) and not _turns_its_back(pair, other, j) for j in told):
            return place
    return None


def _leads(pair: Pair, hedge: Hedge, other: Hedge, anchor: int) -> bool:
    """'can make tulips last' and 'tulips can last': the next word is one that the source holds back."""
    own = next((j for j in pair.text.matter if j >= other.end), -1)
    near = own >= 0 and own - other.end <= 2 and pair.text.clause[own] == pair.text.clause[other.start]
    between = {word.lower for word in pair.text.words[anchor : other.start]}
    joined = not between.isdisjoint({"and", "or", "but", ",", ";", ":", "."})  # 'flattens them and may soften them'
    return near and not joined and pair.links.get(own, -1) in scope(pair.source, hedge)


def _turns_its_back(pair: Pair, hedge: Hedge, anchor: int) -> bool:
    """A modal holds back what follows it: in 'flattens scars and may soften them', not the flattening.

    Where its own verb is none of the source's ('redness can follow'), it speaks for what stands before it.
    """
    if hedge.words[-1] not in {"may", "might", "could", "can"} or anchor >= hedge.end:
        return False
    own = next((j for j in pair.text.matter if j >= hedge.end), None)
    return (
        own is not None
        and own in pair.links
        and pair.text.words[own].concept not in words("guard/grammar", "passed over")
    )


def _no_stronger(hedge: Hedge, other: Hedge) -> bool:
    level = min(other.level, 2) if hedge.kind == "frequency" else other.level  # 'often' and 'most' are near enough
    return other.kind == "answers" or level <= hedge.level


def _holds(text: Reading, hedge: Hedge, anchor: int) -> bool:
    """Whether the hedge stands by the word: in its sentence, and near it or in its clause."""
    if text.words[hedge.start].sentence != text.words[anchor].sentence:
        return _looks_back(text, hedge, anchor)
    if hedge.words == ("if",):  # 'if it leaks, it bursts' leaves the bursting no doubt
        return anchor < _end_of_supposition(text, hedge.end)
    distance = anchor - hedge.end if anchor >= hedge.end else hedge.start - anchor
    return distance <= _REACH or text.clause[hedge.start] == text.clause[anchor]


def _looks_back(text: Reading, hedge: Hedge, anchor: int) -> bool:
    """'Use a soft brush. It usually does the job.': a short sentence that only says how surely the last one holds."""
    sentence = text.words[hedge.start].sentence
    first = next(word.lower for word in text.words if word.sentence == sentence)
    is_next = text.words[anchor].sentence == sentence - 1
    return is_next and first in {"it", "that", "this", "they"} and len(text.in_sentence(sentence)) <= _SHORT


def _end_of_supposition(text: Reading, start: int) -> int:
    """Where the condition ends: at its comma, or with its sentence."""
    sentence = text.words[start - 1].sentence
    rest = (
        i for i in range(start, len(text.words)) if text.words[i].sentence != sentence or text.words[i].text in ",:"
    )
    return next(rest, len(text.words))


def _dropped(pair: Pair, hedge: Hedge, told: list[int], available: list[Hedge]) -> Finding:
    said = pair.source.span(hedge.start, hedge.end)
    anchor = min(told)
    weaker = [o for o in available if o.kind in _STANDS_IN[hedge.kind] and _holds(pair.text, o, anchor)]
    instead = next((pair.text.span(o.start, o.end) for o in weaker if o.kind != "answers"), "")
    message = (
        f"The source only says '{said}'; the text says '{instead}', which promises more."
        if instead
        else f"The source holds this back with '{said}'; the text states it outright."
    )
    denies = said.lower().startswith("not ") or (hedge.kind == "rare" and not instead)
    kind = FindingKind.DROPPED_NEGATION if denies else FindingKind.DROPPED_HEDGE
    if _refused(pair, hedge, told):
        kind, message = FindingKind.ADDED_NEGATION, f"What the source says with '{said}', the text denies."
    return finding(
        kind,
        Verdict.BLOCK if hedge.level == 1 and hedge.kind in {"modality", "quantity"} else Verdict.WARN,
        message,
        pair.source.clause_text(hedge.start),
        pair.text.clause_text(anchor),
        pair.source.sentence_text(hedge.start),
    )


def _refused(pair: Pair, hedge: Hedge, told: list[int]) -> bool:
    """'A puppy should not sleep there', 'do not let it' where the source says that it may."""
    if hedge.words[-1] not in {"may", "can"} or any(pair.text.polarity[j] is not Polarity.NEGATIVE for j in told):
        return False
    one, starts = pair.text, [n.start for n in pair.text.negators if n.start and n.scope]
    orders = any(one.words[i - 1].lower == "do" and (i == 1 or not one.words[i - 2].is_word) for i in starts)
    linked = [pair.links[j] for j in told if j in pair.links]
    allowed = all(pair.source.polarity[i] is Polarity.POSITIVE for i in linked)
    return allowed and (orders or any(one.words[i - 1].lower in {"should", "must"} for i in starts))
