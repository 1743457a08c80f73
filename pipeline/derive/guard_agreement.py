"""Where two texts say the same though one denies and the other does not.

'Do not let it dry' and 'keep it moist', 'overwatering kills it' and 'do not overwater', 'not until it is dry' and
'once it is dry': each rule names one way in which a denial and a plain statement agree.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.guard_pair import Pair
from pipeline.derive.guard_polarity import Negator
from pipeline.derive.guard_reading import Reading, denies_all
from pipeline.derive.guard_relations import crossed_over
from pipeline.derive.lexicon_files import words
from pipeline.derive.normalise import Word, is_plain, stem

_UPWARDS, _DOWNWARDS = frozenset({"over", "least"}), frozenset({"under", "most"})
_REACH = 10  # words after a negator among which the other side of an opposite may stand


def agrees_without(pair: Pair, negator: Negator, told: Sequence[tuple[int, int]], *, told_again: bool) -> bool:
    """Whether the text says without the source's negator what the source says with it.

    `told` are the denied words of the source and the text's; `told_again` when the first of them is told:
    'does not work and irritates' is not 'works and irritates', though it tells of harm.
    """
    theirs, ours = [i for i, _ in told], [j for _, j in told]
    beside = [pair.source.words[i] for i in pair.source.in_clause(negator.start) if i < negator.start]
    known = {word.lower for word in (*beside, *_up_to_comma(pair.source, negator)) if told_again}
    return (
        (_supposed(pair.text, ours) and not _supposed(pair.source, theirs))
        or _harmful(pair.text, ours, known)
        or _reordered(pair, negator.start, ours[0], added=False)
        or _opposite_told(pair.source, negator, pair.text)
        or _is_less_good(pair, negator, ours[0])
        or _or_else(pair, negator, ours[0])
        or _falls_short(pair.source, negator, pair.text)
        or _forbidden(pair.source, pair.text)
        or _limits(pair.source, negator, pair.text)
        or _comes_second(pair.text, ours)
        or _before_in_turn(pair, pair.source, negator)
        or _shelters(pair, negator)
    )


def _shelters(pair: Pair, negator: Negator) -> bool:
    """'Keep it out of draughts' and 'shelter it from draughts'."""
    keeps = pair.source.words[negator.start].lower in words("guard/grammar", "keeps off")
    told = [word.lower for word in pair.text.words]
    places = [at for at, word in enumerate(told) if word in {"shelter", "shield", "protect", "guard", "protected"}]
    if keeps and any(word in words("guard/grammar", "deters") for word in told):
        return True  # 'marigolds keep pests away' and 'marigolds deter pests'
    return keeps and any("from" in told[at : at + _REACH] for at in places)


def agrees_with(pair: Pair, negator: Negator, told: Sequence[int]) -> bool:
    """Whether the text says with its negator what the source says, of the words `told`, without one."""
    beside = [i for i in told if pair.source.clause[i] == pair.source.clause[told[0]]]
    return (
        _before_in_turn(pair, pair.text, negator)
        or _refuses_the_same(pair, negator)
        or _put_second(pair, told[0])
        or _reordered(pair, told[0], negator.start, added=True)
        or _is_against_it(pair, negator)
        or (_harmful(pair.source, beside) and not _denies_harm(pair, negator, beside))
        or _excused(pair, negator, told[0])
        or _opposite_told(pair.text, negator, pair.source)
        or _falls_short(pair.text, negator, pair.source)
        or _forbidden(pair.text, pair.source)
        or _limits(pair.text, negator, pair.source)
    )


def _refuses_the_same(pair: Pair, negator: Negator) -> bool:
    """'Don't take it on an empty stomach' and 'take it after food, not on an empty stomach': one thing is refused."""
    one, rest = pair.source, [j for j in pair.text.in_clause(negator.start) if j > negator.start and j in pair.links]
    against = [n for n in one.negators if n.start and one.words[n.start].lower == "not" and not _is_of_verb(one, n)]
    return bool(rest) and any(pair.links[rest[-1]] in n.scope for n in against)


def _is_of_verb(one: Reading, negator: Negator) -> bool:
    """'does not', 'should not'; behind a comma it sets a thing against another: 'after food, not before it'."""
    return one.words[negator.start - 1].is_word and one.words[negator.start - 1].lower not in {"and", "but"}


