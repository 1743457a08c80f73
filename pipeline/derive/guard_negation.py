"""dropped_negation and added_negation: a statement turned round.

Only a clear flip counts: a word that surely stands under a negator on one side, and surely not on the other. What
says the same with a negator and without is for `guard_agreement`.
"""

from collections.abc import Iterator, Sequence

from pipeline.derive.guard_agreement import agrees_with, agrees_without
from pipeline.derive.guard_negation_frames import framed
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_polarity import Negator, Polarity
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding, FindingKind, Verdict

_COVERS = frozenset({"cover", "covers", "include", "includes", "insure", "extend", "apply"})
_PUTS = frozenset({"put", "keep", "store", "leave", "place", "kept", "stored", "left", "placed"})
_USES = frozenset({"use", "used", "using", "apply", "applied", "enter", "wear", "worn", "choose", "buy", "take"})


def check(pair: Pair) -> Iterator[Finding]:
    """Flips in both directions, by what is negated; where that shows none, by the words beside a negator."""
    found = list(_flips(pair))
    yield from found or framed(pair)


def _flips(pair: Pair) -> Iterator[Finding]:
    lifted = list(_lifted(pair))
    yield from (found for found, _ in lifted)
    told = {place for _, place in lifted}
    yield from _freed(pair)
    yield from _kept_after_all(pair)
    for negator in pair.source.negators:
        if not pair.is_used(negator.start) and not lifted:
            yield from _dropped(pair, negator)
    for negator in pair.text.negators:
        asks = pair.text.words[negator.start].sentence in pair.text.asked  # 'No cushion? Roll up a towel.'
        if pair.is_fresh(negator.start) and negator.start not in told and not asks:
            yield from _added(pair, negator)


def _freed(pair: Pair) -> Iterator[Finding]:
    """'Wipes with fragrance' where the source says 'fragrance-free wipes'."""
    one, lacks = pair.source, {"free", "without", "no", "not", "never", "non", "avoid", "un"}
    if any(word.lower in lacks for word in pair.text.words):
        return
    for index in range(2, len(one.words)):
        free = one.words[index].lower == "free" and one.words[index - 1].text == "-"
        told = pair.back.get(index - 2, []) if free and not pair.is_used(index) else []
        if any(pair.text.polarity[j] is Polarity.POSITIVE for j in told):
            yield finding(
                FindingKind.DROPPED_NEGATION,
                Verdict.BLOCK,
                f"The source says '{one.span(index - 2, index + 1)}' here; the text says the opposite.",
                one.clause_text(index),
                pair.text.clause_text(told[0]),
                one.sentence_text(index),
            )


def _kept_after_all(pair: Pair) -> Iterator[Finding]:
    """'Garlic will keep ticks away' where the source says that it does not: a 'keep … away' that was denied."""
    keeps = words("guard/grammar", "keeps off")
    for here in pair.text.negators:
        word = pair.text.words[here.start]
        if word.lower not in keeps or not pair.is_fresh(here.start) or _is_denied_too(pair.text, here):
            continue
        for there in pair.source.negators:
            same = pair.source.words[there.start].concept == word.concept and _is_denied_too(pair.source, there)
            kept = [pair.links[j] for j in here.scope if j in pair.links]
            if same and any(pair.source.clause[i] == pair.source.clause[there.start] for i in kept):
                yield finding(
                    FindingKind.DROPPED_NEGATION,
                    Verdict.BLOCK,
                    f"The source denies '{pair.source.words[there.start].text}' here; the text does not.",
                    pair.source.clause_text(there.start),
                    pair.text.clause_text(here.start),
                    pair.source.sentence_text(there.start),
                )


def _is_denied_too(one: Reading, negator: Negator) -> bool:
    """Whether a 'not' stands close before a refusal: 'does not keep them away'."""
    return any(n.end <= negator.start <= n.end + 1 and one.words[n.start].lower == "not" for n in one.negators)


