"""swapped_relation: a thing told in another's place, and two subjects that took each other's predicates.

'Wash wool at 30 °C' for 'wash cotton at 30 °C': two things of one kind, by `lexicons/duplicates/alternatives.txt`,
each named by one side alone. 'Sweat has no smell; bacteria make it' for 'bacteria have no smell; sweat makes it'.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from pipeline.derive.duplicates_alternatives import alternatives
from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.guard_pair import Pair, finding, swapped
from pipeline.derive.guard_reading import Reading
from pipeline.derive.model import Finding, FindingKind, Verdict

_JOINTS = frozenset({"and", "but", "while", "whereas", "or"})
_TAKES_OUT = frozenset({"out", "until", "till", "from", "remove", "off", "unless", "away", "only", "leave"})
_BESIDE = 4  # words of substance on either side among which both must have a neighbour in common


def check(pair: Pair) -> Iterator[Finding]:
    """Things exchanged for others of their kind, and subjects exchanged between clauses."""
    yield from _other_things(pair)
    yield from _subjects(pair)
    yield from _places(pair)
    yield from _against(pair)
    yield from _put_in(pair)


# ── one thing for another of its kind ────────────────────────────────────────────────────────────────────────


def _other_things(pair: Pair) -> Iterator[Finding]:
    new = [j for j in pair.fresh if j not in pair.links and pair.text.words[j].concept not in pair.source_concepts]
    new = [j for j in new if pair.text.words[j].concept not in pair.context]
    gone = [i for i in pair.source.matter if not pair.survives(i)]
    both = pair.source.stems & pair.text.stems
    for here in new:
        for there in gone:
            kinds = alternatives({pair.source.words[there].stem}, {pair.text.words[here].stem}, both)
            if kinds is not None and _same_place(pair, there, here):
                yield swapped(pair, there, here)
                break


def _same_place(pair: Pair, source_index: int, text_index: int) -> bool:
    """Whether a word near the one is told near the other."""
    near = {pair.links.get(j) for j in _near(pair.text, text_index)}
    return not near.isdisjoint(_near(pair.source, source_index))


def _near(one: Reading, index: int) -> list[int]:
    inside = one.in_sentence(one.words[index].sentence)
    place = inside.index(index)
    return [i for i in inside[max(0, place - _BESIDE) : place + _BESIDE + 1] if i != index]


# ── two subjects exchanged ───────────────────────────────────────────────────────────────────────────────────


def _subjects(pair: Pair) -> Iterator[Finding]:
    """Two clauses of which each has the other's subject now."""
    theirs, ours = _clauses(pair.source, pair.source.matter), _clauses(pair.text, pair.fresh)
    for (subject, told), (other, said) in combinations(theirs, 2):
        first = [clause for clause in ours if clause[0] == other and _tells(clause[1], told, said)]
        second = [clause for clause in ours if clause[0] == subject and _tells(clause[1], said, told)]
        if subject != other and first and second:
            yield finding(
                FindingKind.SWAPPED_RELATION,
                Verdict.BLOCK,
                "What the source says of one thing, the text says of the other, and the other way about.",
                pair.source.text,
                pair.text.text,
                pair.source.text,
            )


def _clauses(one: Reading, matter: tuple[int, ...]) -> list[tuple[str, frozenset[str]]]:
    """Each clause as its first word of substance and the others, by concept."""
    found = []
    for number in sorted(set(one.clause)):
        inside = [i for i in matter if one.clause[i] == number]
        if len(inside) >= 2:
            subject, *rest = (one.words[i].concept for i in inside)
            found.append((subject, frozenset(rest)))
    return found


