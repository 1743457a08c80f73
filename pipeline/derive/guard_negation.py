"""dropped_negation and added_negation: a statement turned round.

Only a clear flip counts: a word that surely stands under a negator on one side, and surely not on the other.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_polarity import Negator, Polarity
from pipeline.derive.guard_reading import Reading, denies_all
from pipeline.derive.guard_relations import crossed_over, opposites_of
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word, is_plain

_REACH = 10  # words after a negator among which the other side of an opposite may stand


def check(pair: Pair) -> Iterator[Finding]:
    """Flips in both directions."""
    lifted = list(_lifted(pair))
    yield from (found for found, _ in lifted)
    told = {place for _, place in lifted}
    for negator in pair.source.negators:
        if not pair.is_used(negator.start) and not lifted:
            yield from _dropped(pair, negator)
    for negator in pair.text.negators:
        if pair.is_fresh(negator.start) and negator.start not in told:
            yield from _added(pair, negator)


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
    if not _enough(scope, [i for i, _ in told]) or not _flipped([state(pair.text, j) for _, j in told]):
        return
    anchor = told[0][1]
    if _supposed(pair.text, [j for _, j in told]) and not _supposed(pair.source, [i for i, _ in told]):
        return
    told_again = scope[0] == told[0][0]  # 'does not work and irritates' → 'works and irritates'
    known = {word.lower for word in _up_to_comma(pair.source, negator) if told_again}
    if _harmful(pair.text, [j for _, j in told], known) or _reordered(pair, negator.start, anchor, added=False):
        return
    if _opposite_told(pair.source, negator, pair.text) or _is_less_good(pair, negator, anchor):
        return
    if _or_else(pair, negator, anchor) or _falls_short(pair.source, negator, pair.text):
        return
    if _forbidden(pair.source, pair.text) or _limits(pair.source, negator, pair.text):
        return
    if _comes_second(pair.text, [j for _, j in told]):
        return
    yield finding(
        FindingKind.DROPPED_NEGATION,
        Verdict.BLOCK,
        f"The source says '{pair.source.span(negator.start, negator.end)}' here; the text says the opposite.",
        pair.source.clause_text(negator.start),
        pair.text.clause_text(anchor),
        pair.source.sentence_text(negator.start),
    )


def _added(pair: Pair, negator: Negator) -> Iterator[Finding]:
    scope = _telling(pair.text, negator)
    told = [(pair.links[j], j) for j in scope if j in pair.links] or _disapproves(pair, negator)
    scope = scope if any(j in scope for _, j in told) else [j for _, j in told]
    if not _enough(scope, [j for _, j in told]) or not _flipped([state(pair.source, i) for i, _ in told]):
        return
    source_index = told[0][0]
    if _before_in_turn(pair, negator) or _reordered(pair, source_index, negator.start, added=True):
        return
    beside = [i for i, _ in told if pair.source.clause[i] == pair.source.clause[source_index]]
    if _harmful(pair.source, beside) or _excused(pair, negator, source_index):
        return
    if _opposite_told(pair.text, negator, pair.source) or _falls_short(pair.text, negator, pair.source):
        return
    if _forbidden(pair.text, pair.source) or _limits(pair.text, negator, pair.source):
        return
    yield finding(
        FindingKind.ADDED_NEGATION,
        Verdict.BLOCK,
        f"The text says '{pair.text.span(negator.start, negator.end)}' where the source does not.",
        pair.source.clause_text(source_index),
        pair.text.clause_text(negator.start),
        pair.source.sentence_text(source_index),
    )


def _disapproves(pair: Pair, negator: Negator) -> list[tuple[int, int]]:
    """'It is not advisable' where the source says 'it is fine': both approve, and one is denied."""
    approving = words("guard/grammar", "approves")
    denied = [j for j in negator.scope[:1] if pair.text.words[j].lower in approving]
    subject = [pair.links[j] for j in pair.text.in_clause(negator.start) if j < negator.start and j in pair.links]
    if not denied or not subject:
        return []
    sentence = pair.source.words[subject[0]].sentence
    praised = [i for i in pair.source.in_sentence(sentence) if pair.source.words[i].lower in approving]
    return [(i, j) for i in praised[:1] for j in denied]


def _before_in_turn(pair: Pair, negator: Negator) -> bool:
    """'Do not bin it before you have checked it' and 'check it before you bin it': the sides changed as well."""
    return any(
        here.lower == there.lower == "before" and j > negator.start and crossed_over(pair, i, j)
        for i, there in enumerate(pair.source.words)
        for j, here in enumerate(pair.text.words)
    )


def _comes_second(one: Reading, told: list[int]) -> bool:
    """'Do not sleep with make-up on' and 'take it off before you sleep': nobody is told to sleep."""
    first = min(told)
    before = [i for i in one.in_clause(first) if i < first and one.words[i].lower in {"before", "until"}]
    return bool(before)


def _reordered(pair: Pair, source_index: int, text_index: int, *, added: bool) -> bool:
    """'Do not compost stones unless crushed' and 'crush stones before you compost them' ask for the same."""
    theirs = {w.lower for w in pair.source.words if w.sentence == pair.source.words[source_index].sentence}
    ours = {w.lower for w in pair.text.words if w.sentence == pair.text.words[text_index].sentence}
    waits = words("guard/grammar", "waits")
    awaits = {"unless", "until", "before", "without", "first", "straight", "directly"}
    if not added:
        waits = waits | {"until", "need", "needs", "require", "requires"}
    elif pair.text.words[text_index].lower in {"not", "never"}:
        waits = waits | {"until", "without", "unless"}
    return bool(theirs & awaits) and bool((ours - theirs) & waits)


def _supposed(one: Reading, told: list[int]) -> bool:
    """'If you preheat it, …' asks for nothing."""
    heads = {one.words[one.in_clause(i)[0]].lower for i in told}
    return heads <= {"if", "when", "whenever", "should", "where"}


def _or_else(pair: Pair, negator: Negator, anchor: int) -> bool:
    """'It shrinks if it is not chilled' and 'chill it, or it shrinks': the condition became the order."""
    opener = pair.source.words[pair.source.in_clause(negator.start)[0]].lower
    near = {word.lower for word in pair.source.words[max(0, negator.start - 2) : negator.start]}
    which = not near.isdisjoint({"that", "which", "who"})  # 'grout that is not sealed'
    word = pair.source.words[negator.start].lower
    follows = pair.source.words[negator.end].lower if negator.end < len(pair.source.words) else ""
    heads = negator.start == 0 or not pair.source.words[negator.start - 1].is_word
    which = which or (heads and word == "not" and follows.endswith("ing"))  # 'not using it can harm'
    if not which and opener not in {"if", "when", "whenever", "unless", "because", "as", "since"}:
        return False
    ours = {word.lower for word in pair.text.words if word.sentence == pair.text.words[anchor].sentence}
    commanded = anchor == 0 or pair.text.words[anchor - 1].sentence != pair.text.words[anchor].sentence
    return commanded or not ours.isdisjoint(words("guard/grammar", "or else"))


def _forbidden(one: Reading, other: Reading) -> bool:
    """'Dash cams are not allowed' and 'dash cams are prohibited' agree."""
    forbids = words("guard/grammar", "forbids")
    here = {word.lower for word in one.words}
    return any(word.lower in forbids and word.lower not in here for word in other.words)


def _limits(one: Reading, negator: Negator, other: Reading) -> bool:
    """'It should not weigh more than 5 kg' and 'it should weigh no more than 5 kg' set one limit."""
    near = range(negator.end, negator.end + 5)
    bounds = [q for q in one.quantities if q.bound and q.first in near]
    return any(theirs.meets(q) and theirs.bound != q.bound for q in bounds for theirs in other.quantities)


def _falls_short(one: Reading, negator: Negator, other: Reading) -> bool:
    """'It does not slip as easily (as that)' and 'it slips less easily (than that)' compare alike."""
    near = [word.lower for word in one.words[negator.end - 1 : negator.end + 4]]
    equals = any(word in {"as", "so"} and before != "such" for before, word in pairwise(near))
    rest = [word.lower for word in one.words[negator.end :] if word.sentence == one.words[negator.start].sentence]
    equals = equals or any(a == c == "as" for a, c in zip(rest, rest[2:], strict=False))
    return equals and any(word.lower in {"less", "fewer", "lower"} for word in other.words)


def _is_less_good(pair: Pair, negator: Negator, anchor: int) -> bool:
    """'Rather than one long walk' and 'better than one long walk' put the same thing second."""
    before = {word.lower for word in pair.text.words[:anchor] if word.sentence == pair.text.words[anchor].sentence}
    return pair.source.words[negator.start].lower in {"rather", "instead"} and "than" in before


def _up_to_comma(one: Reading, negator: Negator) -> Sequence[Word]:
    """The words after a negator up to the next mark."""
    end = next((i for i in range(negator.end, len(one.words)) if not one.words[i].is_word), len(one.words))
    return one.words[negator.end : end]


def _opposite_told(one: Reading, negator: Negator, other: Reading) -> bool:
    """'Do not keep them in the same place' and 'keep them in separate places': a denial of the opposite agrees."""
    said = {word.stem for word in other.words}
    ends = [i for i in range(negator.end, len(one.words)) if one.words[i].text in {",", ";", ":"}]
    reach = list(range(negator.end, min([negator.end + _REACH, len(one.words), *ends[:1]])))
    inside = {one.words[i].stem for i in reach if one.words[i].sentence == one.words[negator.start].sentence}
    denies = one.words[negator.start].lower in {"not", "never"}
    turned = {one.words[i].lower for i in reach} & {"off", "out"}
    if denies and turned and not turned & said and said & {"on", "in"}:
        return True  # 'do not let it off the lead', 'keep it on the lead'
    close = {one.words[i].lower for i in reach} & {"next", "beside", "together", "same", "near", "close"}
    if denies and close and not said.isdisjoint({"apart", "separ", "away", "distanc"}):
        return True  # 'not next to', 'apart from'
    return any(opposites_of(word) & (said - inside) for word in inside - said)


def _excused(pair: Pair, negator: Negator, source_index: int) -> bool:
    """'Instead of' for an alternative, and 'some do not' for 'not all do'."""
    sentence = pair.source.words[source_index].sentence
    theirs = [word.lower for word in pair.source.words if word.sentence == sentence]
    if _hardly_any(pair.source, source_index):
        return True
    if _whatever(theirs) and "even" in {word.lower for word in pair.text.words[: negator.start]}:
        return True
    if pair.text.words[negator.start].lower in {"instead", "rather"}:
        following = {word.lower for word in pair.source.words if word.sentence == sentence + 1}
        return bool(words("guard/grammar", "compares") & set(theirs)) or "instead" in following
    averts = words("guard/grammar", "averts")
    if _prevents(pair.text, negator) and not averts.isdisjoint(theirs):
        return True
    if pair.text.words[negator.start].lower in words("guard/grammar", "keeps off"):
        return not words("guard/grammar", "sets apart").isdisjoint(theirs)  # 'leave a metre between them and the cars'
    not_all = any(
        h.entry.startswith("not ") and pair.source.words[h.start].sentence == sentence for h in pair.source.hedges
    )
    ours = pair.text.words[negator.start].sentence
    return not_all and (
        denies_all(pair.text, ours) or any(pair.text.words[h.start].sentence == ours for h in pair.text.hedges)
    )


def _hardly_any(one: Reading, index: int) -> bool:
    """'Few plants like it', 'nothing changed': a clause that denies without a negator."""
    clause = one.in_clause(index)
    lowers = [one.words[i].lower for i in clause]
    little = any(b in {"few", "little"} and a != "a" for a, b in pairwise(["", *lowers]))
    return little or not {"nothing", "nobody", "nowhere"}.isdisjoint(lowers)


def _whatever(lowers: Sequence[str]) -> bool:
    """'Whether or not it is torn' holds even when it is not torn."""
    return "whether" in lowers or "regardless" in lowers or {"no", "matter"} <= set(lowers)


def _prevents(one: Reading, negator: Negator) -> bool:
    """'… so that you do not breathe it in': what the advice is there to prevent."""
    before = [word.lower for word in one.words[max(0, negator.start - 4) : negator.start]]
    return "so" in before and one.words[negator.start].lower == "not"


def _telling(one: Reading, negator: Negator) -> list[int]:
    """The words that a negator turns round, without those that are refusals themselves."""
    starts = {other.start for other in one.negators}
    light = words("guard/grammar", "passed over")
    telling = [i for i in negator.scope if i in one.matter and i not in starts]
    telling = [i for i in telling if one.words[i].stem not in light] or telling
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


def state(one: Reading, index: int) -> Polarity:
    """The word's polarity; a limit beside it ('only', 'unless') makes it uncertain."""
    clause = one.clause[index]
    if one.polarity[index] is Polarity.POSITIVE and clause in one.limited and not _second_best(one, index):
        return Polarity.MAYBE
    if any(one.clause[n.start] == clause and index < n.start and _of_subject(one, n, index) for n in one.negators):
        return Polarity.MAYBE  # 'retinol is not advised': not advised, and so no retinol
    if any(one.words[n.start].sentence == one.words[index].sentence and _says_no(one, n) for n in one.negators):
        return Polarity.MAYBE
    return one.polarity[index]


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
    if any(word.lower in words("guard/grammar", "opens a time") for word in between):
        return False  # 'keep using it after the itching has stopped'
    back = negator.start - 1
    while back > 0 and (one.words[back].lower == "best" or one.words[back].lower.endswith("ly")):
        back -= 1  # 'are best avoided'
    before = one.words[back].lower if back >= 0 else ""
    follows = one.words[negator.end].lower if negator.end < len(one.words) else ""
    modal = before in words("guard/conditions", "main") and follows not in {"a", "an", "the"}
    return one.words[negator.start].lower == "not" or modal or before in words("guard/grammar", "passive")