def _lifted(pair: Pair) -> Iterator[tuple[Finding, int]]:
    """'Do not skip it' for 'skip it', and the other way about: a refusal that is refused on one side alone.

    With each finding comes the place in the text of the refusal that both share.
    """
    theirs, ours = _refusals(pair.source), _refusals(pair.text)
    for here, refused in ours.items():
        there = next((i for i in theirs if pair.source.words[i].concept == pair.text.words[here].concept), None)
        if there is None or not pair.is_fresh(here) or (theirs[there] is None) == (refused is None):
            continue
        if sum(pair.text.words[i].concept == pair.text.words[here].concept for i in ours) > 1:
            continue
        kind, says = (
            (FindingKind.DROPPED_NEGATION, pair.source.words[theirs[there] or 0].text)
            if refused is None
            else (FindingKind.ADDED_NEGATION, pair.text.words[refused].text)
        )
        yield (
            finding(
                kind,
                Verdict.BLOCK,
                f"'{says}' stands before '{pair.text.words[here].text}' on one side alone.",
                pair.source.clause_text(there),
                pair.text.clause_text(here),
                pair.source.sentence_text(there),
            ),
            here,
        )


def _refusals(one: Reading) -> dict[int, int | None]:
    """Each refusal that is a word of matter ('skip', 'stop') → the negator before it, or None where none is."""
    table: dict[int, int | None] = {}
    for negator in one.negators:
        word = one.words[negator.start]
        refuses = word.is_content and word.lower in words("guard/negation", "refusals")
        if refuses and word.lower not in words("guard/grammar", "keeps off"):
            near = [n for n in one.negators if 0 < negator.start - n.start <= 4]
            before = [n.start for n in near if one.clause[n.start] == one.clause[negator.start]]
            table[negator.start] = before[-1] if before else None
    return table


def _dropped(pair: Pair, negator: Negator) -> Iterator[Finding]:
    scope = _telling(pair.source, negator)
    told = [(i, j) for i in scope for j in pair.back.get(i, ())]
    told = [
        (i, j) for i, j in told if pair.text.words[j].sentence not in pair.text.asked
    ]  # 'Rinsing it? Skip the tap.'
    if not _enough(scope, [i for i, _ in told]):
        told = _approves(pair, negator)
        scope = [i for i, _ in told]
    if not _enough(scope, [i for i, _ in told]) or not _flipped([state(pair.text, j) for _, j in told]):
        return
    if agrees_without(pair, negator, told, told_again=scope[0] == told[0][0]) or _both_ways(
        pair.source, pair.text, negator, told
    ):
        return
    yield finding(
        _kind(pair, told, FindingKind.DROPPED_NEGATION),
        Verdict.BLOCK,
        f"The source says '{pair.source.span(negator.start, negator.end)}' here; the text says the opposite.",
        pair.source.clause_text(negator.start),
        pair.text.clause_text(told[0][1]),
        pair.source.sentence_text(negator.start),
    )


def _added(pair: Pair, negator: Negator) -> Iterator[Finding]:
    scope = _telling(pair.text, negator)
    told = [(pair.links[j], j) for j in scope if j in pair.links] or _disapproves(pair, negator)
    scope = scope if any(j in scope for _, j in told) else [j for _, j in told]
    if not _enough(scope, [j for _, j in told]) or not _flipped(
        [state(pair.source, i, allows_only=True) for i, _ in told]
    ):
        return
    if agrees_with(pair, negator, [i for i, _ in told]) or _both_ways(
        pair.text, pair.source, negator, [(j, i) for i, j in told]
    ):
        return
    yield finding(
        _kind(pair, told, FindingKind.ADDED_NEGATION),
        Verdict.BLOCK,
        f"The text says '{pair.text.span(negator.start, negator.end)}' where the source does not.",
        pair.source.clause_text(told[0][0]),
        pair.text.clause_text(negator.start),
        pair.source.sentence_text(told[0][0]),
    )


def _kind(pair: Pair, told: Sequence[tuple[int, int]], kind: FindingKind) -> FindingKind:
    """Dropped or added, by which side denies more: 'do not skip it' → 'leave it out', 'without' → 'not without'."""
    theirs = {pair.source.words[i].sentence for i, _ in told}
    ours = {pair.text.words[j].sentence for _, j in told}
    there = sum(pair.source.words[n.start].sentence in theirs for n in pair.source.negators)
    here = sum(pair.text.words[n.start].sentence in ours for n in pair.text.negators)
    if here == there:
        return kind
    return FindingKind.ADDED_NEGATION if here > there else FindingKind.DROPPED_NEGATION