def _put_second(pair: Pair, source_index: int) -> bool:
    """'Choose A over B' and 'choose A, not B'."""
    before = [word.lower for word in pair.source.words[max(0, source_index - 4) : source_index]]
    sentence = pair.source.words[source_index].sentence
    told = {word.lower for word in pair.source.words if word.sentence == sentence}
    return "over" in before and not told.isdisjoint(words("guard/directions", "takes up") | {"prefer", "pick"})


def _is_against_it(pair: Pair, negator: Negator) -> bool:
    """'Brush it to prevent mats' and 'stop mats forming': the source is against it too."""
    against = {"prevent", "prevents", "preventing", "avoid", "avoids", "avoiding", "against", "stop", "stops"}
    against |= {"cancel", "cancels", "quit", "end"}
    stops = pair.text.words[negator.start].lower in {"stop", "stops", "stopping"}
    return stops and any(word.lower in against for word in pair.source.words)


def _before_in_turn(pair: Pair, denies: Reading, negator: Negator) -> bool:
    """'Do not bin it before you have checked it' and 'check it before you bin it': the sides changed as well."""
    theirs = [i for i, word in enumerate(pair.source.words) if word.lower == "before"]
    ours = [j for j, word in enumerate(pair.text.words) if word.lower == "before"]
    first = negator.start
    return any((i if denies is pair.source else j) > first and crossed_over(pair, i, j) for i in theirs for j in ours)


def _comes_second(one: Reading, told: Sequence[int]) -> bool:
    """'Do not sleep with make-up on' and 'take it off before you sleep': nobody is told to sleep."""
    first = min(told)
    before = [i for i in one.in_clause(first) if i < first and one.words[i].lower in {"before", "until"}]
    return any(not _parted(one, i, first) for i in before)


def _parted(one: Reading, first: int, second: int) -> bool:
    """Whether a comma stands between two words."""
    return any(word.text == "," for word in one.words[first:second])


def _reordered(pair: Pair, source_index: int, text_index: int, *, added: bool) -> bool:
    """'Do not compost stones unless crushed' and 'crush stones before you compost them' ask for the same."""
    theirs = _said_in(pair.source, pair.source.words[source_index].sentence)
    ours = {w.lower for w in pair.text.words if w.sentence == pair.text.words[text_index].sentence}
    waits = words("guard/grammar", "waits")
    if not added and "wait" in ours - theirs:
        return True  # 'do not brush for an hour', 'wait an hour to brush'
    if added and _is_over(pair, source_index, text_index):
        return True
    if not added and pair.source.words[source_index].stem in {"stop", "ceas"} and "until" in ours - theirs:
        return True  # 'after the third wash it stops', 'it goes on until the third wash'
    awaits = {"unless", "until", "before", "without", "first", "straight", "directly"}
    if not added:
        waits = waits | {"need", "needs", "require", "requires", "wait", "hold", "keep", "leave"}
        ahead = (pair.source.words[i].lower for i in pair.source.in_clause(source_index) if i < source_index)
        waits = waits | ({"until"} if "before" in ahead else set())  # 'before it stops', 'until it does'
    elif pair.text.words[text_index].lower in {"not", "never"}:
        waits = waits | {"until", "without", "unless"}
    same = {stem(word) for word in theirs}
    told = {w.lower for w in pair.text.words[:text_index] if w.sentence == pair.text.words[text_index].sentence}
    new = {word for word in (ours - theirs) & waits if word != "then" or word in told}  # 'pot it, then wait'
    return bool(theirs & awaits) and any(stem(word) not in same for word in new)


def _said_in(one: Reading, sentence: int) -> set[str]:
    """The words of a sentence; 'straight from the fridge' is a place, and no time."""
    inside = [word.lower for word in one.words if word.sentence == sentence]
    places = {"from", "out", "into", "on", "onto"}
    return {a for a, b in pairwise([*inside, ""]) if a not in {"straight", "directly"} or b not in places}