def _flipped(states: Sequence[Polarity]) -> bool:
    return all(state is Polarity.POSITIVE for state in states)


def _harmful(one: Reading, told: list[int], known: AbstractSet[str] = frozenset()) -> bool:
    """Whether the source tells of the harm that these words do; then 'do not' is what it advises.

    'Overmixing makes it tough', 'too much water rots the roots': the words stand before the harm, as its subject.
    A harm that is `known`, since it stands beside the negation as well, explains nothing.
    """
    first, last = min(told), max(told)
    word = one.words[first]
    opens = not any(i < first for i in one.in_sentence(word.sentence))
    if word.lower.startswith("over"):
        return True
    excess = [i for i, other in enumerate(one.words[:-1]) if other.lower == "too" and one.words[i + 1].is_word]
    if any(one.clause[i] == one.clause[first] for i in excess):
        return True
    harm = {form for each in words("guard/negation", "harm") for form in (each, f"{each}s")} - known
    rest = [i for i in range(last + 1, len(one.words)) if one.words[i].sentence == word.sentence]
    commanded = _is_commanded(one, first)
    if commanded and not (
        opens and word.lower.endswith("ing")
    ):  # unless the harm follows at once: 'hot showers strip the skin'
        rest = [i for i in one.matter if i > last and one.clause[i] == one.clause[last]][:1]
    if _is_place(one, first) and not commanded:
        rest = [i for i in one.matter if one.clause[i] == one.clause[first] and i not in told]
        return any(one.words[i].lower in harm for i in rest)
    return any(one.words[i].lower in harm for i in rest) and _is_subject(one, told)


def _is_commanded(one: Reading, first: int) -> bool:
    """Whether the word opens its sentence as an order does: 'keep it', 'do keep it', 'always keep it'."""
    before = [word.lower for word in one.words[:first] if word.sentence == one.words[first].sentence]
    return set(before) <= {"do", "always", "please", "just"}


def _is_place(one: Reading, index: int) -> bool:
    """'It goes stale in the fridge': the harm comes first."""
    before = [word.lower for word in one.words[max(0, index - 2) : index]]
    return not {"in", "on", "at", "near", "with"}.isdisjoint(before)


def _is_subject(one: Reading, told: list[int]) -> bool:
    """Whether the words hold the first of substance in their clause."""
    inside = [i for i in one.matter if one.clause[i] == one.clause[min(told)]]
    gerund = bool(inside) and one.words[inside[0]].lower.endswith("ing")  # 'taking photos of a card is risky'
    telling = [i for i in inside if gerund and not is_plain(one.words[i])] or inside
    return bool(inside) and (inside[0] in told or telling[0] in told)