def _both_ways(denies: Reading, other: Reading, negator: Negator, told: Sequence[tuple[int, int]]) -> bool:
    """'You need not change it. Change it if …': each side has the word twice, once denied and once not."""
    first, second = told[0]
    concept = denies.words[first].concept
    here = [i for i in denies.by_concept.get(concept, ()) if i not in negator.scope]
    there = [j for j in other.by_concept.get(concept, ()) if j != second]
    plain = any(denies.polarity[i] is Polarity.POSITIVE for i in here)
    return plain and any(other.polarity[j] is Polarity.NEGATIVE for j in there)


def _disapproves(pair: Pair, negator: Negator) -> list[tuple[int, int]]:
    """'It is not advisable' where the source says 'it is fine': both approve, and one is denied."""
    approving = words("guard/grammar", "approves")
    denied = [j for j in negator.scope[:1] if pair.text.words[j].lower in approving | _suits_together(pair.text)]
    subject = [pair.links[j] for j in pair.text.in_clause(negator.start) if j < negator.start and j in pair.links]
    if _refuses_subject(pair.text, negator):  # 'it is fine to reheat rice' and 'reheated rice is off the menu'
        denied = [j for j in pair.text.in_clause(negator.start) if j < negator.start and j in pair.links][-1:]
    if not denied or not subject:
        return []
    sentence = pair.source.words[subject[0]].sentence
    praised = [i for i in pair.source.in_sentence(sentence) if pair.source.words[i].lower in approving]
    if not praised:  # 'greyhounds can live in a flat', 'a flat is no place for a greyhound'
        may = (i for i, w in enumerate(pair.source.words) if w.sentence == sentence and w.lower in {"can", "may"})
        praised = [i + 1 for i in may if pair.source.words[i + 1].lower not in {"not", "be", "cause"}]
    return [(i, j) for i in praised[:1] for j in denied]


def _approves(pair: Pair, negator: Negator) -> list[tuple[int, int]]:
    """'Suits lawns', 'may be used on lawns' where the source says 'it is not suitable for lawns'."""
    approving = words("guard/grammar", "approves")
    denied = [i for i in negator.scope[:2] if pair.source.words[i].lower in approving | _USES | _COVERS | _PUTS]
    others = [i for i in pair.source.in_clause(negator.start) if i in pair.source.matter and i not in denied]
    links = [j for i in others for j in pair.back.get(i, ())]
    if not denied or len(links) < 2 or 2 * len(links) < len(others):
        return []
    sentence = pair.text.words[links[0]].sentence
    if sentence in pair.text.asked:
        return []  # 'Sharing your home with a cat? …'
    lacks = any(word.lower == "without" for word in pair.source.words)  # 'a bowl without a filter suits it'
    own = [n for n in pair.text.negators if not (lacks and pair.text.words[n.start].lower == "without")]
    there = pair.source.words[negator.start].sentence
    theirs = [n for n in pair.source.negators if pair.source.words[n.start].sentence == there and n is not negator]
    if sum(pair.text.words[n.start].sentence == sentence for n in own) > len(theirs):
        return []
    praise = approving | {"can", "may", "suits", "suit"}
    if pair.source.words[denied[0]].lower in _USES:
        praise = words("guard/directions", "takes up")
    if pair.source.words[denied[0]].lower in _COVERS:
        praise = _COVERS | {"covered", "included", "insured"}
    if pair.source.words[denied[0]].lower in _PUTS:
        praise = frozenset({"belong", "belongs", "home"})
    inside = [j for j, word in enumerate(pair.text.words) if word.sentence == sentence]
    if any(pair.text.words[j].lower in {"over", "than", "but"} for j in inside):
        return []  # 'choose a cream over a powder'
    places = [j for j in inside if pair.text.words[j].lower in praise or _is_meant_for(pair.text, j)]
    return [(i, j) for i in denied[:1] for j in places[:1]]


def _is_meant_for(one: Reading, index: int) -> bool:
    """'The slide is also for small children', 'feel free to share'."""
    before = {word.lower for word in one.words[max(0, index - 2) : index]}
    if one.words[index].lower == "free" and "feel" in before:
        return True
    return one.words[index].lower == "for" and not before.isdisjoint({"is", "are"})


def _suits_together(one: Reading) -> frozenset[str]:
    """'A flat is no place for it', 'milk and iron do not go together'."""
    together = any(word.lower == "together" for word in one.words)
    return frozenset({"place", "home", "mix", "combine", *(("go", "belong") if together else ())})