def _is_over(pair: Pair, source_index: int, text_index: int) -> bool:
    """'After it has finished flowering' and 'wait until it has stopped flowering': both say that it is over."""
    stops = pair.text.words[text_index].stem in {"stop", "ceas", "finish", "done"}
    ends = {"finish", "stop", "ceas", "over", "end", "done", "complet"}
    sentence = pair.source.words[source_index].sentence
    awaited = {pair.text.words[j].lower for j in pair.text.in_clause(text_index) if j < text_index}
    is_time = not awaited.isdisjoint({"until", "till", "once", "after", "when"})
    return stops and is_time and any(w.sentence == sentence and w.stem in ends for w in pair.source.words)


def _supposed(one: Reading, told: Sequence[int]) -> bool:
    """'If you preheat it, …' asks for nothing."""
    opens = {"if", "when", "whenever", "should", "where"}
    heads = [(one.in_clause(i)[0], i) for i in told]
    return all(one.words[head].lower in opens and not _parted(one, head, i) for head, i in heads)


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
    asked = {word.sentence for word in other.words if word.text == "?"}  # 'Battery low? …' forbids nothing
    return any(word.lower in forbids - here and word.sentence not in asked for word in other.words)


def _limits(one: Reading, negator: Negator, other: Reading) -> bool:
    """'Not weigh more than 5 kg' and 'weigh no more than 5 kg' set one limit; 'at least' another."""
    near = range(negator.end, negator.end + 5)
    bounds = [q for q in one.quantities if q.bound and q.first in near]
    return any(theirs.meets(q) and theirs.bound not in _as_far(q.bound) for q in bounds for theirs in other.quantities)


def _as_far(bound: str) -> frozenset[str]:
    """The bounds that reach to the same side."""
    return next((side for side in (_UPWARDS, _DOWNWARDS) if bound in side), frozenset())


def _falls_short(one: Reading, negator: Negator, other: Reading) -> bool:
    """'It does not slip as easily (as that)' and 'it slips less easily (than that)' compare alike."""
    near = [word.lower for word in one.words[negator.end - 1 : negator.end + 4]]
    equals = any(word in {"as", "so"} and before != "such" for before, word in pairwise(near))
    rest = [word.lower for word in one.words[negator.end :] if word.sentence == one.words[negator.start].sentence]
    equals = equals or any(a == c == "as" for a, c in zip(rest, rest[2:], strict=False))
    return equals and any(word.lower in {"less", "fewer", "lower"} for word in other.words)


def _is_less_good(pair: Pair, negator: Negator, anchor: int) -> bool:
    """'Rather than one long walk' and 'better than one long walk', 'beats one long walk' put the same thing second."""
    before = {word.lower for word in pair.text.words[:anchor] if word.sentence == pair.text.words[anchor].sentence}
    prefers = "over" in before and not before.isdisjoint(words("guard/directions", "takes up") | {"prefer", "pick"})
    second = bool(before & {"than", "beats", "beat"}) or prefers
    return pair.source.words[negator.start].lower in {"rather", "instead"} and second


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
    if pair.text.words[negator.start].lower in words("guard/grammar", "keeps off") | {"away"}:
        if not words("guard/grammar", "deters").isdisjoint(theirs):
            return True  # 'coffee grounds deter slugs' and 'coffee grounds keep slugs away'
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
    rest = [i for i in range(first + 1, len(one.words)) if one.words[i].sentence == word.sentence and i not in told]
    commanded = _is_commanded(one, first)
    if commanded and not (
        opens and word.lower.endswith("ing")
    ):  # unless the harm follows at once: 'hot showers strip the skin'
        rest = [i for i in one.matter if i > last and one.clause[i] == one.clause[last]][:1]
    if any(_is_place(one, i) for i in told) and not commanded:
        rest = [i for i in one.matter if one.clause[i] == one.clause[first] and i not in told]
        return any(one.words[i].lower in harm for i in rest)
    return any(one.words[i].lower in harm for i in rest) and _is_subject(one, told)


def _denies_harm(pair: Pair, negator: Negator, told: Sequence[int]) -> bool:
    """'Too much feed cannot burn the roots': what is denied is the harm itself, and not to avert it."""
    harm = words("guard/negation", "harm")
    averts = words("guard/grammar", "averts") | {"to"}
    before = {pair.text.words[j].lower for j in pair.text.in_clause(negator.start) if j < negator.start}
    return any(pair.source.words[i].lower in harm for i in told) and before.isdisjoint(averts)


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