def _tells(ours: frozenset[str], own: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a clause tells what the one clause of the source told, and not what the other did."""
    return len(ours & (own - other)) > len(ours & (other - own)) and bool(own - other)


# ── two words exchanged between parallel parts ───────────────────────────────────────────────────────────────


def _places(pair: Pair) -> Iterator[Finding]:
    """'Bulbs in peat, seeds in sand' for 'bulbs in sand, seeds in peat'.

    Two words in one frame ('in …', '… bin'), of which each stands now with what stood with the other.
    """
    theirs, ours = _told_once(pair.source), _told_once(pair.text)
    shared = sorted(name for name in theirs.keys() & ours.keys() if pair.is_fresh(ours[name]))
    there, here = _company(pair.source, theirs), _company(pair.text, ours)
    for one, other in combinations(shared, 2):
        framed = _in_one_frame(pair.source, theirs, one, other) and _in_one_frame(pair.text, ours, one, other)
        if not framed and not _are_subjects(pair.source, theirs, one, other):
            continue
        wanted = 1 if framed else 2
        stayed = (there[one] & here[one]) | (there[other] & here[other])
        if other in opposites_of(one):
            stayed -= _of_one_phrase(pair, theirs, ours, one, other)
        if stayed:
            continue
        over = there[one] & here[other], there[other] & here[one]
        if all(over) and len(over[0]) + len(over[1]) > wanted:
            first, second = pair.text.words[ours[one]], pair.text.words[ours[other]]
            yield finding(
                FindingKind.SWAPPED_RELATION,
                Verdict.BLOCK,
                f"'{first.text}' and '{second.text}' have changed places.",
                pair.source.text,
                pair.text.text,
                pair.source.text,
            )


def _of_one_phrase(pair: Pair, theirs: dict[str, int], ours: dict[str, int], first: str, second: str) -> frozenset[str]:
    """What belongs to a word in both texts, and went with it: the 'window' of 'a south-facing window'."""
    runs = [(_run(pair.source, theirs[name]), _run(pair.text, ours[name])) for name in (first, second)]
    return frozenset().union(*(there & here for there, here in runs))


def _run(one: Reading, index: int) -> frozenset[str]:
    """The stems of the words around one, with no small word between."""
    start = end = index
    while start and (one.words[start - 1].is_content or one.words[start - 1].text == "-"):
        start -= 1
    while end + 1 < len(one.words) and (one.words[end + 1].is_content or one.words[end + 1].text == "-"):
        end += 1
    return frozenset(one.words[i].stem for i in range(start, end + 1) if i != index)


def _told_once(one: Reading) -> dict[str, int]:
    """Each stem that a text tells once among its words of substance → where."""
    counts = Counter(one.words[i].stem for i in one.matter)
    return {one.words[i].stem: i for i in one.matter if counts[one.words[i].stem] == 1}


def _company(one: Reading, told: dict[str, int]) -> dict[str, frozenset[str]]:
    """Each of these stems → the others between the same two marks, or the same two 'and's."""
    parts: dict[int, set[str]] = {}
    ends = [i for i, word in enumerate(one.words) if not (word.is_word or word.text == "-") or word.lower in _JOINTS]
    part = {name: bisect_left(ends, index) for name, index in told.items()}
    for name, number in part.items():
        parts.setdefault(number, set()).add(name)
    return {name: frozenset(parts[number]) - {name} for name, number in part.items()}


def _are_subjects(one: Reading, told: dict[str, int], first: str, second: str) -> bool:
    """'Guests strip the beds and the cleaners empty the bins': whether each opens its part."""
    return all(_opens_its_part(one, told[name]) for name in (first, second))


def _opens_its_part(one: Reading, index: int) -> bool:
    before = index - 1
    while before >= 0 and one.words[before].lower in {"the", "a", "an", "your", "our"}:
        before -= 1
    return before < 0 or not one.words[before].is_word or one.words[before].lower in _JOINTS


def _in_one_frame(one: Reading, told: dict[str, int], first: str, second: str) -> bool:
    """Whether the same word stands before both, or after both."""
    here, there = told[first], told[second]
    before = {one.words[i - 1].lower for i in (here, there) if i}
    after = {one.words[i + 1].lower if i + 1 < len(one.words) else "." for i in (here, there)}
    return len(before) == 1 or len(after) == 1


# ── in for out of ────────────────────────────────────────────────────────────────────────────────────────────


def _put_in(pair: Pair) -> Iterator[Finding]:
    """'Put cheese in the fridge an hour before' where the source's words are 'taken out of the fridge'."""
    told = {word.lower for word in pair.text.words}
    if told & _TAKES_OUT or "out" not in {word.lower for word in pair.source.words}:
        return
    for index in range(len(pair.source.words) - 2):
        counted = any(q.first <= index < q.last for q in pair.source.quantities)  # 'four out of ten'
        if counted or [word.lower for word in pair.source.words[index : index + 2]] != ["out", "of"]:
            continue
        place = next((i for i in pair.source.matter if index + 2 <= i <= index + _BESIDE), None)
        if place is None:
            continue
        for here in pair.back.get(place, ()):
            before = {word.lower for word in pair.text.words[max(0, here - 3) : here]}
            negated = any(pair.text.clause[n.start] == pair.text.clause[here] for n in pair.text.negators)
            if before & {"in", "into"} and pair.is_fresh(here) and not negated:
                yield finding(
                    FindingKind.SWAPPED_RELATION,
                    Verdict.BLOCK,
                    f"The source says '{pair.source.span(index, place + 1)}', the text puts it in.",
                    pair.source.clause_text(index),
                    pair.text.clause_text(here),
                    pair.source.sentence_text(index),
                )


# ── with and against ─────────────────────────────────────────────────────────────────────────────────────────


def _against(pair: Pair) -> Iterator[Finding]:
    """'Put wax on with the growth, pull it off against it' told the other way about: what is done which way."""
    theirs, ours = _ways(pair.source), _ways(pair.text)
    if theirs is None or ours is None:
        return
    (along, against), (our_along, our_against), anchor = theirs[0], ours[0], ours[1]
    over = (our_along & against) or (our_against & along)
    if over and not (our_along & along or our_against & against) and pair.is_fresh(anchor):
        yield finding(
            FindingKind.SWAPPED_RELATION,
            Verdict.BLOCK,
            "What is done with it and what is done against it have changed places.",
            pair.source.text,
            pair.text.clause_text(anchor),
            pair.source.text,
        )


def _ways(one: Reading) -> tuple[tuple[frozenset[str], frozenset[str]], int] | None:
    """What is done along a thing and what against it, by concept, and where 'against' stands; None unless both are."""
    lowers = [word.lower for word in one.words]
    against = [i for i, lower in enumerate(lowers) if lower == "against"]
    along = [i for i, lower in enumerate(lowers) if lower in {"with", "along", "direction"}]
    if len(against) != 1 or not along:
        return None
    ends = [i for i, word in enumerate(one.words) if not word.is_word or word.lower in _JOINTS]
    part = bisect_left(ends, against[0])
    others = {bisect_left(ends, i) for i in along} - {part}
    if len(others) != 1:
        return None
    told = [(bisect_left(ends, i), one.words[i].concept) for i in one.matter if one.words[i].lower != "direction"]
    first = frozenset(name for number, name in told if number in others)
    second = frozenset(name for number, name in told if number == part)
    return (first - second, second - first), against[0]