def _telling(one: Reading, negator: Negator) -> list[int]:
    """The words that a negator turns round, without those that are refusals themselves."""
    starts = {other.start for other in one.negators}
    light = words("guard/grammar", "passed over") | words("guard/grammar", "carries")
    telling = [i for i in negator.scope if i in one.matter and i not in starts]
    telling = [i for i in telling if one.words[i].stem not in light] or telling
    telling = [i for i in telling if not one.words[i].lower.endswith("ly")] or telling  # 'does not noticeably clean'
    approving = words("guard/grammar", "approves")
    telling = [i for i in telling if one.words[i].lower not in approving] or telling  # 'not safe to eat' refuses eating
    excess = [i for i in range(negator.end, max(telling, default=0)) if one.words[i].lower == "too"]
    return [i for i in telling if i > excess[0]] if excess else telling  # 'do not stir too hard' forbids the hard


def _enough(scope: list[int], told: list[int]) -> bool:
    """Whether enough of a negator's words stand on the other side: its first and half of them, or three in four."""
    if not told:
        return False
    share = len(set(told)) / len(scope)
    return share >= 0.75 or (scope[0] in told and share >= 0.5)


def state(one: Reading, index: int, *, allows_only: bool = False) -> Polarity:
    """The word's polarity; a limit beside it ('only', 'unless') makes it uncertain."""
    clause = one.clause[index]
    allowed = _second_best(one, index) or (allows_only and _only_this(one, index))
    limited = clause in one.limited and not allowed
    if one.polarity[index] is Polarity.POSITIVE and limited:
        return Polarity.MAYBE
    if any(one.clause[n.start] == clause and index < n.start and _of_subject(one, n, index) for n in one.negators):
        return Polarity.MAYBE  # 'retinol is not advised': not advised, and so no retinol
    if any(one.words[n.start].sentence == one.words[index].sentence and _says_no(one, n) for n in one.negators):
        return Polarity.MAYBE
    return one.polarity[index]


def _only_this(one: Reading, index: int) -> bool:
    """'Clean only the outer part': what stands behind the one limit of its clause is allowed."""
    limits = [i for i in one.in_clause(index) if one.words[i].lower in words("guard/grammar", "limits")]
    return len(limits) == 1 and one.words[limits[0]].lower == "only" and limits[0] < index


def _second_best(one: Reading, index: int) -> bool:
    """'Repot it after flowering rather than during it': what comes before 'rather than' is what is asked for."""
    limits = [i for i in one.in_clause(index) if one.words[i].lower in words("guard/grammar", "limits")]
    return all(
        i > index and one.words[i].lower in {"rather", "instead"} and one.words[i + 1].lower in {"than", "of"}
        for i in limits
        if i + 1 < len(one.words)
    )


def _says_no(one: Reading, negator: Negator) -> bool:
    """'It harms the grass, so don't.'"""
    rest = one.words[negator.end] if negator.end < len(one.words) else None
    return not negator.scope and (rest is None or not rest.is_word) and one.words[negator.start].lower == "not"


def _of_subject(one: Reading, negator: Negator, index: int) -> bool:
    """Whether a negator speaks of the word, which stands before it: 'is not advised', 'must be kept away'."""
    between = one.words[index + 1 : negator.start]
    if any(word.lower == "who" for word in between):
        return False  # 'it suits people who cannot move'
    if any(word.lower in words("guard/grammar", "opens a time") for word in between):
        return False  # 'keep using it after the itching has stopped'
    if sum(word.text == "," for word in between) % 2:
        return False  # 'because it can swim, there is no need to …'
    back = negator.start - 1
    while back > 0 and (one.words[back].lower == "best" or one.words[back].lower.endswith("ly")):
        back -= 1  # 'are best avoided'
    before = one.words[back].lower if back >= 0 else ""
    follows = one.words[negator.end].lower if negator.end < len(one.words) else ""
    modal = before in words("guard/conditions", "main") and follows not in {"a", "an", "the"}
    refuses_it = _refuses_subject(one, negator)
    return refuses_it or one.words[negator.start].lower == "not" or modal or before in words("guard/grammar", "passive")


def _refuses_subject(one: Reading, negator: Negator) -> bool:
    """'Headstands are out', 'have no place': the negator speaks of what stands before it."""
    said = " ".join(word.lower for word in one.words[negator.start : negator.end])
    return said in words("guard/negation", "of subject")


def _flipped(states: Sequence[Polarity]) -> bool:
    return all(state is Polarity.POSITIVE for state in states)
