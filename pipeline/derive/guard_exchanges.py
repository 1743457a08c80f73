"""swapped_relation: a thing told in another's place, and two subjects that took each other's predicates.

'Wash wool at 30 °C' for 'wash cotton at 30 °C': two things of one kind, by `lexicons/duplicates/alternatives.txt`,
each named by one side alone. 'Sweat has no smell; bacteria make it' for 'bacteria have no smell; sweat makes it'.
"""

from collections.abc import Iterator
from itertools import combinations

from pipeline.derive.duplicates_alternatives import alternatives
from pipeline.derive.guard_pair import Pair, finding, swapped
from pipeline.derive.guard_reading import Reading
from pipeline.derive.model import Finding, FindingKind, Verdict

_BESIDE = 4  # words of substance on either side among which both must have a neighbour in common


def check(pair: Pair) -> Iterator[Finding]:
    """Things exchanged for others of their kind, and subjects exchanged between clauses."""
    yield from _other_things(pair)
    yield from _subjects(pair)


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
